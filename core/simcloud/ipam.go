package simcloud

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// An ipRange is one allocation pool, both ends included.
type ipRange struct{ first, last netip.Addr }

func (r ipRange) contains(a netip.Addr) bool {
	return r.first.Compare(a) <= 0 && a.Compare(r.last) <= 0
}

func (r ipRange) String() string { return r.first.String() + "-" + r.last.String() }

// hostRange is the usable range of a prefix: without network and broadcast
// address for IPv4, without the subnet-router anycast address for IPv6.
func hostRange(p netip.Prefix) (first, last netip.Addr) {
	raw := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < len(raw)*8; i++ {
		raw[i/8] |= 1 << (7 - i%8)
	}
	first = p.Masked().Addr()
	last, _ = netip.AddrFromSlice(raw)
	if hostBits := len(raw)*8 - p.Bits(); hostBits < 2 {
		return first, last
	}
	if first.Is4() {
		last = last.Prev()
	}
	return first.Next(), last
}

// defaultPools is everything but the gateway.
func defaultPools(p netip.Prefix, gateway netip.Addr) []any {
	first, last := hostRange(p)
	out := []any{}
	add := func(a, b netip.Addr) {
		if a.Compare(b) <= 0 {
			out = append(out, map[string]any{"start": a.String(), "end": b.String()})
		}
	}
	if !gateway.IsValid() || !(ipRange{first, last}).contains(gateway) {
		add(first, last)
		return out
	}
	if gateway != first {
		add(first, gateway.Prev())
	}
	if gateway != last {
		add(gateway.Next(), last)
	}
	return out
}

func parsePools(subnet object) ([]ipRange, error) {
	var out []ipRange
	for _, p := range subnet.objs("allocation_pools") {
		first, err1 := netip.ParseAddr(p.str("start"))
		last, err2 := netip.ParseAddr(p.str("end"))
		if err1 != nil || err2 != nil || first.Compare(last) > 0 {
			return nil, &apiError{400, "InvalidAllocationPool", fmt.Sprintf("The allocation pool %s-%s is not valid.", p.str("start"), p.str("end"))}
		}
		out = append(out, ipRange{first, last})
	}
	return out, nil
}

// nextAddress finds a free address of a subnet's pools, or "" when there is
// none. It goes on from the last one it gave, so that a full walk is rare.
func nextAddress(c *call, subnet *record) (string, error) {
	pools, err := parsePools(subnet.object)
	if err != nil {
		return "", err
	}
	free := func(a netip.Addr) bool { return c.count("port", "address", subnet.id+" "+a.String()) == 0 }
	hint, hinted := c.cloud.lastAddress[subnet.id]
	for _, pass := range []bool{true, false} { // after the hint, then all
		if pass && !hinted {
			continue
		}
		for _, p := range pools {
			a := p.first
			if pass {
				if p.last.Compare(hint) <= 0 {
					continue
				}
				if p.contains(hint) {
					a = hint.Next()
				}
			}
			for ; a.Compare(p.last) <= 0; a = a.Next() {
				if free(a) {
					c.cloud.lastAddress[subnet.id] = a
					return a.String(), nil
				}
			}
		}
	}
	return "", nil
}

// assign gives a port its fixed_ips on a network. asked is nil when the client
// left them to us; portID's own addresses do not count as taken.
func assign(c *call, network *record, asked []any, mac, portID, owner string) ([]any, error) {
	if asked != nil {
		return assignAsked(c, network, asked, mac, portID, owner)
	}
	out := []any{}
	var seen4, seen6, got4, got6 bool
	for _, s := range c.having("subnet", "network_id", network.id) {
		four := s.int("ip_version") == 4
		if slaac(s) {
			out = append(out, fixedIP(s, eui64(s, mac)))
			continue
		}
		if four && got4 || !four && got6 {
			continue
		}
		seen4, seen6 = seen4 || four, seen6 || !four
		ip, err := nextAddress(c, s)
		if err != nil {
			return nil, err
		}
		if ip != "" {
			got4, got6 = got4 || four, got6 || !four
			out = append(out, fixedIP(s, ip))
		}
	}
	if seen4 && !got4 || seen6 && !got6 {
		return nil, conflict("IpAddressGenerationFailure", "No more IP addresses available on network %s.", network.id)
	}
	return out, nil
}

func fixedIP(subnet *record, ip string) map[string]any {
	return map[string]any{"subnet_id": subnet.id, "ip_address": ip}
}

