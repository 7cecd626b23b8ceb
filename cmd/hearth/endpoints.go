package main

import "hearth/core/simcloud"

// endpoints is what the simulated cloud's catalogue has of Hearth itself.
func (c *Config) endpoints() []simcloud.Endpoint {
	list := []simcloud.Endpoint{
		{Type: "orchestration", Name: "heat", URL: c.url(c.Listen.Heat) + "/v1/%(project_id)s"},
		{Type: "cloudformation", Name: "heat-cfn", URL: c.url(c.Listen.CFN) + "/v1"},
		{Type: "application-catalog", Name: "murano", URL: c.url(c.Listen.Murano)},
	}
	if c.Listen.Broker != 0 {
		list = append(list, simcloud.Endpoint{Type: "service-broker", Name: "murano-cfapi", URL: c.url(c.Listen.Broker)})
	}
	return list
}
