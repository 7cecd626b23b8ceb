package cfn_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/ec2credentials"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/ec2tokens"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/resource/aws"
	"hearth/core/resource/heat"
	"hearth/core/simcloud"
	"hearth/core/store/storetest"
	"hearth/heat/cfn"
)

// signer is an EC2 credential of the user demo, and the API that it signs requests for.
type signer struct {
	t        *testing.T
	api      *httptest.Server
	keystone *gophercloud.ServiceClient
	cred     *ec2credentials.Credential
}

func newSigner(t *testing.T) *signer {
	t.Helper()
	var handler http.Handler
	identity := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	sim, err := simcloud.New(t.Context(), simcloud.Options{BaseURL: identity.URL, AdminPassword: "secret", ServicePassword: "own"})
	if err != nil {
		t.Fatal(err)
	}
	handler = sim.Handler()
	c := cloud.New(cloud.Config{AuthURL: identity.URL, Service: cloud.ServiceUser{
		UserName: "hearth", UserDomain: "Default", Password: "own", ProjectName: "service", ProjectDomain: "Default"}})
	t.Cleanup(func() {
		c.Close()
		identity.Close()
		_ = sim.Close()
	})
	server := httptest.NewUnstartedServer(nil)
	links := engine.SignalLinks{CFN: "http://" + server.Listener.Addr().String() + "/cfn/v1", Key: []byte("test")}
	st := storetest.Open(t, storetest.SQLite(t))
	lab := enginetest.New(t, st, enginetest.Types(t, heat.Types, aws.Types), nil, enginetest.WithCloud(c), func(cfg *converge.Config) { cfg.Links = links })
	authenticate := func(ctx context.Context, token string) (*core.Caller, error) {
		if caller, ok, err := links.Authenticate(ctx, st, token); ok {
			return caller, err
		}
		return c.Authenticate(ctx, token)
	}
	secret := func(ctx context.Context, access string) (string, string, bool, error) {
		return links.Secret(ctx, st, access)
	}
	api, err := cfn.New(cfn.Config{Engine: lab.Engine, Authenticate: authenticate, Secret: secret, EC2Token: c.EC2Token, IdentityURL: identity.URL})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = exchangetest.DocumentedAt(t, "/cfn", httpapi.Outer{}.Wrap(http.StripPrefix("/cfn", api.Handler())))
	server.Start()
	s := &signer{t: t, api: server}
	t.Cleanup(s.api.Close)

	s.keystone = &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{}, Endpoint: identity.URL + "/v3/"}
	login := tokens.Create(t.Context(), s.keystone, &tokens.AuthOptions{Username: "demo", DomainName: "Default", Password: "secret",
		Scope: tokens.Scope{ProjectName: "demo", DomainName: "Default"}})
	user, err := login.ExtractUser()
	if err != nil {
		t.Fatal(err)
	}
	project, err := login.ExtractProject()
	if err != nil {
		t.Fatal(err)
	}
	if s.keystone.TokenID, err = login.ExtractTokenID(); err != nil {
		t.Fatal(err)
	}
	if s.cred, err = ec2credentials.Create(t.Context(), s.keystone, user.ID, ec2credentials.CreateOpts{TenantID: project.ID}).Extract(); err != nil {
		t.Fatal(err)
	}
	return s
}

// request is a call of ListStacks on its way; what makes it false is changed in it.
type request struct {
	method, secret string
	at             time.Time
	params         url.Values // as they are signed
	extra          url.Values // that are not
	header         http.Header
	query          string // of a POST, unsigned
}

func (s *signer) request(method string) *request {
	return &request{method: method, secret: s.cred.Secret, at: time.Now().UTC(), header: http.Header{}, extra: url.Values{},
		params: url.Values{"Action": {"ListStacks"}, "NextToken": {"a b/ü~*+"}, "AWSAccessKeyId": {s.cred.Access}}}
}

// quoted is the query of AWS: every character but the unreserved ones as percent codes.
func quoted(v url.Values) string { return strings.ReplaceAll(v.Encode(), "+", "%20") }

func (s *signer) host() string { return strings.TrimPrefix(s.api.URL, "http://") }

// version2 signs in the parameters.
func (s *signer) version2(r *request) (status int, body string) {
	s.sign(r)
	return s.send(r)
}

