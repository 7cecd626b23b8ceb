package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/yaml"
)

// Situations in the life of a stack that are not the plain way.

func update(l *enginetest.Lab, text string, parameters ...any) engine.UpdateRequest {
	return engine.UpdateRequest{TemplateRequest: l.Request("", text, parameters...).TemplateRequest}
}

// begin creates a stack and does not wait.
func begin(t *testing.T, l *enginetest.Lab, r engine.CreateRequest) *core.Stack {
	t.Helper()
	s, err := l.Engine.Create(t.Context(), l.Caller, r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const waiting = `
heat_template_version: 2021-04-16
resources:
  quick: {type: OS::Heat::RandomString}
  slow: {type: OS::Heat::TestResource, properties: {value: x, action_wait_secs: {create: 3000}}}
`

func TestDeleteWhileCreating(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := begin(t, l, l.Request("s", waiting))
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
		if _, err := l.Identify(t.Context(), l.Caller, "s"); core.ErrorCode(err) != core.NotFound {
			t.Fatal(err)
		}
		// The name is free again.
		l.Expect(l.Create(l.Request("s", chain)), "CREATE_COMPLETE")
	})
}

// An update of a stack that is still being created wins; what was complete stays.
func TestUpdateWhileCreating(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := begin(t, l, l.Request("s", waiting))
		s = l.Update(s, update(l, strings.ReplaceAll(waiting, "3000", "0")))
		l.Expect(s, "UPDATE_COMPLETE")
		if d := cmp.Diff(map[string]string{"quick": "CREATE_COMPLETE", "slow": "CREATE_COMPLETE"}, l.Resources(s)); d != "" {
			t.Fatal(d, l.Events(s))
		}
	})
}

const settled = `
heat_template_version: 2021-04-16
resources:
  t: {type: OS::Heat::TestResource, properties: {value: VALUE, wait_secs: WAIT}}
outputs:
  o: {value: {get_attr: [t, output]}}
`

func withValue(value string, wait int) string {
	return strings.NewReplacer("VALUE", value, "WAIT", fmt.Sprint(wait)).Replace(settled)
}

func TestCancelUpdate(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := l.Create(l.Request("s", withValue("a", 0)))
		ref := engine.StackRef{ID: s.ID}
		if err := l.Act(t.Context(), l.Caller, ref, "cancel_update"); err == nil || err.Error() != "Cancelling update when stack is CREATE_COMPLETE is not supported." {
			t.Fatal(err)
		}
		slow := update(l, withValue("b", 3000))
		if err := l.Engine.Update(t.Context(), l.Caller, ref, slow); err != nil {
			t.Fatal(err)
		}
		if err := l.Act(t.Context(), l.Caller, ref, "cancel_update"); err != nil {
			t.Fatal(err)
		}
		s = l.Wait(s.ID)
		l.Expect(s, "ROLLBACK_COMPLETE")
		if o := l.Output(s, "o"); o != `"a"` {
			t.Fatal(o)
		}
		if err := l.Engine.Update(t.Context(), l.Caller, ref, slow); err != nil {
			t.Fatal(err)
		}
		if err := l.Act(t.Context(), l.Caller, ref, "cancel_without_rollback"); err != nil {
			t.Fatal(err)
		}
		s = l.Wait(s.ID)
		l.Expect(s, "UPDATE_FAILED")
		if s.StatusReason != "Stack UPDATE cancelled" {
			t.Fatal(s.StatusReason)
		}
		l.Expect(l.Update(s, update(l, withValue("c", 0))), "UPDATE_COMPLETE")
	})
}

// A failed update goes back to what was there, down to the value.
func TestUpdateRollsBack(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		const text = `
heat_template_version: 2021-04-16
parameters: {len: {type: number}, fail: {type: boolean, default: false}}
resources:
  r: {type: OS::Heat::RandomString, properties: {length: {get_param: len}}}
  t: {type: OS::Heat::TestResource, depends_on: r, properties: {value: x, fail: {get_param: fail}}}
outputs: {o: {value: {get_attr: [r, value]}}}
`
		s := l.Create(l.Request("s", text, "len", int64(10)))
		l.Expect(s, "CREATE_COMPLETE")
		before := l.Output(s, "o")
		r, yes := update(l, text, "len", int64(12), "fail", true), false
		r.DisableRollback = &yes
		s = l.Update(s, r)
		l.Expect(s, "ROLLBACK_COMPLETE")
		if after := l.Output(s, "o"); after != before {
			t.Fatalf("%s became %s", before, after)
		}
		if d := cmp.Diff(`{"len":"10"`, strings.Split(string(s.Parameters), ",")[0]); d != "" && !strings.Contains(string(s.Parameters), `"len":"10"`) {
			t.Fatal(string(s.Parameters))
		}
	})
}

