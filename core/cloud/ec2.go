package cloud

import (
	"context"
	"net/http"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
)

// EC2Request describes a request that was signed as Amazon's are, for Keystone to check the
// signature (heat/api/aws/ec2token.py). Params are those of query and form, without
// Signature; BodyHash is the SHA-256 of the body in hexadecimal.
type EC2Request struct {
	Access    string            `json:"access"`
	Signature string            `json:"signature"`
	Host      string            `json:"host"`
	Verb      string            `json:"verb"`
	Path      string            `json:"path"`
	Params    map[string]string `json:"params"`
	Headers   map[string]string `json:"headers"`
	BodyHash  string            `json:"body_hash"`
}

// EC2Token gives a token of the user whose EC2 credential signed a request. A signature
// that is false, expired or of nobody is an Unauthorized error, a Keystone that does not
// answer an Unavailable one. Authenticate then knows the token without asking.
func (c *Cloud) EC2Token(ctx context.Context, r EC2Request) (string, error) {
	got, err := c.checkSignature(ctx, r)
	switch {
	case err != nil:
		return "", err
	case gophercloud.ResponseCodeIs(got.Err, http.StatusUnauthorized):
		return "", errToken()
	case got.Err != nil:
		return "", unavailable("The identity service does not check signatures.", Describe(got.Err))
	}
	token := got.Header.Get("X-Subject-Token")
	caller, expires, err := readCaller(got)
	if err != nil || token == "" {
		return "", unavailable("The identity service gave an answer that cannot be read.", err)
	}
	if life := min(expires.Sub(c.now()), goodVerdict); life > 0 {
		c.verdicts.Set(keyOf("verdict", token), verdict{caller: caller, life: life})
	}
	return token, nil
}

// renewal is how often a refusal makes Hearth doubt its own token. Keystone answers the same
// to a false signature and to a service whose token has expired; strangers who send false
// signatures should not make it log in each time.
const renewal = time.Minute

func (c *Cloud) checkSignature(ctx context.Context, r EC2Request) (got tokens.GetResult, err error) {
	p := c.provider()
	if c.cfg.Service.UserName == "" {
		return c.postSignature(ctx, p, r), nil
	}
	s, err := c.own(ctx)
	if err != nil {
		return got, err
	}
	p.SetToken(s.provider.Token())
	got = c.postSignature(ctx, p, r)
	last, now := c.ec2Renewed.Load(), c.now().UnixNano()
	if !gophercloud.ResponseCodeIs(got.Err, http.StatusUnauthorized) || now-last < int64(renewal) || !c.ec2Renewed.CompareAndSwap(last, now) {
		return got, nil
	}
	if err := s.provider.Reauthenticate(ctx, p.Token()); err != nil {
		return got, unavailable("Hearth cannot log in to the identity service.", err)
	}
	p.SetToken(s.provider.Token())
	return c.postSignature(ctx, p, r), nil
}

func (c *Cloud) postSignature(ctx context.Context, p *gophercloud.ProviderClient, r EC2Request) (got tokens.GetResult) {
	sc := c.keystone(p)
	resp, err := sc.Post(ctx, sc.ServiceURL("ec2tokens"), map[string]EC2Request{"ec2Credentials": r}, &got.Body, &gophercloud.RequestOpts{ //nolint:bodyclose // Post has read and closed it
		OkCodes: []int{http.StatusOK, http.StatusCreated},
	})
	_, got.Header, got.Err = gophercloud.ParseResponse(resp, err)
	return got
}
