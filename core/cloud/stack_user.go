package cloud

import (
	"context"
	"net/http"
	"sync"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/projects"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/roles"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/users"

	"hearth/core"
)

// StackDomain is the domain of the accounts that software in servers logs in with, and its
// administrator, who is one of its users (stack_user_domain_name, stack_domain_admin of
// heat.conf). The zero value: there is none.
type StackDomain struct{ Name, AdminUser, AdminPassword string }

// StackUser is an account in a project of the stack domain.
type StackUser struct{ ID, ProjectID, DomainID string }

// domainAdmin is the session of the domain's administrator: made at first need, renewed by
// itself.
type domainAdmin struct {
	mu       sync.Mutex
	identity *gophercloud.ServiceClient
	domain   string // id
	role     string // id of heat_stack_user
}

// HasStackDomain reports whether stack users can be made.
func (c *Cloud) HasStackDomain() bool { return c.cfg.StackDomain.Name != "" }

// maxName is how long Keystone's names may be, in bytes.
const maxName = 64

// StackProjectName is the name of the project of a stack's users: as much of
// project-stack as a name may hold (create_stack_domain_project of heat_keystoneclient.py).
func StackProjectName(projectID, stackID string) string {
	name := projectID + "-" + stackID
	return name[:min(len(name), maxName)]
}

// StackUserName is the name of the account of a resource with the physical name: its end,
// which is what tells it from others.
func StackUserName(name string) string { return name[max(0, len(name)-maxName):] }

// CreateStackUser makes an account with the password and the role heat_stack_user in the
// project of that name, which is made, too, where it is not there. An account of that name
// gets the password.
func (c *Cloud) CreateStackUser(ctx context.Context, project, name, password string) (StackUser, error) {
	a, err := c.stackAdmin(ctx)
	if err != nil {
		return StackUser{}, err
	}
	for tries := 1; ; tries++ {
		u, err := a.create(ctx, project, name, password)
		// the project may have gone with the last of its users, just before this one came
		if err == nil || !NotFound(err) || tries == 3 {
			return u, Describe(err)
		}
	}
}

func (a *domainAdmin) create(ctx context.Context, project, name, password string) (u StackUser, err error) {
	u.DomainID = a.domain
	if u.ProjectID, err = a.project(ctx, project); err != nil {
		return u, err
	}
	made, err := users.Create(ctx, a.identity, users.CreateOpts{Name: name, Password: password, DomainID: a.domain, DefaultProjectID: u.ProjectID,
		Options: map[users.Option]any{users.IgnoreChangePasswordUponFirstUse: true, users.IgnorePasswordExpiry: true, users.IgnoreLockoutFailureAttempts: true}}).Extract()
	switch {
	case err == nil:
		u.ID = made.ID
	case gophercloud.ResponseCodeIs(err, http.StatusConflict):
		if u.ID, err = a.user(ctx, name); err != nil {
			return u, err
		}
		if err := users.Update(ctx, a.identity, u.ID, users.UpdateOpts{Password: password, DefaultProjectID: u.ProjectID}).Err; err != nil {
			return u, err
		}
	default:
		return u, err
	}
	err = roles.Assign(ctx, a.identity, a.role, roles.AssignOpts{UserID: u.ID, ProjectID: u.ProjectID}).ExtractErr()
	if err == nil {
		err = projects.Get(ctx, a.identity, u.ProjectID).Err
	}
	return u, err
}

// project finds or makes the project of that name.
func (a *domainAdmin) project(ctx context.Context, name string) (id string, err error) {
	if id, err = a.findProject(ctx, name); err != nil || id != "" {
		return id, err
	}
	p, err := projects.Create(ctx, a.identity, projects.CreateOpts{Name: name, DomainID: a.domain, Description: "Heat stack user project"}).Extract()
	if gophercloud.ResponseCodeIs(err, http.StatusConflict) {
		return a.findProject(ctx, name)
	}
	if err != nil {
		return "", err
	}
	return p.ID, nil
}

