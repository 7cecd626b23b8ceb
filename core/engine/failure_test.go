package engine_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
)

const level = `heat_template_version: 2021-04-16
parameters: {fail: {type: boolean}}
resources:
  first: {type: OS::Heat::Value, properties: {value: 1}}
  next:
    type: BELOW
    properties: {fail: {get_param: fail}}
`

// One read of the top stack tells what went wrong four levels down, and where that stands;
// the status reason has Heat's words.
func TestRootCause(t *testing.T) {
	files := map[string]string{
		"two.yaml":   strings.Replace(level, "BELOW", "three.yaml", 1),
		"three.yaml": strings.Replace(level, "BELOW", "four.yaml", 1),
		"four.yaml":  strings.Replace(level, "BELOW", "OS::Heat::TestResource", 1),
	}
	each(t, func(t *testing.T, l *enginetest.Lab) {
		r := l.Request("s", strings.Replace(level, "BELOW", "two.yaml", 1), "fail", true)
		r.Files = files
		s := l.Create(r)
		l.Expect(s, "CREATE_FAILED")
		path := []string{"next", "next", "next", "next"}
		if want := "Resource CREATE failed: ValueError: resources." + strings.Join(path, ".resources.") + ": Test Resource failed next"; s.StatusReason != want {
			t.Errorf("status reason is %q, want %q", s.StatusReason, want)
		}
		want := []core.Failure{{Path: path, ResourceType: "OS::Heat::TestResource", Action: core.Create,
			Cause: "ValueError", Message: "Test Resource failed next", Place: &core.Place{File: "four.yaml", Line: 5, Column: 3}}}
		got := s.Failures()
		for i := range got {
			if got[i].StackID == "" || got[i].StackID == s.ID {
				t.Error("the failure is not in the top stack")
			}
			got[i].StackID = ""
			got[i].PhysicalID = ""
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}

		u := engine.UpdateRequest{TemplateRequest: l.Request("s", strings.Replace(level, "BELOW", "two.yaml", 1), "fail", false).TemplateRequest}
		u.Files = files
		s = l.Update(s, u)
		l.Expect(s, "UPDATE_COMPLETE")
		if f := s.Failures(); len(f) > 0 {
			t.Fatal("a stack that is complete tells of failures", f)
		}
	})
}

// What a stack was waiting for when its time was over is told, too, and so is what a
// rollback goes back to.
func TestFailuresOfWhatWaited(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		none := 0
		r := l.Request("s", waiting)
		r.TimeoutMins = &none
		s := l.Create(r)
		l.Expect(s, "CREATE_FAILED")
		for _, f := range s.Failures() { // the time may be over before the resource is begun
			if f.Path[0] != "slow" || f.Message != "Timed out" {
				t.Errorf("%+v", f)
			}
		}
		r = l.Request("back", strings.Replace(level, "BELOW", "OS::Heat::TestResource", 1), "fail", true)
		r.DisableRollback = false
		s = l.Create(r)
		l.Expect(s, "ROLLBACK_COMPLETE")
		if f := s.Failures(); len(f) != 1 || f[0].Message != "Test Resource failed next" {
			t.Errorf("%+v", f)
		}
	})
}
