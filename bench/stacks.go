package main

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// randomStrings is the stack of n independent resources: create, an update that changes
// nothing, delete.
func (b *bench) randomStrings(db string) error {
	return b.with(db, func(s *site) error {
		for _, n := range []int{1, 10, 100, 1000} {
			var goals map[string][2]float64
			if n == 1000 {
				goals = map[string][2]float64{"create": {0.5, 1}, "no-op update": {0.2, 0.2}, "delete": {0.5, 1}}
			}
			resources := map[string]any{}
			for i := range n {
				resources[fmt.Sprintf("r%d", i)] = randomString
			}
			if err := b.cycles(db, s, fmt.Sprintf("%d RandomStrings", n), hot(resources), goals); err != nil {
				return err
			}
		}
		return nil
	})
}

// chain is a stack of 1,000 resources that each have the value of the one before.
func (b *bench) chain(db string) error {
	resources := map[string]any{"r0": value("x")}
	for i := 1; i < 1000; i++ {
		resources[fmt.Sprintf("r%d", i)] = value(map[string]any{"get_attr": []any{fmt.Sprintf("r%d", i-1), "value"}})
	}
	goals := map[string][2]float64{"create": {2.5, 2.5}}
	return b.with(db, func(s *site) error { return b.cycles(db, s, "chain of 1000 Values", hot(resources), goals) })
}

// group is a ResourceGroup of 500.
func (b *bench) group(db string) error {
	group := typed("OS::Heat::ResourceGroup", map[string]any{"count": 500, "resource_def": randomString})
	goals := map[string][2]float64{"create": {0.5, 0.5}}
	return b.with(db, func(s *site) error {
		return b.cycles(db, s, "ResourceGroup of 500", hot(map[string]any{"group": group}), goals)
	})
}

// cycles creates a stack, updates it to the same and deletes it.
func (b *bench) cycles(db string, s *site, name string, template map[string]any, goals map[string][2]float64) error {
	return b.times(db, s, name, goals, func(s *site, name string, took func(string, float64)) error {
		body := map[string]any{"stack_name": name, "template": template, "disable_rollback": true}
		began := time.Now()
		stack, err := s.create(body)
		if err != nil {
			return err
		}
		took("create", time.Since(began).Seconds())
		for _, op := range []struct {
			name, method string
			body         any
			status       int
			ends         string
		}{
			{"no-op update", http.MethodPut, body, http.StatusAccepted, "UPDATE_COMPLETE"},
			{"delete", http.MethodDelete, nil, http.StatusNoContent, "DELETE_COMPLETE"},
		} {
			began := time.Now()
			if _, err := s.send(op.method, s.heat+stack, op.body, op.status); err != nil {
				return err
			}
			if err := s.until(stack, op.ends); err != nil {
				return err
			}
			took(op.name, time.Since(began).Seconds())
		}
		return nil
	})
}

// burst is 50 stacks of 5 resources that are asked for at once.
func (b *bench) burst(db string) error {
	resources := map[string]any{}
	for i := range 5 {
		resources[fmt.Sprintf("r%d", i)] = randomString
	}
	goals := map[string][2]float64{"create": {1, 1}}
	return b.with(db, func(s *site) error {
		return b.times(db, s, "50 stacks of 5 at once", goals, func(s *site, name string, took func(string, float64)) error {
			began := time.Now()
			err := atOnce(50, 50, func(i int) error {
				_, err := s.create(map[string]any{"stack_name": fmt.Sprintf("%s-%d", name, i), "template": hot(resources)})
				return err
			})
			took("create", time.Since(began).Seconds())
			return err
		})
	})
}

// atOnce calls fn for 0 to n-1, some of them at the same time, and gives the first error.
func atOnce(n, parallel int, fn func(i int) error) (err error) {
	var wg sync.WaitGroup
	var once sync.Once
	room := make(chan struct{}, parallel)
	for i := range n {
		room <- struct{}{}
		wg.Go(func() {
			if e := fn(i); e != nil {
				once.Do(func() { err = e })
			}
			<-room
		})
	}
	wg.Wait()
	return err
}

// hot is a template of resources.
func hot(resources map[string]any) map[string]any {
	return map[string]any{"heat_template_version": "2018-08-31", "resources": resources}
}

func typed(typ string, properties map[string]any) map[string]any {
	return map[string]any{"type": typ, "properties": properties}
}

func value(v any) map[string]any { return typed("OS::Heat::Value", map[string]any{"value": v}) }

var randomString = typed("OS::Heat::RandomString", map[string]any{"length": 32})
