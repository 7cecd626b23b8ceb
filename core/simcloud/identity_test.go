package simcloud_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/applicationcredentials"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/domains"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/projects"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/roles"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/services"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/trusts"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/users"

	"hearth/core/simcloud"
)

func projectID(t *testing.T, c *cloud, name string) string {
	t.Helper()
	all := must(projects.ExtractProjects(must(projects.List(c.identity(t, "admin", "admin"), projects.ListOpts{Name: name}).AllPages(t.Context()))(t)))(t)
	if len(all) != 1 {
		t.Fatalf("%d projects are named %s", len(all), name)
	}
	return all[0].ID
}

func userID(t *testing.T, c *cloud, name string) string {
	t.Helper()
	all := must(users.ExtractUsers(must(users.List(c.identity(t, "admin", "admin"), users.ListOpts{Name: name}).AllPages(t.Context()))(t)))(t)
	if len(all) != 1 {
		t.Fatalf("%d users are named %s", len(all), name)
	}
	return all[0].ID
}

func roleID(t *testing.T, c *cloud, name string) string {
	t.Helper()
	all := must(roles.ExtractRoles(must(roles.List(c.identity(t, "admin", "admin"), roles.ListOpts{Name: name}).AllPages(t.Context()))(t)))(t)
	if len(all) != 1 {
		t.Fatalf("%d roles are named %s", len(all), name)
	}
	return all[0].ID
}

