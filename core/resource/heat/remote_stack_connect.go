package heat

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/keymanager/v1/secrets"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
)

// connect gives the orchestration API that the property context names: that of the
// stack's own region, of another one, or of another cloud.
func connect(ctx context.Context, c *resource.Context) (heatAPI, error) {
	client, err := connectTo(ctx, c, c.Properties.Sub("context"))
	if err != nil {
		return heatAPI{}, core.StackValidationFailed("Cannot establish connection to Heat endpoint at %s due to \"%s\"", location(c), err)
	}
	return heatAPI{client}, nil
}

func connectTo(ctx context.Context, c *resource.Context, where resource.Values) (*gophercloud.ServiceClient, error) {
	transport, err := transportOf(where)
	if err != nil {
		return nil, err
	}
	if id := where.String("credential_secret_id"); id != "" {
		return otherCloud(ctx, c, id, where.String("region_name"), transport)
	}
	client, err := c.Cloud.InRegion(where.String("region_name")).Service("orchestration")
	if err != nil || transport == nil {
		return client, err
	}
	own := &gophercloud.ProviderClient{HTTPClient: http.Client{Transport: transport}, UserAgent: client.UserAgent}
	own.SetToken(client.Token())
	client.ProviderClient = own
	return client, nil
}

// transportOf is nil when certificates are verified as everywhere. It serves one call.
func transportOf(where resource.Values) (*http.Transport, error) {
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}
	switch pem := where.String("ca_cert"); {
	case where.Bool("insecure"):
		t.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} // asked for by the property
	case pem != "":
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM([]byte(pem)) {
			return nil, errors.New("ca_cert holds no certificate")
		}
		t.TLSClientConfig = &tls.Config{RootCAs: pool}
	default:
		return nil, nil
	}
	return t, nil
}

// credential is what a secret for another cloud holds (heat/common/auth_plugin.py).
type credential struct {
	AuthType string `json:"auth_type"`
	Auth     struct {
		AuthURL           string `json:"auth_url"`
		Username          string `json:"username"`
		UserID            string `json:"user_id"`
		Password          string `json:"password"`
		UserDomainID      string `json:"user_domain_id"`
		UserDomainName    string `json:"user_domain_name"`
		ProjectID         string `json:"project_id"`
		ProjectName       string `json:"project_name"`
		ProjectDomainID   string `json:"project_domain_id"`
		ProjectDomainName string `json:"project_domain_name"`
		Token             string `json:"token"`
		AppID             string `json:"application_credential_id"`
		AppName           string `json:"application_credential_name"`
		AppSecret         string `json:"application_credential_secret"`
	} `json:"auth"`
}

// options are the credential as gophercloud takes it, which refuses more than it needs.
func (k credential) options() gophercloud.AuthOptions {
	a := k.Auth
	o := gophercloud.AuthOptions{
		IdentityEndpoint: a.AuthURL, UserID: a.UserID, Username: a.Username, Password: a.Password, TokenID: a.Token,
		ApplicationCredentialID: a.AppID, ApplicationCredentialName: a.AppName, ApplicationCredentialSecret: a.AppSecret,
	}
	if a.UserID == "" && a.Token == "" && a.AppID == "" {
		o.DomainID = a.UserDomainID
		if o.DomainID == "" {
			o.DomainName = cmp.Or(a.UserDomainName, "Default")
		}
	}
	switch {
	case a.AppSecret != "":
	case a.ProjectID != "":
		o.Scope = &gophercloud.AuthScope{ProjectID: a.ProjectID}
	case a.ProjectName != "":
		o.Scope = &gophercloud.AuthScope{ProjectName: a.ProjectName, DomainID: a.ProjectDomainID}
		if a.ProjectDomainID == "" {
			o.Scope.DomainName = cmp.Or(a.ProjectDomainName, "Default")
		}
	}
	return o
}

func otherCloud(ctx context.Context, c *resource.Context, secretID, region string, transport *http.Transport) (*gophercloud.ServiceClient, error) {
	keys, err := c.Cloud.Service("key-manager")
	if err != nil {
		return nil, err
	}
	payload, err := secrets.GetPayload(ctx, keys, secretID, nil).Extract()
	if err != nil {
		return nil, cloud.Describe(err)
	}
	var k credential
	if json.Unmarshal(payload, &k) != nil || k.AuthType == "" || k.Auth.AuthURL == "" {
		return nil, errors.New("the secret holds no credential with auth_type and auth")
	}
	provider, err := openstack.NewClient(k.Auth.AuthURL)
	if err != nil {
		return nil, err
	}
	if transport != nil {
		provider.HTTPClient = http.Client{Transport: transport}
	}
	if err := openstack.Authenticate(ctx, provider, k.options()); err != nil {
		return nil, cloud.Describe(err)
	}
	// The endpoint as the catalogue has it: it names a project, and no versions to choose from.
	where := gophercloud.EndpointOpts{Region: region}
	where.ApplyDefaults("orchestration")
	url, err := provider.EndpointLocator(where)
	if err != nil {
		return nil, err
	}
	return &gophercloud.ServiceClient{ProviderClient: provider, Endpoint: url, Type: "orchestration"}, nil
}
