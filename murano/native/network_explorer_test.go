package native_test

import (
	"context"
	"strings"
	"testing"

	"hearth/core/cloud"
	"hearth/core/yaml"
)

// neutron asks the network service and gives a field of the answer's object.
func (k *kit) neutron(method, path, key, field string, body any) string {
	k.t.Helper()
	sc, err := k.client.Network()
	if err != nil {
		k.t.Fatal(err)
	}
	answer, err := cloud.Call(context.Background(), sc, method, path, body)
	if err != nil {
		k.t.Fatal(err)
	}
	v, _ := answer.Get(key)
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	m, ok := v.(*yaml.Map)
	if !ok {
		k.t.Fatalf("%s %s: %v", method, path, v)
	}
	text, _ := m.Get(field)
	return yaml.Str(text)
}

func TestNetworkLists(t *testing.T) {
	k := start(t)
	private := k.neutron("GET", "networks?name=private", "networks", "id", nil)
	k.neutron("POST", "ports", "port", "id", map[string]any{"port": map[string]any{"network_id": private}})
	k.want(`[["private", "public"], ["private-subnet"], true, true]`, "Network", "lists")
	k.fails("keystoneauth1.exceptions.catalog.EndpointNotFound", "Mars", "Network", "elsewhere")
}

// Threads that ask for the default router at once make it once, with the only external network.
func TestDefaultRouter(t *testing.T) {
	k := start(t)
	k.want(`1`, "Network", "routers")
	id := k.neutron("GET", "routers?name=murano-default-router", "routers", "id", nil)
	k.want(`"`+id+`"`, "Network", "router")
	public := k.neutron("GET", "networks?name=public", "networks", "id", nil)
	k.want(`["`+public+`", "`+public+`"]`, "Network", "external", id, public)
	alone := k.neutron("POST", "networks", "network", "id", map[string]any{"network": map[string]any{"name": "alone"}})
	k.want(`["`+public+`", null]`, "Network", "external", id, alone)
	k.attach(id, k.subnet(alone, "10.9.0.0/24"))
	k.want(`["`+public+`", "`+public+`"]`, "Network", "external", id, alone)
	k.fails("neutronclient.common.exceptions.NotFound", "", "Network", "external", "none", alone)
}

func TestDefaultRouterOfSettings(t *testing.T) {
	k := start(t)
	settings := map[string]any{}
	k.Setting = func(group, name string) (any, bool) { v, ok := settings[group+"."+name]; return v, ok }
	settings["networking.external_network"] = "no-such"
	k.fails("KeyError", "'Router murano-default-router could not be created, no external network found'", "Network", "router")
	settings["networking.create_router"] = false
	k.fails("KeyError", "'Router murano-default-router was not found'", "Network", "router")
	settings["networking.router_name"] = "router1"
	id := k.neutron("POST", "routers", "router", "id", map[string]any{"router": map[string]any{"name": "mine"}})
	settings["networking.router_name"] = "mine"
	k.fails("murano.common.exceptions.RouterInfoException", "Please set external gateway for the router mine", "Network", "router")
	k.neutron("PUT", "routers/"+id, "router", "id", map[string]any{"router": map[string]any{
		"external_gateway_info": map[string]any{"network_id": k.neutron("GET", "networks?name=public", "networks", "id", nil)}}})
	k.want(`"`+id+`"`, "Network", "router")

	settings["networking.default_dns"] = []string{"8.8.8.8", "2001:db8::1", "nonsense"}
	k.want(`[["8.8.8.8"], ["2001:db8::1"]]`, "Network", "dns")
}

// A network always gets the same addresses, and others when a subnet behind the router has them.
func TestAvailableCIDR(t *testing.T) {
	k := start(t)
	router := k.neutron("POST", "routers", "router", "id", map[string]any{"router": map[string]any{"name": "r"}})
	first := k.cidr(router, "net-1")
	if !strings.HasPrefix(first, "10.0.") || !strings.HasSuffix(first, ".0/24") || k.cidr(router, "net-1") != first {
		t.Error(first)
	}
	if other := k.cidr(router, "net-2"); other == first {
		t.Error("two networks get", other)
	}
	net := k.neutron("POST", "networks", "network", "id", map[string]any{"network": map[string]any{"name": "n"}})
	k.attach(router, k.subnet(net, first))
	if next := k.cidr(router, "net-1"); next == first {
		t.Error("taken, and given:", next)
	}
	k.want(`"`+first+`"`, "Network", "cidr", nil, "net-1")
	if six := k.cidr(router, "net-1", int64(6)); !strings.HasPrefix(six, "::ffff:10.0.") || !strings.HasSuffix(six, "/120") {
		t.Error(six)
	}
	k.Setting = func(_, name string) (any, bool) {
		v, ok := map[string]any{"max_environments": 1, "max_hosts": 16, "env_ip_template": "192.168.7.20"}[name]
		return v, ok
	}
	k.want(`"192.168.7.16/28"`, "Network", "cidr", router, "net-1")
}

func (k *kit) cidr(router, network string, version ...any) string {
	k.t.Helper()
	got, err := k.run().call(k.t.Context(), "Network", "cidr", append([]any{router, network}, version...)...)
	if err != nil {
		k.t.Fatal(err)
	}
	return strings.Trim(got, `"`)
}

func (k *kit) subnet(network, cidr string) string {
	k.t.Helper()
	return k.neutron("POST", "subnets", "subnet", "id", map[string]any{"subnet": map[string]any{"network_id": network, "cidr": cidr, "ip_version": 4}})
}

func (k *kit) attach(router, subnet string) {
	k.t.Helper()
	sc, err := k.client.Network()
	if err != nil {
		k.t.Fatal(err)
	}
	if _, err := cloud.Call(k.t.Context(), sc, "PUT", "routers/"+router+"/add_router_interface", map[string]any{"subnet_id": subnet}); err != nil {
		k.t.Fatal(err)
	}
}
