package native_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/simcloud"
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// stack gives the stack of the programs; nil when there is none.
func (k *kit) stack() *core.Stack {
	k.t.Helper()
	s, err := k.lab.Show(k.t.Context(), k.Caller, engine.StackRef{Name: "murano-app"})
	if core.ErrorCode(err) == core.NotFound {
		return nil
	}
	if err != nil {
		k.t.Fatal(err)
	}
	return s
}

// actions are what was done to the stack.
func (k *kit) actions() string {
	k.t.Helper()
	var out []string
	for _, e := range k.lab.Events(k.stack()) {
		if state, ok := strings.CutPrefix(e, "murano-app "); ok {
			state, _, _ = strings.Cut(state, ":")
			out = append(out, state)
		}
	}
	return strings.Join(out, " ")
}

const created = "CREATE_IN_PROGRESS CREATE_COMPLETE"
const updated = " UPDATE_IN_PROGRESS UPDATE_COMPLETE"

func TestStackIsCreatedUpdatedAndDeleted(t *testing.T) {
	k := start(t)
	k.want(`[{}, {"text": "one"}, {
		"resources": {"text": {"type": "OS::Heat::TestResource", "properties": {"value": "one"}}},
		"outputs": {"text": {"value": {"get_attr": ["text", "output"]}}},
		"heat_template_version": "2013-05-23", "description": "An application"}, {}]`, "Stack", "begin")
	s := k.stack()
	if !s.DisableRollback || strings.Join(s.Tags, ",") != "murano" || s.Description != "An application" {
		t.Errorf("%+v", s)
	}
	k.equal(`"`+created+`"`, `"`+k.actions()+`"`)

	// The same again in another session: nothing is pushed.
	k.want(`{"text": "one"}`, "Stack", "same")
	k.equal(`"`+created+`"`, `"`+k.actions()+`"`)
}

func TestStackUpdate(t *testing.T) {
	k := start(t)
	k.want(`["a"]`, "Stack", "add", "a")
	k.want(`["a"]`, "Stack", "add", "a")
	if got := k.actions(); got != created {
		t.Error(got)
	}
	k.want(`["a", "b"]`, "Stack", "add", "b")
	if got := k.actions(); got != created+updated {
		t.Error(got)
	}
	k.want(`[{}, {}]`, "Stack", "end")
	if s := k.stack(); s != nil {
		t.Error(s.State())
	}
	// What was never made is not deleted.
	k.want(`[{}, {}]`, "Stack", "end")
}

func TestTemplateParametersFilesAndEnvironment(t *testing.T) {
	k := start(t)
	k.want(`[{"text": "of a file", "word": "secret"}, {"word": "******", "length": "7"}]`, "Stack", "replace")
	k.want(`[{"text": "of a file", "word": "secret"}, {"word": "******", "length": "7"}]`, "Stack", "replace")
	if got := k.actions(); got != created+updated {
		t.Error(got)
	}
	// A process that runs the same again leaves the stack alone.
	k.Resumed = true
	k.want(`[{"text": "of a file", "word": "secret"}, {"word": "******", "length": "7"}]`, "Stack", "replace")
	if got := k.actions(); got != created+updated {
		t.Error(got)
	}
	k.want(`null`, "Stack", "empty")
	if s := k.stack(); s != nil {
		t.Error("a template without resources leaves no stack:", s.State())
	}
}

// A later session that adds to a stack pushes its hidden parameters as they were, and does not
// see them.
func TestHiddenParametersAreKept(t *testing.T) {
	k := start(t)
	k.want(`null`, "Stack", "hide")
	k.want(`["a", "b"]`, "Stack", "add", "b")
	k.want(`[{"word": "secret"}, {"word": "******"}]`, "Stack", "read")
}

func TestPushLater(t *testing.T) {
	k := start(t)
	s := k.run()
	if _, err := s.call(t.Context(), "Stack", "addLater"); err != nil {
		t.Fatal(err)
	}
	if k.stack() != nil {
		t.Error("pushed at once")
	}
	if err := s.ex.Do(t.Context(), s.End); err != nil {
		t.Fatal(err)
	}
	if got := k.lab.Resources(k.stack()); len(got) != 2 || k.actions() != created {
		t.Error(got, k.actions())
	}
	k.want(`{"more": 5}`, "Stack", "addAndRead")
}

// Threads that push one stack wait for each other, and lose nothing.
func TestPushesOfThreads(t *testing.T) {
	k := start(t)
	k.want(`["a", "b", "c"]`, "Stack", "together")
	if got := k.lab.Resources(k.stack()); len(got) != 3 {
		t.Error(got)
	}
}

