package simcloud_test

import (
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/ec2credentials"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/ec2tokens"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/users"

	"hearth/core/simcloud"
)

func TestEC2Credentials(t *testing.T) {
	c := start(t, simcloud.Options{})
	demo, boss := c.identity(t, "demo", "demo"), c.identity(t, "admin", "admin")
	owner, project := userID(t, c, "demo"), projectID(t, c, "demo")
	cred := must(ec2credentials.Create(t.Context(), demo, owner, ec2credentials.CreateOpts{TenantID: project}).Extract())(t)
	if len(cred.Access) != 32 || len(cred.Secret) != 32 || cred.UserID != owner || cred.TenantID != project {
		t.Fatalf("%+v", cred)
	}
	if got := must(ec2credentials.Get(t.Context(), demo, owner, cred.Access).Extract())(t); got.Secret != cred.Secret {
		t.Errorf("%+v", got)
	}
	list := must(ec2credentials.ExtractCredentials(must(ec2credentials.List(boss, owner).AllPages(t.Context()))(t)))(t)
	if len(list) != 1 || list[0].Access != cred.Access {
		t.Errorf("%+v", list)
	}
	_, err := ec2credentials.Get(t.Context(), demo, userID(t, c, "admin"), cred.Access).Extract()
	wantStatus(t, err, http.StatusForbidden)
	_, err = ec2credentials.Create(t.Context(), demo, owner, ec2credentials.CreateOpts{TenantID: "nonesuch"}).Extract()
	wantStatus(t, err, http.StatusNotFound)

	if err := ec2credentials.Delete(t.Context(), demo, owner, cred.Access).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	_, err = ec2credentials.Get(t.Context(), demo, owner, cred.Access).Extract()
	wantStatus(t, err, http.StatusNotFound)
}

func TestEC2Tokens(t *testing.T) {
	c := start(t, simcloud.Options{})
	boss := c.identity(t, "admin", "admin")
	owner := userID(t, c, "demo")
	cred := must(ec2credentials.Create(t.Context(), boss, owner, ec2credentials.CreateOpts{TenantID: projectID(t, c, "demo")}).Extract())(t)
	now := time.Now().UTC()
	second := func(at time.Time) ec2tokens.AuthOptions {
		return ec2tokens.AuthOptions{Access: cred.Access, Secret: cred.Secret, Host: "heat:8000", Path: "/v1/", Verb: "GET", Params: map[string]string{
			"Action": "ListStacks", "SignatureVersion": "2", "SignatureMethod": "HmacSHA256", "Timestamp": at.Format(time.RFC3339)}}
	}
	fourth := func(at time.Time) ec2tokens.AuthOptions {
		return ec2tokens.AuthOptions{Access: cred.Access, Secret: cred.Secret, Path: "/v1/", Verb: "GET", Region: "RegionOne", Service: "cloudformation", Timestamp: &at,
			Headers: map[string]string{"Host": "heat:8000", "X-Amz-Date": at.Format("20060102T150405Z"), "X-Amz-SignedHeaders": "host;x-amz-date"},
			Params:  map[string]string{"Action": "ListStacks"}}
	}
	for name, opts := range map[string]ec2tokens.AuthOptions{"version 2": second(now), "version 4": fourth(now), "ten minutes ago": second(now.Add(-10 * time.Minute))} {
		res := ec2tokens.Create(t.Context(), boss, &opts)
		if u := must(res.ExtractUser())(t); u.ID != owner {
			t.Errorf("%s: %+v", name, u)
		}
		if p := must(res.ExtractProject())(t); p.Name != "demo" {
			t.Errorf("%s: %+v", name, p)
		}
		if id := must(res.ExtractTokenID())(t); id == "" {
			t.Errorf("%s: no token", name)
		}
	}
	with := func(o ec2tokens.AuthOptions, change func(*ec2tokens.AuthOptions)) ec2tokens.AuthOptions {
		change(&o)
		return o
	}
	for name, opts := range map[string]ec2tokens.AuthOptions{
		"another secret, version 2":  with(second(now), func(o *ec2tokens.AuthOptions) { o.Secret = "x" }),
		"another secret, version 4":  with(fourth(now), func(o *ec2tokens.AuthOptions) { o.Secret = "x" }),
		"nobody's key":               with(second(now), func(o *ec2tokens.AuthOptions) { o.Access = "x" }),
		"an hour ago, version 2":     second(now.Add(-time.Hour)),
		"an hour ago, version 4":     fourth(now.Add(-time.Hour)),
		"in an hour":                 second(now.Add(time.Hour)),
		"a time that is none":        with(second(now), func(o *ec2tokens.AuthOptions) { o.Params["Timestamp"] = "soon" }),
		"a signature of another day": with(fourth(now), func(o *ec2tokens.AuthOptions) { at := now.AddDate(0, 0, -1); o.Timestamp = &at }),
		"no signature":               with(second(now), func(o *ec2tokens.AuthOptions) { o.Signature = "" }),
	} {
		if _, err := ec2tokens.Create(t.Context(), boss, &opts).Extract(); err == nil {
			t.Errorf("%s gives a token", name)
		} else {
			wantStatus(t, err, http.StatusUnauthorized)
		}
	}

	opts := second(now)
	_, err := ec2tokens.Create(t.Context(), c.identity(t, "demo", "demo"), &opts).Extract()
	wantStatus(t, err, http.StatusForbidden) // only services may ask
	if err := users.Delete(t.Context(), boss, owner).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	_, err = ec2tokens.Create(t.Context(), boss, &opts).Extract()
	wantStatus(t, err, http.StatusUnauthorized)
}

// A signature for the host without its port is good, as some clients leave it out.
func TestEC2HostWithoutPort(t *testing.T) {
	c := start(t, simcloud.Options{})
	boss := c.identity(t, "admin", "admin")
	cred := must(ec2credentials.Create(t.Context(), boss, userID(t, c, "demo"), ec2credentials.CreateOpts{TenantID: projectID(t, c, "demo")}).Extract())(t)
	opts := ec2tokens.AuthOptions{Access: cred.Access, Secret: cred.Secret, Host: "heat", Path: "/v1/", Verb: "GET", Params: map[string]string{
		"SignatureVersion": "2", "SignatureMethod": "HmacSHA256", "Timestamp": time.Now().UTC().Format(time.RFC3339)}}
	body := must(opts.ToTokenV3CreateMap(nil))(t)
	signed := body["credentials"].(map[string]any)
	signed["host"] = "heat:8000"
	signed["signature"] = base64.StdEncoding.EncodeToString(signed["signature"].([]byte))
	if status, answer, _ := call(t, http.MethodPost, c.url+"/v3/ec2tokens", boss.Token(), body); status != http.StatusOK {
		t.Error(status, answer)
	}
}