func TestSuspendResumeCheck(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := l.Create(l.Request("s", group))
		for _, a := range []string{"suspend", "resume", "check"} {
			if err := l.Act(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, a); err != nil {
				t.Fatal(err)
			}
			s = l.Wait(s.ID)
			l.Expect(s, strings.ToUpper(a)+"_COMPLETE")
			if a == "suspend" {
				if err := l.Engine.Update(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, update(l, group)); core.ErrorCode(err) != core.Invalid {
					t.Fatal("a suspended stack was updated", err)
				}
			}
		}
		l.Expect(l.Update(s, update(l, group)), "UPDATE_COMPLETE")
	})
}

// A wait condition ends with the signals it waits for, and costs nothing until then.
func TestWaitCondition(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		const text = `
heat_template_version: 2021-04-16
resources:
  handle: {type: OS::Heat::WaitConditionHandle}
  wait: {type: OS::Heat::WaitCondition, properties: {handle: {get_resource: handle}, count: 2, timeout: 600}}
  after: {type: OS::Heat::Value, depends_on: wait, properties: {value: {get_attr: [wait, data]}}}
outputs: {data: {value: {get_attr: [after, value]}}}
`
		s := begin(t, l, l.Request("s", text))
		for i := range 2 {
			signal := yaml.MapOf("id", fmt.Sprint(i), "data", fmt.Sprintf("d%d", i))
			for {
				err := l.Signal(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, "handle", signal)
				if err == nil {
					break
				}
				if core.ErrorCode(err) != core.NotFound { // until the handle is there
					t.Fatal(err)
				}
			}
		}
		s = l.Wait(s.ID)
		l.Expect(s, "CREATE_COMPLETE")
		if o := l.Output(s, "data"); o != `"{\"0\":\"d0\",\"1\":\"d1\"}"` && o != `"{\"0\": \"d0\", \"1\": \"d1\"}"` {
			t.Fatal(o)
		}
	})
}

// A template among the files stands for a type: its parameters are properties, its
// outputs attributes. A failure inside is told with its path.
func TestTemplateResource(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		const text = `
heat_template_version: 2021-04-16
parameters: {fail: {type: boolean, default: false}}
resources:
  a: {type: thing.yaml, properties: {n: 5, fail: {get_param: fail}}}
outputs:
  o: {value: {get_attr: [a, text]}}
  inner: {value: {get_attr: [a, resource.r, value]}}
`
		const thing = `
heat_template_version: 2021-04-16
parameters: {n: {type: number}, fail: {type: boolean}}
resources:
  r: {type: OS::Heat::RandomString, properties: {length: {get_param: n}}}
  t: {type: OS::Heat::TestResource, properties: {value: x, fail: {get_param: fail}}}
outputs:
  text: {value: {list_join: ['', ['<', {get_attr: [r, value]}, '>']]}}
`
		r := l.Request("s", text)
		r.Files = map[string]string{"thing.yaml": thing}
		s := l.Create(r)
		l.Expect(s, "CREATE_COMPLETE")
		if o, inner := l.Output(s, "o"), l.Output(s, "inner"); len(o) != 9 || o != `"<`+strings.Trim(inner, `"`)+`>"` {
			t.Fatal(o, inner)
		}
		u := update(l, text, "fail", true)
		u.Files = r.Files
		s = l.Update(s, u)
		l.Expect(s, "UPDATE_FAILED")
		if s.StatusReason != "Resource UPDATE failed: ValueError: resources.a.resources.t: Test Resource failed t" {
			t.Fatal(s.StatusReason)
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
	})
}

// An action that takes longer than the stack allows ends as failed.
func TestTimeout(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		none := 0
		r := l.Request("s", waiting)
		r.TimeoutMins = &none
		s := l.Create(r)
		l.Expect(s, "CREATE_FAILED")
		if s.StatusReason != "Timed out" {
			t.Fatal(s.StatusReason)
		}
		// The time may be over before the resource is begun.
		if state := l.Resources(s)["slow"]; state != "CREATE_FAILED" && state != "INIT_COMPLETE" {
			t.Fatal(state)
		}
	})
}

