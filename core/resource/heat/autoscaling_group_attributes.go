package heat

import (
	"context"
	"strconv"
	"strings"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/scaling"
	"hearth/core/yaml"
)

// AttributePath reads current_size, refs, refs_map, outputs.<attribute>,
// outputs_list.<attribute> and resource.<index>[.<attribute>]: members are counted from
// the oldest, and those that have failed are left out. An index into refs or refs_map
// is passed over, as upstream does.
func (autoScalingGroup) AttributePath(ctx context.Context, c *resource.Context, path []any) (any, error) {
	members, err := scaling.Members(ctx, c)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range scaling.Working(members) {
		names = append(names, m.Name)
	}
	if len(path) == 0 {
		refs, err := byName(ctx, c, names, nil)
		return yaml.MapOf("current_size", int64(len(names)), "refs", values(refs), "refs_map", refs, "outputs", nil, "outputs_list", nil), err
	}
	name, rest := yaml.Str(path[0]), path[1:]
	switch {
	case name == "current_size":
		return int64(len(names)), nil
	case name == "refs":
		return ofEach(ctx, c, names, nil)
	case name == "refs_map":
		return byName(ctx, c, names, nil)
	case name == "outputs" && len(rest) > 0:
		return byName(ctx, c, names, rest)
	case name == "outputs_list" && len(rest) > 0:
		return ofEach(ctx, c, names, rest)
	case strings.HasPrefix(name, "resource."):
		return memberByIndex(ctx, c, names, strings.TrimPrefix(name, "resource."), rest)
	}
	return nil, core.Errorf(core.Invalid, "InvalidTemplateAttribute", "The Referenced Attribute (%s %s) is incorrect.", c.Name, name)
}

func values(m *yaml.Map) []any {
	out := []any{}
	for _, v := range m.All() {
		out = append(out, v)
	}
	return out
}

// memberByIndex reads "1" or "1.first_address" of the members in this order.
func memberByIndex(ctx context.Context, c *resource.Context, names []string, member string, path []any) (any, error) {
	index, attribute, found := strings.Cut(member, ".")
	i, err := strconv.Atoi(index)
	if i < 0 {
		i += len(names)
	}
	if err != nil || i < 0 || i >= len(names) {
		return nil, core.Errorf(core.NotFound, "NotFound", "Member '%s' not found in group resource '%s'.", index, c.Name)
	}
	if found {
		path = append([]any{attribute}, path...)
	}
	return c.Children.Attribute(ctx, names[i], path)
}

// MemberAttribute names the members' attribute behind outputs.<attribute> and
// outputs_list.<attribute>.
func (autoScalingGroup) MemberAttribute(path []any) (attribute, output string) {
	if len(path) < 2 || path[0] != "outputs" && path[0] != "outputs_list" {
		return "", ""
	}
	attribute = yaml.Str(path[1])
	return attribute, "outputs.outputs, " + attribute + ".value"
}
