package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
)

// muranoClient is a client of the catalogue of packages.
type muranoClient struct {
	provider *gophercloud.ProviderClient
	packages string // address of the collection
}

// loginMurano logs in with the OS_ variables of the environment. address is that of the API;
// "" is the one in the service catalogue.
func loginMurano(ctx context.Context, address string) (*muranoClient, error) {
	options, err := authOptions()
	if err != nil {
		return nil, err
	}
	provider, err := openstack.AuthenticatedClient(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("logging in at %s: %w", options.IdentityEndpoint, err)
	}
	if address == "" {
		address, err = provider.EndpointLocator(gophercloud.EndpointOpts{Type: "application-catalog", Region: os.Getenv("OS_REGION_NAME"),
			Availability: gophercloud.AvailabilityPublic})
		if err != nil {
			return nil, fmt.Errorf("finding the Murano API: %w", err)
		}
	}
	address = strings.TrimSuffix(strings.TrimSuffix(address, "/"), "/v1")
	return &muranoClient{provider, address + "/v1/catalog/packages"}, nil
}

// authOptions are what the environment says of who logs in where.
func authOptions() (gophercloud.AuthOptions, error) {
	env := os.Getenv
	o := gophercloud.AuthOptions{IdentityEndpoint: env("OS_AUTH_URL"), ApplicationCredentialID: env("OS_APPLICATION_CREDENTIAL_ID"),
		ApplicationCredentialName: env("OS_APPLICATION_CREDENTIAL_NAME"), ApplicationCredentialSecret: env("OS_APPLICATION_CREDENTIAL_SECRET")}
	if o.IdentityEndpoint == "" {
		return o, errors.New("OS_AUTH_URL is not set: source openrc")
	}
	o.UserID = env("OS_USER_ID")
	if o.UserID == "" && o.ApplicationCredentialID == "" {
		o.Username, o.DomainID = env("OS_USERNAME"), env("OS_USER_DOMAIN_ID")
		if o.DomainID == "" {
			o.DomainName = cmp.Or(env("OS_USER_DOMAIN_NAME"), "Default")
		}
	}
	if o.ApplicationCredentialSecret != "" {
		return o, nil
	}
	o.Password = env("OS_PASSWORD")
	if o.Username == "" && o.UserID == "" || o.Password == "" {
		return o, errors.New("OS_USERNAME and OS_PASSWORD are not set: source openrc")
	}
	o.Scope = &gophercloud.AuthScope{ProjectID: env("OS_PROJECT_ID")}
	if o.Scope.ProjectID == "" {
		o.Scope.ProjectName, o.Scope.DomainID = cmp.Or(env("OS_PROJECT_NAME"), env("OS_TENANT_NAME")), env("OS_PROJECT_DOMAIN_ID")
		if o.Scope.DomainID == "" {
			o.Scope.DomainName = cmp.Or(env("OS_PROJECT_DOMAIN_NAME"), "Default")
		}
		if o.Scope.ProjectName == "" {
			return o, errors.New("OS_PROJECT_NAME is not set: source openrc")
		}
	}
	return o, nil
}

// cataloguedPackage is what the catalogue says of a package.
type cataloguedPackage struct {
	ID         string   `json:"id"`
	IsPublic   bool     `json:"is_public"`
	Enabled    bool     `json:"enabled"`
	Categories []string `json:"categories"`
}

// owned gives the project's own package of a full name; nil for none.
func (m *muranoClient) owned(ctx context.Context, name string) (*cataloguedPackage, error) {
	var found struct{ Packages []cataloguedPackage }
	query := url.Values{"owned": {"true"}, "include_disabled": {"true"}, "fqn": {name}}
	if err := m.send(ctx, http.MethodGet, m.packages+"?"+query.Encode(), "", nil, &found); err != nil || len(found.Packages) == 0 {
		return nil, err
	}
	return &found.Packages[0], nil
}

// download gives the archive of a package.
func (m *muranoClient) download(ctx context.Context, id string) ([]byte, error) {
	return m.do(ctx, http.MethodGet, m.packages+"/"+id+"/download", "", nil)
}

func (m *muranoClient) remove(ctx context.Context, id string) error {
	return m.send(ctx, http.MethodDelete, m.packages+"/"+id, "", nil, nil)
}

// upload puts a package into the catalogue and gives its id.
func (m *muranoClient) upload(ctx context.Context, archive []byte, metadata map[string]any) (id string, err error) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	about, err := json.Marshal(metadata)
	if err != nil {
		return "", err
	}
	if err := w.WriteField("__metadata__", string(about)); err != nil {
		return "", err
	}
	part, err := w.CreateFormFile("file", "package.zip")
	if err != nil {
		return "", err
	}
	if _, err := part.Write(archive); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	var made struct{ ID string }
	err = m.send(ctx, http.MethodPost, m.packages, w.FormDataContentType(), &form, &made)
	return made.ID, err
}

// markup is what stands around the words of an answer in HTML, its title among it.
var markup = regexp.MustCompile(`(?s)<head>.*</head>|<h1>.*</h1>|<[^>]*>`)

// explanation is what an answer says for people.
func explanation(answer []byte) string {
	text := string(answer)
	if strings.HasPrefix(text, "<") {
		text = html.UnescapeString(markup.ReplaceAllString(text, ""))
	}
	return strings.Join(strings.Fields(text), " ")
}

// maxAnswer is how much of an answer is read.
const maxAnswer = 16 << 20

func (m *muranoClient) send(ctx context.Context, method, address, contentType string, body io.Reader, answer any) error {
	b, err := m.do(ctx, method, address, contentType, body)
	if err != nil || answer == nil || len(b) == 0 {
		return err
	}
	return json.Unmarshal(b, answer)
}

func (m *muranoClient) do(ctx context.Context, method, address, contentType string, body io.Reader) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("X-Auth-Token", m.provider.Token())
	req.Header.Set("Accept", "*/*")
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return nil, fmt.Errorf("%s: %.400s", resp.Status, explanation(b))
	}
	return b, nil
}
