package heat

import (
	"cmp"
	"context"
	"slices"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/scaling"
	"hearth/core/yaml"
)

// groupMembers is a ResourceGroup on its way to count members by its update policy
// (heat/engine/resources/openstack/heat/resource_group.py _replace,
// _assemble_for_rolling_update).
type groupMembers struct {
	count   int
	removed []string // names no longer used
	define  func(name string) *yaml.Map
}

// whole is what the group is to be in the end.
func (g groupMembers) whole() []scaling.Member {
	var out []scaling.Member
	for _, name := range memberNames(g.count, g.removed) {
		out = append(out, scaling.Member{Name: name, Definition: g.define(name)})
	}
	return out
}

// groupPolicy is the part of the update policy that a group's action goes by; nil for none.
func groupPolicy(c *resource.Context) *scaling.Rolling {
	name := "rolling_update"
	if c.Action == core.Create {
		name = "batch_create"
	}
	if !c.UpdatePolicy.Has(name) {
		return nil
	}
	return rolling(c.UpdatePolicy.Sub(name))
}

// step gives the members of the next batch, and how many batches there are with it; none
// is left when every member has its definition.
func (g groupMembers) step(ctx context.Context, c *resource.Context, policy *scaling.Rolling) (members []scaling.Member, batches int, err error) {
	all, err := scaling.Members(ctx, c)
	if err != nil {
		return nil, 0, err
	}
	all = slices.DeleteFunc(all, func(m scaling.Member) bool { return slices.Contains(g.removed, m.Name) })
	final := memberNames(g.count, g.removed)
	current, outdated := 0, 0
	for _, m := range all {
		switch {
		case !m.Is(g.define(m.Name)):
			outdated++
		case slices.Contains(final, m.Name):
			current++
		}
	}
	if c.Action != core.Create && outdated == 0 {
		return nil, 0, nil
	}
	list := policy.Batches(g.count, len(all), current, true)
	if len(list) == 0 {
		return nil, 0, nil
	}
	if err := policy.Fits(c, len(list)); err != nil {
		return nil, 0, err
	}
	b := list[0]
	names := memberNames(b.Size, g.removed)
	working := scaling.Working(all)
	slices.SortStableFunc(working, func(x, y scaling.Member) int {
		return cmp.Compare(g.turn(names, x.Name), g.turn(names, y.Name))
	})
	fresh := slices.DeleteFunc(names, func(n string) bool {
		return slices.ContainsFunc(working, func(m scaling.Member) bool { return m.Name == n })
	})
	next := func() (name string) {
		name, fresh = fresh[0], fresh[1:]
		return name
	}
	return scaling.Change(working, b.Size, b.Changed, next, g.define), len(list), nil
}

// turn says when it is a member's turn to go or to change: at once when its name is not
// among those of the batch; else the highest number first; last those that are too many
// and only stand in for others.
func (g groupMembers) turn(names []string, name string) int {
	switch i := slices.Index(names, name); {
	case i < 0:
		return 0
	case i < g.count:
		return g.count - i
	}
	return g.count + len(names)
}

// child is the nested stack of the next step.
func (g groupMembers) child(ctx context.Context, c *resource.Context) (*resource.ChildStack, error) {
	policy := groupPolicy(c)
	if policy == nil || c.Children == nil || c.Whole || g.count == 0 && c.Action == core.Create {
		return &resource.ChildStack{Definition: "resource_def", Node: scaling.Template(g.whole())}, nil
	}
	members, batches, err := g.step(ctx, c, policy)
	if err != nil {
		return nil, err
	}
	busy, err := scaling.Busy(ctx, c)
	if err != nil {
		return nil, err
	}
	if batches < 2 {
		return &resource.ChildStack{Definition: "resource_def", Node: scaling.Template(g.whole()), More: busy}, nil
	}
	slices.SortFunc(members, func(x, y scaling.Member) int { return byNumber(x.Name, y.Name) })
	return &resource.ChildStack{Definition: "resource_def", Node: scaling.Template(members), More: true, Pause: policy.Pause}, nil
}
