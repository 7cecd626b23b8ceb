package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
)

func snapshot(t *testing.T, l *enginetest.Lab, s *core.Stack, name string) *engine.SnapshotView {
	t.Helper()
	ref := engine.StackRef{ID: s.ID}
	snap, err := l.CreateSnapshot(t.Context(), l.Caller, ref, name)
	if err != nil {
		t.Fatal(err)
	}
	l.Wait(s.ID)
	if snap, err = l.Engine.Snapshot(t.Context(), l.Caller, ref, snap.ID); err != nil {
		t.Fatal(err)
	}
	return snap
}

// exported is an export as tests look at it: nested ones have resources.
type exported struct {
	Name, ID, Action, Status string
	Type                     string
	ResourceID               string            `json:"resource_id"`
	ResourceData             map[string]string `json:"resource_data"`
	Metadata                 map[string]any
	Template                 map[string]any
	Environment              map[string]any
	Resources                map[string]exported
	ProjectID                string `json:"project_id"`
	Tags                     []string
}

func read(t *testing.T, v any) (out exported) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

const varied = `
heat_template_version: 2021-04-16
parameters: {len: {type: number, default: 6}}
resources:
  r: {type: OS::Heat::RandomString, properties: {length: {get_param: len}}}
  t: {type: OS::Heat::TestResource, metadata: {k: v}, properties: {value: first}}
  g: {type: OS::Heat::ResourceGroup, properties: {count: 2, resource_def: {type: OS::Heat::RandomString, properties: {length: 4}}}}
outputs:
  r: {value: {get_attr: [r, value]}}
  g: {value: {get_attr: [g, value]}}
  t: {value: {get_attr: [t, output]}}
`

func TestSnapshotAndRestore(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := l.Create(l.Request("s", varied))
		ref := engine.StackRef{ID: s.ID}
		random, members := l.Output(s, "r"), l.Output(s, "g")
		snap := snapshot(t, l, s, "before")
		if snap.Status != core.Complete || snap.StatusReason != "Stack SNAPSHOT completed successfully" || snap.Name != "before" {
			t.Fatalf("%s %s %q", snap.Status, snap.StatusReason, snap.Name)
		}
		was := read(t, snap.Export)
		if was.Action != "SNAPSHOT" || was.Status != "COMPLETE" || was.ID != s.ID || fmt.Sprintf("%q", was.Resources["r"].ResourceData["value"]) != random ||
			was.Resources["t"].Metadata["k"] != "v" || len(was.Resources["g"].Resources) != 2 || was.Resources["g"].Resources["0"].Action != "SNAPSHOT" {
			t.Fatalf("%s", snap.Export)
		}
		want := []string{"s SNAPSHOT_IN_PROGRESS: Stack SNAPSHOT started", "r SNAPSHOT_IN_PROGRESS: state changed", "r SNAPSHOT_COMPLETE: state changed",
			"s SNAPSHOT_COMPLETE: Stack SNAPSHOT completed successfully"}
		got := slices.DeleteFunc(l.Events(s), func(e string) bool { return e[0] != 's' && e[0] != 'r' || strings.Contains(e, "CREATE") })
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}

		changed := strings.NewReplacer("first", "second", "count: 2", "count: 3", "length: {get_param: len}", "length: 12").Replace(varied)
		s = l.Update(s, update(l, changed))
		l.Expect(s, "UPDATE_COMPLETE")
		if l.Output(s, "t") != `"second"` {
			t.Fatal(l.Output(s, "t"))
		}
		if err := l.Restore(t.Context(), l.Caller, ref, snap.ID); err != nil {
			t.Fatal(err)
		}
		s = l.Wait(s.ID)
		l.Expect(s, "RESTORE_COMPLETE")
		if l.Output(s, "t") != `"first"` || l.Output(s, "g") != members || len(l.Output(s, "r")) != len(random) {
			t.Fatal(l.Output(s, "t"), l.Output(s, "g"), l.Output(s, "r"))
		}

		// A second one of an unchanged stack is one of its own.
		other := snapshot(t, l, s, "")
		if list, err := l.Snapshots(t.Context(), l.Caller, ref); err != nil || len(list) != 2 || list[0].ID != snap.ID || list[1].Status != core.Complete {
			t.Fatal(list, err)
		}
		if err := l.Engine.DeleteSnapshot(t.Context(), l.Caller, ref, snap.ID); err != nil {
			t.Fatal(err)
		}
		gone(t, l, s, snap.ID)
		if _, err := l.Engine.Snapshot(t.Context(), l.Caller, ref, other.ID); err != nil {
			t.Fatal(err)
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
		until(t, "the stack's last snapshot stays", func() bool {
			left, err := l.Store.FindSnapshot(t.Context(), s.ID, other.ID)
			return err == nil && left == nil
		})
	})
}

