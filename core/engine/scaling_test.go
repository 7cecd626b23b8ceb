package engine_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/heat"
	"hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/core/yaml"
)

// scaled is a lab whose clock can be put forward.
type scaled struct {
	*enginetest.Lab
	later atomic.Int64
}

func eachScaled(t *testing.T, test func(t *testing.T, l *scaled)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l := &scaled{}
		clock := func(cfg *converge.Config) {
			cfg.Now = func() time.Time { return time.Now().Add(time.Duration(l.later.Load())) }
		}
		l.Lab = enginetest.New(t, st, enginetest.Types(t, heat.Types), nil, clock)
		test(t, l)
	})
}

func (l *scaled) pass(d time.Duration) { l.later.Add(int64(d)) }

// nested is the stack behind a resource.
func (l *scaled) nested(s *core.Stack, name string) *core.Stack {
	l.T.Helper()
	row, err := l.Walker.Store.FindResource(l.T.Context(), s.ID, name)
	if err != nil {
		l.T.Fatal(err)
	}
	child, err := l.Walker.Store.FindChild(l.T.Context(), row.ID)
	if err != nil || child == nil {
		l.T.Fatal(child, err)
	}
	return child
}

// signal signals a resource and waits until the group g has become what that makes of it.
func (l *scaled) signal(s *core.Stack, name string, body any) {
	l.T.Helper()
	if err := l.Signal(l.T.Context(), l.Caller, engine.StackRef{ID: s.ID}, name, body); err != nil {
		l.T.Fatal(err)
	}
	l.Wait(l.nested(s, "g").ID)
}

// shows waits until the stack shows an output's value.
func (l *scaled) shows(s *core.Stack, key, want string) {
	l.T.Helper()
	var got string
	l.Until(func() bool {
		fresh, err := l.Walker.Store.FindStack(l.T.Context(), s.ID)
		if err != nil {
			l.T.Fatal(err)
		}
		got = l.Output(fresh, key)
		return got == want
	}, func() string { return fmt.Sprintf("%s is %s, not %s", key, got, want) })
}

// members are the names of a group's members, oldest first, and their ids by name.
func (l *scaled) members(s *core.Stack) (names []string, ids map[string]string) {
	l.T.Helper()
	rows, err := l.Walker.Store.Resources(l.T.Context(), l.nested(s, "g").ID)
	if err != nil {
		l.T.Fatal(err)
	}
	slices.SortFunc(rows, func(a, b core.Resource) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.Name, b.Name))
	})
	ids = map[string]string{}
	for _, r := range rows {
		if r.ReplacedBy == "" {
			names = append(names, r.Name)
			ids[r.Name] = r.ID + " " + r.PhysicalID + " " + r.UpdatedAt.String()
		}
	}
	return names, ids
}

const scalable = `
heat_template_version: 2021-04-16
resources:
  g:
    type: OS::Heat::AutoScalingGroup
    properties: {min_size: 1, max_size: 8, desired_capacity: 3, cooldown: 0, resource: {type: OS::Heat::TestResource, properties: {value: a}}}
  p:
    type: OS::Heat::ScalingPolicy
    properties: {auto_scaling_group_id: {get_resource: g}, adjustment_type: TYPE, scaling_adjustment: BY}
outputs:
  size: {value: {get_attr: [g, current_size]}}
  values: {value: {get_attr: [g, outputs_list, output]}}
  first: {value: {get_attr: [g, resource.0.output]}}
  url: {value: {get_attr: [p, signal_url]}}
`