// findProject gives "" where there is none.
func (a *domainAdmin) findProject(ctx context.Context, name string) (string, error) {
	pages, err := projects.List(a.identity, projects.ListOpts{Name: name, DomainID: a.domain}).AllPages(ctx)
	if err != nil {
		return "", err
	}
	found, err := projects.ExtractProjects(pages)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0].ID, nil
}

// user gives "" where there is none.
func (a *domainAdmin) user(ctx context.Context, name string) (string, error) {
	pages, err := users.List(a.identity, users.ListOpts{Name: name, DomainID: a.domain}).AllPages(ctx)
	if err != nil {
		return "", err
	}
	found, err := users.ExtractUsers(pages)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0].ID, nil
}

// AllowStackUser lets an account log in, or no longer.
func (c *Cloud) AllowStackUser(ctx context.Context, id string, allowed bool) error {
	a, err := c.stackAdmin(ctx)
	if err != nil {
		return err
	}
	return Describe(users.Update(ctx, a.identity, id, users.UpdateOpts{Enabled: &allowed}).Err)
}

// DeleteStackUser removes the account of that name, and with the last one the project of
// that name. What is not there is removed.
func (c *Cloud) DeleteStackUser(ctx context.Context, project, name string) error {
	a, err := c.stackAdmin(ctx)
	if err != nil {
		return err
	}
	id, err := a.user(ctx, name)
	if err == nil && id != "" {
		err = IgnoreNotFound(users.Delete(ctx, a.identity, id).ExtractErr())
	}
	if err != nil {
		return Describe(err)
	}
	return Describe(a.dropEmpty(ctx, project))
}

// dropEmpty removes the project of that name if nobody is in it.
func (a *domainAdmin) dropEmpty(ctx context.Context, name string) error {
	id, err := a.findProject(ctx, name)
	if err != nil || id == "" {
		return err
	}
	pages, err := roles.ListAssignments(a.identity, roles.ListAssignmentsOpts{ScopeProjectID: id}).AllPages(ctx)
	if err != nil {
		return err
	}
	if empty, err := pages.IsEmpty(); err != nil || !empty {
		return err
	}
	return IgnoreNotFound(projects.Delete(ctx, a.identity, id).ExtractErr())
}

// stackAdmin logs in as the domain's administrator.
func (c *Cloud) stackAdmin(ctx context.Context) (*domainAdmin, error) {
	a := &c.stacks
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.identity != nil {
		return a, nil
	}
	d := c.cfg.StackDomain
	if d.Name == "" {
		return nil, core.Errorf(core.Invalid, "NotSupported", "There is no domain for the users of stacks.")
	}
	p := c.provider()
	login := func(ctx context.Context) (tokens.CreateResult, error) {
		r := tokens.Create(ctx, c.keystone(c.provider()), &tokens.AuthOptions{Username: d.AdminUser, DomainName: d.Name, Password: d.AdminPassword,
			Scope: tokens.Scope{DomainName: d.Name}})
		if r.Err != nil {
			return r, r.Err
		}
		return r, p.SetTokenAndAuthResult(r)
	}
	r, err := login(ctx)
	if err != nil {
		return nil, unavailable("Hearth cannot log in as the administrator of the stack domain.", err)
	}
	p.ReauthFunc = func(ctx context.Context) error {
		_, err := login(ctx)
		return err
	}
	domain, err := r.ExtractDomain()
	if err != nil {
		return nil, err
	}
	identity := c.keystone(p)
	pages, err := roles.List(identity, roles.ListOpts{Name: core.StackUserRole}).AllPages(ctx)
	if err != nil {
		return nil, Describe(err)
	}
	found, err := roles.ExtractRoles(pages)
	if err != nil {
		return nil, err
	}
	if len(found) != 1 || domain == nil {
		return nil, core.Errorf(core.Invalid, "Error", "Can't find role %s", core.StackUserRole)
	}
	a.domain, a.role, a.identity = domain.ID, found[0].ID, identity
	return a, nil
}
