package cloud

import (
	"context"
	"net/http"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"hearth/core"
)

// A verdict is what Keystone said of a token, good or bad.
type verdict struct {
	caller *core.Caller // nil: not valid
	life   time.Duration
}

const (
	goodVerdict = 5 * time.Minute
	badVerdict  = 10 * time.Second
)

// Authenticate tells whom a token belongs to. Answers are kept for five minutes or until
// the token expires, refusals for ten seconds. A token that is not valid is an
// Unauthorized error, a Keystone that does not answer an Unavailable one. The caller's
// request ids are left empty.
func (c *Cloud) Authenticate(ctx context.Context, token string) (*core.Caller, error) {
	if token == "" {
		return nil, errToken()
	}
	v, err := c.verdicts.Get(ctx, keyOf("verdict", token), loader(func(ctx context.Context, _ key) (verdict, error) {
		return c.judge(ctx, token)
	}))
	switch {
	case err != nil:
		return nil, err
	case v.caller == nil:
		return nil, errToken()
	}
	caller := *v.caller
	caller.Token = token
	return &caller, nil
}

func errToken() error {
	return core.Errorf(core.Unauthorized, "Unauthorized", "The request you have made requires authentication.")
}

func (c *Cloud) judge(ctx context.Context, token string) (verdict, error) {
	bad := verdict{life: badVerdict}
	p := c.provider()
	p.SetToken(token)
	if c.cfg.Service.UserName != "" {
		s, err := c.own(ctx)
		if err != nil {
			return bad, err
		}
		p = s.provider
	}
	r := tokens.Get(ctx, c.keystone(p), token)
	switch {
	case gophercloud.ResponseCodeIs(r.Err, http.StatusNotFound):
		return bad, nil
	case gophercloud.ResponseCodeIs(r.Err, http.StatusUnauthorized):
		if c.cfg.Service.UserName != "" {
			return bad, unavailable("The identity service does not accept Hearth's own credentials.", r.Err)
		}
		return bad, nil
	case r.Err != nil:
		return bad, unavailable("The identity service does not answer.", Describe(r.Err))
	}
	caller, expires, err := readCaller(r)
	if err != nil {
		return bad, unavailable("The identity service gave an answer that cannot be read.", err)
	}
	life := min(expires.Sub(c.now()), goodVerdict)
	if life <= 0 {
		return bad, nil
	}
	return verdict{caller: caller, life: life}, nil
}

func readCaller(r tokens.GetResult) (*core.Caller, time.Time, error) {
	var body struct {
		User    tokens.User     `json:"user"`
		Project *tokens.Project `json:"project"`
		Roles   []tokens.Role   `json:"roles"`
		Trust   *tokens.Trust   `json:"OS-TRUST:trust"`
		Expires time.Time       `json:"expires_at"`
	}
	if err := r.ExtractInto(&body); err != nil {
		return nil, time.Time{}, err
	}
	caller := &core.Caller{UserID: body.User.ID, UserName: body.User.Name, UserDomainID: body.User.Domain.ID}
	if body.Project != nil {
		caller.ProjectID, caller.ProjectName = body.Project.ID, body.Project.Name
	}
	for _, role := range body.Roles {
		caller.Roles = append(caller.Roles, role.Name)
	}
	if body.Trust != nil {
		caller.TrustID = body.Trust.ID
	}
	return caller, body.Expires, nil
}