func TestPoliciesScale(t *testing.T) {
	for _, tc := range []struct {
		kind, by, want string
	}{
		{"change_in_capacity", "2", "5"},
		{"change_in_capacity", "-1", "2"},
		{"change_in_capacity", "50", "8"},
		{"exact_capacity", "4", "4"},
		{"exact_capacity", "0", "1"},
		{"percent_change_in_capacity", "50", "4"},
		{"percent_change_in_capacity", "-10", "2"},
		{"percent_change_in_capacity, min_adjustment_step: 3", "10", "6"},
	} {
		t.Run(tc.kind+tc.by, func(t *testing.T) {
			eachScaled(t, func(t *testing.T, l *scaled) {
				s := l.Create(l.Request("s", strings.NewReplacer("TYPE", tc.kind, "BY", tc.by).Replace(scalable)))
				l.Expect(s, "CREATE_COMPLETE")
				before, was := l.members(s)
				l.signal(s, "p", yaml.MapOf("previous", "ok", "current", "alarm", "reason", "load"))
				l.shows(s, "size", tc.want)
				l.shows(s, "first", `"a"`)
				after, is := l.members(s)
				kept := before[max(len(before)-len(after), 0):] // the oldest have gone
				if d := diff.Diff(kept, after[:len(kept)]); d != "" {
					t.Error(d)
				}
				for _, name := range kept {
					if was[name] != is[name] {
						t.Errorf("%s was touched: %s, %s", name, was[name], is[name])
					}
				}
				const said = "p SIGNAL_COMPLETE: alarm state changed from ok to alarm (load)"
				if !slices.Contains(l.Events(s), said) {
					t.Error(l.Events(s))
				}
				l.Expect(l.Delete(s), "DELETE_COMPLETE")
			})
		})
	}
}

// A group that rests or is of the wanted size leaves a signal alone, without a trace.
func TestCooldown(t *testing.T) {
	eachScaled(t, func(t *testing.T, l *scaled) {
		text := strings.NewReplacer("TYPE", "change_in_capacity, cooldown: 60", "BY", "1").Replace(scalable)
		s := l.Create(l.Request("s", text))
		l.pass(time.Second)
		l.signal(s, "p", nil)
		l.shows(s, "size", "4")
		events := len(l.Events(s))
		l.signal(s, "p", nil)
		l.pass(50 * time.Second)
		l.signal(s, "p", nil)
		if names, _ := l.members(s); len(names) != 4 || len(l.Events(s)) != events {
			t.Fatal("a signal in the cooldown had an effect", names, l.Events(s))
		}
		row, err := l.Walker.Store.FindResource(t.Context(), s.ID, "g")
		if err != nil || !strings.Contains(string(row.Metadata), `":"change_in_capacity : 1"}`) || !strings.Contains(string(row.Metadata), `"scaling_in_progress":false`) {
			t.Fatal(string(row.Metadata), err)
		}
		l.pass(11 * time.Second)
		l.signal(s, "p", nil)
		l.shows(s, "size", "5")
	})
}

// While a group changes its size, signals do nothing.
func TestSignalWhileScaling(t *testing.T) {
	eachScaled(t, func(t *testing.T, l *scaled) {
		text := strings.NewReplacer("TYPE", "change_in_capacity", "BY", "1", "value: a", "value: a, action_wait_secs: {delete: 0, create: 0.2}").Replace(scalable)
		s := l.Create(l.Request("s", text))
		ref := engine.StackRef{ID: s.ID}
		for range 3 {
			if err := l.Signal(t.Context(), l.Caller, ref, "p", nil); err != nil {
				t.Fatal(err)
			}
		}
		l.Wait(l.nested(s, "g").ID)
		l.shows(s, "size", "4")
		l.signal(s, "p", nil)
		l.shows(s, "size", "5")
	})
}

const rollingText = `
heat_template_version: 2021-04-16
resources:
  g:
    type: OS::Heat::AutoScalingGroup
    properties:
      min_size: 1
      max_size: 4
      SIZE
      rolling_updates: {min_in_service: STAY, max_batch_size: BATCH, pause_time: PAUSE}
      resource: {type: OS::Heat::TestResource, properties: {value: VALUE, fail: FAIL}}
  up: {type: OS::Heat::ScalingPolicy, properties: {auto_scaling_group_id: {get_resource: g}, adjustment_type: exact_capacity, scaling_adjustment: 3}}
outputs:
  values: {value: {get_attr: [g, outputs_list, output]}}
`

