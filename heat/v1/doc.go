// Package v1 is the Heat v1 API (heat/api/openstack/v1) on core/engine: the same paths,
// statuses, keys and texts, for clients that know no other.
//
// routes.go lists the operations; policy.go who may call them; errors.go what errors look
// like. Everything else is a file for each noun.
package v1
