package neutron

import (
	"reflect"
	"slices"

	"hearth/core/resource"
)

// The dependencies that templates leave unsaid compare properties as they stand in the
// template: two references to one resource are equal, as are two equal names.

// either is the first of the properties that is given: a current name and its former one.
func either(v resource.Values, names ...string) any {
	for _, name := range names {
		if value := v.Get(name); value != nil {
			return value
		}
	}
	return nil
}

// same reports whether both values are given and equal.
func same(a, b any) bool { return a != nil && reflect.DeepEqual(a, b) }

// subnetsOn are the names of the subnets on a network.
func subnetsOn(network any, all []resource.Sibling) []string {
	var names []string
	for _, s := range all {
		if s.Type == subnet.Name && same(network, either(s.Properties, "network", "network_id")) {
			names = append(names, s.Name)
		}
	}
	return names
}

// interfacesFor are the names of the router interfaces that a floating IP needs for the
// ports among what it requires: without them no router reaches the ports.
func interfacesFor(requires []string, all []resource.Sibling) []string {
	var reached []resource.Sibling
	for _, s := range all {
		if s.Type == port.Name && slices.Contains(requires, s.Name) {
			reached = append(reached, s)
		}
	}
	var names []string
	for _, s := range all {
		if s.Type == routerInterface.Name && slices.ContainsFunc(reached, func(p resource.Sibling) bool { return mayReach(s, p, all) }) {
			names = append(names, s.Name)
		}
	}
	return names
}

// mayReach reports whether a router interface may be on a subnet of the port. Where the
// template does not tell, it may.
func mayReach(i, p resource.Sibling, all []resource.Sibling) bool {
	if addresses := p.Properties.Subs("fixed_ips"); len(addresses) > 0 {
		onSubnet := either(i.Properties, "subnet", "subnet_id")
		return slices.ContainsFunc(addresses, func(address resource.Values) bool {
			return same(onSubnet, either(address, "subnet", "subnet_id"))
		})
	}
	told := false
	for _, s := range all {
		if s.Type == subnet.Name && slices.Contains(i.Requires, s.Name) {
			if same(either(s.Properties, "network", "network_id"), either(p.Properties, "network", "network_id")) {
				return true
			}
			told = true
		}
	}
	return !told
}