func rollingOf(size string, stay, batch int, pause, value string, fail bool) string {
	return strings.NewReplacer("SIZE", size, "STAY", fmt.Sprint(stay), "BATCH", fmt.Sprint(batch), "PAUSE", pause, "VALUE", value, "FAIL", fmt.Sprint(fail)).Replace(rollingText)
}

// steps is how many times a nested stack was updated, how few of its members were in
// service at any time since, and how many were worked on at once.
func (l *scaled) steps(child *core.Stack) (steps, least, most int) {
	serving, busy := map[string]bool{}, map[string]bool{}
	least = 1000
	for _, e := range l.Events(child) {
		name, state, _ := strings.Cut(e, " ")
		state, _, _ = strings.Cut(state, ":")
		if name == child.Name {
			if state == "UPDATE_IN_PROGRESS" {
				steps++
			}
			continue
		}
		serving[name], busy[name] = state == "CREATE_COMPLETE" || state == "UPDATE_COMPLETE", strings.HasSuffix(state, "IN_PROGRESS") && !strings.HasPrefix(state, "DELETE")
		if steps > 0 {
			least, most = min(least, count(serving)), max(most, count(busy))
		}
	}
	return steps, least, most
}

func count(m map[string]bool) (n int) {
	for _, yes := range m {
		if yes {
			n++
		}
	}
	return n
}

func TestRollingUpdate(t *testing.T) {
	for _, tc := range []struct {
		say                       string
		stay, batch               int
		steps, leastServing, most int
	}{
		{"one by one", 0, 1, 3, 2, 1},
		{"two at a time", 0, 2, 2, 1, 2},
		{"all in service", 3, 1, 4, 3, 1},
	} {
		t.Run(tc.say, func(t *testing.T) {
			eachScaled(t, func(t *testing.T, l *scaled) {
				s := l.Create(l.Request("s", rollingOf("desired_capacity: 3", tc.stay, tc.batch, "0", "a", false)))
				l.Expect(s, "CREATE_COMPLETE")
				s = l.Update(s, update(l.Lab, rollingOf("desired_capacity: 3", tc.stay, tc.batch, "0", "b", false)))
				l.Expect(s, "UPDATE_COMPLETE")
				if got := l.Output(s, "values"); got != `["b","b","b"]` && got != `["b", "b", "b"]` {
					t.Error(got)
				}
				steps, least, most := l.steps(l.nested(s, "g"))
				if steps != tc.steps || least < tc.leastServing || most > tc.most {
					t.Errorf("%d steps, at least %d in service, %d at once: %v", steps, least, most, l.Events(l.nested(s, "g")))
				}
			})
		})
	}
}

// Between batches the group is a row with a due time: as the clock goes on, so does it.
func TestRollingUpdatePauses(t *testing.T) {
	eachScaled(t, func(t *testing.T, l *scaled) {
		s := l.Create(l.Request("s", rollingOf("desired_capacity: 2", 0, 1, "60", "a", false)))
		begun := time.Now()
		if err := l.Engine.Update(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, update(l.Lab, rollingOf("desired_capacity: 2", 0, 1, "60", "b", false))); err != nil {
			t.Fatal(err)
		}
		for fresh := s; fresh.Action != core.Update || fresh.Status == core.InProgress; {
			l.pass(time.Second)
			time.Sleep(5 * time.Millisecond)
			var err error
			if fresh, err = l.Walker.Store.FindStack(t.Context(), s.ID); err != nil || time.Since(begun) > 20*time.Second {
				t.Fatal(err, l.Events(l.nested(s, "g")))
			}
		}
		l.Expect(l.Wait(s.ID), "UPDATE_COMPLETE")
		if steps, _, _ := l.steps(l.nested(s, "g")); steps != 2 || l.later.Load() < int64(time.Minute) {
			t.Fatal(steps, "steps after", time.Duration(l.later.Load()))
		}
	})
}

