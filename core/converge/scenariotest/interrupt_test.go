package scenariotest_test

import (
	"context"
	"strings"
	"testing"

	"hearth/core/converge/scenariotest"
	"hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/core/yaml"
)

// The life of a stack that is broken off at every turn: created, updated so that one
// resource is replaced, another added and another removed, and deleted. One of its
// resources is a nested stack.
const lifeTemplate = `
heat_template_version: 2021-04-16
resources:
  net: {type: Test::Thing, properties: {value: VALUE}}
  host: {type: Test::Thing, depends_on: net, properties: {fixed: {get_attr: [net, value]}, value: same}}
  alias: {type: Test::Thing, properties: {link: {get_resource: host}}}
  inner: {type: inner.yaml, depends_on: net, properties: {v: {get_attr: [host, fixed]}}}
  last: {type: Test::Thing, depends_on: alias, properties: {value: {get_attr: [inner, out]}}}
  only_in_VALUE: {type: Test::Thing, depends_on: net}
`

const innerTemplate = `
heat_template_version: 2021-04-16
parameters: {v: {type: string}}
resources:
  port: {type: Test::Thing, properties: {fixed: {get_param: v}}}
  address: {type: Test::Thing, properties: {link: {get_resource: port}, value: {get_attr: [port, fixed]}}}
outputs:
  out: {value: {get_attr: [address, value]}}
`

func wanted(value string) scenariotest.Wanted {
	return scenariotest.Wanted{File: "life.yaml", Parameters: yaml.NewMap(0),
		Files: map[string]string{"life.yaml": strings.ReplaceAll(lifeTemplate, "VALUE", value), "inner.yaml": innerTemplate}}
}

// life is one stack's: what has been asked for by now, and how it must end.
type life struct {
	*scenariotest.Lab
	phase string
	want  scenariotest.Wanted
}

func (l *life) create(ctx context.Context) error {
	l.phase, l.want = "CREATE", wanted("one")
	return l.Create(ctx, "s", l.want)
}

func (l *life) update(ctx context.Context, value string) error {
	l.phase, l.want = "UPDATE", wanted(value)
	return l.Update(ctx, "s", l.want)
}

func (l *life) delete(ctx context.Context) error {
	l.phase = "DELETE"
	return l.Delete(ctx, "s")
}

// end brings the action at hand to its end and looks at everything.
func (l *life) end(ctx context.Context) error {
	if err := l.Run(ctx, "w2"); err != nil {
		return err
	}
	if err := l.Verify(ctx, "s", l.phase+"_COMPLETE"); err != nil || l.phase == "DELETE" {
		return err
	}
	return l.Fits(ctx, "s", l.want)
}

// An interruption happens at a turn of a phase; what follows of the life is then as usual.
type interruption struct {
	name string
	in   string // phases; "" is all
	do   func(ctx context.Context, l *life) error
}

// held has w1 take a step and, when call is set, do it. It may find none to take.
func held(ctx context.Context, l *life, call bool) (bool, error) {
	ok, _, err := l.Take(ctx, "w1")
	if ok && call && err == nil {
		err = l.Call(ctx, "w1")
	}
	return ok, err
}

// late has w1 go on with what it holds after then has happened.
func late(ctx context.Context, l *life, called bool, then func() error) error {
	ok, err := held(ctx, l, called)
	if err == nil {
		err = then()
	}
	if err != nil || !ok {
		return err
	}
	if !called {
		if err := l.Call(ctx, "w1"); err != nil {
			return err
		}
	}
	return l.Commit(ctx, "w1")
}

func killed(ctx context.Context, l *life, call bool) error {
	_, err := held(ctx, l, call)
	l.Kill("w1")
	return err
}

// resting reports whether the phase is over: there is nothing to cancel.
func resting(ctx context.Context, l *life) bool {
	return l.Verify(ctx, "s", l.phase+"_COMPLETE") == nil
}

func cancelled(ctx context.Context, l *life) error {
	if resting(ctx, l) {
		return nil
	}
	l.phase, l.want = "ROLLBACK", wanted("one")
	return l.Rollback(ctx, "s")
}

// stopped ends the action where it is; the same request again leads to where it was to lead.
func stopped(ctx context.Context, l *life, whileHeld bool) error {
	over := false
	stop := func() error {
		if over = resting(ctx, l); over {
			return nil
		}
		return l.Act(ctx, "s", "cancel_without_rollback")
	}
	var err error
	if whileHeld {
		err = late(ctx, l, false, stop)
	} else {
		err = stop()
	}
	if err != nil || over {
		return err
	}
	if err := l.Run(ctx, "w2"); err != nil {
		return err
	}
	if err := l.Verify(ctx, "s", l.phase+"_FAILED"); err != nil {
		return err
	}
	l.phase = "UPDATE"
	return l.Update(ctx, "s", l.want)
}

