package policy

import (
	"strings"

	"hearth/core"
)

// resourceTypeRule is what the rules of resource types begin with.
const resourceTypeRule = "resource_types:"

// ResourceTypes are the types whose use Heat leaves to the administrators of a project
// (heat/policies/resource_types.py).
var ResourceTypes = adminTypes("OS::Nova::Flavor", "OS::Cinder::EncryptedVolumeType", "OS::Cinder::VolumeType", "OS::Cinder::Quota",
	"OS::Neutron::Quota", "OS::Nova::Quota", "OS::Octavia::Quota", "OS::Manila::ShareType", "OS::Neutron::ProviderNet", "OS::Neutron::QoSPolicy",
	"OS::Neutron::QoSBandwidthLimitRule", "OS::Neutron::QoSDscpMarkingRule", "OS::Neutron::QoSMinimumBandwidthRule", "OS::Neutron::QoSMinimumPacketRateRule",
	"OS::Neutron::Segment", "OS::Nova::HostAggregate", "OS::Cinder::QoSSpecs", "OS::Cinder::QoSAssociation", "OS::Keystone::*", "OS::Blazar::Host",
	"OS::Octavia::Flavor", "OS::Octavia::FlavorProfile", "OS::Octavia::AvailabilityZone", "OS::Octavia::AvailabilityZoneProfile")

func adminTypes(names ...string) []Rule {
	out := make([]Rule, len(names))
	for i, name := range names {
		out[i] = Rule{Name: resourceTypeRule + name, Check: Admin, Description: "Use the resource type " + name + "."}
	}
	return out
}

// MayUse reports whether the caller may use a resource type: a type without a rule of its own
// or of its family (OS::Keystone::*) is free for all (heat/common/policy.py ResourceEnforcer).
func (e *Enforcer) MayUse(caller *core.Caller, resourceType string) bool {
	family := resourceTypeRule + resourceType[:strings.LastIndex(resourceType, ":")+1] + "*"
	for _, rule := range []string{resourceTypeRule + resourceType, family} {
		if e.Has(rule) && !e.Allowed(rule, caller, nil) {
			return false
		}
	}
	return true
}
