package heat

import (
	"context"
	"strconv"
	"strings"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/heat/resource_chain.py.
var resourceChainType = resource.Type{
	Name:        "OS::Heat::ResourceChain",
	Description: "Makes one resource of each given type, all with the same properties, in a nested stack and one after the other.",
	Support:     schema.Support{Version: "6.0.0"},
	Properties: schema.Properties{
		"resources": {
			Kind: schema.List, Required: true, UpdateAllowed: true,
			Description: "Types of the members, by name or as the resource registry maps them.",
		},
		"concurrent":          {Kind: schema.Boolean, Default: false, Description: "Whether the members are made at the same time, not each after the one before."},
		"resource_properties": {Kind: schema.Map, Description: "Properties of every member."},
	},
	Attributes: schema.Attributes{
		"refs":       {Kind: schema.List, Description: "What get_resource yields for each member."},
		"attributes": {Kind: schema.Map, Description: "An attribute of every member, by the member's name."},
	},
	New: func() resource.Resource { return resourceChain{} },
}

type resourceChain struct{}

var (
	_ resource.Parent         = resourceChain{}
	_ resource.PathAttributer = resourceChain{}
	_ resource.Group          = resourceChain{}
)

func (resourceChain) Create(context.Context, *resource.Context) error { return errParent }
func (resourceChain) Delete(context.Context, *resource.Context) error { return errParent }

// Child is a template with a member for each type, named 0, 1, 2 and so on. As long as
// the types are not known there is none.
func (resourceChain) Child(_ context.Context, c *resource.Context) (*resource.ChildStack, error) {
	types := c.Properties.Get("resources")
	if schema.HasUnknown(types) {
		return nil, nil
	}
	members := yaml.NewMap(0)
	for i, typ := range c.Properties.List("resources") {
		m := yaml.MapOf("type", typ)
		if p := c.Properties.Get("resource_properties"); p != nil {
			m.Set("properties", p)
		}
		if i > 0 && !c.Properties.Bool("concurrent") {
			m.Set("depends_on", []any{strconv.Itoa(i - 1)})
		}
		members.Set(strconv.Itoa(i), m)
	}
	return &resource.ChildStack{Node: yaml.FromValue(yaml.MapOf("heat_template_version", "2015-04-30", "resources", members))}, nil
}

// MemberAttribute names the members' attribute behind attributes.<attribute> and behind
// every name that is none of the chain's own.
func (resourceChain) MemberAttribute(path []any) (attribute, output string) {
	return memberPath(path, resourceChainType.Attributes, ".value")
}

// AttributePath reads refs, attributes.<attribute>, resource.<member>[.<attribute>], and
// any other attribute as the list of the members'.
func (r resourceChain) AttributePath(ctx context.Context, c *resource.Context, path []any) (any, error) {
	members, err := membersOf(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(path) == 0 {
		refs, err := ofEach(ctx, c, members, nil)
		return yaml.MapOf("refs", refs), err
	}
	name, rest := yaml.Str(path[0]), path[1:]
	if head, member, ok := strings.Cut(name, "."); ok && head == "resource" {
		return memberAttribute(ctx, c, members, member, rest)
	}
	switch name {
	case "refs":
		refs, err := ofEach(ctx, c, members, nil)
		return inside(refs, rest), err
	case "attributes":
		if len(rest) == 0 {
			return nil, core.Errorf(core.Invalid, "InvalidTemplateAttribute", "The Referenced Attribute (%s %s) is incorrect.", c.Name, name)
		}
		return byName(ctx, c, members, rest)
	}
	return ofEach(ctx, c, members, path)
}
