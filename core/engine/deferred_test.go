package engine_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/roles"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/trusts"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/users"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource"
	"hearth/core/resource/cinder"
	"hearth/core/resource/heat"
	"hearth/core/resource/neutron"
	"hearth/core/simcloud"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

// lending is an engine on a cloud whose tokens live an hour by a clock of their own; the
// caller is ann, who may be anything but immortal.
type lending struct {
	*enginetest.Lab
	t     *testing.T
	store *store.Store
	sim   *simcloud.Cloud
	url   string
	cloud *cloud.Cloud
	boss  *gophercloud.ServiceClient // the administrator's
	log   *logged

	mu     sync.Mutex
	ahead  time.Duration
	before map[string]func() // by method and path: called once, before the cloud sees the request
}

// logged is a log to be read while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

const everybodys = "secret"

func newLending(t *testing.T, st *store.Store, change ...func(*cloud.Config)) *lending {
	t.Helper()
	l := &lending{t: t, store: st, before: map[string]func(){}, log: &logged{}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		what := r.Method + " " + r.URL.Path
		l.mu.Lock()
		first := l.before[what]
		delete(l.before, what)
		l.mu.Unlock()
		if first != nil {
			first()
		}
		l.sim.Handler().ServeHTTP(w, r)
	}))
	l.url = srv.URL
	var err error
	l.sim, err = simcloud.New(t.Context(), simcloud.Options{BaseURL: srv.URL, AdminPassword: everybodys, ServicePassword: everybodys, TokenLife: time.Hour, Now: l.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		srv.Close()
		l.sim.Close()
	})
	log := slog.New(slog.NewTextHandler(l.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	cfg := cloud.Config{AuthURL: srv.URL, Region: "RegionOne", Now: l.now, Log: log,
		Service: cloud.ServiceUser{UserName: "hearth", UserDomain: "Default", Password: everybodys, ProjectName: "service", ProjectDomain: "Default"}}
	for _, c := range change {
		c(&cfg)
	}
	l.cloud = cloud.New(cfg)
	t.Cleanup(l.cloud.Close)
	l.boss = l.identity(l.token("admin"))
	l.Lab = l.engine(l.join("ann"))
	return l
}

// engine starts another engine on the same store and cloud.
func (l *lending) engine(caller *core.Caller, options ...enginetest.Option) *enginetest.Lab {
	l.t.Helper()
	options = append(options, enginetest.WithCloud(l.cloud), func(cfg *converge.Config) { cfg.Log = slog.New(slog.NewTextHandler(l.log, nil)) })
	return enginetest.New(l.t, l.store, enginetest.Types(l.t, heat.Types, neutron.Types, cinder.Types), caller, options...)
}

func (l *lending) now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Now().Add(l.ahead)
}

// later lets every token expire.
func (l *lending) later() {
	l.mu.Lock()
	l.ahead += 48 * time.Hour
	l.mu.Unlock()
	l.boss.SetToken(l.token("admin"))
}

// once has something happen right before the cloud sees a request.
func (l *lending) once(request string, what func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.before[request] = what
}

func (l *lending) identity(token string) *gophercloud.ServiceClient {
	return &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{TokenID: token}, Endpoint: l.url + "/v3/"}
}

func (l *lending) token(user string) string {
	l.t.Helper()
	token, err := tokens.Create(l.t.Context(), l.identity(""), &tokens.AuthOptions{
		Username: user, DomainName: "Default", Password: everybodys, Scope: tokens.Scope{ProjectName: "demo", DomainName: "Default"},
	}).ExtractTokenID()
	l.must(err)
	return token
}

func (l *lending) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// join makes a user who is a member of the project demo, and logs it in.
func (l *lending) join(name string) *core.Caller {
	l.t.Helper()
	u, err := users.Create(l.t.Context(), l.boss, users.CreateOpts{Name: name, Password: everybodys, DomainID: "default"}).Extract()
	l.must(err)
	demo, err := l.cloud.Authenticate(l.t.Context(), l.token("demo"))
	l.must(err)
	page, err := roles.List(l.boss, roles.ListOpts{Name: "member"}).AllPages(l.t.Context())
	l.must(err)
	found, err := roles.ExtractRoles(page)
	l.must(err)
	l.must(roles.Assign(l.t.Context(), l.boss, found[0].ID, roles.AssignOpts{UserID: u.ID, ProjectID: demo.ProjectID}).ExtractErr())
	return l.login(name)
}

func (l *lending) login(name string) *core.Caller {
	l.t.Helper()
	caller, err := l.cloud.Authenticate(l.t.Context(), l.token(name))
	l.must(err)
	return caller
}

