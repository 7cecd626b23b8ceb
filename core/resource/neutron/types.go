// Package neutron holds the resource types of OS::Neutron, one file a type
// (heat/engine/resources/openstack/neutron).
//
// Neutron's objects are alike: a noun in the path, a body whose keys are mostly the
// property names, tags as a sub-resource, a status. What is alike stands in object.go,
// field.go, noun.go and wait.go; a type's file says what is its own.
package neutron

import "hearth/core/resource"

// Types are the resource types of this family.
var Types = []resource.Type{
	floatingIP,
	floatingIPAssociation,
	net,
	port,
	providerNet,
	router,
	routerGateway,
	routerInterface,
	securityGroup,
	securityGroupRule,
	subnet,
}
