package cloud

import (
	"context"

	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/trusts"

	"hearth/core"
)

// CreateTrust lets Hearth act for the client's user in its project with the given roles,
// after the user's token has expired. It gives the id of the trust. Without a service
// user there can be none: the id is "".
func (c *Client) CreateTrust(ctx context.Context, roles []string) (string, error) {
	if c.cloud.cfg.Service.UserName == "" {
		return "", nil
	}
	trustee, err := c.cloud.own(ctx)
	if err != nil {
		return "", err
	}
	identity, err := c.Identity()
	if err != nil {
		return "", err
	}
	opts := trusts.CreateOpts{
		Impersonation: true, AllowRedelegation: false, ProjectID: c.ProjectID(),
		TrustorUserID: c.UserID(), TrusteeUserID: trustee.userID,
	}
	for _, r := range roles {
		opts.Roles = append(opts.Roles, trusts.Role{Name: r})
	}
	t, err := trusts.Create(ctx, identity, opts).Extract()
	if err != nil {
		return "", Describe(err)
	}
	return t.ID, nil
}

// DeleteTrust takes back the trust of cr, as the user who gave it. A trust that is not
// there is success.
func (c *Cloud) DeleteTrust(ctx context.Context, cr core.Credentials) error {
	client, err := c.Client(ctx, cr)
	if err != nil {
		return err
	}
	identity, err := client.Identity()
	if err != nil {
		return err
	}
	err = trusts.Delete(ctx, identity, cr.TrustID).ExtractErr()
	c.Forget(cr)
	return IgnoreNotFound(err)
}
