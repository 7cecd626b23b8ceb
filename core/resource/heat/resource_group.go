package heat

import (
	"context"
	"errors"
	"maps"

	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/heat/resource_group.py.
var resourceGroupType = resource.Type{
	Name:        "OS::Heat::ResourceGroup",
	Description: "Makes a number of like resources in a nested stack, named 0, 1, 2 and so on.",
	Support:     schema.Support{Version: "2014.1"},
	Properties: schema.Properties{
		"count": {
			Kind: schema.Integer, Default: int64(1), UpdateAllowed: true, Description: "How many members there are.",
			Constraints: []schema.Constraint{schema.Range{Min: 0}},
		},
		"index_var": {
			Kind: schema.String, Default: "%index%", Description: "The text that stands for a member's name in the values of its properties.",
			Constraints: []schema.Constraint{schema.Length{Min: 3}}, Support: schema.Support{Version: "2014.2"},
		},
		"resource_def": {
			Kind: schema.Map, Required: true, UpdateAllowed: true, Description: "Definition of every member, as it would stand in a template.",
			Fields: schema.Properties{
				"type":       {Kind: schema.String, Required: true, Description: "Type of the members."},
				"properties": {Kind: schema.Map, Description: "Properties of the members."},
				"metadata":   {Kind: schema.Map, Description: "Metadata of the members.", Support: schema.Support{Version: "5.0.0"}},
			},
		},
		"removal_policies": {
			Kind: schema.List, Default: []any{}, UpdateAllowed: true, Description: "Which members go when members must go, or in any case.",
			Support: schema.Support{Version: "2015.1"},
			Item: &schema.Property{Kind: schema.Map, Description: "One policy.", Fields: schema.Properties{
				"resource_list": {
					Kind: schema.List, Default: []any{},
					Description: "Members to remove, by name or by what get_resource yields for them (attribute refs). They go even when the count stays, and their names are not used again.",
				},
			}},
		},
		"removal_policies_mode": {
			Kind: schema.String, Default: "append", UpdateAllowed: true,
			Description: "Whether removal_policies add to the names already removed (append) or take their place (update).",
			Constraints: []schema.Constraint{schema.OneOf("append", "update")}, Support: schema.Support{Version: "10.0.0"},
		},
	},
	Attributes: schema.Attributes{
		"refs":              {Kind: schema.List, Description: "What get_resource yields for each member."},
		"refs_map":          {Kind: schema.Map, Description: "What get_resource yields for each member, by the member's name.", Support: schema.Support{Version: "7.0.0"}},
		"attributes":        {Kind: schema.Map, Description: "An attribute of every member, by the member's name.", Support: schema.Support{Version: "2014.2"}},
		"removed_rsrc_list": {Kind: schema.List, Description: "Names of the members that removal_policies took away.", Support: schema.Support{Version: "7.0.0"}},
	},
	UpdatePolicy: schema.Properties{
		"rolling_update": {
			Kind: schema.Map, Support: schema.Support{Version: "5.0.0"}, Description: "How members are changed.",
			Fields: batchProperties(schema.Properties{"min_in_service": {
				Kind: schema.Integer, Default: int64(0), Constraints: notNegative, Description: "How many members stay as they are at any time.",
			}}),
		},
		"batch_create": {
			Kind: schema.Map, Support: schema.Support{Version: "5.0.0"}, Description: "How members are made.",
			Fields: batchProperties(nil),
		},
	},
	New: func() resource.Resource { return resourceGroup{} },
}

// batchProperties are those of a part of an update policy, beside its own.
func batchProperties(own schema.Properties) schema.Properties {
	all := schema.Properties{
		"max_batch_size": {
			Kind: schema.Integer, Default: int64(1), Constraints: []schema.Constraint{schema.Range{Min: 1}},
			Description: "How many members are worked on at once.",
		},
		"pause_time": {Kind: schema.Number, Default: int64(0), Constraints: notNegative, Description: "How many seconds pass between two batches."},
	}
	maps.Copy(all, own)
	return all
}

type resourceGroup struct{}

var (
	_ resource.Parent         = resourceGroup{}
	_ resource.PathAttributer = resourceGroup{}
	_ resource.Group          = resourceGroup{}
)

var errParent = errors.New("the engine makes nested stacks itself")

func (resourceGroup) Create(context.Context, *resource.Context) error { return errParent }
func (resourceGroup) Delete(context.Context, *resource.Context) error { return errParent }

// Child is a template of the members. As long as it is not known how many there are or
// of which type there is none; it also decides which names are no longer used.
func (resourceGroup) Child(ctx context.Context, c *resource.Context) (*resource.ChildStack, error) {
	def := c.Properties.Sub("resource_def")
	if schema.IsUnknown(c.Properties.Get("count")) || schema.IsUnknown(def.Get("type")) {
		return nil, nil
	}
	removed, err := removeNames(ctx, c)
	if err != nil {
		return nil, err
	}
	g := groupMembers{count: c.Properties.Int("count"), removed: removed, define: func(name string) *yaml.Map {
		return memberDefinition(def, c.Properties.String("index_var"), name)
	}}
	return g.child(ctx, c)
}

func memberDefinition(def resource.Values, indexVar, name string) *yaml.Map {
	m := yaml.MapOf("type", def.String("type"))
	if p := def.Get("properties"); p != nil {
		m.Set("properties", withIndex(p, indexVar, name))
	}
	if md := def.Get("metadata"); md != nil {
		m.Set("metadata", md)
	}
	return m
}
