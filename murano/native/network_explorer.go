package native

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"slices"

	"github.com/gophercloud/gophercloud/v2"

	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// networkExplorerClass is io.murano.system.NetworkExplorer (murano/engine/system/net_explorer.py):
// what there is in the network service of the project.
var networkExplorerClass = &muranopl.Native{Name: "io.murano.system.NetworkExplorer",
	New: &yaql.Function{Name: "__init__", Params: []yaql.Param{yaql.Opt("regionName", yaql.Any, nil)}, Body: func(c *yaql.Call) (any, error) {
		_, s, err := begin(c)
		return &networkExplorer{session: s, region: c.Args[0]}, err
	}},
	Methods: []muranopl.NativeMethod{
		exploring("getDefaultRouter", nil, defaultRouter),
		exploring("getAvailableCidr", []yaql.Param{yaql.P("routerId", yaql.Any), yaql.P("netId", yaql.Any), yaql.Opt("ipVersion", yaql.Integer, int64(4))}, availableCIDR),
		exploring("getDefaultDns", []yaql.Param{yaql.Opt("ipVersion", yaql.Integer, int64(4))}, defaultDNS),
		exploring("getExternalNetworkIdForRouter", []yaql.Param{yaql.P("routerId", yaql.Any)}, func(x *exploration) (any, error) {
			return x.ask(func(ctx context.Context, n *neutron) (any, error) { return n.gateway(ctx, str(x.Args[0])) })
		}),
		exploring("getExternalNetworkIdForNetwork", []yaql.Param{yaql.P("networkId", yaql.Any)}, func(x *exploration) (any, error) {
			return x.ask(func(ctx context.Context, n *neutron) (any, error) { return n.externalOf(ctx, str(x.Args[0])) })
		}),
		exploring("listNetworks", nil, listing("networks", "networks")),
		exploring("listSubnetworks", nil, listing("subnets", "subnets")),
		exploring("listPorts", nil, listing("ports", "ports")),
		exploring("listNeutronExtensions", nil, listing("extensions", "extensions")),
	},
}

type networkExplorer struct {
	session *Session
	region  any // nil: that of the CloudRegion around
}

// exploration is one call of a method.
type exploration struct {
	*yaql.Call
	*networkExplorer
	thread *muranopl.Thread
	where  string // the region
}

func exploring(name string, params []yaql.Param, do func(x *exploration) (any, error)) muranopl.NativeMethod {
	return muranopl.NativeMethod{Function: &yaql.Function{Name: name, Params: params, Body: func(c *yaql.Call) (any, error) {
		th, this := muranopl.ThreadOf(c), muranopl.This(c)
		e, ok := this.Native().(*networkExplorer)
		if !ok {
			return nil, failure("AttributeError", "The NetworkExplorer is not initialized")
		}
		where, err := regionOf(th, this, e.region)
		if err != nil {
			return nil, err
		}
		return do(&exploration{Call: c, networkExplorer: e, thread: th, where: where})
	}}}
}

// ask asks the network service while other threads run.
func (x *exploration) ask(do func(ctx context.Context, n *neutron) (any, error)) (v any, err error) {
	err = wait(x.thread, func(ctx context.Context) error {
		client, err := x.session.client(ctx, x.where)
		if err != nil {
			return err
		}
		network, err := client.Network()
		if err != nil {
			return err
		}
		v, err = do(ctx, &neutron{network, client.ProjectID()})
		return err
	})
	return v, neutronError(err)
}

func listing(collection, key string) func(x *exploration) (any, error) {
	return func(x *exploration) (any, error) {
		return x.ask(func(ctx context.Context, n *neutron) (any, error) {
			items, err := n.list(ctx, collection, key, nil)
			return yaql.Input(items), err
		})
	}
}

// setting is one of the group networking, whose defaults are upstream's.
func (x *exploration) setting(name string, fallback any) any {
	return x.session.setting("networking", name, fallback)
}

// defaultRouter finds the project's router of the configured name, or makes it.
func defaultRouter(x *exploration) (any, error) {
	// Two that look at once must not make it twice.
	turn := x.session.turn("default router")
	if err := turn.take(x.thread); err != nil {
		return nil, err
	}
	defer turn.leave()
	name := str(x.setting("router_name", "murano-default-router"))
	create := yaql.Truth(x.setting("create_router", true))
	external, _ := x.setting("external_network", nil).(string)
	return x.ask(func(ctx context.Context, n *neutron) (any, error) {
		found, err := n.list(ctx, "routers", "routers", url.Values{"tenant_id": {n.project}, "name": {name}})
		switch {
		case err != nil:
			return nil, err
		case len(found) > 0:
			router := found[0].(*yaml.Map)
			if gateway, _ := router.Get("external_gateway_info"); gateway == nil {
				return nil, failure("murano.common.exceptions.RouterInfoException", "Please set external gateway for the router %s ", name)
			}
			id, _ := router.Get("id")
			return id, nil
		case !create:
			return nil, keyError("Router %s was not found", name)
		}
		network, err := n.externalNetwork(ctx, external)
		if err != nil {
			return nil, err
		}
		if network == nil {
			return nil, keyError("Router %s could not be created, no external network found", name)
		}
		return n.createRouter(ctx, name, network)
	})
}

// availableCIDR picks a network for a new subnet that no subnet behind the router overlaps.
// The network's id says where to begin, so that different ones mostly differ, and one always
// gets the same while nobody else has it. Null when all are taken.
func availableCIDR(x *exploration) (any, error) {
	all, err := x.possibleCIDRs(x.Int(2) == 6)
	if err != nil {
		return nil, err
	}
	var taken []netip.Prefix
	if x.Args[0] != nil && x.Args[0] != "" {
		v, err := x.ask(func(ctx context.Context, n *neutron) (any, error) { return n.takenByRouter(ctx, str(x.Args[0])) })
		if err != nil {
			return nil, err
		}
		taken = v.([]netip.Prefix)
	}
	var free []string
	first := stableHash(str(x.Args[1])) % uint64(len(all))
	for i := range all {
		cidr := all[(first+uint64(i))%uint64(len(all))]
		if !slices.ContainsFunc(taken, cidr.Overlaps) {
			free = append(free, cidr.String())
		}
	}
	return x.claimed(fmt.Sprintf("cidr/%d/%s", x.Int(2), str(x.Args[0])), str(x.Args[1]), free)
}

// claimed gives the network's own addresses in a scope, or the first free ones that no other
// network is about to get; null for none.
func (x *exploration) claimed(scope, network string, free []string) (any, error) {
	var cidr string
	if x.session.Claim == nil {
		if len(free) > 0 {
			cidr = free[0]
		}
	} else if err := wait(x.thread, func(ctx context.Context) (err error) {
		cidr, err = x.session.Claim(ctx, scope, network, free)
		return err
	}); err != nil {
		return nil, err
	}
	if cidr == "" {
		return nil, nil
	}
	return cidr, nil
}

// defaultDNS gives the configured servers that are of the IP version.
func defaultDNS(x *exploration) (any, error) {
	servers := yaql.Tuple{}
	list, _ := x.setting("default_dns", nil).(yaql.Tuple)
	for _, server := range list {
		address, err := netip.ParseAddr(str(server))
		if err == nil && (address.Is4() && x.Int(0) == 4 || address.Is6() && x.Int(0) == 6) {
			servers = append(servers, server)
		}
	}
	return servers, nil
}

// neutron is the network service as a project sees it.
type neutron struct {
	*gophercloud.ServiceClient
	project string
}