func gone(t *testing.T, l *enginetest.Lab, s *core.Stack, id string) {
	t.Helper()
	until(t, "the snapshot stays", func() bool {
		_, err := l.Engine.Snapshot(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, id)
		return err != nil && err.Error() == "Snapshot with id "+id+" not found"
	})
}

func TestSnapshotsThatAreRefused(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := l.Create(l.Request("s", chain))
		ref := engine.StackRef{ID: s.ID}
		l.Limits.SnapshotsPerStack = 1
		snap := snapshot(t, l, s, "")
		_, err := l.CreateSnapshot(t.Context(), l.Caller, ref, "")
		if core.ErrorCode(err) != core.Limit || !strings.Contains(err.Error(), "You have reached the maximum snapshots per stack, 1.") {
			t.Fatal(err)
		}
		if err := l.Restore(t.Context(), l.Caller, ref, s.ID); core.ErrorCode(err) != core.NotFound {
			t.Fatal(err)
		}
		w := begin(t, l, l.Request("w", waiting))
		_, err = l.CreateSnapshot(t.Context(), l.Caller, engine.StackRef{ID: w.ID}, "")
		if core.ErrorCode(err) != core.Conflict || err.Error() != "Stack w already has an action (CREATE) in progress." {
			t.Fatal(err)
		}
		if err := l.Restore(t.Context(), l.Caller, engine.StackRef{ID: w.ID}, snap.ID); core.ErrorCode(err) != core.NotFound {
			t.Fatal("another stack's", err)
		}
	})
}

// What is wrong with a restored stack leads back to what it was before.
func TestRestoreRollsBack(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		const text = `
heat_template_version: 2021-04-16
resources:
  t: {type: OS::Heat::TestResource, properties: {value: VALUE, fail: FAIL}}
outputs: {o: {value: {get_attr: [t, output]}}}
`
		of := func(value, fail string) string {
			return strings.NewReplacer("VALUE", value, "FAIL", fail).Replace(text)
		}
		r := l.Request("s", of("a", "true"))
		s := l.Create(r)
		l.Expect(s, "CREATE_FAILED")
		snap := snapshot(t, l, s, "")
		if snap.Status != core.Complete {
			t.Fatal(snap.Status)
		}
		if states := l.Resources(s); states["t"] != "CREATE_FAILED" {
			t.Fatal("a snapshot makes nothing well", states)
		}
		u := update(l, of("b", "false"))
		on := false
		u.DisableRollback = &on
		s = l.Update(s, u)
		l.Expect(s, "UPDATE_COMPLETE")
		if err := l.Restore(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, snap.ID); err != nil {
			t.Fatal(err)
		}
		s = l.Wait(s.ID)
		for s.Action == core.Restore {
			s = l.Wait(s.ID)
		}
		l.Expect(s, "ROLLBACK_COMPLETE")
		if o := l.Output(s, "o"); o != `"b"` {
			t.Fatal(o)
		}
	})
}
