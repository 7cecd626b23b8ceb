package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/uptrace/bun"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/heat"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

// The victim is this test binary, run again with these in its environment.
const (
	victimDatabase  = "HEARTH_VICTIM_DATABASE"
	victimStatement = "HEARTH_VICTIM_STATEMENT"
)

// mortal has a chain of dependencies, a nested group and a file.
const mortal = `
heat_template_version: 2021-04-16
resources:
  a: {type: OS::Heat::RandomString, properties: {length: 8}}
  b: {type: OS::Heat::Value, properties: {type: string, value: {list_join: ['-', [x, {get_attr: [a, value]}]]}}}
  g:
    type: OS::Heat::ResourceGroup
    depends_on: b
    properties:
      count: 2
      resource_def: {type: OS::Heat::RandomString, properties: {length: 5}}
  gone: {type: OS::Heat::TestResource, depends_on: a, properties: {value: {get_file: file}}}
outputs:
  lengths: {value: {yaql: {expression: '$.data.g.select($.len()) + [$.data.b.len()]', data: {g: {get_attr: [g, value]}, b: {get_attr: [b, value]}}}}}
`

// immortal replaces a, changes b in place, replaces the group's members and adds one, and
// has another resource and another file in the place of gone.
var immortal = strings.NewReplacer("length: 8", "length: 12", "count: 2", "count: 3", "length: 5", "length: 6", "gone:", "come:").Replace(mortal)

func mortalRequest(l *enginetest.Lab, template, file string) engine.CreateRequest {
	r := l.Request("s", template)
	r.Files = map[string]string{"file": file}
	return r
}

// later has the leases of the victim run out at once.
func later(cfg *converge.Config) { cfg.Now = func() time.Time { return time.Now().Add(time.Minute) } }

// killer ends the process right before its nth statement.
type killer struct {
	n    int64
	seen atomic.Int64
}

func (k *killer) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context {
	if k.seen.Add(1) == k.n {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
	return ctx
}

func (k *killer) AfterQuery(context.Context, *bun.QueryEvent) {}

// live is what the victim does for as long as it may.
func live(t *testing.T, dsn string) {
	n, err := strconv.ParseInt(os.Getenv(victimStatement), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), dsn, storetest.Sealer())
	if err != nil {
		t.Fatal(err)
	}
	st.Observe(&killer{n: n})
	l := enginetest.New(t, st, enginetest.Types(t, heat.Types), nil)
	s := l.Create(mortalRequest(l, mortal, "one"))
	l.Expect(s, "CREATE_COMPLETE")
	s = l.Update(s, engine.UpdateRequest{TemplateRequest: mortalRequest(l, immortal, "two").TemplateRequest})
	l.Expect(s, "UPDATE_COMPLETE")
	l.Expect(l.Delete(s), "DELETE_COMPLETE")
}

// A process that creates, updates and deletes a stack dies right before each of its
// statements in turn. Whatever is stored of a request by then, the next process completes
// it; a request of which nothing is stored has left nothing.
//
// HEARTH_EVERY_STATEMENT has it die at every statement, and not only at a sample of them.
func TestDeathBetweenStatements(t *testing.T) {
	if dsn := os.Getenv(victimDatabase); dsn != "" {
		live(t, dsn)
		return
	}
	for _, db := range []struct {
		name   string
		create func(testing.TB) string
		stride int
	}{
		{"sqlite", migratedSQLite(t), 7},
		{"postgres", storetest.Postgres, 19},
	} {
		t.Run(db.name, func(t *testing.T) {
			if os.Getenv("HEARTH_EVERY_STATEMENT") != "" {
				db.stride = 1
			}
			for n := 1; ; n += db.stride {
				dsn := db.create(t)
				if !killed(t, dsn, n) {
					t.Logf("the victim's life has less than %d statements", n)
					return
				}
				t.Run(fmt.Sprint("before", n), func(t *testing.T) { goOn(t, dsn) })
				if t.Failed() {
					return
				}
			}
		})
	}
}

