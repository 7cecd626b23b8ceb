package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// objects is how many independent resources the cases of the slow cloud have.
const objects = 3222

// networks is a template of so many objects in the cloud.
var networks = func() map[string]any {
	resources := map[string]any{}
	for i := range objects {
		resources[fmt.Sprintf("n%d", i)] = typed("OS::Neutron::Net", map[string]any{"name": fmt.Sprintf("bench-%d", i)})
	}
	return hot(resources)
}()

// slow makes every answer of the simulated network service take 50 ms.
func (s *site) slow() error {
	fault := map[string]any{"fault": map[string]any{"service": "network", "latency_ms": 50}}
	_, err := s.send(http.MethodPost, strings.TrimSuffix(s.identity, "/v3")+"/faults", fault, http.StatusCreated)
	return err
}

// network creates and deletes the stack of networks.
func (b *bench) network(s *site, name, db string, goal float64) error {
	if err := s.slow(); err != nil {
		return err
	}
	began := time.Now()
	stack, err := s.create(map[string]any{"stack_name": "latency", "template": networks})
	if err != nil {
		return err
	}
	b.report(name+": create", db, []float64{time.Since(began).Seconds()}, "s", goal)
	began = time.Now()
	if _, err := s.send(http.MethodDelete, s.heat+stack, nil, http.StatusNoContent); err != nil {
		return err
	}
	if err := s.until(stack, "DELETE_COMPLETE"); err != nil {
		return err
	}
	b.report(name+": delete", db, []float64{time.Since(began).Seconds()}, "s", 0)
	return nil
}

// latency is a large stack on a cloud that takes its time.
func (b *bench) latency(db string) error {
	return b.with(db, func(s *site) error {
		return b.network(s, fmt.Sprintf("%d networks at 50 ms", objects), db, 30)
	})
}

// engines is the same by processes that do nothing else, one and three of them.
func (b *bench) engines(db string) error {
	for _, n := range []int{1, 3} {
		if err := b.withEngines(db, n); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) withEngines(db string, n int) (err error) {
	s, err := b.newSite(db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if err := s.serve("--no-engine"); err != nil {
		return err
	}
	for range n {
		if err := s.start("engine", "--cloud", s.identity); err != nil {
			return err
		}
	}
	// The first engine that is there makes the stack; the others have begun no later.
	if _, err := s.create(map[string]any{"stack_name": "ready", "template": hot(map[string]any{"r": randomString})}); err != nil {
		return err
	}
	time.Sleep(time.Second)
	return b.network(s, fmt.Sprintf("%d networks at 50 ms, engines: %d", objects, n), db, 0)
}
