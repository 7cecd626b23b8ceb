package store_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	corestore "hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/murano"
	"hearth/murano/store"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// write runs fn in a transaction that must commit.
func write(t *testing.T, st *corestore.Store, fn func(ctx context.Context, tx *corestore.Tx) error) {
	t.Helper()
	if err := st.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func environment(t *testing.T, st *corestore.Store, tenant, name string) *murano.Environment {
	t.Helper()
	now := store.Now()
	e := &murano.Environment{ID: murano.NewID(), TenantID: tenant, Name: name, Model: json.RawMessage(`{"z": 1, "a": "ü"}`), CreatedAt: now, UpdatedAt: now}
	write(t, st, func(ctx context.Context, tx *corestore.Tx) error { return store.CreateEnvironment(ctx, tx, e) })
	return e
}

func session(t *testing.T, st *corestore.Store, e *murano.Environment, state murano.SessionState) *murano.Session {
	t.Helper()
	now := store.Now()
	s := &murano.Session{ID: murano.NewID(), EnvironmentID: e.ID, UserID: "u", State: state, Version: e.Version, Model: e.Model, CreatedAt: now, UpdatedAt: now}
	write(t, st, func(ctx context.Context, tx *corestore.Tx) error { return store.CreateSession(ctx, tx, s) })
	return s
}

func task(t *testing.T, st *corestore.Store, e *murano.Environment) *murano.Task {
	t.Helper()
	now := store.Now()
	x := &murano.Task{ID: murano.NewID(), EnvironmentID: e.ID, SessionID: "s", Model: json.RawMessage("{}"), Credentials: []byte{0, 1, 255}, CreatedAt: now, StartedAt: now, UpdatedAt: now}
	write(t, st, func(ctx context.Context, tx *corestore.Tx) error { return store.CreateTask(ctx, tx, x) })
	return x
}

func TestEnvironments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *corestore.Store) {
		one := environment(t, st, "p1", "one")
		environment(t, st, "p2", "one")
		got, err := store.FindEnvironment(t.Context(), st.Reader(), one.ID)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(one, got); d != "" {
			t.Error(d)
		}
		twin := *one
		twin.ID = murano.NewID()
		err = st.Write(t.Context(), func(ctx context.Context, tx *corestore.Tx) error { return store.CreateEnvironment(ctx, tx, &twin) })
		if !corestore.IsUnique(err) {
			t.Error("a name was taken twice:", err)
		}
		list, err := store.ListEnvironments(t.Context(), st.Reader(), "p1")
		if err != nil || len(list) != 1 || list[0].Model != nil {
			t.Error(list, err)
		}
		if none, err := store.FindEnvironment(t.Context(), st.Reader(), "nope"); none != nil || err != nil {
			t.Error(none, err)
		}
	})
}

// An environment has one session at work, whatever asks for another.
func TestOneSessionAtWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *corestore.Store) {
		e := environment(t, st, "p", "e")
		session(t, st, e, murano.SessionDeploying)
		s := session(t, st, e, murano.SessionOpened)
		s.State = murano.SessionDeleting
		err := st.Write(t.Context(), func(ctx context.Context, tx *corestore.Tx) error { return store.UpdateSession(ctx, tx, s) })
		if !corestore.IsUnique(err) {
			t.Error("two sessions are at work:", err)
		}
	})
}

// Sessions come newest version first, and within it the one last changed.
func TestSessionsOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *corestore.Store) {
		e := environment(t, st, "p", "e")
		for _, x := range []struct {
			version int64
			state   murano.SessionState
		}{{1, "a"}, {0, "b"}, {1, "c"}} {
			e.Version = x.version
			session(t, st, e, x.state)
		}
		got, err := store.SessionsOf(t.Context(), st.Reader(), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		var states []murano.SessionState
		for _, s := range got {
			states = append(states, s.State)
		}
		if d := cmp.Diff([]murano.SessionState{"c", "a", "b"}, states); d != "" {
			t.Error(d)
		}
		for tenant, want := range map[string]int{"p": 3, "": 3, "q": 0} {
			all, err := store.SessionsOfTenant(t.Context(), st.Reader(), tenant)
			if err != nil || len(all[e.ID]) != want {
				t.Error(tenant, all, err)
			}
		}
	})
}

