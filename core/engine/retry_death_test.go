package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/heat"
	"hearth/core/resource/nova"
	"hearth/core/resource/resourcetest"
	"hearth/core/simcloud"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

// A worker dies before or after any call of a create that has to be tried three times: the
// next one goes on, every broken server is told of once, and none is left.
func TestDeathBetweenTries(t *testing.T) {
	c := resourcetest.New(t)
	caller := &core.Caller{Token: c.Token("demo"), UserID: c.Client.UserID(), UserName: "demo", ProjectID: c.Client.ProjectID(), Roles: []string{"member"}}
	late := time.Duration(0)
	w := converge.New(converge.Config{Store: storetest.Open(t, storetest.SQLite(t)), Types: enginetest.Types(t, heat.Types, nova.Types), Cloud: c.Cloud,
		RetryLimit: 5, Now: func() time.Time { return time.Now().Add(late) }})
	l := &enginetest.Lab{Engine: engine.New(w, engine.DefaultLimits), T: t, Caller: caller, Walker: w}
	for death, turns := 0, 1; death < turns; death++ {
		for _, called := range []bool{false, true} {
			remove := c.Sim.Inject(simcloud.Fault{Operation: "server.create", Nth: 1, Times: 2, Become: "ERROR"})
			s, err := l.Engine.Create(t.Context(), caller, l.Request(fmt.Sprintf("stack-%d-%v", death, called), oneServer))
			if err != nil {
				t.Fatal(err)
			}
			hand := w.Hand()
			for turns = 0; s.Status == core.InProgress; {
				turn, err := hand.Take(t.Context(), store.Walk{StackID: s.ID, Traversal: s.Traversal})
				switch {
				case err != nil:
					t.Fatal(err)
				case turn == nil:
					late += time.Second
				case turns == death:
					if called {
						turn.Call(t.Context())
					}
					hand, late = w.Hand(), late+10*time.Second
				default:
					turn.Call(t.Context())
					if err := turn.Commit(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				if turn != nil {
					turns++
				}
				if s, err = w.Store.FindStack(t.Context(), s.ID); err != nil {
					t.Fatal(err)
				}
			}
			remove()
			l.Expect(s, "CREATE_COMPLETE")
			failed := 0
			for _, e := range of(l, s, "s") {
				if strings.HasPrefix(e, "s CREATE_FAILED") {
					failed++
				}
			}
			servers, _ := ask(t, c, "compute", "servers")
			if n := len(servers.Subs("servers")); failed != 2 || n != 1 {
				t.Errorf("death at turn %d (%v): %d failures, %d servers\n%s", death, called, failed, n, strings.Join(of(l, s, "s"), "\n"))
			}
			if _, there := ask(t, c, "compute", "servers/"+strings.Trim(l.Output(s, "s"), `"`)); !there {
				t.Error("the server is not there")
			}
			for _, v := range servers.Subs("servers") {
				r := c.Resource(nova.Types, "OS::Nova::Server", "x", "flavor", "m1.small", "image", "debian-12-genericcloud-amd64")
				r.PhysicalID = v.String("id")
				if err := r.Delete(); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