// migratedSQLite gives copies of one migrated file.
func migratedSQLite(t *testing.T) func(testing.TB) string {
	path := storetest.SQLite(t)
	st, err := store.Open(t.Context(), path, storetest.Sealer())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(st.Migrate(t.Context()), st.Close()); err != nil {
		t.Fatal(err)
	}
	empty, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return func(t testing.TB) string {
		path := storetest.SQLite(t)
		if err := os.WriteFile(path, empty, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
}

// killed runs the victim; false when it has lived to its end.
func killed(t *testing.T, dsn string, n int) bool {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestDeathBetweenStatements$")
	cmd.Env = append(os.Environ(), victimDatabase+"="+dsn, victimStatement+"="+strconv.Itoa(n))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.CombinedOutput()
	if err == nil {
		return false
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() {
		t.Fatalf("the victim of statement %d ended by itself: %v\n%s", n, err, out)
	}
	return true
}

// orphans counts, for each table, rows that nobody uses once no action is under way.
var orphans = map[string]string{
	"nodes":          "SELECT count(*) FROM nodes",
	"edges":          "SELECT count(*) FROM edges",
	"raw_templates":  "SELECT count(*) FROM raw_templates AS t WHERE NOT EXISTS (SELECT 1 FROM stacks WHERE template_id = t.id OR prev_template_id = t.id)",
	"template_files": "SELECT count(*) FROM template_files AS f WHERE NOT EXISTS (SELECT 1 FROM raw_templates WHERE files_id = f.id)",
	"resources":      "SELECT count(*) FROM resources AS r JOIN stacks AS s ON s.id = r.stack_id WHERE r.replaced_by IS NOT NULL OR r.action = 'DELETE' OR s.deleted_at IS NOT NULL",
	"stacks": `SELECT count(*) FROM stacks AS s WHERE status <> 'COMPLETE' OR prev_template_id IS NOT NULL OR deadline IS NOT NULL OR nodes_left <> 0
		OR parent_resource IS NOT NULL AND deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM resources WHERE id = s.parent_resource)`,
}

// goOn is the process after the victim's.
func goOn(t *testing.T, dsn string) {
	st, err := store.Open(t.Context(), dsn, storetest.Sealer())
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	l := enginetest.New(t, st, enginetest.Types(t, heat.Types), nil, later)
	defer l.Walker.Stop(t.Context())
	stacks, _, err := l.List(t.Context(), l.Caller, engine.ListOptions{ShowDeleted: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(stacks) == 0 {
		expectNone(t, st, map[string]string{"templates": "SELECT count(*) FROM raw_templates", "files": "SELECT count(*) FROM template_files",
			"stacks": "SELECT count(*) FROM stacks", "resources": "SELECT count(*) FROM resources", "nodes": "SELECT count(*) FROM nodes",
			"edges": "SELECT count(*) FROM edges", "events": "SELECT count(*) FROM events"})
		return
	}
	s := l.Wait(stacks[0].ID)
	expectNone(t, st, orphans)
	if s.Action != core.Delete {
		expectState(t, l, s)
		s = l.Delete(s)
	}
	l.Expect(s, "DELETE_COMPLETE")
	expectNone(t, st, orphans)
}

// expectState fails the test unless the stack is what the request that came last says.
func expectState(t *testing.T, l *enginetest.Lab, s *core.Stack) {
	t.Helper()
	want, lengths := map[string]string{"a": "CREATE_COMPLETE", "b": "CREATE_COMPLETE", "g": "CREATE_COMPLETE", "gone": "CREATE_COMPLETE"}, "[5,5,10]"
	if s.Action == core.Update {
		want, lengths = map[string]string{"a": "CREATE_COMPLETE", "b": "UPDATE_COMPLETE", "g": "UPDATE_COMPLETE", "come": "CREATE_COMPLETE"}, "[6,6,6,14]"
	}
	if s.Status != core.Complete {
		t.Fatalf("%s: %s\n%s", s.State(), s.StatusReason, strings.Join(l.Events(s), "\n"))
	}
	if d := cmp.Diff(want, l.Resources(s)); d != "" {
		t.Fatal(d)
	}
	if got := l.Output(s, "lengths"); got != lengths {
		t.Fatalf("%s: %s, not %s", s.State(), got, lengths)
	}
}

func expectNone(t *testing.T, st *store.Store, counts map[string]string) {
	t.Helper()
	for what, query := range counts {
		var n int
		if err := st.Reader().NewRaw(query).Scan(t.Context(), &n); err != nil || n > 0 {
			t.Errorf("%d %s are left (%v)", n, what, err)
		}
	}
}
