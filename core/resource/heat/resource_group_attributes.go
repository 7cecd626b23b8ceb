package heat

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// AttributePath reads refs, refs_map, removed_rsrc_list, attributes.<attribute>,
// resource.<member>[.<attribute>], and any other attribute as the list of the members'
// (heat/common/grouputils.py).
func (g resourceGroup) AttributePath(ctx context.Context, c *resource.Context, path []any) (any, error) {
	members, err := membersOf(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(path) == 0 {
		all := yaml.NewMap(3)
		for _, name := range []string{"refs", "removed_rsrc_list", "refs_map"} {
			v, err := g.AttributePath(ctx, c, []any{name})
			if err != nil {
				return nil, err
			}
			all.Set(name, v)
		}
		return all, nil
	}
	name, rest := yaml.Str(path[0]), path[1:]
	if head, member, ok := strings.Cut(name, "."); ok && head == "resource" {
		return memberAttribute(ctx, c, members, member, rest)
	}
	switch name {
	case "removed_rsrc_list":
		out := []any{}
		for _, n := range removedNames(c) {
			out = append(out, n)
		}
		return inside(out, rest), nil
	case "refs":
		list, err := ofEach(ctx, c, members, nil)
		return inside(list, rest), err
	case "refs_map":
		m, err := byName(ctx, c, members, nil)
		return inside(m, rest), err
	case "attributes":
		if len(rest) == 0 {
			return nil, core.Errorf(core.Invalid, "InvalidTemplateAttribute", "The Referenced Attribute (%s %s) is incorrect.", c.Name, name)
		}
		return byName(ctx, c, members, rest)
	}
	return ofEach(ctx, c, members, path)
}

// MemberAttribute names the members' attribute behind attributes.<attribute> and behind
// every name that is none of the group's own.
func (resourceGroup) MemberAttribute(path []any) (attribute, output string) {
	return memberPath(path, resourceGroupType.Attributes, ".Value")
}

func memberPath(path []any, own schema.Attributes, list string) (attribute, output string) {
	if len(path) == 0 {
		return "", ""
	}
	name := yaml.Str(path[0])
	if name == "attributes" && len(path) > 1 {
		attribute = yaml.Str(path[1])
		return attribute, "outputs.attributes, " + attribute + ".value"
	}
	if _, ok := own[name]; ok || name == "show" || strings.HasPrefix(name, "resource.") {
		return "", ""
	}
	return name, "outputs." + name + list
}

// memberAttribute reads "1" or "1.first_address" of one member.
func memberAttribute(ctx context.Context, c *resource.Context, members []string, name string, rest []any) (any, error) {
	member, attribute, found := strings.Cut(name, ".")
	if !slices.Contains(members, member) {
		return nil, core.Errorf(core.NotFound, "NotFound", "Member '%s' not found in group resource '%s'.", member, c.Name)
	}
	if found {
		rest = append([]any{attribute}, rest...)
	}
	return c.Children.Attribute(ctx, member, rest)
}

func ofEach(ctx context.Context, c *resource.Context, members []string, path []any) ([]any, error) {
	out := make([]any, 0, len(members))
	for _, m := range members {
		v, err := c.Children.Attribute(ctx, m, path)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func byName(ctx context.Context, c *resource.Context, members []string, path []any) (*yaml.Map, error) {
	out := yaml.NewMap(len(members))
	for _, m := range members {
		v, err := c.Children.Attribute(ctx, m, path)
		if err != nil {
			return nil, err
		}
		out.Set(m, v)
	}
	return out, nil
}

// inside follows a path into a value; null where it leads nowhere
// (heat/engine/attributes.py select_from_attribute).
func inside(v any, path []any) any {
	for _, step := range path {
		switch in := v.(type) {
		case *yaml.Map:
			v, _ = in.Get(yaml.Str(step))
		case []any:
			i, err := strconv.Atoi(yaml.Str(step))
			if i < 0 {
				i += len(in)
			}
			if err != nil || i < 0 || i >= len(in) {
				return nil
			}
			v = in[i]
		case schema.Unknown:
			return v
		default:
			return nil
		}
	}
	return v
}