// trusts are the trusts that there are: each as the id of the user who gave it.
func (l *lending) trusts() (givers []string) {
	l.t.Helper()
	for _, tr := range l.allTrusts() {
		givers = append(givers, tr.TrustorUserID)
	}
	slices.Sort(givers)
	return givers
}

func (l *lending) allTrusts() []trusts.Trust {
	l.t.Helper()
	page, err := trusts.List(l.boss, nil).AllPages(l.t.Context())
	l.must(err)
	all, err := trusts.ExtractTrusts(page)
	l.must(err)
	return all
}

// trustsOf waits until there are trusts of these users and no others.
func (l *lending) trustsOf(callers ...*core.Caller) {
	l.t.Helper()
	var want []string
	for _, c := range callers {
		want = append(want, c.UserID)
	}
	slices.Sort(want)
	l.Until(func() bool { return slices.Equal(l.trusts(), want) }, func() string {
		return "trusts of " + strings.Join(l.trusts(), ", ") + ", not of " + strings.Join(want, ", ") + "\n" + l.log.String()
	})
}

// The ways in which what ann has lent comes to an end.
func (l *lending) revokeToken() {
	l.must(tokens.Revoke(l.t.Context(), l.identity(l.Caller.Token), l.Caller.Token).Err)
}

func (l *lending) deleteAnn() {
	l.must(users.Delete(l.t.Context(), l.boss, l.Caller.UserID).ExtractErr())
}

func (l *lending) disableAnn() {
	off := false
	_, err := users.Update(l.t.Context(), l.boss, l.Caller.UserID, users.UpdateOpts{Enabled: &off}).Extract()
	l.must(err)
}

func (l *lending) removeTrust() {
	l.must(trusts.Delete(l.t.Context(), l.boss, l.allTrusts()[0].ID).ExtractErr())
	l.revokeToken()
}

const twoNets = `
heat_template_version: 2021-04-16
resources:
  a: {type: OS::Neutron::Net}
  b: {type: OS::Neutron::Subnet, properties: {network: {get_resource: a}, cidr: 10.30.0.0/24}}
`

const makingB = "POST /network/v2.0/subnets"

// What the creator lent ends between two resources: the stack goes on, and somebody else can
// delete it.
func TestStackGoesOnWithoutItsCreator(t *testing.T) {
	for name, tc := range map[string]struct {
		end     func(*lending)
		standIn bool
	}{
		"token revoked":    {(*lending).revokeToken, false},
		"token expired":    {(*lending).later, false},
		"creator disabled": {(*lending).disableAnn, true},
		"creator deleted":  {(*lending).deleteAnn, true},
		"trust taken away": {(*lending).removeTrust, true},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLending(t, storetest.Open(t, storetest.SQLite(t)))
			l.join("bob")
			l.once(makingB, func() { tc.end(l) })
			s := l.Create(l.Request("s", twoNets))
			l.Expect(s, "CREATE_COMPLETE")
			if strings.Contains(l.log.String(), "stands in") != tc.standIn {
				t.Error(l.log)
			}
			l.Lab.Caller = l.login("bob")
			l.Expect(l.Delete(s), "DELETE_COMPLETE")
			l.trustsOf()
		})
	}
}

const growing = `
heat_template_version: 2021-04-16
resources:
  group:
    type: OS::Heat::AutoScalingGroup
    properties: {min_size: 1, max_size: 3, resource: {type: OS::Neutron::Net}}
  more:
    type: OS::Heat::ScalingPolicy
    properties: {auto_scaling_group_id: {get_resource: group}, adjustment_type: change_in_capacity, scaling_adjustment: 1}
outputs:
  size: {value: {get_attr: [group, current_size]}}
`

// A scaling signal comes when the tokens have long expired and the creator has left.
func TestScalingLongAfter(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l := newLending(t, st)
		s := l.Create(l.Request("s", growing))
		l.Expect(s, "CREATE_COMPLETE")
		size := func(want string) {
			t.Helper()
			l.Until(func() bool { return l.Output(l.Wait(s.ID), "size") == want }, func() string { return strings.Join(l.Events(s), "\n") + l.log.String() })
		}
		l.later()
		l.must(l.Signal(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, "more", nil))
		size("2")
		l.deleteAnn()
		l.must(l.Signal(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, "more", nil))
		size("3")
		l.Lab.Caller = l.login("demo")
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
		l.trustsOf()
	})
}

