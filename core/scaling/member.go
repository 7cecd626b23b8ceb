package scaling

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// Member is one member of a group.
type Member struct {
	Name       string
	Definition any // as the nested template has it; nil when that has none
	Failed     bool
	Created    time.Time
}

// Members are the members that the group at hand has, in the order in which they go when
// members must go: FAILED ones, then the oldest (heat/common/grouputils.py).
func Members(ctx context.Context, c *resource.Context) ([]Member, error) {
	if c.Children == nil {
		return nil, nil
	}
	rows, err := c.Children.Resources(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	template, err := c.Children.Template(ctx)
	if err != nil {
		return nil, err
	}
	definitions := resource.Values{}
	if template != nil {
		if m, ok := template.Plain().(*yaml.Map); ok {
			definitions = resource.NewValues(m).Sub("resources")
		}
	}
	var out []Member
	for i := range rows {
		if r := &rows[i]; r.Action != core.Delete {
			out = append(out, Member{Name: r.Name, Definition: definitions.Get(r.Name), Failed: r.Status == core.Failed, Created: r.CreatedAt})
		}
	}
	slices.SortFunc(out, func(a, b Member) int {
		return cmp.Or(first(a.Failed, b.Failed), a.Created.Compare(b.Created), cmp.Compare(a.Name, b.Name))
	})
	return out, nil
}

// first orders what is so before what is not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// Working are the members that have not failed, the oldest first.
func Working(members []Member) []Member {
	return slices.DeleteFunc(slices.Clone(members), func(m Member) bool { return m.Failed })
}

// Is reports whether the member has this definition.
func (m Member) Is(definition *yaml.Map) bool {
	return m.Definition != nil && yaml.Dumps(m.Definition, true) == yaml.Dumps(definition, true)
}

// Change makes of a group one of size members (heat/scaling/template.py). Members go from
// the front, and what is missing is made under fresh names; of those that stay, the first
// that do not have their definition get it, until changed members have it anew.
func Change(members []Member, size, changed int, fresh func() string, define func(name string) *yaml.Map) []Member {
	members = members[max(len(members)-size, 0):]
	left := changed - (size - len(members))
	out := make([]Member, 0, size)
	for _, m := range members {
		if definition := define(m.Name); left > 0 && !m.Is(definition) {
			left--
			m.Definition = definition
		}
		out = append(out, m)
	}
	for len(out) < size {
		name := fresh()
		out = append(out, Member{Name: name, Definition: define(name)})
	}
	return out
}

// FreshName is the name of a new member: 12 random letters and digits
// (heat/common/short_id.py).
func FreshName() string { return resource.ShortID(uuid.NewString()) }

// Template is the nested template of a group with these members.
func Template(members []Member) *yaml.Node {
	resources := yaml.NewMap(len(members))
	for _, m := range members {
		resources.Set(m.Name, m.Definition)
	}
	return yaml.FromValue(yaml.MapOf("heat_template_version", "2015-04-30", "resources", resources))
}
