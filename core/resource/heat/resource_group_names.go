package heat

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// removedData is the key of Context.Data that holds the names no longer used, joined by
// commas.
const removedData = "name_blacklist"

// memberNames are the first count numbers that are not removed.
func memberNames(count int, removed []string) []string {
	names := make([]string, 0, count)
	for i := 0; len(names) < count; i++ {
		if n := strconv.Itoa(i); !slices.Contains(removed, n) {
			names = append(names, n)
		}
	}
	return names
}

// withIndex puts the member's name for the index variable in all texts but keys.
func withIndex(v any, indexVar, name string) any {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, indexVar, name)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = withIndex(x, indexVar, name)
		}
		return out
	case *yaml.Map:
		out := yaml.NewMap(v.Len())
		for k, x := range v.All() {
			out.Set(k, withIndex(x, indexVar, name))
		}
		return out
	}
	return v
}

func removedNames(c *resource.Context) []string {
	if c.Data[removedData] == "" {
		return nil
	}
	return strings.Split(c.Data[removedData], ",")
}

// removeNames works the removal policies into the names no longer used and remembers
// them. A policy names members by name or by reference; before there is a nested stack
// it may name any. Being called again for the same update it gives the same names: they
// are stored before any member goes.
func removeNames(ctx context.Context, c *resource.Context) ([]string, error) {
	before := removedNames(c)
	now := before
	if c.Properties.String("removal_policies_mode") == "update" {
		now = nil
	}
	members, err := membersOf(ctx, c)
	if err != nil {
		return nil, err
	}
	refs := map[string]string{} // member names by reference, read when first asked
	for _, policy := range c.Properties.Subs("removal_policies") {
		for _, item := range policy.List("resource_list") {
			name := yaml.Str(item)
			if c.PhysicalID != "" && !slices.Contains(before, name) && !slices.Contains(members, name) {
				if len(refs) == 0 {
					if refs, err = namesByReference(ctx, c, members); err != nil {
						return nil, err
					}
				}
				name = refs[name]
			}
			if name != "" && !slices.Contains(now, name) {
				now = append(slices.Clone(now), name)
			}
		}
	}
	slices.SortFunc(now, byNumber)
	if slices.Equal(now, before) {
		return now, nil
	}
	delete(c.Data, removedData)
	if len(now) > 0 {
		c.Data[removedData] = strings.Join(now, ",")
	}
	return now, c.Checkpoint(ctx)
}

// byNumber orders names as numbers, other texts behind them.
func byNumber(a, b string) int {
	m, errA := strconv.Atoi(a)
	n, errB := strconv.Atoi(b)
	switch {
	case errA == nil && errB == nil:
		return m - n
	case errA == nil:
		return -1
	case errB == nil:
		return 1
	}
	return strings.Compare(a, b)
}

// membersOf are the names of the members there are, in their order.
func membersOf(ctx context.Context, c *resource.Context) ([]string, error) {
	if c.Children == nil || c.PhysicalID == "" {
		return nil, nil
	}
	rows, err := c.Children.Resources(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range rows {
		if rows[i].Action != core.Delete {
			names = append(names, rows[i].Name)
		}
	}
	slices.SortFunc(names, byNumber)
	return slices.Compact(names), nil
}

func namesByReference(ctx context.Context, c *resource.Context, members []string) (map[string]string, error) {
	out := make(map[string]string, len(members))
	for _, m := range members {
		ref, err := c.Children.Attribute(ctx, m, nil)
		if err != nil {
			return nil, err
		}
		out[yaml.Str(ref)] = m
	}
	return out, nil
}
