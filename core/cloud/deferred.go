package cloud

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/roles"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"hearth/core"
)

// defers reports whether credentials are good for more than their token.
func (c *Cloud) defers(cr *core.Credentials) bool {
	return c.cfg.Service.UserName != "" && (cr.TrustID != "" || cr.ProjectID != "")
}

func deferredKey(cr *core.Credentials) key {
	return keyOf("deferred", strings.Join([]string{cr.Token, cr.TrustID, cr.ProjectID, strings.Join(cr.Roles, ",")}, "\x00"))
}

// open makes a session that goes on when the token of the credentials is no longer good.
func (c *Cloud) open(ctx context.Context, cr core.Credentials) (*session, error) {
	next := func(ctx context.Context) (tokens.CreateResult, error) { return c.afterToken(ctx, &cr) }
	if cr.Token == "" {
		return c.renewing(ctx, next)
	}
	lent, err := c.byToken(ctx, cr.Token)
	switch {
	case core.ErrorCode(err) == core.Unauthorized:
		return c.renewing(ctx, next)
	case err != nil:
		return nil, err
	}
	s := *lent.session
	s.provider = c.provider()
	s.provider.SetToken(cr.Token)
	renew(s.provider, next)
	return &s, nil
}

// afterToken logs in by the trust of the credentials, or else stands in for their user.
func (c *Cloud) afterToken(ctx context.Context, cr *core.Credentials) (r tokens.CreateResult, err error) {
	if cr.TrustID != "" {
		r, err = c.issue(ctx, tokens.Scope{TrustID: cr.TrustID})
		if core.ErrorCode(err) != core.Unauthorized {
			return r, err
		}
	}
	if cr.ProjectID == "" {
		return r, err
	}
	return c.standIn(ctx, cr)
}

// standIn logs Hearth's own user in to the project of credentials whose user is gone, with
// the roles that were delegated; those that it lacks it gives to itself, and keeps. When it
// must not or cannot, the error is Unauthorized and says how the stack is mended.
func (c *Cloud) standIn(ctx context.Context, cr *core.Credentials) (tokens.CreateResult, error) {
	if c.cfg.NoStandIn {
		return tokens.CreateResult{}, errGone(cr, nil)
	}
	scope := tokens.Scope{ProjectID: cr.ProjectID}
	r, err := c.issue(ctx, scope)
	if err != nil && core.ErrorCode(err) != core.Unauthorized {
		return r, err
	}
	lacks := lacking(r, cr.Roles)
	if err == nil && len(lacks) == 0 {
		return r, nil
	}
	if err := c.takeRoles(ctx, cr.ProjectID, lacks); err != nil {
		if core.ErrorCode(err) == core.Unavailable {
			return r, err
		}
		return r, errGone(cr, err)
	}
	c.cfg.Log.WarnContext(ctx, "Hearth's own user stands in for a user whose trust is gone", "project", cr.ProjectID, "user", cr.UserName, "user_id", cr.UserID, "roles", lacks)
	r, err = c.issue(ctx, scope)
	if core.ErrorCode(err) == core.Unauthorized {
		err = errGone(cr, err)
	}
	return r, err
}

// lacking are the names of the wanted roles that a token has not; all when there is none.
func lacking(r tokens.CreateResult, want []string) []string {
	have, err := r.ExtractRoles()
	if err != nil {
		return want
	}
	return slices.DeleteFunc(slices.Clone(want), func(name string) bool {
		return slices.ContainsFunc(have, func(role tokens.Role) bool { return role.Name == name })
	})
}

// takeRoles gives Hearth's own user roles in a project, for which it must be an administrator.
func (c *Cloud) takeRoles(ctx context.Context, project string, names []string) error {
	own, err := c.own(ctx)
	if err != nil {
		return err
	}
	identity := c.keystone(own.provider)
	for _, name := range names {
		page, err := roles.List(identity, roles.ListOpts{Name: name}).AllPages(ctx)
		if err != nil {
			return Describe(err)
		}
		found, err := roles.ExtractRoles(page)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return core.EntityNotFound("Role", name)
		}
		err = roles.Assign(ctx, identity, found[0].ID, roles.AssignOpts{UserID: own.userID, ProjectID: project}).ExtractErr()
		if err != nil {
			return Describe(err)
		}
	}
	return nil
}

// errGone says that nothing is left of what a user lent, and why Hearth does not stand in;
// nil: because it is told not to.
func errGone(cr *core.Credentials, why error) *core.Error {
	who := cr.UserName
	if who == "" {
		who = cr.UserID
	}
	lent := fmt.Sprintf("The trust that user %s gave for this stack is no longer valid", who)
	if cr.TrustID == "" {
		lent = fmt.Sprintf("The token that user %s lent this stack has expired, and there is no trust", who)
	}
	refused := ""
	if why != nil {
		refused = fmt.Sprintf(", and Hearth may not act in its own name: %s", strings.TrimSuffix(why.Error(), "."))
	}
	return &core.Error{Code: core.Unauthorized, Type: "Unauthorized", Err: why,
		Message: lent + refused + ". Any user of the project can update the stack to lend theirs."}
}