// Whoever changes a stack lends it what is theirs; the trust of who did before is revoked.
// The same user's stays.
func TestTrustFollowsWhoChangesTheStack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l := newLending(t, st)
		ann, bob := l.Caller, l.join("bob")
		s := l.Create(l.Request("s", twoNets))
		l.Expect(s, "CREATE_COMPLETE")
		l.trustsOf(ann)
		first := l.allTrusts()[0].ID

		update := engine.UpdateRequest{TemplateRequest: l.Request("s", twoNets+"  c: {type: OS::Neutron::Net}\n").TemplateRequest}
		l.Lab.Caller = l.login("ann")
		l.Expect(l.Update(s, update), "UPDATE_COMPLETE")
		if l.trustsOf(ann); l.allTrusts()[0].ID != first {
			t.Error("the same user gave another trust")
		}
		l.must(trusts.Delete(t.Context(), l.boss, first).ExtractErr())
		l.Expect(l.Update(s, update), "UPDATE_COMPLETE")
		l.trustsOf(ann)

		l.Lab.Caller = bob
		l.Expect(l.Update(s, update), "UPDATE_COMPLETE")
		l.trustsOf(bob)

		// What comes to nothing leaves nothing.
		l.Lab.Caller = ann
		l.must(l.Act(t.Context(), ann, engine.StackRef{ID: s.ID}, "suspend"))
		l.Expect(l.Wait(s.ID), "SUSPEND_COMPLETE")
		l.trustsOf(ann)
		l.must(l.Act(t.Context(), bob, engine.StackRef{ID: s.ID}, "suspend"))
		if err := l.Engine.Update(t.Context(), bob, engine.StackRef{ID: s.ID}, update); core.ErrorCode(err) != core.Invalid {
			t.Error(err)
		}
		l.trustsOf(ann)
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
		l.trustsOf()
	})
}

// Two users update at once, again and again: one trust is left, and it is good.
func TestTrustOfUpdatesAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l := newLending(t, st)
		callers := []*core.Caller{l.Caller, l.join("bob")}
		s := l.Create(l.Request("s", twoNets))
		l.Expect(s, "CREATE_COMPLETE")
		update := engine.UpdateRequest{TemplateRequest: l.Request("s", twoNets).TemplateRequest}
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				if err := l.Engine.Update(t.Context(), callers[i%2], engine.StackRef{ID: s.ID}, update); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		l.Expect(l.Wait(s.ID), "UPDATE_COMPLETE")
		l.Until(func() bool { return len(l.trusts()) == 1 }, l.log.String)
		now, err := st.FindStack(t.Context(), s.ID)
		l.must(err)
		if cr := l.Walker.Credentials(t.Context(), now); cr.TrustID != l.allTrusts()[0].ID {
			t.Error("the stack's trust is not the one that is left")
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
		l.trustsOf()
	})
}

// Of requests for one name at once one gets it: the others take their trusts back.
func TestTrustIsTakenBack(t *testing.T) {
	l := newLending(t, storetest.Open(t, storetest.SQLite(t)))
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if _, err := l.Engine.Create(t.Context(), l.Caller, l.Request("s", twoNets)); err != nil && core.ErrorCode(err) != core.Conflict {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if givers := l.trusts(); len(givers) != 1 {
		t.Error(givers)
	}
}

// The process dies when the stack is gone and its trust is not yet: the next one takes it away.
func TestTrustGoesWhenTheProcessDies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l := newLending(t, st)
		s := l.Create(l.Request("s", twoNets))
		l.Expect(s, "CREATE_COMPLETE")
		reached := make(chan struct{})
		l.once("DELETE /v3/OS-TRUST/trusts/"+l.allTrusts()[0].ID, func() { close(reached) })
		release := l.sim.Inject(simcloud.Fault{Service: "identity", Operation: "trust.delete", Hang: true})
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
		<-reached
		l.trustsOf(l.Caller)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		l.Walker.Stop(ctx)
		release()
		l.engine(l.Caller, func(cfg *converge.Config) { cfg.Now = func() time.Time { return time.Now().Add(time.Minute) } })
		l.trustsOf()
	})
}

// A trust that cannot be deleted is given up in the end, with one warning.
func TestTrustThatStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l := newLending(t, st)
		defer l.sim.Inject(simcloud.Fault{Service: "identity", Operation: "trust.delete", Status: http.StatusServiceUnavailable})()
		s := l.Create(l.Request("s", twoNets))
		sealed := s.Credentials
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
		l.must(st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.CreateRevocation(ctx, &core.Revocation{ID: uuid.NewString(), StackID: s.ID, Credentials: sealed, Attempts: 15})
		}))
		l.Until(func() bool { return strings.Contains(l.log.String(), "a trust is left in the identity service") }, l.log.String)
		l.trustsOf(l.Caller)
	})
}