func (s *signer) sign(r *request) {
	r.params.Set("SignatureVersion", "2")
	r.params.Set("SignatureMethod", "HmacSHA256")
	r.params.Set("Timestamp", r.at.Format(time.RFC3339))
	mac := hmac.New(sha256.New, []byte(r.secret))
	mac.Write([]byte(r.method + "\n" + s.host() + "\n/cfn/v1/\n" + quoted(r.params)))
	r.extra.Set("Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// version4 signs in a header, or with presigned in the parameters.
func (s *signer) version4(r *request, presigned bool) (status int, body string) {
	const signed = "host;x-amz-date"
	r.params.Del("AWSAccessKeyId")
	content := ""
	if r.method == http.MethodPost {
		content = r.params.Encode()
	}
	sum := sha256.Sum256([]byte(content))
	opts := ec2tokens.AuthOptions{Access: s.cred.Access, Region: "RegionOne", Service: "cloudformation"}
	stamp, scope := r.at.Format(ec2tokens.EC2CredentialsTimestampFormatV4), r.at.Format(ec2tokens.EC2CredentialsDateFormatV4)+"/RegionOne/cloudformation/aws4_request"
	if presigned {
		r.params.Set("X-Amz-Algorithm", "AWS4-HMAC-SHA256")
		r.params.Set("X-Amz-Credential", s.cred.Access+"/"+scope)
		r.params.Set("X-Amz-SignedHeaders", signed)
	}
	query := ""
	if r.method != http.MethodPost {
		query = quoted(r.params)
	}
	canonical := sha256.Sum256([]byte(strings.Join([]string{r.method, "/cfn/v1/", query, "host:" + s.host(), "x-amz-date:" + stamp, "", signed, hex.EncodeToString(sum[:])}, "\n")))
	text := strings.Join([]string{"AWS4-HMAC-SHA256", stamp, scope, hex.EncodeToString(canonical[:])}, "\n")
	signature := ec2tokens.EC2CredentialsBuildSignatureV4(ec2tokens.EC2CredentialsBuildSignatureKeyV4(r.secret, "RegionOne", "cloudformation", r.at), []byte(text))
	r.header.Set("X-Amz-Date", stamp)
	if presigned {
		r.extra.Set("X-Amz-Signature", signature)
	} else {
		r.header.Set("Authorization", ec2tokens.EC2CredentialsBuildAuthorizationHeaderV4(opts, signed, signature, r.at))
	}
	return s.send(r)
}

// all are the parameters as they are sent.
func (r *request) all() url.Values {
	all := maps.Clone(r.params)
	maps.Copy(all, r.extra)
	return all
}

func (s *signer) send(r *request) (int, string) {
	s.t.Helper()
	all := r.all()
	address, body := s.api.URL+"/cfn/v1/", ""
	if r.method == http.MethodPost {
		r.header.Set("Content-Type", "application/x-www-form-urlencoded")
		body = all.Encode()
		address += r.query
	} else {
		address += "?" + quoted(all)
	}
	status, _, content := exchangetest.Send(s.t, r.method, address, r.header, body)
	return status, string(content)
}

func TestSignatures(t *testing.T) {
	s := newSigner(t)
	for name, do := range map[string]func() (int, string){
		"version 2":            func() (int, string) { return s.version2(s.request("GET")) },
		"version 2, a form":    func() (int, string) { return s.version2(s.request("POST")) },
		"version 4":            func() (int, string) { return s.version4(s.request("GET"), false) },
		"version 4, a form":    func() (int, string) { return s.version4(s.request("POST"), false) },
		"version 4, presigned": func() (int, string) { return s.version4(s.request("GET"), true) },
	} {
		if status, body := do(); status != http.StatusOK || !strings.HasPrefix(body, "<ListStacksResponse>") {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	// What stands in the query of a POST is not signed in version 4, and not heard.
	smuggled := s.request("POST")
	smuggled.query = "?Action=DeleteStack&StackName=x"
	if status, body := s.version4(smuggled, false); status != http.StatusOK || !strings.HasPrefix(body, "<ListStacksResponse>") {
		t.Error(status, body)
	}
	const denied = "AccessDenied"
	for name, tc := range map[string]struct {
		change func(*request)
		code   string
	}{
		"another secret": {func(r *request) { r.secret = "x" }, denied},
		"an hour ago":    {func(r *request) { r.at = r.at.Add(-time.Hour) }, denied},
		"in an hour":     {func(r *request) { r.at = r.at.Add(time.Hour) }, denied},
		"another action": {func(r *request) { r.extra.Set("Action", "DeleteStack") }, denied},
		"one more":       {func(r *request) { r.extra.Set("StackName", "x") }, denied},
	} {
		for _, method := range []string{"GET", "POST"} {
			r2, r4 := s.request(method), s.request(method)
			tc.change(r2)
			tc.change(r4)
			if status, body := s.version2(r2); status != http.StatusForbidden || !strings.Contains(body, "<Code>"+tc.code+"<") {
				t.Errorf("version 2, %s, %s: %d %s", method, name, status, body)
			}
			if status, body := s.version4(r4, false); status != http.StatusForbidden || !strings.Contains(body, "<Code>"+tc.code+"<") {
				t.Errorf("version 4, %s, %s: %d %s", method, name, status, body)
			}
		}
	}
	unknown := s.request("GET")
	unknown.params.Set("AWSAccessKeyId", "nobody")
	if status, body := s.version2(unknown); status != http.StatusForbidden {
		t.Error(status, body)
	}
	// A token counts only where X-Auth-User announces it; a signature goes before it.
	token := http.Header{"X-Auth-Token": {s.keystone.TokenID}}
	if status, _, body := exchangetest.Send(t, "GET", s.api.URL+"/cfn/v1/?Action=ListStacks", token, ""); status != http.StatusBadRequest {
		t.Error(status, string(body))
	}
	token.Set("X-Auth-User", "demo")
	if status, _, body := exchangetest.Send(t, "GET", s.api.URL+"/cfn/v1/?Action=ListStacks", token, ""); status != http.StatusOK {
		t.Error(status, string(body))
	}
	both := s.request("GET")
	both.header, both.secret = token, "x"
	if status, body := s.version2(both); status != http.StatusForbidden {
		t.Error(status, body)
	}
	if err := ec2credentials.Delete(t.Context(), s.keystone, s.cred.UserID, s.cred.Access).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	if status, body := s.version2(s.request("GET")); status != http.StatusForbidden {
		t.Error("a credential that is gone:", status, body)
	}
}
