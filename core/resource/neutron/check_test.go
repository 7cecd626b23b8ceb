package neutron

import (
	"slices"
	"testing"

	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		typ        string
		properties []any
		want       string
	}{
		{"Net", []any{"value_specs", yaml.MapOf("mtu", 1400)}, ""},
		{"Net", []any{"value_specs", yaml.MapOf("shared", true)}, "shared not allowed in value_specs"},
		{"Subnet", []any{"network", "n", "cidr", "10.0.0.0/24"}, ""},
		{"Subnet", []any{"network_id", "n", "cidr", "10.0.0.0/24", "gateway_ip", nil}, ""},
		{"Subnet", []any{"network", "n", "cidr", "10.0.0.0/24", "subnetpool", "p"}, "Cannot define the following properties at the same time: subnetpool, cidr."},
		{"Subnet", []any{"network", "n"}, "At least one of the following properties must be specified: subnetpool, cidr."},
		{"Subnet", []any{"network", "n", "cidr", "10.0.0.0/24", "prefixlen", 24}, "Cannot define the following properties at the same time: prefixlen, cidr."},
		{"Subnet", []any{"network", "n", "cidr", "10.0.0.0/24", "ipv6_ra_mode", "slaac"}, "ipv6_ra_mode and ipv6_address_mode are not supported for ipv4."},
		{"Subnet", []any{"network", "n", "cidr", "fd00::/64", "ip_version", 6, "ipv6_ra_mode", "slaac", "ipv6_address_mode", "dhcpv6-stateful"},
			"When both ipv6_ra_mode and ipv6_address_mode are set, they must be equal."},
		{"Subnet", []any{"network", "n", "cidr", "10.0.0.0/24", "gateway_ip", "10.0.0"}, `Gateway IP address "10.0.0" is in invalid format.`},
		{"Port", []any{"network", "n", "no_fixed_ips", true}, ""},
		{"Port", []any{"network", "n", "no_fixed_ips", true, "fixed_ips", []any{yaml.MapOf("ip_address", "10.0.0.5")}},
			"Cannot define the following properties at the same time: fixed_ips, no_fixed_ips."},
		{"Router", []any{"ha", true, "l3_agent_ids", []any{"a", "b"}}, ""},
		{"Router", []any{"l3_agent_ids", []any{"a", "b"}}, "Non HA routers can only have one L3 agent."},
		{"Router", []any{"l3_agent_ids", []any{"a"}, "l3_agent_id", "b"}, "Cannot define the following properties at the same time: l3_agent_id, l3_agent_ids."},
		{"Router", []any{"distributed", true, "l3_agent_id", "b"}, "Cannot define the following properties at the same time: distributed, l3_agent_id/l3_agent_ids."},
		{"Router", []any{"distributed", true, "ha", true}, "Cannot define the following properties at the same time: distributed, ha."},
		{"RouterInterface", []any{"router", "r", "port_id", "p"}, ""},
		{"RouterInterface", []any{"router", "r"}, "At least one of the following properties must be specified: subnet, port."},
		{"RouterInterface", []any{"router_id", "r", "subnet", "s", "port", "p"}, "Cannot define the following properties at the same time: subnet, port."},
		{"RouterGateway", []any{"router_id", "r"}, "At least one of the following properties must be specified: network, network_id."},
		{"SecurityGroup", []any{"name", "web"}, ""},
		{"SecurityGroup", []any{"name", "default"}, `Security groups cannot be assigned the name "default".`},
		{"SecurityGroupRule", []any{"security_group", "g", "port_range_min", 80, "port_range_max", 90}, ""},
		{"SecurityGroupRule", []any{"security_group", "g", "protocol", "icmp", "port_range_min", 8, "port_range_max", 0}, ""},
		{"SecurityGroupRule", []any{"security_group", "g", "port_range_min", 90, "port_range_max", 80},
			"The minimum port number must be less than or equal to the maximum port number."},
		{"SecurityGroupRule", []any{"security_group", "g", "remote_group", "h", "remote_ip_prefix", "10.0.0.0/8"},
			"Cannot define the following properties at the same time: remote_group, remote_ip_prefix."},
		{"FloatingIP", []any{"floating_network_id", "n", "port_id", "p", "fixed_ip_address", "10.0.0.5"}, ""},
		{"FloatingIP", []any{"floating_network", "n", "fixed_ip_address", "10.0.0.5"}, "fixed_ip_address cannot be specified without port_id."},
		{"ProviderNet", []any{"network_type", "vlan", "physical_network", "p", "segmentation_id", "7"}, ""},
		{"ProviderNet", []any{"network_type", "flat", "segmentation_id", "7"}, "segmentation_id not allowed for network types: local, flat"},
		{"ProviderNet", []any{"network_type", "vxlan", "physical_network", "p"}, "physical_network not allowed for network types: vxlan, gre, geneve, flat"},
	} {
		i := slices.IndexFunc(Types, func(typ resource.Type) bool { return typ.Name == "OS::Neutron::"+c.typ })
		values, found := schema.Check(Types[i].Properties, yaml.MapOf(c.properties...), "resources.x.properties", nil)
		if err := found.Err(); err != nil {
			t.Errorf("%s %v: %v", c.typ, c.properties, err)
			continue
		}
		got := ""
		if err := Types[i].New().(resource.Validator).Validate(t.Context(), &resource.Context{Properties: resource.NewValues(values)}); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s %v: got %q, want %q", c.typ, c.properties, got, c.want)
		}
	}
}

// What is not known yet cannot be wrong.
func TestValidateLetsUnknownValuesPass(t *testing.T) {
	for _, typ := range Types {
		v, ok := typ.New().(resource.Validator)
		if !ok {
			continue
		}
		unknown := yaml.NewMap(0)
		for name, p := range typ.Properties {
			if p.Required || typ.Name == subnet.Name && name == "cidr" || typ.Name == routerInterface.Name && name == "port" || typ.Name == routerGateway.Name && name == "network" {
				unknown.Set(name, ref{name})
			}
		}
		if err := v.Validate(t.Context(), &resource.Context{Properties: resource.NewValues(unknown)}); err != nil {
			t.Errorf("%s: %v", typ.Name, err)
		}
	}
}
