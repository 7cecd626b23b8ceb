package cloud

import (
	"context"
	"crypto/sha256"
	"time"

	"hearth/core"
)

// Client acts on one project's cloud with one set of credentials. It is safe for
// concurrent use. A nil Client has no services and checks pure constraints only.
type Client struct {
	cloud   *Cloud
	session *session
	life    time.Duration // how long it may stay in the cache
	serial  uint64
	region  string // "" is that of the configuration
}

type key [sha256.Size]byte

func keyOf(kind, secret string) key { return sha256.Sum256([]byte(kind + "\x00" + secret)) }

// trustLife is how long a session that renews itself is kept.
const trustLife = time.Hour

// Client gives the client of the credentials: by their token while that is good, then by
// their trust, renewing its token as often as needed, then in Hearth's own name (see
// standIn), which needs credentials that name their project. A call under way when one
// ends is repeated with the next. Clients are cached. When nothing of the credentials is
// valid, the error is Unauthorized, with a dead Keystone Unavailable.
func (c *Cloud) Client(ctx context.Context, cr core.Credentials) (*Client, error) {
	switch {
	case c.defers(&cr):
		return c.cached(ctx, deferredKey(&cr), func(ctx context.Context) (*session, error) { return c.open(ctx, cr) })
	case cr.Token != "":
		return c.byToken(ctx, cr.Token)
	}
	return nil, core.Errorf(core.Unauthorized, "Unauthorized", "There are no credentials to act with.")
}

func (c *Cloud) byToken(ctx context.Context, token string) (*Client, error) {
	return c.cached(ctx, keyOf("token", token), func(ctx context.Context) (*session, error) { return c.adopt(ctx, token) })
}

func (c *Cloud) cached(ctx context.Context, k key, open func(context.Context) (*session, error)) (*Client, error) {
	return c.clients.Get(ctx, k, loader(func(ctx context.Context, _ key) (*Client, error) {
		s, err := open(ctx)
		if err != nil {
			return nil, err
		}
		life := trustLife
		if s.provider.ReauthFunc == nil {
			life = max(min(s.expires.Sub(c.now()), trustLife), time.Second)
		}
		return &Client{cloud: c, session: s, life: life, serial: c.serial.Add(1)}, nil
	}))
}

// Forget drops the client of the credentials, so that the next one logs in anew.
func (c *Cloud) Forget(cr core.Credentials) {
	c.clients.Invalidate(deferredKey(&cr))
	c.clients.Invalidate(keyOf("token", cr.Token))
}

// InRegion is the client for the endpoints of another region of the same cloud; ""
// leaves the configured one. Service says what the region lacks.
func (c *Client) InRegion(region string) *Client {
	if c == nil || region == "" {
		return c
	}
	other := *c
	other.region, other.serial = region, c.cloud.serial.Add(1) // names of one region are not those of another
	return &other
}

// ProjectID is the project that the client acts in.
func (c *Client) ProjectID() string { return c.session.projectID }

// UserID is the user that the client acts as.
func (c *Client) UserID() string { return c.session.userID }
