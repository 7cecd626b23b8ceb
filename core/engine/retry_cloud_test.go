package engine_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/cinder"
	"hearth/core/resource/heat"
	"hearth/core/resource/neutron"
	"hearth/core/resource/nova"
	"hearth/core/resource/resourcetest"
	"hearth/core/simcloud"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

// onCloud is an engine whose user is demo of a simulated cloud, which does all at once.
func onCloud(t *testing.T, st *store.Store, options ...enginetest.Option) (*enginetest.Lab, *resourcetest.Lab) {
	t.Helper()
	c := resourcetest.New(t)
	caller := &core.Caller{Token: c.Token("demo"), UserID: c.Client.UserID(), UserName: "demo", ProjectID: c.Client.ProjectID(), Roles: []string{"member"}}
	types := enginetest.Types(t, heat.Types, nova.Types, neutron.Types, cinder.Types)
	return enginetest.New(t, st, types, caller, append(options, enginetest.WithCloud(c.Cloud))...), c
}

// tries has failed creates and deletes tried again so often, each after a moment.
func tries(limit int, pause time.Duration) enginetest.Option {
	return func(cfg *converge.Config) { cfg.RetryLimit, cfg.RetryPause = limit, pause }
}

const oneServer = `
heat_template_version: 2021-04-16
resources:
  s: {type: OS::Nova::Server, properties: {image: debian-12-genericcloud-amd64, flavor: m1.small, networks: [{network: private}]}}
  after: {type: OS::Heat::Value, properties: {value: {get_resource: s}}}
outputs:
  s: {value: {get_attr: [after, value]}}
`

// of are the events of one resource.
func of(l *enginetest.Lab, s *core.Stack, name string) []string {
	return slices.DeleteFunc(l.Events(s), func(e string) bool { return !strings.HasPrefix(e, name+" ") })
}

func equal(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A server that comes up broken is deleted and made anew, until it works.
func TestBrokenServerIsMadeAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l, c := onCloud(t, st, tries(5, time.Millisecond))
		c.Sim.Inject(simcloud.Fault{Operation: "server.create", Nth: 1, Times: 2, Become: "ERROR", Message: "No valid host was found."})
		s := l.Create(l.Request("stack", oneServer))
		l.Expect(s, "CREATE_COMPLETE")
		const broken = `s CREATE_FAILED: ResourceInError: resources.s: Went to status ERROR due to "Message: No valid host was found., Code: 500"`
		again := []string{broken, "s DELETE_IN_PROGRESS: state changed", "s DELETE_COMPLETE: state changed", "s CREATE_IN_PROGRESS: state changed"}
		equal(t, of(l, s, "s"), slices.Concat([]string{"s CREATE_IN_PROGRESS: state changed"}, again, again, []string{"s CREATE_COMPLETE: state changed"}))
		answer, _ := ask(t, c, "compute", "servers")
		servers := answer.Subs("servers")
		if len(servers) != 1 || l.Output(s, "s") != `"`+servers[0].String("id")+`"` {
			t.Error(servers, l.Output(s, "s"))
		}
		ports, _ := ask(t, c, "network", "ports?device_owner=compute:nova")
		if n := len(ports.Subs("ports")); n != 1 {
			t.Errorf("%d ports are left", n)
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
	})
}