var interruptions = []interruption{
	{"the worker dies before its call", "", func(ctx context.Context, l *life) error { return killed(ctx, l, false) }},
	{"the worker dies before its commit", "", func(ctx context.Context, l *life) error { return killed(ctx, l, true) }},
	{"the worker comes back after its lease", "", func(ctx context.Context, l *life) error {
		return late(ctx, l, true, func() error { l.Stall("w1"); return l.Run(ctx, "w2") })
	}},
	{"an update", "CREATE UPDATE", func(ctx context.Context, l *life) error { return l.update(ctx, "three") }},
	{"the same update", "UPDATE", func(ctx context.Context, l *life) error { return l.update(ctx, "two") }},
	{"an update while a worker calls", "CREATE UPDATE", func(ctx context.Context, l *life) error {
		return late(ctx, l, false, func() error { return l.update(ctx, "three") })
	}},
	{"an update back while a worker commits", "UPDATE", func(ctx context.Context, l *life) error {
		return late(ctx, l, true, func() error { return l.update(ctx, "one") })
	}},
	{"an update, and the worker dies", "CREATE UPDATE", func(ctx context.Context, l *life) error {
		if _, err := held(ctx, l, true); err != nil {
			return err
		}
		defer l.Kill("w1")
		return l.update(ctx, "three")
	}},
	{"a delete", "CREATE UPDATE", func(ctx context.Context, l *life) error { return l.delete(ctx) }},
	{"a delete while a worker commits", "CREATE UPDATE", func(ctx context.Context, l *life) error {
		return late(ctx, l, true, func() error { return l.delete(ctx) })
	}},
	{"a cancel", "UPDATE", cancelled},
	{"a cancel while a worker commits", "UPDATE", func(ctx context.Context, l *life) error {
		return late(ctx, l, true, func() error { return cancelled(ctx, l) })
	}},
	{"a stop", "CREATE UPDATE", func(ctx context.Context, l *life) error { return stopped(ctx, l, false) }},
	{"a stop while a worker calls", "CREATE UPDATE", func(ctx context.Context, l *life) error {
		return stopped(ctx, l, true)
	}},
}

// play lives the life, without the update when that is not interrupted, and interrupts it
// when so many turns of the phase have been taken. over says that the phase is shorter.
func play(ctx context.Context, l *life, phase string, turn int, i interruption) (over bool, err error) {
	for _, p := range []struct {
		phase string
		begin func() error
	}{
		{"CREATE", func() error { return l.create(ctx) }},
		{"UPDATE", func() error { return l.update(ctx, "two") }},
		{"DELETE", func() error { return l.delete(ctx) }},
	} {
		if p.phase == "UPDATE" && phase != "UPDATE" {
			continue
		}
		if err := p.begin(); err != nil {
			return false, err
		}
		if p.phase == phase {
			for range turn {
				worked, err := l.Turn(ctx, "w1")
				if err != nil {
					return false, err
				}
				over = over || !worked
			}
			if !over {
				if err := i.do(ctx, l); err != nil {
					return false, err
				}
			}
		}
		if err := l.end(ctx); err != nil || l.phase == "DELETE" {
			return over, err
		}
	}
	return over, nil
}

// Whatever happens at whatever turn: in the end there is exactly what was asked for last,
// nothing was ever there twice, nothing is forgotten. What happens while a worker has a step
// in its hands is tried at every other turn; on PostgreSQL all is, at every seventh.
func TestInterruptedAtEveryTurn(t *testing.T) {
	for _, i := range interruptions {
		t.Run(strings.ReplaceAll(i.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			step := 1
			if strings.Contains(i.name, "while") {
				step = 2
			}
			t.Run("sqlite", func(t *testing.T) { interruptAll(t, storetest.Open(t, storetest.SQLite(t)), i, step) })
			t.Run("postgres", func(t *testing.T) { interruptAll(t, storetest.Open(t, storetest.Postgres(t)), i, 7) })
		})
	}
}

// interruptAll tries an interruption at every turn, or one in step, of its phases.
func interruptAll(t *testing.T, st *store.Store, i interruption, step int) {
	for _, phase := range []string{"CREATE", "UPDATE", "DELETE"} {
		if i.in != "" && !strings.Contains(i.in, phase) {
			continue
		}
		for turn, over := 0, false; !over; turn += step {
			lab, err := scenariotest.New(st)
			if err != nil {
				t.Fatal(err)
			}
			over, err = play(t.Context(), &life{Lab: lab}, phase, turn, i)
			if err != nil {
				t.Errorf("at turn %d of %s: %v", turn, phase, err)
			}
		}
	}
}
