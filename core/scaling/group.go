package scaling

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// Group is what the properties of a group of changing size say. Its members have random
// names and one definition.
type Group struct {
	Min, Max int
	// Desired is the size that the template asks for; 0 leaves the group at the size it
	// has, or at Min when it has none.
	Desired    int
	Definition *yaml.Map
	// Rolling is how members get a new definition; nil: only new members have it.
	Rolling *Rolling
	// Cooldown is how long the group rests after a change of its size.
	Cooldown time.Duration
}

// Keys of Context.Data: the size that a group without a Desired one had before a rolling
// update, which makes it greater for a while, and the cooldown that the policy at work
// asked for.
const (
	sizeData     = "scaling_size"
	cooldownData = "scaling_cooldown"
)

func (g Group) define(string) *yaml.Map { return g.Definition }

func (g Group) within(size int) int { return max(min(size, g.Max), g.Min) }

// Child is the next step on the way to what the properties say: as long as there are
// members with another definition a batch of the rolling update, then the size
// (heat/engine/resources/openstack/heat/instance_group.py _replace, resize).
func (g Group) Child(ctx context.Context, c *resource.Context) (*resource.ChildStack, error) {
	members, err := Members(ctx, c)
	if err != nil {
		return nil, err
	}
	before := len(Working(members))
	if n, err := strconv.Atoi(c.Data[sizeData]); err == nil {
		before = n
	}
	size := g.within(cmp.Or(g.Desired, before))
	current := g.outdatedFirst(members)
	if c.Whole {
		return stack(g.whole(c.Now(), members, before, size)), nil
	}
	if g.Rolling == nil || current == len(members) {
		delete(c.Data, sizeData)
		step := stack(Change(members, size, 0, FreshName, g.define))
		step.More, err = g.busy(ctx, c)
		return step, err
	}
	if err := remember(ctx, c, before); err != nil {
		return nil, err
	}
	batches := g.Rolling.Batches(min(cmp.Or(g.Desired, before), len(members)), len(members), current, false)
	if err := g.Rolling.Fits(c, len(batches)); err != nil {
		return nil, err
	}
	step := stack(Change(members, batches[0].Size, batches[0].Changed, FreshName, g.define))
	switch {
	case len(batches) > 1:
		step.More, step.Pause = true, g.Rolling.Pause
	case batches[0].Size != size:
		step.More = true
	default:
		delete(c.Data, sizeData)
		step.More, err = g.busy(ctx, c)
	}
	return step, err
}

// whole are the members when all the steps of Child are taken.
func (g Group) whole(now time.Time, members []Member, before, size int) []Member {
	for g.Rolling != nil {
		current := g.outdatedFirst(members)
		if current == len(members) {
			break
		}
		batches := g.Rolling.Batches(min(cmp.Or(g.Desired, before), len(members)), len(members), current, false)
		if len(batches) == 0 {
			break
		}
		members = Change(members, batches[0].Size, batches[0].Changed, FreshName, g.define)
		for i := range members {
			if members[i].Failed = false; members[i].Created.IsZero() {
				members[i].Created = now
			}
		}
		slices.SortStableFunc(members, func(a, b Member) int { return a.Created.Compare(b.Created) })
		if len(batches) == 1 && batches[0].Size == size {
			return members
		}
	}
	return Change(members, size, 0, FreshName, g.define)
}

// remember keeps the group's size before the first batch is begun.
func remember(ctx context.Context, c *resource.Context, size int) error {
	if _, ok := c.Data[sizeData]; ok {
		return nil
	}
	c.Data[sizeData] = strconv.Itoa(size)
	return c.Checkpoint(ctx)
}

// outdatedFirst puts members with another definition before the others, so that they are
// the ones to go or to change, and counts those that have the definition. Without a rolling
// update the order stays.
func (g Group) outdatedFirst(members []Member) (current int) {
	if g.Rolling == nil {
		return 0
	}
	is := map[string]bool{}
	for _, m := range members {
		if is[m.Name] = m.Is(g.Definition); is[m.Name] {
			current++
		}
	}
	slices.SortStableFunc(members, func(a, b Member) int {
		return cmp.Or(first(a.Failed, b.Failed), first(!is[a.Name], !is[b.Name]))
	})
	return current
}

// busy reports whether the nested stack is at something, so that it is not what its
// template says: a step that was begun before the process died, or that this one supersedes.
func (g Group) busy(ctx context.Context, c *resource.Context) (bool, error) {
	if g.Rolling == nil {
		return false, nil
	}
	return Busy(ctx, c)
}

// Busy reports whether the nested stack has not yet become what its template says.
func Busy(ctx context.Context, c *resource.Context) (bool, error) {
	if c.Children == nil {
		return false, nil
	}
	s, err := c.Children.Stack(ctx)
	return s != nil && s.Status == core.InProgress, err
}

func stack(members []Member) *resource.ChildStack {
	return &resource.ChildStack{Node: Template(members)}
}

// Adjust is the size that a policy asks for; ErrNoAction when the group is of that size or
// rests (heat/engine/resources/aws/autoscaling/autoscaling_group.py adjust).
func (g Group) Adjust(ctx context.Context, c *resource.Context, a resource.Adjustment) (*resource.ChildStack, error) {
	members, err := Members(ctx, c)
	if err != nil {
		return nil, err
	}
	working := len(Working(members))
	size := Capacity(working, a, g.Min, g.Max)
	if size == working || resting(c) {
		return nil, resource.ErrNoAction
	}
	cooldown := g.Cooldown
	if a.Cooldown != nil {
		cooldown = *a.Cooldown
	}
	rest(c, cooldown, a.Type+" : "+strconv.FormatFloat(a.By, 'f', -1, 64))
	note(c, scalingInProgress, true)
	c.Data[cooldownData] = cooldown.String()
	return stack(Change(members, size, 0, FreshName, g.define)), nil
}

// Adjusted begins the cooldown of a group whose nested stack has become what it was to be.
// One that has failed does not rest any longer than it did.
func (g Group) Adjusted(ctx context.Context, c *resource.Context) error {
	s, err := c.Children.Stack(ctx)
	if err != nil {
		return err
	}
	members, err := Members(ctx, c)
	if err != nil {
		return err
	}
	cooldown, reason := g.Cooldown, CfnExactCapacity+" : "+strconv.Itoa(len(Working(members)))
	if asked, err := time.ParseDuration(c.Data[cooldownData]); err == nil {
		cooldown = asked
		_, reason = restsUntil(c.Metadata)
	}
	delete(c.Data, cooldownData)
	if s != nil && s.Status == core.Complete {
		rest(c, cooldown, reason)
	}
	note(c, scalingInProgress, false)
	return nil
}