// When every try fails, the first failure is told, and the last object is there to be
// looked at.
func TestServerThatStaysBroken(t *testing.T) {
	l, c := onCloud(t, storetest.Open(t, storetest.SQLite(t)), tries(2, time.Millisecond))
	for n, why := range []string{"first", "second", "third", "fourth"} {
		c.Sim.Inject(simcloud.Fault{Operation: "server.create", Nth: n + 1, Become: "ERROR", Message: why})
	}
	s := l.Create(l.Request("stack", oneServer))
	l.Expect(s, "CREATE_FAILED")
	if want := `Resource CREATE failed: ResourceInError: resources.s: Went to status ERROR due to "Message: first, Code: 500"`; s.StatusReason != want {
		t.Error(s.StatusReason)
	}
	if f := s.Failures(); len(f) != 1 || f[0].Cause != "ResourceInError" || !strings.Contains(f[0].Message, "first") {
		t.Errorf("%+v", f)
	}
	last := of(l, s, "s")
	if want := `s CREATE_FAILED: ResourceInError: resources.s: Went to status ERROR due to "Message: third, Code: 500"`; last[len(last)-1] != want {
		t.Error(last)
	}
	if answer, _ := ask(t, c, "compute", "servers"); len(answer.Subs("servers")) != 1 {
		t.Error(answer.Map())
	}
	l.Expect(l.Delete(s), "DELETE_COMPLETE")
}

// What a conflict keeps from being made is somebody else's, and left alone.
func TestConflictOfACreate(t *testing.T) {
	l, c := onCloud(t, storetest.Open(t, storetest.SQLite(t)), tries(1, time.Millisecond))
	compute, err := c.Client.Compute()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cloud.Call(t.Context(), compute, http.MethodPost, "os-keypairs", map[string]any{"keypair": map[string]any{"name": "k"}}); err != nil {
		t.Fatal(err)
	}
	s := l.Create(l.Request("stack", `{heat_template_version: 2021-04-16, resources: {k: {type: OS::Nova::KeyPair, properties: {name: k}}}}`))
	l.Expect(s, "CREATE_FAILED")
	if n := len(of(l, s, "k")); n != 6 { // create, its failure, delete and its end, the same again but for the delete
		t.Error(of(l, s, "k"))
	}
	if _, ok := ask(t, c, "compute", "os-keypairs/k"); !ok {
		t.Error("the key pair of another is gone")
	}
}

// A delete that meets a conflict is done again, as one action.
func TestConflictOfADelete(t *testing.T) {
	l, c := onCloud(t, storetest.Open(t, storetest.SQLite(t)), tries(3, time.Millisecond))
	s := l.Create(l.Request("stack", oneServer))
	l.Expect(s, "CREATE_COMPLETE")
	remove := c.Sim.Inject(simcloud.Fault{Operation: "server.delete", Nth: 1, Times: 2, Status: http.StatusConflict})
	s = l.Delete(s)
	l.Expect(s, "DELETE_COMPLETE")
	remove()

	s = l.Create(l.Request("stack", oneServer))
	c.Sim.Inject(simcloud.Fault{Operation: "server.delete", Times: 4, Status: http.StatusConflict})
	s = l.Delete(s)
	l.Expect(s, "DELETE_FAILED")
	if got := of(l, s, "s")[2:]; len(got) != 2 || !strings.HasPrefix(got[1], "s DELETE_FAILED: Conflict: resources.s: Injected fault. (HTTP 409)") {
		t.Error(got)
	}
	l.Expect(l.Delete(s), "DELETE_COMPLETE")
}

// Cancelling a stack ends the tries at once, however long the pause is.
func TestTriesEndWithTheStack(t *testing.T) {
	l, c := onCloud(t, storetest.Open(t, storetest.SQLite(t)), tries(5, time.Hour))
	c.Sim.Inject(simcloud.Fault{Operation: "server.create", Become: "ERROR"})
	s, err := l.Engine.Create(t.Context(), l.Caller, l.Request("stack", oneServer))
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the broken server is not deleted", func() bool { return slices.Contains(of(l, s, "s"), "s DELETE_COMPLETE: state changed") })
	if err := l.Act(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, "cancel_without_rollback"); err != nil {
		t.Fatal(err)
	}
	s = l.Wait(s.ID)
	l.Expect(s, "CREATE_FAILED")
	if got := l.Resources(s)["s"]; got != "CREATE_FAILED" {
		t.Error(got)
	}
	l.Expect(l.Delete(s), "DELETE_COMPLETE")
}
