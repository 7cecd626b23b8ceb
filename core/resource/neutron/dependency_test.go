package neutron

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/resource"
	"hearth/core/yaml"
)

// ref stands for a reference that a template holds where the value is not known yet.
type ref struct{ name string }

func (ref) UnknownValue() {}

// template is resources as the engine shows them to a Depender.
func template(resources ...resource.Sibling) []resource.Sibling {
	for i, r := range resources {
		var find func(v any)
		find = func(v any) {
			switch v := v.(type) {
			case ref:
				resources[i].Requires = append(resources[i].Requires, v.name)
			case []any:
				for _, x := range v {
					find(x)
				}
			case *yaml.Map:
				for _, x := range v.All() {
					find(x)
				}
			}
		}
		find(r.Properties.Map())
	}
	return resources
}

func in(name, typ string, properties ...any) resource.Sibling {
	return resource.Sibling{Name: name, Type: "OS::Neutron::" + typ, Properties: resource.NewValues(yaml.MapOf(properties...))}
}

func TestImplicitDependencies(t *testing.T) {
	inside := []resource.Sibling{
		in("net", "Net"),
		in("other_net", "Net"),
		in("subnet", "Subnet", "network", ref{"net"}, "cidr", "10.0.0.0/24"),
		in("other_subnet", "Subnet", "network_id", ref{"other_net"}, "cidr", "10.0.1.0/24"),
		in("ext_subnet", "Subnet", "network", "public", "cidr", "192.0.2.0/24"),
		in("router", "Router", "external_gateway_info", yaml.MapOf("network", "public")),
		in("closed_router", "Router"),
		in("interface", "RouterInterface", "router", ref{"router"}, "subnet", ref{"subnet"}),
		in("other_interface", "RouterInterface", "router_id", ref{"closed_router"}, "subnet_id", ref{"other_subnet"}),
		in("far_interface", "RouterInterface", "router", ref{"router"}, "subnet", "by-name"),
		in("gateway", "RouterGateway", "router_id", ref{"closed_router"}, "network", "public"),
	}
	for name, c := range map[string]struct {
		self resource.Sibling
		more []resource.Sibling
		want []string
	}{
		"a port waits for the subnets of its network": {
			self: in("x", "Port", "network", ref{"net"}), want: []string{"subnet"}},
		"a port by the former name of its network as well": {
			self: in("x", "Port", "network_id", ref{"other_net"}), want: []string{"other_subnet"}},
		"a router waits for the subnets of its external network": {
			self: in("x", "Router", "external_gateway_info", yaml.MapOf("network", "public")), want: []string{"ext_subnet"}},
		"a router without a gateway waits for nothing": {self: in("x", "Router")},
		"a gateway waits for its router's interfaces and the external subnets": {
			self: in("x", "RouterGateway", "router_id", ref{"router"}, "network", "public"), want: []string{"ext_subnet", "far_interface", "interface"}},
		"a floating IP waits for gateways to its network": {
			self: in("x", "FloatingIP", "floating_network", "public"), want: []string{"gateway", "router"}},
		"and for the interface on the subnet of its port": {
			self: in("x", "FloatingIP", "floating_network", "elsewhere", "port_id", ref{"port"}),
			more: []resource.Sibling{in("port", "Port", "network", ref{"net"}, "fixed_ips", []any{yaml.MapOf("subnet", ref{"subnet"})})},
			want: []string{"interface"}},
		"and for all that may be on it when the port does not say": {
			self: in("x", "FloatingIP", "floating_network", "elsewhere", "port_id", ref{"port"}),
			more: []resource.Sibling{in("port", "Port", "network", ref{"net"})},
			want: []string{"far_interface", "interface"}},
		"an association waits for the interfaces of its port": {
			self: in("x", "FloatingIPAssociation", "floatingip_id", "f", "port_id", ref{"port"}),
			more: []resource.Sibling{in("port", "Port", "network", ref{"other_net"}, "fixed_ips", []any{yaml.MapOf("subnet_id", ref{"other_subnet"})})},
			want: []string{"other_interface"}},
	} {
		t.Run(name, func(t *testing.T) {
			all := template(append(slices.Concat(inside, c.more), c.self)...)
			self := all[len(all)-1]
			i := slices.IndexFunc(Types, func(typ resource.Type) bool { return typ.Name == self.Type })
			got := Types[i].New().(resource.Depender).Dependencies(self, all)
			slices.Sort(got)
			if d := cmp.Diff(strings.Join(c.want, " "), strings.Join(got, " ")); d != "" {
				t.Error(d)
			}
		})
	}
}