// A batch that fails is the last; the next update goes on with those that are left, and the
// group has its size again although the update had made it greater.
func TestRollingUpdateFails(t *testing.T) {
	eachScaled(t, func(t *testing.T, l *scaled) {
		s := l.Create(l.Request("s", rollingOf("cooldown: 0", 3, 1, "0", "a", false)))
		l.Expect(s, "CREATE_COMPLETE")
		l.signal(s, "up", nil)
		_, before := l.members(s)
		s = l.Update(s, update(l.Lab, rollingOf("cooldown: 0", 3, 1, "0", "b", true)))
		l.Expect(s, "UPDATE_FAILED")
		names, after := l.members(s)
		if len(names) != 4 {
			t.Fatal(names)
		}
		for name, is := range before {
			if after[name] != is {
				t.Errorf("%s was touched", name)
			}
		}
		s = l.Update(s, update(l.Lab, rollingOf("cooldown: 0", 3, 1, "0", "b", false)))
		l.Expect(s, "UPDATE_COMPLETE")
		if got := strings.ReplaceAll(l.Output(s, "values"), " ", ""); got != `["b","b","b"]` {
			t.Error(got)
		}
	})
}

const numbered = `
heat_template_version: 2021-04-16
resources:
  g:
    type: OS::Heat::ResourceGroup
    update_policy: {batch_create: {max_batch_size: 4}, rolling_update: {min_in_service: STAY, max_batch_size: 2}}
    properties:
      count: COUNT
      removal_policies: [{resource_list: [REMOVE]}]
      resource_def: {type: OS::Heat::TestResource, properties: {value: "VALUE%index%"}}
`

func numberedOf(count, stay int, remove, value string) string {
	return strings.NewReplacer("COUNT", fmt.Sprint(count), "STAY", fmt.Sprint(stay), "REMOVE", remove, "VALUE", value).Replace(numbered)
}

// Scaling down removes exactly the members that it is told to remove.
func TestRemovalPoliciesKeepTheRest(t *testing.T) {
	eachScaled(t, func(t *testing.T, l *scaled) {
		s := l.Create(l.Request("s", numberedOf(10, 0, "", "a")))
		l.Expect(s, "CREATE_COMPLETE")
		if created := strings.Count(strings.Join(l.Events(l.nested(s, "g")), "\n"), "Stack CREATE started"); created != 3 { // 4, 4, 2
			t.Error("created in", created)
		}
		_, before := l.members(s)
		s = l.Update(s, update(l.Lab, numberedOf(7, 0, "'2', '5', '8'", "a")))
		l.Expect(s, "UPDATE_COMPLETE")
		for _, gone := range []string{"2", "5", "8"} {
			delete(before, gone)
		}
		_, after := l.members(s)
		if d := diff.Diff(before, after); d != "" {
			t.Fatal(d)
		}
	})
}

func TestResourceGroupRolls(t *testing.T) {
	eachScaled(t, func(t *testing.T, l *scaled) {
		s := l.Create(l.Request("s", numberedOf(5, 4, "", "a")))
		s = l.Update(s, update(l.Lab, numberedOf(5, 4, "", "b")))
		l.Expect(s, "UPDATE_COMPLETE")
		names, _ := l.members(s)
		slices.Sort(names)
		if d := diff.Diff([]string{"0", "1", "2", "3", "4"}, names); d != "" {
			t.Error(d)
		}
		child := l.nested(s, "g")
		steps, least, most := l.steps(child)
		// Three batches of two, the first of them with one more while four stay; then that one goes.
		if steps != 4 || least < 4 || most > 2 {
			t.Errorf("%d steps, at least %d in service, %d at once: %v", steps, least, most, l.Events(child))
		}
	})
}
