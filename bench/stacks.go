package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"hearth/core/store/storetest"
)

// line is one measurement.
type line struct {
	Database string  `json:"database,omitempty"`
	Case     string  `json:"case"`
	Op       string  `json:"op"`
	N        int     `json:"n"`
	Seconds  float64 `json:"seconds"` // median
	Worst    float64 `json:"worst"`
	Goal     float64 `json:"goal,omitempty"`
	Met      *bool   `json:"met,omitempty"`
}

// goals are seconds by database, operation and number of resources.
var goals = map[string]float64{
	"sqlite create 1000": 0.5, "postgres create 1000": 1,
	"sqlite update-noop 1000": 0.2, "postgres update-noop 1000": 0.2,
	"sqlite delete 1000": 0.5, "postgres delete 1000": 1,
}

func measure(hearth string, runs int) (missed int, err error) {
	if missed, err = measureLanguage(); err != nil {
		return missed, err
	}
	cluster, err := storetest.StartCluster()
	if err != nil {
		return missed, err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	dsn, err := cluster.CreateDatabase(context.Background(), "bench", "")
	if err != nil {
		return 0, err
	}
	for _, db := range []struct{ name, dsn string }{{"sqlite", ""}, {"postgres", dsn}} {
		m, err := measureOn(hearth, db.name, db.dsn, runs)
		if err != nil {
			return missed, fmt.Errorf("%s: %w", db.name, err)
		}
		missed += m
	}
	return missed, nil
}

func measureOn(hearth, name, dsn string, runs int) (missed int, err error) {
	s, err := startServer(hearth, dsn)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	for _, n := range []int{1, 10, 100, 1000} {
		times := map[string][]float64{}
		for run := range runs {
			if err := s.cycle(fmt.Sprintf("bench-%d-%d", n, run), n, times); err != nil {
				return missed, err
			}
		}
		for _, op := range []string{"create", "update-noop", "delete"} {
			if !report(name, op, n, times[op]) {
				missed++
			}
		}
	}
	return missed, nil
}

// cycle creates a stack of n RandomStrings, updates it to the same and deletes it.
func (s *server) cycle(name string, n int, times map[string][]float64) error {
	body := map[string]any{"stack_name": name, "template": randomStrings(n), "disable_rollback": true}
	for _, op := range []struct {
		name string
		call func() error
		ends string
	}{
		{"create", func() error { return s.call("POST", "/stacks", body, 201) }, "CREATE_COMPLETE"},
		{"update-noop", func() error { return s.call("PUT", s.stack, body, 202) }, "UPDATE_COMPLETE"},
		{"delete", func() error { return s.call("DELETE", s.stack, nil, 204) }, "DELETE_COMPLETE"},
	} {
		began := time.Now()
		if err := op.call(); err != nil {
			return err
		}
		if err := s.until(op.ends); err != nil {
			return err
		}
		times[op.name] = append(times[op.name], time.Since(began).Seconds())
	}
	return nil
}

func randomStrings(n int) map[string]any {
	resources := make(map[string]any, n)
	for i := range n {
		resources[fmt.Sprintf("r%d", i)] = map[string]any{"type": "OS::Heat::RandomString", "properties": map[string]any{"length": 32}}
	}
	return map[string]any{"heat_template_version": "2018-08-31", "resources": resources}
}

// report prints a line and tells whether the goal is met.
func report(database, op string, n int, seconds []float64) bool {
	slices.Sort(seconds)
	l := line{Database: database, Case: "RandomString", Op: op, N: n, Seconds: round(seconds[len(seconds)/2]), Worst: round(seconds[len(seconds)-1])}
	met := true
	if goal, ok := goals[fmt.Sprintf("%s %s %d", database, op, n)]; ok {
		met = l.Seconds <= goal
		l.Goal, l.Met = goal, &met
	}
	emit(l)
	return met
}

func emit(l line) {
	// Nothing can be done about an output that is gone.
	_ = json.NewEncoder(os.Stdout).Encode(l)
}

func round(s float64) float64 { return float64(int(s*10000+0.5)) / 10000 }
