package cloud

import (
	"context"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/trusts"

	"hearth/core"
)

// Trusts follow heat/engine/clients/os/keystone/heat_keystoneclient.py.

// bearer is Keystone's client of whoever has the token.
func (c *Cloud) bearer(token string) *gophercloud.ServiceClient {
	p := c.provider()
	p.SetToken(token)
	return c.keystone(p)
}

// Delegated are the roles that a caller delegates to Hearth: those of the configuration
// (trusts_delegated_roles), else all that it has.
func (c *Cloud) Delegated(caller *core.Caller) []string {
	if len(c.cfg.DelegatedRoles) > 0 {
		return c.cfg.DelegatedRoles
	}
	return caller.Roles
}

// CreateTrust lets Hearth act as the caller in its project, with the delegated roles, after
// the caller's token has expired. It gives the id of the trust, "" when Hearth has no user
// to be trusted. Keystone refuses what comes with the token of a trust.
func (c *Cloud) CreateTrust(ctx context.Context, caller *core.Caller) (string, error) {
	delegated := c.Delegated(caller)
	if c.cfg.Service.UserName == "" || len(delegated) == 0 {
		return "", nil
	}
	trustee, err := c.own(ctx)
	if err != nil {
		return "", err
	}
	opts := trusts.CreateOpts{Impersonation: true, ProjectID: caller.ProjectID, TrustorUserID: caller.UserID, TrusteeUserID: trustee.userID}
	for _, r := range delegated {
		opts.Roles = append(opts.Roles, trusts.Role{Name: r})
	}
	t, err := trusts.Create(ctx, c.bearer(caller.Token), opts).Extract()
	if err != nil {
		return "", Describe(err)
	}
	return t.ID, nil
}

// HasTrust reports whether a trust that the caller gave is still there, as far as Keystone says.
func (c *Cloud) HasTrust(ctx context.Context, caller *core.Caller, id string) bool {
	return !NotFound(trusts.Get(ctx, c.bearer(caller.Token), id).Err)
}

// DeleteTrust takes back the trust of cr, as the user who gave it or else as Hearth's own. A
// trust that is not there is success.
func (c *Cloud) DeleteTrust(ctx context.Context, cr core.Credentials) error {
	defer c.Forget(cr)
	if cr.Token != "" {
		if IgnoreNotFound(trusts.Delete(ctx, c.bearer(cr.Token), cr.TrustID).ExtractErr()) == nil {
			return nil
		}
	}
	// The trustee may not delete it, but by it becomes the trustor, who may.
	trustor, err := c.login(ctx, tokens.Scope{TrustID: cr.TrustID})
	if err == nil {
		return IgnoreNotFound(trusts.Delete(ctx, c.keystone(trustor.provider), cr.TrustID).ExtractErr())
	}
	if core.ErrorCode(err) != core.Unauthorized {
		return err
	}
	own, err := c.own(ctx)
	if err != nil {
		return err
	}
	return IgnoreNotFound(trusts.Delete(ctx, c.keystone(own.provider), cr.TrustID).ExtractErr())
}
