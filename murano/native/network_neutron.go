package native

import (
	"context"
	"encoding/binary"
	"hash/fnv"
	"math/bits"
	"net/netip"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"hearth/core/cloud"
	"hearth/core/yaml"
)

// list gives a collection, page after page.
func (n *neutron) list(ctx context.Context, collection, key string, query url.Values) ([]any, error) {
	all := []any{}
	for next := "?" + query.Encode(); next != ""; {
		page, err := cloud.Call(ctx, n.ServiceClient, "GET", collection+next, nil)
		if err != nil {
			return nil, err
		}
		items, _ := page.Get(key)
		list, _ := items.([]any)
		all = append(all, list...)
		next = nextQuery(page, key)
	}
	return all, nil
}

// nextQuery is the query of the next page; "" when there is none.
func nextQuery(page *yaml.Map, key string) string {
	v, _ := page.Get(key + "_links")
	links, _ := v.([]any)
	for _, l := range links {
		link, ok := l.(*yaml.Map)
		if !ok {
			continue
		}
		if rel, _ := link.Get("rel"); rel != "next" {
			continue
		}
		href, _ := link.Get("href")
		text, _ := href.(string)
		if at, err := url.Parse(text); err == nil && at.RawQuery != "" {
			return "?" + at.RawQuery
		}
	}
	return ""
}

// show gives one thing.
func (n *neutron) show(ctx context.Context, collection, key, id string) (*yaml.Map, error) {
	answer, err := cloud.Call(ctx, n.ServiceClient, "GET", collection+"/"+url.PathEscape(id), nil)
	if err != nil {
		return nil, err
	}
	v, _ := answer.Get(key)
	m, ok := v.(*yaml.Map)
	if !ok {
		return yaml.NewMap(0), nil
	}
	return m, nil
}

// gateway gives the id of the external network that a router leads to; nil when it leads to
// none.
func (n *neutron) gateway(ctx context.Context, routerID string) (any, error) {
	router, err := n.show(ctx, "routers", "router", routerID)
	if err != nil {
		return nil, err
	}
	v, _ := router.Get("external_gateway_info")
	gateway, ok := v.(*yaml.Map)
	if !ok {
		return nil, nil
	}
	id, _ := gateway.Get("network_id")
	return id, nil
}

// externalOf gives the id of the external network that is reached from a network: itself, or
// what one of its routers leads to; nil when none is.
func (n *neutron) externalOf(ctx context.Context, networkID string) (any, error) {
	network, err := n.show(ctx, "networks", "network", networkID)
	if err != nil {
		return nil, err
	}
	if external, _ := network.Get("router:external"); external == true {
		return networkID, nil
	}
	ports, err := n.list(ctx, "ports", "ports", url.Values{"device_owner": {"network:router_interface"}, "network_id": {networkID}})
	if err != nil {
		return nil, err
	}
	for _, p := range ports {
		router, _ := p.(*yaml.Map).Get("device_id")
		if id, err := n.gateway(ctx, yaml.Str(router)); err != nil || id != nil {
			return id, err
		}
	}
	return nil, nil
}

// defaultExternalNetwork is upstream's default of external_network.
const defaultExternalNetwork = "ext-net"

// externalNetwork gives the id of the external network of that id or name; nil when there is
// none. Without a name it is the one of upstream's default name, or else the only one there is.
func (n *neutron) externalNetwork(ctx context.Context, nameOrID string) (any, error) {
	query := url.Values{"router:external": {"true"}}
	switch _, err := uuid.Parse(nameOrID); {
	case nameOrID == "":
	case err == nil:
		query.Set("id", nameOrID)
	default:
		query.Set("name", nameOrID)
	}
	found, err := n.list(ctx, "networks", "networks", query)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	if nameOrID == "" {
		named := slices.IndexFunc(found, func(v any) bool {
			name, _ := v.(*yaml.Map).Get("name")
			return name == defaultExternalNetwork
		})
		switch {
		case named >= 0:
			found = found[named:]
		case len(found) > 1:
			return nil, nil
		}
	}
	id, _ := found[0].(*yaml.Map).Get("id")
	return id, nil
}

func (n *neutron) createRouter(ctx context.Context, name string, network any) (any, error) {
	answer, err := cloud.Call(ctx, n.ServiceClient, "POST", "routers", map[string]any{"router": map[string]any{
		"name": name, "external_gateway_info": map[string]any{"network_id": network}, "admin_state_up": true,
	}})
	if err != nil {
		return nil, err
	}
	v, _ := answer.Get("router")
	router, ok := v.(*yaml.Map)
	if !ok {
		return nil, keyError("router")
	}
	id, _ := router.Get("id")
	return id, nil
}

// takenByRouter gives the subnets that a router has a port in.
func (n *neutron) takenByRouter(ctx context.Context, routerID string) ([]netip.Prefix, error) {
	ports, err := n.list(ctx, "ports", "ports", url.Values{"device_id": {routerID}})
	if err != nil {
		return nil, err
	}
	ids := map[any]bool{}
	for _, p := range ports {
		v, _ := p.(*yaml.Map).Get("fixed_ips")
		fixed, _ := v.([]any)
		for _, f := range fixed {
			id, _ := f.(*yaml.Map).Get("subnet_id")
			ids[id] = true
		}
	}
	subnets, err := n.list(ctx, "subnets", "subnets", nil)
	if err != nil {
		return nil, err
	}
	var taken []netip.Prefix
	for _, s := range subnets {
		id, _ := s.(*yaml.Map).Get("id")
		cidr, _ := s.(*yaml.Map).Get("cidr")
		if prefix, err := netip.ParsePrefix(yaml.Str(cidr)); err == nil && ids[id] {
			taken = append(taken, prefix.Masked())
		}
	}
	return taken, nil
}

// maxCIDRs bounds the list of networks, whatever the configuration says.
const maxCIDRs = 1 << 16

// possibleCIDRs are the networks that environments get: as many of max_environments, each for
// max_hosts, as there are from env_ip_template on. Those of IP version 6 are the same, mapped.
func (x *exploration) possibleCIDRs(six bool) ([]netip.Prefix, error) {
	environments, hosts := x.number("max_environments", 250), x.number("max_hosts", 250)
	template, err := netip.ParseAddr(str(x.setting("env_ip_template", "10.0.0.0")))
	envBits, hostBits := bits.Len(uint(environments-1)), bits.Len(uint(hosts-1))
	if err != nil || !template.Is4() || environments < 1 || hosts < 1 || environments > maxCIDRs || envBits+hostBits > 32 {
		return nil, failure("ValueError", "The settings max_environments, max_hosts and env_ip_template of the group networking make no list of networks")
	}
	whole := netip.PrefixFrom(template, 32-envBits-hostBits).Masked()
	base := whole.Addr().As4()
	from := binary.BigEndian.Uint32(base[:])
	all := make([]netip.Prefix, 1<<envBits)
	for i := range all {
		var a [4]byte
		binary.BigEndian.PutUint32(a[:], from+uint32(i)<<hostBits)
		address, length := netip.AddrFrom4(a), 32-hostBits
		if six {
			address, length = netip.AddrFrom16(address.As16()), length+96
		}
		all[i] = netip.PrefixFrom(address, length)
	}
	return all, nil
}

func (x *exploration) number(name string, fallback int64) int64 {
	n, _ := x.setting(name, fallback).(int64)
	return n
}

// stableHash is the same for an id in every process, which Python's is not.
func stableHash(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64()
}
