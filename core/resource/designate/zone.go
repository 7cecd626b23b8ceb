package designate

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

const (
	primary   = "PRIMARY"
	secondary = "SECONDARY"
)

// Follows heat/engine/resources/openstack/designate/zone.py.
var zoneType = resource.Type{
	Name:        "OS::Designate::Zone",
	Description: "A zone of the DNS service.",
	Service:     "dns",
	Support:     schema.Support{Version: "8.0.0"},
	Properties: schema.Properties{
		"name": {Kind: schema.String, Required: true, Constraints: []schema.Constraint{schema.Length{Max: 255}}, Description: "Domain name of the zone."},
		"ttl": {
			Kind: schema.Integer, UpdateAllowed: true, Constraints: []schema.Constraint{schema.Range{Min: 1, Max: 2147483647}},
			Description: "How many seconds others may keep what they have learned of the zone.",
		},
		"description": {Kind: schema.String, UpdateAllowed: true, Constraints: []schema.Constraint{schema.Length{Max: 160}}, Description: "Description of the zone."},
		"email":       {Kind: schema.String, UpdateAllowed: true, Description: "Address of who is responsible for the zone; a PRIMARY zone needs it, another ignores it."},
		"type": {
			Kind: schema.String, Default: primary, Constraints: []schema.Constraint{schema.OneOf(primary, secondary)},
			Description: "PRIMARY for a zone that Designate holds, SECONDARY for one that it copies from other servers.",
		},
		"masters": {
			Kind: schema.List, UpdateAllowed: true, Support: schema.Support{Status: "DEPRECATED", Version: "15.0.0", Message: "Use ``primaries`` instead."},
			Description: "Servers that a SECONDARY zone is copied from; another ignores them.",
		},
		"primaries": {
			Kind: schema.List, UpdateAllowed: true, ReplacedBy: "masters",
			Description: "Servers that a SECONDARY zone is copied from; another ignores them.",
		},
		"attributes": {Kind: schema.Map, Support: schema.Support{Version: "24.0.0"}, Description: "Keys and values by which Designate chooses the pool of the zone."},
	},
	Attributes: schema.Attributes{
		"serial": {Kind: schema.String, Description: "Serial number of the zone."},
	},
	New: func() resource.Resource { return zone{} },
}

type zone struct{}

var (
	_ resource.Finder       = zone{}
	_ resource.CreateWaiter = zone{}
	_ resource.Updater      = zone{}
	_ resource.UpdateWaiter = zone{}
	_ resource.DeleteWaiter = zone{}
	_ resource.Observer     = zone{}
	_ resource.Attributer   = zone{}
	_ resource.Shower       = zone{}
	_ resource.Validator    = zone{}
)

func dns(c *resource.Context) (resource.API, error) {
	client, err := c.Cloud.Service(zoneType.Service)
	return resource.API{Client: client}, err
}

// given reports what Python holds for true among the values of a zone.
func given(v any) bool {
	list, isList := v.([]any)
	return v != nil && v != "" && (!isList || len(list) > 0)
}

// Validate wants what the zone's type needs.
func (zone) Validate(_ context.Context, c *resource.Context) error {
	for _, needs := range []struct{ zone, property string }{{primary, "email"}, {secondary, "masters"}} {
		if c.Properties.String("type") == needs.zone && !given(c.Properties.Get(needs.property)) {
			return core.StackValidationFailed("Property %s is required for zone type %s", needs.property, needs.zone)
		}
	}
	return nil
}

// changeable are the properties of a zone that may be set later, those that its type heeds
// and that are given.
func changeable(p resource.Values) map[string]any {
	names := []string{"description", "email", "ttl"}
	if p.String("type") == secondary {
		names = []string{"description", "masters"}
	}
	out := map[string]any{}
	for _, name := range names {
		if v := p.Get(name); given(v) {
			out[name] = v
		}
	}
	return out
}

func (zone) Create(ctx context.Context, c *resource.Context) error {
	a, err := dns(c)
	if err != nil {
		return err
	}
	p := c.Properties
	body := changeable(p)
	body["name"], body["type"] = p.String("name"), p.String("type")
	if body["description"] == nil {
		body["description"] = c.Mark()
	}
	if attributes := p.Sub("attributes").Map(); attributes.Len() > 0 {
		body["attributes"] = attributes
	}
	answer, err := a.Post(ctx, "zones", body)
	if err != nil {
		return err
	}
	c.PhysicalID = answer.String("id")
	return nil
}

// Find knows a zone by its name and the mark in its description. Where the user gave a
// description, the zone must be younger than the action.
func (zone) Find(ctx context.Context, c *resource.Context) (bool, error) {
	a, err := dns(c)
	if err != nil {
		return false, err
	}
	answer, err := a.Get(ctx, "zones?"+url.Values{"name": {c.Properties.String("name")}}.Encode())
	if err != nil {
		return false, err
	}
	description := c.Properties.String("description")
	for _, z := range answer.Subs("zones") {
		is := z.String("description")
		made, err := time.Parse("2006-01-02T15:04:05", z.String("created_at"))
		young := err == nil && !made.Before(c.Started.UTC().Truncate(time.Second))
		if description == "" && is == c.Mark() || description != "" && is == description && young {
			c.PhysicalID = z.String("id")
			return true, nil
		}
	}
	return false, nil
}

func read(ctx context.Context, c *resource.Context) (resource.Values, error) {
	a, err := dns(c)
	if err != nil {
		return resource.Values{}, err
	}
	return a.Get(ctx, "zones/"+c.PhysicalID)
}

func settled(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	z, err := read(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	switch status := z.String("status"); status {
	case "ERROR":
		return resource.Progress{}, resource.InError(status, "Error in zone")
	case "PENDING":
		return c.Pause(), nil
	}
	return resource.Done, nil
}

func (zone) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return settled(ctx, c)
}

// Update leaves as it is what is given no longer.
func (zone) Update(ctx context.Context, c *resource.Context, changed []string) error {
	body := changeable(c.Properties)
	for name := range body {
		if !slices.Contains(changed, name) {
			delete(body, name)
		}
	}
	if len(body) == 0 {
		return nil
	}
	a, err := dns(c)
	if err != nil {
		return err
	}
	_, err = a.Do(ctx, http.MethodPatch, "zones/"+c.PhysicalID, body)
	return err
}

func (zone) UpdateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return settled(ctx, c)
}

func (zone) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	a, err := dns(c)
	if err != nil {
		return err
	}
	return a.Remove(ctx, "zones/"+c.PhysicalID)
}

func (zone) DeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if c.PhysicalID == "" {
		return resource.Done, nil
	}
	z, err := read(ctx, c)
	if err != nil {
		return resource.Done, cloud.IgnoreNotFound(err)
	}
	if status := z.String("status"); status == "ERROR" {
		return resource.Progress{}, resource.InError(status, "Error in zone")
	}
	return c.Pause(), nil
}

// Observe sees what can be changed in place.
func (zone) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	z, err := read(ctx, c)
	if err != nil {
		return nil, err
	}
	live := yaml.NewMap(0)
	for name, was := range changeable(c.Old) {
		if is := z.Get(name); !yaml.Equal(is, was) {
			live.Set(name, is)
		}
	}
	return live, nil
}

func (zone) Show(ctx context.Context, c *resource.Context) (any, error) {
	z, err := read(ctx, c)
	return z.Map(), err
}

func (zone) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	if c.PhysicalID == "" {
		return nil, nil
	}
	z, err := read(ctx, c)
	return z.Get(name), err
}
