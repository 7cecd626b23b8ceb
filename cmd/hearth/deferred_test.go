package main

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
	"github.com/gophercloud/gophercloud/v2/openstack/orchestration/v1/stacks"
)

// The token with which demo has asked for a stack is revoked while its first network is being
// made: the stack is completed all the same, and an administrator can delete it.
func TestStackOutlivesItsToken(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve()
	s.must(http.MethodPost, s.faults(), map[string]any{"fault": map[string]any{
		"service": "network", "operation": "network.create", "nth": 1, "latency_ms": 500}}, nil)

	keystone := func(token string) *gophercloud.ServiceClient {
		return &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{TokenID: token}, Endpoint: s.env["OS_AUTH_URL"] + "/"}
	}
	login := func(user string) string {
		t.Helper()
		r := tokens.Create(t.Context(), keystone(""), &tokens.AuthOptions{
			Username: user, DomainName: "Default", Password: s.env["OS_PASSWORD"], Scope: tokens.Scope{ProjectName: "demo", DomainName: "Default"}})
		project, err := r.ExtractProject()
		if err != nil {
			t.Fatal(err)
		}
		s.heat = s.heat[:strings.LastIndex(s.heat, "/")+1] + project.ID
		token, err := r.ExtractTokenID()
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	token := login("demo")
	s.token = login("admin")
	heat := &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{TokenID: token}, Endpoint: s.heat + "/"}
	made, err := stacks.Create(t.Context(), heat, stacks.CreateOpts{Name: "orphan", TemplateOpts: &stacks.Template{TE: stacks.TE{Bin: []byte(`
heat_template_version: 2021-04-16
resources:
  net: {type: OS::Neutron::Net}
  sub: {type: OS::Neutron::Subnet, properties: {network: {get_resource: net}, cidr: 10.40.0.0/24}}
`)}}}).Extract()
	if err != nil {
		t.Fatal(err)
	}
	s.eventually("a network", func() error {
		var answer struct{ Faults []struct{ Seen int } }
		if _, err := s.call(http.MethodGet, s.faults(), nil, &answer); err != nil {
			return err
		}
		if len(answer.Faults) != 1 || answer.Faults[0].Seen == 0 {
			return errors.New("is not asked for yet")
		}
		return nil
	})
	if err := tokens.Revoke(t.Context(), keystone(token), token).Err; err != nil {
		t.Fatal(err)
	}
	path := "/stacks/orphan/" + made.ID
	s.awaitStack(path, "CREATE_COMPLETE")
	s.must(http.MethodDelete, s.heat+path, nil, nil)
	s.awaitStack(path, "DELETE_COMPLETE")
	s.eventually("the trust to go", func() error {
		var answer struct{ Trusts []any }
		if _, err := s.call(http.MethodGet, s.env["OS_AUTH_URL"]+"/OS-TRUST/trusts", nil, &answer); err != nil {
			return err
		}
		if len(answer.Trusts) > 0 {
			return errors.New("it is still there")
		}
		return nil
	})
	p.terminate()
}
