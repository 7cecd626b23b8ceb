package main

import "fmt"

// waiting is 1,000 resources that wait for signals, in 100 stacks: what they cost while
// nothing comes.
func (b *bench) waiting(db string) error {
	resources := map[string]any{"handle": map[string]any{"type": "OS::Heat::WaitConditionHandle"}}
	for i := range 10 {
		resources[fmt.Sprintf("w%d", i)] = typed("OS::Heat::WaitCondition", map[string]any{
			"handle": map[string]any{"get_resource": "handle"}, "timeout": 3600})
	}
	return b.with(db, func(s *site) error {
		if _, err := s.create(map[string]any{"stack_name": "first", "template": hot(map[string]any{"r": randomString})}); err != nil {
			return err
		}
		before, err := s.settled()
		if err != nil {
			return err
		}
		if err := atOnce(100, 8, func(i int) error {
			_, err := s.begin(map[string]any{"stack_name": fmt.Sprintf("waiting-%d", i), "template": hot(resources)})
			return err
		}); err != nil {
			return err
		}
		after, err := s.settled()
		if err != nil {
			return err
		}
		b.report("1000 waiting resources: goroutines more than before", db, []float64{after - before}, "goroutines", 50)
		return b.memory(s, "1000 waiting resources", db, 0)
	})
}
