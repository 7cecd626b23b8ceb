package heat

import (
	"slices"

	"hearth/core/resource"
	"hearth/core/schema"
)

// A placeholder keeps templates and stacks alive that use a type whose service is gone.
type placeholder struct {
	names   []string
	support schema.Support
}

const (
	deprecated = "DEPRECATED"
	hidden     = "HIDDEN"
)

// retired is the support of the types of a service that has ended.
func retired(version, message, inactive, inactiveMessage, since string) schema.Support {
	return schema.Support{Status: hidden, Version: version, Message: message,
		Previous: &schema.Support{Status: deprecated, Version: inactive, Message: inactiveMessage, Previous: &schema.Support{Version: since}}}
}

func sahara(since string) schema.Support {
	return retired("23.0.0", "Sahara project was retired", "22.0.0", "Sahara project was marked inactive", since)
}

func loadBalancer(since string) schema.Support {
	return schema.Support{Status: hidden, Version: "21.0.0", Message: "Use octavia instead.", Previous: &schema.Support{Version: since}}
}

// placeholders are the types that Heat keeps as heat/engine/resources/openstack/heat/none_resource.py
// NoneResource, with the support status that it gives them.
var placeholders = []placeholder{
	{[]string{"OS::Aodh::CombinationAlarm"}, retired("9.0.0",
		"OS::Aodh::CombinationAlarm is deprecated and has been removed from Aodh, use OS::Aodh::CompositeAlarm instead.", "7.0.0", "", "2014.1")},
	{[]string{"OS::Designate::Domain"}, retired("10.0.0", "This resource has been removed, use OS::Designate::Zone instead.", "8.0.0", "", "5.0.0")},
	{[]string{"OS::Designate::Record"}, retired("10.0.0", "This resource has been removed, use OS::Designate::RecordSet instead.", "8.0.0", "", "5.0.0")},
	{[]string{"OS::Glance::Image"}, retired("22.0.0", "", "8.0.0",
		"Creating a Glance Image based on an existing URL location requires the Glance v1 API, which is deprecated.", "2014.2")},
	{[]string{"OS::Heat::HARestarter"}, schema.Support{Status: hidden, Version: "10.0.0",
		Message:  "The HARestarter resource type has been removed. Stacks that contain it can still be used; it does nothing in them.",
		Previous: &schema.Support{Status: deprecated, Version: "2015.1", Message: "Mark resources unhealthy and update the stack instead."}}},
	{[]string{"OS::Magnum::Bay"}, retired("11.0.0", "Please use OS::Magnum::Cluster instead.", "9.0.0", "Please use OS::Magnum::Cluster instead.", "6.0.0")},
	{[]string{"OS::Monasca::AlarmDefinition", "OS::Monasca::Notification"},
		retired("25.0.0", "Monasca project was retired", "22.0.0", "Monasca project was marked inactive", "7.0.0")},
	{[]string{"OS::Neutron::HealthMonitor", "OS::Neutron::LoadBalancer", "OS::Neutron::Pool", "OS::Neutron::PoolMember"},
		schema.Support{Status: hidden, Version: "9.0.0", Message: "Use LBaaS V2 instead.",
			Previous: &schema.Support{Status: deprecated, Version: "7.0.0", Message: "Use LBaaS V2 instead."}}},
	{[]string{"OS::Neutron::LBaaS::HealthMonitor", "OS::Neutron::LBaaS::Listener", "OS::Neutron::LBaaS::LoadBalancer",
		"OS::Neutron::LBaaS::Pool", "OS::Neutron::LBaaS::PoolMember"}, loadBalancer("6.0.0")},
	{[]string{"OS::Neutron::LBaaS::L7Policy", "OS::Neutron::LBaaS::L7Rule"}, loadBalancer("7.0.0")},
	{[]string{"OS::Sahara::Cluster", "OS::Sahara::DataSource", "OS::Sahara::ImageRegistry", "OS::Sahara::JobBinary"}, sahara("5.0.0")},
	{[]string{"OS::Sahara::Job"}, sahara("8.0.0")},
	{[]string{"OS::Sahara::ClusterTemplate", "OS::Sahara::NodeGroupTemplate"}, sahara("2014.2")},
	{[]string{"OS::Senlin::Cluster", "OS::Senlin::Node", "OS::Senlin::Policy", "OS::Senlin::Profile", "OS::Senlin::Receiver"},
		retired("23.0.0", "Senlin project was retired", "22.0.0", "Senlin project was marked inactive", "6.0.0")},
	{[]string{"OS::Vitrage::Template"}, retired("27.0.0", "Vitrage project was retired", "26.0.0", "Vitrage project was marked inactive", "16.0.0")},
}

func placeholderTypes() []resource.Type {
	var types []resource.Type
	for _, p := range placeholders {
		for _, name := range p.names {
			types = append(types, resource.Type{
				Name: name, Support: p.support, AnyProperties: true, New: noneType.New,
				Description: "Holds the place of a type that no longer is: takes any properties and makes nothing.",
			})
		}
	}
	return slices.Clip(types)
}