// Keystone makes no trusts: nobody is refused for that, and Hearth stands in when the token
// has expired.
func TestKeystoneRefusesTrusts(t *testing.T) {
	l := newLending(t, storetest.Open(t, storetest.SQLite(t)))
	defer l.sim.Inject(simcloud.Fault{Service: "identity", Operation: "trust.create", Status: http.StatusForbidden})()
	l.once(makingB, l.later)
	s := l.Create(l.Request("s", twoNets))
	l.Expect(s, "CREATE_COMPLETE")
	l.trustsOf()
	if log := l.log.String(); strings.Count(log, "no trust could be made") != 1 || strings.Count(log, "stands in") != 1 || strings.Contains(log, l.Caller.Token) {
		t.Error(log)
	}
	l.Lab.Caller = l.login("ann")
	l.Expect(l.Delete(s), "DELETE_COMPLETE")
}

// Without standing in, a stack whose creator is gone says what is to be done, and that helps.
func TestNobodyStandsIn(t *testing.T) {
	for name, setting := range map[string]struct {
		change func(*cloud.Config)
		fault  simcloud.Fault
		reason string
	}{
		"switched off": {func(c *cloud.Config) { c.NoStandIn = true }, simcloud.Fault{},
			"The trust that user ann gave for this stack is no longer valid. Any user of the project can update the stack to lend theirs."},
		"refused": {func(*cloud.Config) {}, simcloud.Fault{Service: "identity", Operation: "role_assignment.create", Status: http.StatusForbidden, Message: "No."},
			"The trust that user ann gave for this stack is no longer valid, and Hearth may not act in its own name: No. (HTTP 403) (Request-ID: "},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLending(t, storetest.Open(t, storetest.SQLite(t)), setting.change)
			bob := l.join("bob")
			if setting.fault.Status != 0 {
				defer l.sim.Inject(setting.fault)()
			}
			ann := l.Caller
			l.once(makingB, l.deleteAnn)
			s := l.Create(l.Request("s", twoNets))
			l.Expect(s, "CREATE_FAILED")
			if !strings.Contains(s.StatusReason, setting.reason) || strings.Contains(s.StatusReason+l.log.String(), ann.Token) {
				t.Error(s.StatusReason)
			}
			l.Lab.Caller = bob
			l.Expect(l.Update(s, engine.UpdateRequest{TemplateRequest: l.Request("s", twoNets).TemplateRequest}), "UPDATE_COMPLETE")
			l.Expect(l.Delete(s), "DELETE_COMPLETE")
			l.trustsOf()
		})
	}
}

// backup is the path of the only backup.
func (l *lending) backup() string {
	l.t.Helper()
	client, err := l.cloud.Client(l.t.Context(), core.Credentials{Token: l.Caller.Token})
	l.must(err)
	volumes, err := client.Volume()
	l.must(err)
	m, err := cloud.Call(l.t.Context(), volumes, http.MethodGet, "backups", nil)
	l.must(err)
	list := resource.NewValues(m).Subs("backups")
	if len(list) != 1 {
		l.t.Fatal(len(list), "backups")
	}
	return strings.TrimPrefix(volumes.ServiceURL("backups", list[0].String("id")), l.url)
}

// Who removes a snapshot lends for that alone; it goes on when the token has expired.
func TestSnapshotRemovalHasItsOwnTrust(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l := newLending(t, st)
		ann, bob := l.Caller, l.join("bob")
		s := l.Create(l.Request("s", "heat_template_version: 2021-04-16\nresources:\n  v: {type: OS::Cinder::Volume, properties: {size: 1}}\n"))
		l.Expect(s, "CREATE_COMPLETE")
		snap := snapshot(t, l.Lab, s, "one")
		l.trustsOf(ann)
		l.once("DELETE "+l.backup(), func() {
			l.trustsOf(ann, bob)
			l.must(tokens.Revoke(t.Context(), l.identity(bob.Token), bob.Token).Err)
		})
		l.must(l.DeleteSnapshot(t.Context(), bob, engine.StackRef{ID: s.ID}, snap.ID))
		l.Until(func() bool {
			list, err := l.Snapshots(t.Context(), ann, engine.StackRef{ID: s.ID})
			return err == nil && len(list) == 0
		}, l.log.String)
		l.trustsOf(ann)
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
		l.trustsOf()
	})
}
