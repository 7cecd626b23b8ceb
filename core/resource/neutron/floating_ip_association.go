package neutron

import (
	"context"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
)

var floatingIPAssociation = resource.Type{
	Name:        "OS::Neutron::FloatingIPAssociation",
	Description: "Leads a floating IP that is made elsewhere to a port.",
	Service:     "network",
	Properties: schema.Properties{
		"floatingip_id": {Kind: schema.String, Required: true, UpdateAllowed: true, Description: "ID of the floating IP."},
		"port_id": {Kind: schema.String, Required: true, UpdateAllowed: true, Constraints: custom("neutron.port"),
			Description: "ID of the port that the floating IP leads to; the port must have an address itself."},
		"fixed_ip_address": {Kind: schema.String, UpdateAllowed: true, Constraints: custom("ip_addr"),
			Description: "Address of the port that is meant, when it has several."},
	},
	New: func() resource.Resource { return &FloatingIPAssociation{} },
}

// FloatingIPAssociation behaves as class FloatingIPAssociation of
// heat/engine/resources/openstack/neutron/floatingip.py. It is no object of Neutron: its
// physical id is the resource's own, and Context.Data remembers what is joined.
type FloatingIPAssociation struct{}

var (
	_ resource.Finder   = (*FloatingIPAssociation)(nil)
	_ resource.Observer = (*FloatingIPAssociation)(nil)
	_ resource.Updater  = (*FloatingIPAssociation)(nil)
	_ resource.Depender = (*FloatingIPAssociation)(nil)
)

// The keys of Context.Data.
const (
	joinedFloatingIP = "floatingip_id"
	joinedPort       = "port_id"
)

// Dependencies names the interfaces by which a router reaches the port.
func (a *FloatingIPAssociation) Dependencies(self resource.Sibling, all []resource.Sibling) []string {
	return interfacesFor(self.Requires, all)
}

func (a *FloatingIPAssociation) Create(ctx context.Context, c *resource.Context) error {
	return a.join(ctx, c)
}

func (a *FloatingIPAssociation) join(ctx context.Context, c *resource.Context) error {
	body, err := portOf(ctx, c)
	if err != nil {
		return err
	}
	id := c.Properties.String("floatingip_id")
	if err := floatingIPs.update(ctx, c, id, body); err != nil {
		return err
	}
	port, _ := body["port_id"].(string)
	a.remember(c, id, port)
	return nil
}

func (a *FloatingIPAssociation) remember(c *resource.Context, floatingIP, port string) {
	c.PhysicalID = c.ID
	c.Data[joinedFloatingIP], c.Data[joinedPort] = floatingIP, port
}

// Find asks the floating IP for its port.
func (a *FloatingIPAssociation) Find(ctx context.Context, c *resource.Context) (bool, error) {
	wanted, err := portOf(ctx, c)
	if err == nil {
		id := c.Properties.String("floatingip_id")
		var now resource.Values
		if now, err = floatingIPs.show(ctx, c, id); err == nil && now.String("port_id") == wanted["port_id"] {
			a.remember(c, id, now.String("port_id"))
			return true, nil
		}
	}
	if cloud.NotFound(err) {
		err = nil
	}
	return false, err
}

func (a *FloatingIPAssociation) Update(ctx context.Context, c *resource.Context, _ []string) error {
	if c.Data[joinedFloatingIP] != c.Properties.String("floatingip_id") {
		if err := a.Delete(ctx, c); err != nil {
			return err
		}
	}
	return a.join(ctx, c)
}

// Delete parts the two, unless the floating IP has been led elsewhere since.
func (a *FloatingIPAssociation) Delete(ctx context.Context, c *resource.Context) error {
	id := c.Data[joinedFloatingIP]
	if id == "" {
		return nil
	}
	now, err := floatingIPs.show(ctx, c, id)
	if err == nil && now.String("port_id") == c.Data[joinedPort] {
		err = floatingIPs.update(ctx, c, id, map[string]any{"port_id": nil})
	}
	if cloud.NotFound(err) {
		return nil
	}
	return err
}
