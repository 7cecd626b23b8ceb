package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// memberSize is how many resources a nested stack has.
const memberSize = 22

// nested is a group of stacks from a file, of 22 resources each, up to 1,000 of them: how
// long it takes, the memory at the highest, and whether a resource costs the same in a
// large tree as in a small one.
func (b *bench) nested(db string) error {
	member, err := json.Marshal(memberTemplate())
	if err != nil {
		return err
	}
	return b.with(db, func(s *site) error {
		var costs []float64
		for _, size := range []struct {
			members, runs int
			goal          float64
		}{{5, 9, 0}, {45, 3, 0}, {227, 1, 0}, {1000, 1, 60}} {
			var times []float64
			before, err := s.metric("process_cpu_seconds_total")
			if err != nil {
				return err
			}
			for run := range size.runs {
				group := typed("OS::Heat::ResourceGroup", map[string]any{"count": size.members, "resource_def": typed("member.yaml", nil)})
				began := time.Now()
				_, err := s.create(map[string]any{"stack_name": fmt.Sprintf("nested-%d-%d", size.members, run),
					"template": hot(map[string]any{"group": group}), "files": map[string]string{"member.yaml": string(member)}})
				if err != nil {
					return err
				}
				times = append(times, time.Since(began).Seconds())
			}
			after, err := s.metric("process_cpu_seconds_total")
			if err != nil {
				return err
			}
			name := fmt.Sprintf("%d nested stacks of %d", size.members, memberSize)
			b.report(name+": create", db, times, "s", size.goal)
			cost := times[len(times)/2] / float64(size.members*memberSize) * 1e6
			b.report(name+": cost of a resource", db, []float64{cost}, "µs", 0)
			cpu := (after - before) / float64(size.runs*size.members*memberSize) * 1e6
			b.report(name+": processor time of a resource", db, []float64{cpu}, "µs", 0) // a busy machine does not change it
			costs = append(costs, cost)
		}
		b.report("nested stacks: cost of a resource among 22000 to that among 110", db, []float64{costs[len(costs)-1] / costs[0]}, "ratio", 1.5)
		b.report("nested stacks: highest cost of a resource to the lowest", db, []float64{slices.Max(costs) / slices.Min(costs)}, "ratio", 0)
		return b.memory(s, "22000 nested resources", db, 512)
	})
}

// memberTemplate has strings, and values made of them.
func memberTemplate() map[string]any {
	resources := map[string]any{}
	for i := 0; i < memberSize; i += 2 {
		resources[fmt.Sprintf("r%d", i)] = randomString
		resources[fmt.Sprintf("r%d", i+1)] = value(map[string]any{"list_join": []any{"-", []any{"x", map[string]any{"get_attr": []any{fmt.Sprintf("r%d", i), "value"}}}}})
	}
	return hot(resources)
}
