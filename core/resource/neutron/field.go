package neutron

import (
	"context"
	"maps"
	"slices"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// A field is a property that goes into the body of a request.
type field struct {
	property string
	key      string // in the body; "" is the property's name
	// value makes what Neutron wants of the property's value; nil: it is that already.
	value func(ctx context.Context, c *resource.Context, value any) (any, error)
	// fixed: another value needs another object, so that it is not observed.
	fixed bool
	// cleared is what an update sends when the template gives the property no more;
	// leave sends nothing.
	cleared any
}

// leave is the cleared value of what Neutron cannot take back.
var leave = &struct{ _ int }{}

func (f field) name() string {
	if f.key != "" {
		return f.key
	}
	return f.property
}

// createBody is the body of a create: every field with a value, the physical name where
// a name is wanted and not given, and then value_specs.
func createBody(ctx context.Context, c *resource.Context, fields []field) (map[string]any, error) {
	body := map[string]any{}
	for _, f := range fields {
		raw := c.Properties.Get(f.property)
		if raw == nil {
			if f.property == "name" {
				body["name"] = c.PhysicalName(0)
			}
			continue
		}
		if err := f.put(ctx, c, body, raw); err != nil {
			return nil, err
		}
	}
	maps.Insert(body, c.Properties.Sub("value_specs").Map().All())
	return body, nil
}

// updateBody is the body of an update: the changed fields, and of value_specs what
// differs from before.
func updateBody(ctx context.Context, c *resource.Context, fields []field, changed []string) (map[string]any, error) {
	body := map[string]any{}
	for _, f := range fields {
		if !slices.Contains(changed, f.property) {
			continue
		}
		raw := c.Properties.Get(f.property)
		switch {
		case raw != nil:
			if err := f.put(ctx, c, body, raw); err != nil {
				return nil, err
			}
		case f.property == "name":
			body["name"] = c.PhysicalName(0)
		case f.cleared != leave:
			body[f.name()] = f.cleared
		}
	}
	if slices.Contains(changed, "value_specs") {
		old := c.Old.Sub("value_specs")
		for key, value := range c.Properties.Sub("value_specs").Map().All() {
			if before, had := old.Map().Get(key); !had || !yaml.Equal(before, value) {
				body[key] = value
			}
		}
	}
	return body, nil
}

func (f field) put(ctx context.Context, c *resource.Context, body map[string]any, raw any) error {
	if f.value != nil {
		var err error
		if raw, err = f.value(ctx, c, raw); err != nil {
			return err
		}
	}
	body[f.name()] = raw
	return nil
}

// finder turns a name or an id into the id.
type finder func(client *cloud.Client, ctx context.Context, nameOrID string) (string, error)

// idOf is the value of a field that Neutron wants as an id.
func idOf(find finder) func(context.Context, *resource.Context, any) (any, error) {
	return func(ctx context.Context, c *resource.Context, value any) (any, error) {
		s, _ := value.(string)
		if s == "" {
			return nil, nil
		}
		return find(c.Cloud, ctx, s)
	}
}

// withoutNulls is the value of a field whose maps may leave keys out but not null.
func withoutNulls(_ context.Context, _ *resource.Context, value any) (any, error) {
	list, _ := value.([]any)
	out := make([]any, 0, len(list))
	for _, item := range list {
		if m, ok := item.(*yaml.Map); ok {
			item = dropNulls(m)
		}
		out = append(out, item)
	}
	return out, nil
}

func dropNulls(m *yaml.Map) *yaml.Map {
	out := yaml.NewMap(m.Len())
	for key, value := range m.All() {
		if value != nil {
			out.Set(key, value)
		}
	}
	return out
}

// fixedIPs is the value of a list of {ip_address, subnet}: Neutron wants the subnet's id.
func fixedIPs(ctx context.Context, c *resource.Context, value any) (any, error) {
	list, _ := value.([]any)
	out := make([]any, 0, len(list))
	for _, item := range list {
		m, _ := item.(*yaml.Map)
		given, wanted := resource.NewValues(m), map[string]any{}
		if address := given.String("ip_address"); address != "" {
			wanted["ip_address"] = address
		}
		if name := given.String("subnet"); name != "" {
			id, err := c.Cloud.FindSubnet(ctx, name)
			if err != nil {
				return nil, err
			}
			wanted["subnet_id"] = id
		}
		out = append(out, wanted)
	}
	return out, nil
}
