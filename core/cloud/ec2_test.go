package cloud_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/ec2credentials"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/ec2tokens"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"hearth/core"
	"hearth/core/cloud"
)

// A signature gives a token whose caller is known without another question.
func TestEC2Token(t *testing.T) {
	s := newSite(t)
	c := s.cloud(true, nil)
	token := s.token("demo")
	user, err := tokens.Get(t.Context(), s.keystone(token), token).ExtractUser()
	if err != nil {
		t.Fatal(err)
	}
	project, err := tokens.Get(t.Context(), s.keystone(token), token).ExtractProject()
	if err != nil {
		t.Fatal(err)
	}
	cred, err := ec2credentials.Create(t.Context(), s.keystone(token), user.ID, ec2credentials.CreateOpts{TenantID: project.ID}).Extract()
	if err != nil {
		t.Fatal(err)
	}
	r := cloud.EC2Request{Access: cred.Access, Host: "heat:8000", Verb: "GET", Path: "/v1/", Params: map[string]string{
		"Action": "ListStacks", "SignatureVersion": "2", "SignatureMethod": "HmacSHA256", "Timestamp": time.Now().UTC().Format(time.RFC3339)}}
	mac := hmac.New(sha256.New, []byte(cred.Secret))
	mac.Write(ec2tokens.EC2CredentialsBuildStringToSignV2(ec2tokens.AuthOptions{Host: r.Host, Verb: r.Verb, Path: r.Path, Params: r.Params}))
	r.Signature = base64.StdEncoding.EncodeToString(mac.Sum(nil))

	got, err := c.EC2Token(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	s.forget()
	caller, err := c.Authenticate(t.Context(), got)
	if err != nil {
		t.Fatal(err)
	}
	if caller.UserName != "demo" || caller.ProjectID != project.ID || !caller.HasRole("member") || caller.Token != got {
		t.Errorf("%+v", caller)
	}
	if n := s.asked(http.MethodGet, "/v3/auth/tokens"); n != 0 {
		t.Errorf("the token was validated %d times", n)
	}

	forged := r
	forged.Signature = "x" + r.Signature[1:]
	if _, err := c.EC2Token(t.Context(), forged); core.ErrorCode(err) != core.Unauthorized {
		t.Error(err)
	}
	logins := s.asked(http.MethodPost, "/v3/auth/tokens")
	for range 3 {
		if _, err := c.EC2Token(t.Context(), forged); core.ErrorCode(err) != core.Unauthorized {
			t.Error(err)
		}
	}
	if n := s.asked(http.MethodPost, "/v3/auth/tokens"); n != logins {
		t.Errorf("false signatures made Hearth log in %d times", n-logins)
	}
	if _, err := s.cloud(false, nil).EC2Token(t.Context(), r); core.ErrorCode(err) != core.Unauthorized {
		t.Error(err) // without an account of its own Hearth may not ask
	}

	// A token of its own that has gone is renewed.
	again := s.cloud(true, nil)
	if _, err := again.Authenticate(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	own := ""
	s.mu.Lock()
	for _, seen := range s.seen {
		if seen.URL.Path == "/v3/auth/tokens" && seen.Method == http.MethodGet {
			own = seen.Header.Get("X-Auth-Token")
		}
	}
	s.mu.Unlock()
	s.revoke(own)
	if _, err := again.EC2Token(t.Context(), r); err != nil {
		t.Error(err)
	}
	s.srv.Close()
	if _, err := c.EC2Token(t.Context(), r); core.ErrorCode(err) != core.Unavailable {
		t.Error(err)
	}
}