func assignAsked(c *call, network *record, asked []any, mac, portID, owner string) ([]any, error) {
	out := []any{}
	taken := map[string]bool{}
	for _, v := range asked {
		f := asObject(v)
		subnet, err := subnetFor(c, network, f)
		if err != nil {
			return nil, err
		}
		ip := f.str("ip_address")
		switch {
		case ip == "" && slaac(subnet):
			ip = eui64(subnet, mac)
		case ip == "":
			if ip = kept(c, portID, subnet.id, taken); ip == "" {
				if ip, err = nextAddress(c, subnet); err != nil {
					return nil, err
				}
			}
			if ip == "" {
				return nil, conflict("IpAddressGenerationFailure", "No more IP addresses available on network %s.", network.id)
			}
		default:
			if ip, err = checkAddress(subnet, ip, owner); err != nil {
				return nil, err
			}
		}
		key := subnet.id + " " + ip
		if p := c.first("port", "address", key); taken[key] || p != nil && p.id != portID {
			return nil, conflict("IpAddressAlreadyAllocated", "IP address %s already allocated in subnet %s", ip, subnet.id)
		}
		taken[key] = true
		out = append(out, fixedIP(subnet, ip))
	}
	return out, nil
}

// kept returns the address a port already has on a subnet, so that an update
// which only names the subnet changes nothing.
func kept(c *call, portID, subnetID string, taken map[string]bool) string {
	if p := c.get("port", portID); p != nil {
		for _, f := range p.objs("fixed_ips") {
			if ip := f.str("ip_address"); f.str("subnet_id") == subnetID && !taken[subnetID+" "+ip] {
				return ip
			}
		}
	}
	return ""
}

// subnetFor resolves the subnet that one element of fixed_ips means.
func subnetFor(c *call, network *record, f object) (*record, error) {
	if id := f.str("subnet_id"); id != "" {
		s := c.get("subnet", id)
		if s == nil {
			return nil, subnets.missing(id)
		}
		if s.str("network_id") != network.id {
			return nil, &apiError{400, "InvalidInput", fmt.Sprintf("Invalid input for operation: Failed to create port on network %s, because fixed_ips included invalid subnet %s.", network.id, id)}
		}
		return s, nil
	}
	addr, err := netip.ParseAddr(f.str("ip_address"))
	if err != nil {
		return nil, &apiError{400, "InvalidInput", "Invalid input for operation: IP allocation requires subnet_id or ip_address."}
	}
	for _, s := range c.having("subnet", "network_id", network.id) {
		if p, err := netip.ParsePrefix(s.str("cidr")); err == nil && p.Contains(addr) {
			return s, nil
		}
	}
	return nil, &apiError{400, "InvalidIpForNetwork", fmt.Sprintf("IP address %s is not a valid IP for any of the subnets on the specified network.", addr)}
}

func checkAddress(subnet *record, ip, owner string) (string, error) {
	addr, err := netip.ParseAddr(ip)
	prefix, err2 := netip.ParsePrefix(subnet.str("cidr"))
	wrong := &apiError{400, "InvalidIpForSubnet", "IP address " + ip + " is not a valid IP for the specified subnet."}
	if err != nil || err2 != nil || !prefix.Contains(addr) {
		return "", wrong
	}
	if first, last := hostRange(prefix); !(ipRange{first, last}).contains(addr) {
		return "", wrong
	}
	if addr.String() == subnet.str("gateway_ip") && !strings.HasPrefix(owner, "network:router") {
		return "", wrong
	}
	return addr.String(), nil
}

func slaac(subnet *record) bool {
	m := subnet.str("ipv6_address_mode")
	return m == "slaac" || m == "dhcpv6-stateless"
}

// eui64 is the address a host makes for itself from its MAC (RFC 4291).
func eui64(subnet *record, mac string) string {
	p, err := netip.ParsePrefix(subnet.str("cidr"))
	hw, err2 := net.ParseMAC(mac)
	if err != nil || err2 != nil || len(hw) != 6 {
		return ""
	}
	a := p.Addr().As16()
	copy(a[8:], []byte{hw[0] ^ 2, hw[1], hw[2], 0xff, 0xfe, hw[3], hw[4], hw[5]})
	return netip.AddrFrom16(a).String()
}

// newMAC makes an address in Neutron's default range.
func newMAC(t *tx) string {
	for {
		var b [3]byte
		rand.Read(b[:])
		mac := fmt.Sprintf("fa:16:3e:%02x:%02x:%02x", b[0], b[1], b[2])
		if t.count("port", "mac_address", mac) == 0 {
			return mac
		}
	}
}
