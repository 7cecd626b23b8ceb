package cloud

import (
	"context"
	"sync"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
)

// A session is a token in use: the provider client that carries (and, where it can,
// renews) it, whose it is, and the catalogue that came with it.
type session struct {
	provider  *gophercloud.ProviderClient
	catalog   []tokens.CatalogEntry
	userID    string
	projectID string
	expires   time.Time
}

func (c *Cloud) provider() *gophercloud.ProviderClient {
	p := &gophercloud.ProviderClient{IdentityEndpoint: c.identity, HTTPClient: c.http}
	if c.cfg.UserAgent != "" {
		p.UserAgent.Prepend(c.cfg.UserAgent)
	}
	p.UseTokenLock()
	return p
}

func (c *Cloud) keystone(p *gophercloud.ProviderClient) *gophercloud.ServiceClient {
	return &gophercloud.ServiceClient{ProviderClient: p, Endpoint: c.identity, Type: "identity"}
}

// adopt makes a session of a token that somebody else has. It lives as long as that.
func (c *Cloud) adopt(ctx context.Context, token string) (*session, error) {
	p := c.provider()
	p.SetToken(token)
	r := tokens.Get(ctx, c.keystone(p), token)
	if r.Err != nil {
		return nil, unauthorized(r.Err)
	}
	return newSession(p, r)
}

// login makes a session with a password and renews it when the token has expired.
func (c *Cloud) login(ctx context.Context, scope tokens.Scope) (*session, error) {
	return c.renewing(ctx, func(ctx context.Context) (tokens.CreateResult, error) { return c.issue(ctx, scope) })
}

// renewing makes a session of a token that get gives, now and whenever one has expired.
func (c *Cloud) renewing(ctx context.Context, get func(context.Context) (tokens.CreateResult, error)) (*session, error) {
	r, err := get(ctx)
	if err != nil {
		return nil, err
	}
	p := c.provider()
	if err := p.SetTokenAndAuthResult(r); err != nil {
		return nil, err
	}
	renew(p, get)
	return newSession(p, r)
}

// renew has a provider client get another token when one is refused. Other calls may wait
// for the same token: it is got even when the first of them ends.
func renew(p *gophercloud.ProviderClient, get func(context.Context) (tokens.CreateResult, error)) {
	p.ReauthFunc = func(ctx context.Context) error {
		r, err := get(context.WithoutCancel(ctx))
		if err != nil {
			return err
		}
		return p.SetTokenAndAuthResult(r)
	}
}

// issue logs Hearth's user in, by a client of its own, so that a renewal waits for no renewal.
func (c *Cloud) issue(ctx context.Context, scope tokens.Scope) (tokens.CreateResult, error) {
	u := c.cfg.Service
	r := tokens.Create(ctx, c.keystone(c.provider()), &tokens.AuthOptions{
		Username: u.UserName, DomainName: u.UserDomain, Password: u.Password, Scope: scope,
	})
	return r, unauthorized(r.Err)
}

// tokenResult is what the answers to making and to validating a token share.
type tokenResult interface {
	ExtractToken() (*tokens.Token, error)
	ExtractUser() (*tokens.User, error)
	ExtractProject() (*tokens.Project, error)
	ExtractServiceCatalog() (*tokens.ServiceCatalog, error)
}

func newSession(p *gophercloud.ProviderClient, r tokenResult) (*session, error) {
	token, err := r.ExtractToken()
	if err != nil {
		return nil, err
	}
	user, err := r.ExtractUser()
	if err != nil {
		return nil, err
	}
	project, err := r.ExtractProject()
	if err != nil {
		return nil, err
	}
	catalog, err := r.ExtractServiceCatalog()
	if err != nil {
		return nil, err
	}
	s := &session{provider: p, catalog: catalog.Entries, userID: user.ID, expires: token.ExpiresAt}
	if project != nil {
		s.projectID = project.ID
	}
	return s, nil
}

// serviceSession is Hearth's own session: made at first need, renewed by itself.
type serviceSession struct {
	mu sync.Mutex
	s  *session
}

func (c *Cloud) own(ctx context.Context) (*session, error) {
	c.service.mu.Lock()
	defer c.service.mu.Unlock()
	if c.service.s != nil {
		return c.service.s, nil
	}
	u := c.cfg.Service
	s, err := c.login(ctx, tokens.Scope{ProjectName: u.ProjectName, DomainName: u.ProjectDomain})
	if err != nil {
		return nil, unavailable("Hearth cannot log in to the identity service.", err)
	}
	c.service.s = s
	return s, nil
}