// newProject makes a project in which demo is a member, and returns its name.
func newProject(t *testing.T, c *cloud, name string) string {
	t.Helper()
	boss := c.identity(t, "admin", "admin")
	p := must(projects.Create(t.Context(), boss, projects.CreateOpts{Name: name}).Extract())(t)
	if err := roles.Assign(t.Context(), boss, roleID(t, c, "member"), roles.AssignOpts{UserID: userID(t, c, "demo"), ProjectID: p.ID}).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestTokens(t *testing.T) {
	c := start(t, simcloud.Options{ServicePassword: "s3rvice", Endpoints: []simcloud.Endpoint{{Type: "orchestration", Name: "heat", URL: "http://127.0.0.1:8004/v1/%(project_id)s"}}})
	demo := c.identity(t, "demo", "demo")
	boss := c.identity(t, "admin", "admin")
	res := tokens.Get(t.Context(), boss, demo.Token())
	if u := must(res.ExtractUser())(t); u.Name != "demo" || u.Domain.Name != "Default" {
		t.Fatalf("%+v", u)
	}
	project := must(res.ExtractProject())(t)
	if project.Name != "demo" || len(project.ID) != 32 {
		t.Fatalf("%+v", project)
	}
	names := map[string]bool{}
	for _, r := range must(res.ExtractRoles())(t) {
		names[r.Name] = true
	}
	if !names["member"] || !names["heat_stack_owner"] || names["admin"] {
		t.Fatalf("roles %v", names)
	}
	heat := ""
	for _, e := range must(res.ExtractServiceCatalog())(t).Entries {
		if e.Type == "orchestration" {
			heat = e.Endpoints[0].URL
		}
	}
	if heat != "http://127.0.0.1:8004/v1/"+project.ID {
		t.Fatalf("orchestration is at %q", heat)
	}
	_, err := openstack.AuthenticatedClient(t.Context(), gophercloud.AuthOptions{IdentityEndpoint: c.url + "/v3", Username: "demo", Password: "wrong", DomainName: "Default", TenantName: "demo"})
	wantStatus(t, err, 401)
	must(openstack.AuthenticatedClient(t.Context(), gophercloud.AuthOptions{IdentityEndpoint: c.url, Username: "hearth", Password: "s3rvice", DomainName: "Default", TenantName: "service"}))(t)

	status, _, _ := call(t, "GET", c.url+"/v3/auth/tokens", demo.Token(), nil)
	if status != 404 {
		t.Fatalf("no subject token: %d", status)
	}
	status, body, head := call(t, "GET", c.url+"/compute/v2.1/servers", "nonsense", nil)
	if status != 401 || body["error"].(map[string]any)["title"] != "Unauthorized" || head.Get("WWW-Authenticate") == "" || head.Get("X-Compute-Request-Id") == "" {
		t.Fatalf("%d %v %v", status, body, head)
	}
	if err := tokens.Revoke(t.Context(), demo, demo.Token()).Err; err != nil {
		t.Fatal(err)
	}
	wantStatus(t, tokens.Get(t.Context(), boss, demo.Token()).Err, 404)
}

func TestUsersProjectsAndRoles(t *testing.T) {
	c := start(t, simcloud.Options{})
	boss, demo := c.identity(t, "admin", "admin"), c.identity(t, "demo", "demo")
	_, err := users.List(demo, nil).AllPages(t.Context())
	wantStatus(t, err, 403)
	must(users.Get(t.Context(), demo, userID(t, c, "demo")).Extract())(t)
	_, err = users.Get(t.Context(), demo, userID(t, c, "admin")).Extract()
	wantStatus(t, err, 403)

	d := must(domains.Create(t.Context(), boss, domains.CreateOpts{Name: "heat"}).Extract())(t)
	u := must(users.Create(t.Context(), boss, users.CreateOpts{Name: "worker", DomainID: d.ID, Password: "pw"}).Extract())(t)
	_, err = users.Create(t.Context(), boss, users.CreateOpts{Name: "worker", DomainID: d.ID}).Extract()
	wantStatus(t, err, 409)
	p := must(projects.Create(t.Context(), boss, projects.CreateOpts{Name: "p", DomainID: d.ID}).Extract())(t)
	auth := gophercloud.AuthOptions{IdentityEndpoint: c.url + "/v3", UserID: u.ID, Password: "pw", TenantID: p.ID}
	_, err = openstack.AuthenticatedClient(t.Context(), auth)
	wantStatus(t, err, 401) // no role yet
	grant := roles.AssignOpts{UserID: u.ID, ProjectID: p.ID}
	if err := roles.Assign(t.Context(), boss, roleID(t, c, "member"), grant).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	in := must(openstack.AuthenticatedClient(t.Context(), auth))(t)
	named := must(roles.ExtractRoleAssignments(must(roles.ListAssignments(boss, roles.ListAssignmentsOpts{UserID: u.ID, IncludeNames: new(bool)}).AllPages(t.Context()))(t)))(t)
	if len(named) != 1 || named[0].Scope.Project.ID != p.ID {
		t.Fatalf("%+v", named)
	}
	if err := roles.Unassign(t.Context(), boss, roleID(t, c, "member"), roles.UnassignOpts(grant)).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, tokens.Get(t.Context(), boss, in.Token()).Err, 404) // what it rested on is gone
	wantStatus(t, domains.Delete(t.Context(), boss, d.ID).ExtractErr(), 403)
	off := false
	must(domains.Update(t.Context(), boss, d.ID, domains.UpdateOpts{Enabled: &off}).Extract())(t)
	if err := domains.Delete(t.Context(), boss, d.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	_, err = users.Get(t.Context(), boss, u.ID).Extract()
	wantStatus(t, err, 404)
	if n := len(must(services.ExtractServices(must(services.List(boss, nil).AllPages(t.Context()))(t)))(t)); n < 5 {
		t.Fatalf("%d services", n)
	}
}

func TestTrusts(t *testing.T) {
	c := start(t, simcloud.Options{ServicePassword: "s3rvice"})
	demo, boss := c.identity(t, "demo", "demo"), c.identity(t, "admin", "admin")
	opts := trusts.CreateOpts{
		TrustorUserID: userID(t, c, "demo"), TrusteeUserID: userID(t, c, "hearth"), ProjectID: projectID(t, c, "demo"), Impersonation: true,
		Roles: []trusts.Role{{Name: "member"}},
	}
	bad := opts
	bad.Roles = []trusts.Role{{Name: "admin"}}
	_, err := trusts.Create(t.Context(), demo, bad).Extract()
	wantStatus(t, err, 403)
	tr := must(trusts.Create(t.Context(), demo, opts).Extract())(t)
	login := gophercloud.AuthOptions{
		IdentityEndpoint: c.url + "/v3", Username: "hearth", Password: "s3rvice", DomainName: "Default", Scope: &gophercloud.AuthScope{TrustID: tr.ID},
	}
	in := must(openstack.AuthenticatedClient(t.Context(), login))(t)
	got := tokens.Get(t.Context(), boss, in.Token())
	if u := must(got.ExtractUser())(t); u.Name != "demo" {
		t.Fatalf("the token is %s's", u.Name)
	}
	if r := must(got.ExtractRoles())(t); len(r) != 1 || r[0].Name != "member" {
		t.Fatalf("roles %v", r)
	}
	login.Username, login.Password = "admin", password
	_, err = openstack.AuthenticatedClient(t.Context(), login)
	wantStatus(t, err, 403) // not the trustee

	// The impersonating token gives no trusts, but takes its own back, and goes with it.
	keystone := client(t, in, openstack.NewIdentityV3)
	_, err = trusts.Create(t.Context(), keystone, opts).Extract()
	wantStatus(t, err, 403)
	if err := trusts.Delete(t.Context(), keystone, tr.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, tokens.Get(t.Context(), boss, in.Token()).Err, 404)
	login.Username, login.Password = "hearth", "s3rvice"
	_, err = openstack.AuthenticatedClient(t.Context(), login)
	wantStatus(t, err, 404)

	login.Scope.TrustID = must(trusts.Create(t.Context(), demo, opts).Extract())(t).ID
	in = must(openstack.AuthenticatedClient(t.Context(), login))(t)
	off := false
	must(users.Update(t.Context(), boss, userID(t, c, "demo"), users.UpdateOpts{Enabled: &off}).Extract())(t)
	wantStatus(t, tokens.Get(t.Context(), boss, in.Token()).Err, 404)
	_, err = openstack.AuthenticatedClient(t.Context(), login)
	wantStatus(t, err, 403) // the trustor is disabled
}

func TestTokenLife(t *testing.T) {
	var ahead atomic.Int64
	c := start(t, simcloud.Options{TokenLife: time.Second, Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	demo := c.identity(t, "demo", "demo")
	ahead.Store(int64(time.Second))
	wantStatus(t, tokens.Get(t.Context(), demo, demo.Token()).Err, 401)
}

func TestApplicationCredentials(t *testing.T) {
	c := start(t, simcloud.Options{})
	demo := c.identity(t, "demo", "demo")
	cred := must(applicationcredentials.Create(t.Context(), demo, userID(t, c, "demo"), applicationcredentials.CreateOpts{Name: "ci", Roles: []applicationcredentials.Role{{Name: "reader"}}}).Extract())(t)
	p := must(openstack.AuthenticatedClient(t.Context(), gophercloud.AuthOptions{IdentityEndpoint: c.url + "/v3", ApplicationCredentialID: cred.ID, ApplicationCredentialSecret: cred.Secret}))(t)
	r := must(tokens.Get(t.Context(), c.identity(t, "admin", "admin"), p.Token()).ExtractRoles())(t)
	if len(r) != 1 || r[0].Name != "reader" {
		t.Fatalf("roles %v", r)
	}
}
