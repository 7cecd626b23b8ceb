package simcloud

import (
	"net/netip"
)

// subnetPools follows neutron/db/db_base_plugin_v2.py and ipam/subnet_alloc.py.
var subnetPools = &networkNoun{
	one: "subnetpool", many: "subnetpools", kind: "subnetpool", class: "SubnetPool", quota: "subnetpool",
	attrs: []attribute{
		{"name", words, both | required, nil},
		{"description", words, both, ""},
		{"prefixes", items, both | required, nil},
		{"default_prefixlen", whole, both | noDef, nil},
		{"min_prefixlen", whole, both | noDef, nil},
		{"max_prefixlen", whole, both | noDef, nil},
		{"default_quota", whole, both, nil},
		{"shared", flag, onPost | adminSet, false},
		{"is_default", flag, both | adminSet, false},
		{"address_scope_id", words, both, nil},
	},
	create: func(c *call, project string, in object) (*record, error) {
		if err := completePool(in); err != nil {
			return nil, err
		}
		return c.fresh("subnetpool", project, in), nil
	},
	update: func(c *call, r *record, in object) (*record, error) {
		next := r.clone()
		for k, v := range in {
			next.object[k] = v
		}
		if err := completePool(next.object); err != nil {
			return nil, err
		}
		return c.touch("subnetpool", next, nil), nil
	},
	remove: func(c *call, r *record) error {
		if c.count("subnet", "subnetpool_id", r.id) > 0 {
			return conflict("SubnetPoolInUse", "Unable to complete operation on subnet pool %s. Subnet pool has existing allocations.", r.id)
		}
		c.drop("subnetpool", r.id)
		return nil
	},
}

// completePool checks the prefixes and fills in the prefix lengths.
func completePool(o object) error {
	version := 0
	for _, s := range o.strs("prefixes") {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return badRequest("Invalid input for prefixes. Reason: '%s' is not a valid IP subnet.", s)
		}
		v := 4
		if p.Addr().Is6() {
			v = 6
		}
		if version != 0 && v != version {
			return &apiError{400, "PrefixVersionMismatch", "Cannot mix IPv4 and IPv6 prefixes in a subnet pool."}
		}
		version = v
	}
	if version == 0 {
		return &apiError{400, "EmptySubnetPoolPrefixList", "Empty subnet pool prefix list."}
	}
	least, most := 8, 32
	if version == 6 {
		least, most = 64, 128
	}
	o["ip_version"] = version
	o.orDefault(object{"min_prefixlen": least, "max_prefixlen": most})
	o.orDefault(object{"default_prefixlen": o["min_prefixlen"]})
	if o.int("min_prefixlen") > o.int("max_prefixlen") || o.int("default_prefixlen") < o.int("min_prefixlen") || o.int("default_prefixlen") > o.int("max_prefixlen") {
		return &apiError{400, "IllegalSubnetPoolPrefixBounds", "Illegal prefix bounds: default_prefixlen must lie between min_prefixlen and max_prefixlen."}
	}
	return nil
}

// fromPool gives a subnet that names a pool its cidr.
func fromPool(c *call, in object) error {
	if in.flag("use_default_subnetpool") && in.str("subnetpool_id") == "" {
		for _, p := range c.all("subnetpool") {
			if p.flag("is_default") && p.int("ip_version") == max(in.int("ip_version"), 4) {
				in["subnetpool_id"] = p.id
			}
		}
	}
	delete(in, "use_default_subnetpool")
	if in.str("subnetpool_id") == "" {
		delete(in, "prefixlen")
		return nil
	}
	pool, err := subnetPools.find(c, in.str("subnetpool_id"))
	if err != nil {
		return err
	}
	in["ip_version"] = pool.int("ip_version")
	bits := pool.int("default_prefixlen")
	if n, given := number(in["prefixlen"]); given {
		bits = n
	}
	delete(in, "prefixlen")
	if bits < pool.int("min_prefixlen") || bits > pool.int("max_prefixlen") {
		return badRequest("Unable to allocate subnet with prefix length %d, minimum allowed prefix is %d and maximum %d.", bits, pool.int("min_prefixlen"), pool.int("max_prefixlen"))
	}
	if in.str("cidr") != "" {
		return nil
	}
	var taken []netip.Prefix
	for _, s := range c.having("subnet", "subnetpool_id", pool.id) {
		if p, err := netip.ParsePrefix(s.str("cidr")); err == nil {
			taken = append(taken, p)
		}
	}
	for _, s := range pool.strs("prefixes") {
		if p, err := netip.ParsePrefix(s); err == nil {
			if free, found := freePrefix(p.Masked(), bits, taken); found {
				in["cidr"] = free.String()
				return nil
			}
		}
	}
	return conflict("SubnetAllocationError", "Failed to allocate subnet: Insufficient prefix space to allocate subnet size /%d.", bits)
}

// freePrefix walks a pool in steps, jumping over what is taken.
func freePrefix(pool netip.Prefix, bits int, taken []netip.Prefix) (netip.Prefix, bool) {
	if bits < pool.Bits() {
		return netip.Prefix{}, false
	}
	at := pool.Addr()
next:
	for at.IsValid() && pool.Contains(at) {
		p := netip.PrefixFrom(at, bits).Masked()
		for _, t := range taken {
			if t.Overlaps(p) {
				wider := t
				if p.Bits() < t.Bits() {
					wider = p
				}
				raw := wider.Masked().Addr().AsSlice()
				for i := wider.Bits(); i < len(raw)*8; i++ {
					raw[i/8] |= 1 << (7 - i%8)
				}
				end, _ := netip.AddrFromSlice(raw)
				at = end.Next()
				continue next
			}
		}
		return p, true
	}
	return netip.Prefix{}, false
}