// A lease keeps a task; whoever loses it changes nothing any more.
func TestLease(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *corestore.Store) {
		ctx := t.Context()
		x := task(t, st, environment(t, st, "p", "e"))
		now := store.Now()
		claim := func(owner string, at time.Time) (got *murano.Task) {
			t.Helper()
			write(t, st, func(ctx context.Context, tx *corestore.Tx) (err error) {
				got, err = store.ClaimTask(ctx, tx, x.ID, owner, at, time.Minute)
				return err
			})
			return got
		}
		held := func(fn func(ctx context.Context, tx *corestore.Tx) (bool, error)) (ok bool) {
			t.Helper()
			write(t, st, func(ctx context.Context, tx *corestore.Tx) (err error) { ok, err = fn(ctx, tx); return err })
			return ok
		}
		one := claim("one", now)
		if one == nil || one.Attempt != 1 || string(one.Credentials) != "\x00\x01\xff" {
			t.Fatal(one)
		}
		if claim("two", now.Add(30*time.Second)) != nil {
			t.Error("a task was claimed twice")
		}
		if ids, err := store.LostTasks(ctx, st.Reader(), now.Add(30*time.Second), 5); err != nil || len(ids) != 0 {
			t.Error(ids, err)
		}
		if !held(func(ctx context.Context, tx *corestore.Tx) (bool, error) {
			return store.KeepTask(ctx, tx, one, now.Add(30*time.Second), time.Minute)
		}) {
			t.Error("a lease that runs was not prolonged")
		}
		if claim("two", now.Add(80*time.Second)) != nil {
			t.Error("a prolonged lease was taken")
		}
		if ids, err := store.LostTasks(ctx, st.Reader(), now.Add(2*time.Minute), 5); err != nil || len(ids) != 1 {
			t.Error(ids, err)
		}
		two := claim("two", now.Add(2*time.Minute))
		if two == nil || two.Attempt != 2 {
			t.Fatal(two)
		}
		one.Result = json.RawMessage(`{}`)
		for name, fn := range map[string]func(ctx context.Context, tx *corestore.Tx) (bool, error){
			"keep": func(ctx context.Context, tx *corestore.Tx) (bool, error) {
				return store.KeepTask(ctx, tx, one, now, time.Hour)
			},
			"finish": func(ctx context.Context, tx *corestore.Tx) (bool, error) { return store.FinishTask(ctx, tx, one, now) },
		} {
			if held(fn) {
				t.Error("who has lost the lease can", name)
			}
		}
		two.Result = json.RawMessage(`{"isException": false}`)
		if !held(func(ctx context.Context, tx *corestore.Tx) (bool, error) { return store.FinishTask(ctx, tx, two, now) }) {
			t.Error("who has the lease cannot finish")
		}
		done, err := store.FindTask(ctx, st.Reader(), x.ID)
		if err != nil || done.FinishedAt == nil || done.Credentials != nil || done.Model != nil || string(done.Result) != `{"isException": false}` {
			t.Error(done, err)
		}
		if claim("three", now.Add(time.Hour)) != nil {
			t.Error("a finished task was claimed")
		}
	})
}

// A report is told once for each step, and the reports keep their order.
func TestReports(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *corestore.Store) {
		e := environment(t, st, "p", "e")
		x := task(t, st, e)
		now := store.Now()
		for i, r := range []murano.Report{
			{Step: "a", Level: murano.Info, Text: "first"}, {Step: "b", EntityID: "o", Level: murano.Error, Text: "second"},
			{Step: "a", Level: murano.Info, Text: "first again"}, {Step: "c", EntityID: "p", Level: murano.Warning, Text: "third"},
		} {
			r.ID, r.TaskID, r.CreatedAt, r.UpdatedAt = murano.NewID(), x.ID, now.Add(time.Duration(i/2)*time.Microsecond), now
			write(t, st, func(ctx context.Context, tx *corestore.Tx) error { return store.CreateReport(ctx, tx, &r) })
		}
		texts := func(entities []string) (out []string) {
			list, err := store.ReportsOf(t.Context(), st.Reader(), x.ID, entities)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list {
				out = append(out, r.Text)
			}
			return out
		}
		if d := cmp.Diff([]string{"first", "second", "third"}, texts(nil)); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff([]string{"third"}, texts([]string{"p", "q"})); d != "" {
			t.Error(d)
		}
		troubles, err := store.TroublesOf(t.Context(), st.Reader(), x.ID, "other")
		if d := cmp.Diff(map[string]store.Troubles{x.ID: {Errors: 1, Warnings: 1}}, troubles); d != "" || err != nil {
			t.Error(d, err)
		}
		last, err := store.LastReport(t.Context(), st.Reader(), e.ID, []string{"o", "p"})
		if err != nil || last.Text != "third" {
			t.Error(last, err)
		}
		write(t, st, func(ctx context.Context, tx *corestore.Tx) error {
			_, err := store.DeleteEnvironment(ctx, tx, e.ID)
			return err
		})
		if left := texts(nil); left != nil {
			t.Error("reports outlive their environment:", left)
		}
	})
}