// What is wrong is refused with Heat's words, all at once, and nothing is stored.
func TestRefusals(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		l.Expect(l.Create(l.Request("taken", chain)), "CREATE_COMPLETE")
		for _, c := range []struct {
			name, text, typ, says string
			parameters            []any
		}{
			{"1x", chain, "StackValidationFailed", "Invalid stack name 1x must contain", nil},
			{"taken", chain, "StackExists", "The Stack (taken) already exists.", nil},
			{"x", chain, "UnknownUserParameter", "The Parameter (zz) was not defined in template.", []any{"zz", int64(1)}},
			{"x", "heat_template_version: 2021-04-16\nparameters: {m: {type: string}}\n", "UserParameterMissing", "The Parameter (m) was not provided.", nil},
			{"x", "heat_template_version: 2021-04-16\nresources: {a: {type: OS::No::Such}}\n", "StackValidationFailed", "The Resource Type (OS::No::Such) could not be found.", nil},
			{"x", "heat_template_version: 2021-04-16\nresources: {a: {type: OS::Heat::RandomString, properties: {nope: 1}}}\n", "StackValidationFailed",
				"Property error: resources.a.properties: Unknown Property nope", nil},
			{"x", "heat_template_version: 2001-01-01\n", "InvalidTemplateVersion", "The template version is invalid", nil},
			{"x", "heat_template_version: 2021-04-16\nresources:\n  a: {type: OS::Heat::None, depends_on: b}\n  b: {type: OS::Heat::None, depends_on: a}\n",
				"CircularDependencyException", "Circular Dependency Found", nil},
			{"x", "heat_template_version: 2021-04-16\nresources: {a: {type: OS::Heat::Value, properties: {value: {get_attr: [zz, x]}}}}\n",
				"InvalidTemplateReference", "The specified reference \"zz\"", nil},
		} {
			_, err := l.Engine.Create(t.Context(), l.Caller, l.Request(c.name, c.text, c.parameters...))
			e, ok := err.(*core.Error)
			if !ok || e.Type != c.typ || !strings.Contains(e.Message, c.says) {
				t.Errorf("%s: %T %v, want %s %s", c.name, err, err, c.typ, c.says)
			}
		}
		stacks, _, err := l.List(t.Context(), l.Caller, engine.ListOptions{ShowDeleted: true})
		if err != nil || len(stacks) != 1 {
			t.Fatal(len(stacks), err)
		}
	})
}

// Nobody sees or touches another project's stack.
func TestForeignProject(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s := l.Create(l.Request("mine", chain))
		other := &core.Caller{UserID: "o", ProjectID: "other", Roles: []string{"admin"}}
		ref := engine.StackRef{Name: s.Name, ID: s.ID}
		_, showErr := l.Show(t.Context(), other, ref)
		_, resErr := l.Engine.Resources(t.Context(), other, ref, engine.ResourceFilter{}, false)
		_, eventErr := l.Engine.Events(t.Context(), other, ref, engine.EventFilter{})
		for what, err := range map[string]error{"show": showErr, "resources": resErr, "events": eventErr,
			"update": l.Engine.Update(t.Context(), other, ref, update(l, chain)), "delete": l.Engine.Delete(t.Context(), other, ref),
			"act": l.Act(t.Context(), other, ref, "check"), "signal": l.Signal(t.Context(), other, ref, "a", nil)} {
			if core.ErrorCode(err) != core.NotFound {
				t.Errorf("%s: %v", what, err)
			}
		}
		stacks, _, err := l.List(t.Context(), other, engine.ListOptions{})
		if err != nil || len(stacks) != 0 {
			t.Error(stacks, err)
		}
	})
}

// YAQL computes on attributes, and a name of a member is known nowhere else.
func TestYaql(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		const text = `
heat_template_version: 2018-08-31
resources:
  g: {type: OS::Heat::ResourceGroup, properties: {count: 3, resource_def: {type: OS::Heat::Value, properties: {value: "%index%"}}}}
outputs:
  sum: {value: {yaql: {expression: "$.data.select(int($)).sum()", data: {get_attr: [g, value]}}}}
`
		s := l.Create(l.Request("s", text))
		l.Expect(s, "CREATE_COMPLETE")
		if o := l.Output(s, "sum"); o != "3" {
			t.Fatal(o)
		}
	})
}