func TestMerge(t *testing.T) {
	k := start(t)
	for _, c := range []struct{ left, right, want string }{
		{`{"a": {"b": 1}}`, `{"a": {"c": 2}}`, `{"a": {"b": 1, "c": 2}}`},
		{`{"a": 1}`, `{"a": 2}`, `{"a": 2}`},
		{`{"a": "left"}`, `{"a": "right"}`, `{"a": "right"}`},
		{`{"a": "left"}`, `{"a": null}`, `{"a": "left"}`},
		{`{"a": null}`, `{"a": "right"}`, `{"a": null}`},
		{`{"a": [1, 2, 2]}`, `{"a": [2, 3]}`, `{"a": [1, 2, 3]}`},
		{`{}`, `{"heat_template_version": "2013-05-23"}`, `{"heat_template_version": "2013-05-23"}`},
	} {
		k.want(c.want, "Stack", "merge", argument(t, c.left), argument(t, c.right))
	}
	k.fails("TypeError", "/a/b is int in one and str in the other", "Stack", "merge", argument(t, `{"a": {"b": 1}}`), argument(t, `{"a": {"b": "x"}}`))
	k.fails("murano.engine.system.heat_stack.HeatStackError", "only heat_template_version 2013-05-23", "Stack", "merge",
		argument(t, `{}`), argument(t, `{"heat_template_version": "2016-10-14"}`))
}

func TestStackFailure(t *testing.T) {
	k := start(t)
	k.want(`"Unexpected stack state CREATE_FAILED: Resource CREATE failed: ValueError: resources.text: Test Resource failed text"`, "Stack", "break")
	// What has failed is pushed again, be the template the same.
	k.fails("EnvironmentError", "Unexpected stack state UPDATE_FAILED: ", "Stack", "again")
	k.want(`{}`, "Stack", "mend")
	k.fails("heatclient.exc.HTTPBadRequest", "OS::No::Thing", "Stack", "refused")
	k.fails("keystoneauth1.exceptions.catalog.EndpointNotFound", "no orchestration service in region Mars: stacks are made in region RegionOne", "Stack", "elsewhere")
}

// A process dies while its stack is being made. The next one runs the same program: it waits
// for the stack and makes nothing twice.
func TestPushAfterDeath(t *testing.T) {
	k := start(t)
	mend := k.sim.Inject(simcloud.Fault{Operation: "network.create", Latency: 200 * time.Millisecond})
	defer mend()
	ctx, die := context.WithCancel(t.Context())
	defer die()
	dead := make(chan error)
	go func() {
		_, err := k.run().call(ctx, "Stack", "network")
		dead <- err
	}()
	k.lab.Until(func() bool { return k.stack() != nil }, func() string { return "no stack is made" })
	die()
	if err := <-dead; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if s := k.stack(); s.Status != core.InProgress {
		t.Error("the stack is", s.State())
	}
	k.Resumed = true
	k.want(`{"name": "net"}`, "Stack", "network")
	if got := k.actions(); got != created {
		t.Error(got)
	}
}

// A stack that another request is at is not an error: the push waits.
func TestPushWaitsForAnother(t *testing.T) {
	k := start(t)
	k.want(`["a"]`, "Stack", "add", "a")
	mend := k.sim.Inject(simcloud.Fault{Operation: "network.create", Latency: 100 * time.Millisecond})
	defer mend()
	r := k.lab.Request("murano-app", "heat_template_version: 2013-05-23\nresources:\n  net: {type: OS::Neutron::Net}\n")
	if err := k.lab.Engine.Update(t.Context(), k.Caller, engine.StackRef{Name: "murano-app"}, engine.UpdateRequest{TemplateRequest: r.TemplateRequest}); err != nil {
		t.Fatal(err)
	}
	k.want(`["b", "net"]`, "Stack", "add", "b")
	if got := k.actions(); got != created+updated+updated {
		t.Error(got)
	}
}

// argument reads JSON into an argument of a method.
func argument(t *testing.T, text string) any {
	t.Helper()
	v, err := yaml.DecodeJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return muranopl.Thaw(yaql.Input(v))
}

// Without an engine there are no stacks; programs learn so when they want one.
func TestWithoutAnEngine(t *testing.T) {
	k := program(t)
	k.want(`[{}, {}]`, "Stack", "end")
	k.fails("keystoneauth1.exceptions.catalog.EndpointNotFound", "no orchestration service", "Stack", "add", "a")
}
