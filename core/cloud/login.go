package cloud

import (
	"context"
	"net/http"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"hearth/core"
)

// PasswordLogin is a user with a password, and the project to log in to. Domains are names.
type PasswordLogin struct {
	UserName, Password, UserDomain string
	ProjectName, ProjectDomain     string
}

// Login gives the caller that a user with a password is. A password that is wrong is an
// Unauthorized error, a Keystone that does not answer an Unavailable one.
func (c *Cloud) Login(ctx context.Context, l PasswordLogin) (*core.Caller, error) {
	r := tokens.Create(ctx, c.keystone(c.provider()), &tokens.AuthOptions{Username: l.UserName, DomainName: l.UserDomain, Password: l.Password,
		Scope: tokens.Scope{ProjectName: l.ProjectName, DomainName: l.ProjectDomain}})
	switch {
	case gophercloud.ResponseCodeIs(r.Err, http.StatusUnauthorized), gophercloud.ResponseCodeIs(r.Err, http.StatusForbidden):
		return nil, errToken()
	case r.Err != nil:
		return nil, unavailable("The identity service does not answer.", Describe(r.Err))
	}
	token, err := r.ExtractTokenID()
	if err != nil {
		return nil, unavailable("The identity service gave an answer that cannot be read.", err)
	}
	return c.Authenticate(ctx, token)
}
