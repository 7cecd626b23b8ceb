package v1_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/resource"
	"hearth/core/resource/heat"
	"hearth/core/store/storetest"
	v1 "hearth/heat/v1"
)

// formerAddress is the address of Heat v1 that a resource was given before there were those of
// the CloudFormation API, of which given is one.
func formerAddress(t *testing.T, links engine.SignalLinks, s *core.Stack, given string) string {
	t.Helper()
	u, err := url.Parse(given)
	if err != nil {
		t.Fatal(err)
	}
	id, err := uuid.Parse(u.Query().Get("AWSAccessKeyId"))
	if err != nil {
		t.Fatal(given, err)
	}
	_, name, _ := strings.Cut(u.Path, "/resources/")
	_, signature, _ := strings.Cut(links.SignalToken(&resource.Context{ID: id.String()}), ".")
	return "/v1/project/" + s.Identifier().Resource(name).Stack() + "/signal?" + engine.SignatureParam + "=" + signature
}

// A server may still report to the signed address that it was given, as curl would: without
// a token, and with a body that is called a form. The signature is good for nothing else.
func TestSignedAddress(t *testing.T) {
	lab := enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), enginetest.Types(t, heat.Types), callers["member"])
	links := engine.SignalLinks{Key: []byte("test")}
	api, err := v1.New(v1.Config{Engine: lab.Engine, Authenticate: func(ctx context.Context, token string) (*core.Caller, error) {
		if caller, ok, err := links.Authenticate(ctx, lab.Store, token); ok {
			return caller, err
		}
		return authenticate(ctx, token)
	}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(exchangetest.Documented(t, httpapi.Outer{}.Wrap(api.Handler())))
	t.Cleanup(server.Close)
	send := func(method, url, token, body string) (status int, answer string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if token != "" {
			req.Header.Set("X-Auth-Token", token)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var text strings.Builder
		if err := resp.Write(&text); err != nil {
			t.Fatal(err)
		}
		_, answer, _ = strings.Cut(text.String(), "\r\n\r\n")
		return resp.StatusCode, answer
	}

	const template = `
heat_template_version: 2021-04-16
resources:
  config: {type: OS::Heat::SoftwareConfig, properties: {config: x}}
  dep: {type: OS::Heat::SoftwareDeployment, properties: {config: {get_resource: config}, server: srv}}
outputs: {stdout: {value: {get_attr: [dep, deploy_stdout]}}}
`
	s, err := lab.Engine.Create(t.Context(), lab.Caller, lab.Request("s", template))
	if err != nil {
		t.Fatal(err)
	}
	var address string
	for deadline := time.Now().Add(time.Minute); address == ""; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing is deployed")
		}
		_, answer := send("GET", server.URL+"/v1/project/software_deployments/metadata/srv", "member", "")
		var seen struct {
			Metadata []struct {
				Inputs []struct{ Name, Value string }
			}
		}
		if err := json.Unmarshal([]byte(answer), &seen); err != nil {
			t.Fatal(answer, err)
		}
		for _, m := range seen.Metadata {
			for _, in := range m.Inputs {
				if in.Name == "deploy_signal_id" {
					address = in.Value
				}
			}
		}
	}
	address = server.URL + formerAddress(t, links, s, address)
	const body = `{"deploy_stdout": "done", "deploy_status_code": 0}`
	for _, tc := range []struct {
		method, address string
		status          int
	}{
		{"POST", strings.Replace(address, "signature=", "signature=x", 1), 401},
		{"POST", strings.Replace(address, "/dep/", "/config/", 1), 403},
		{"GET", strings.Replace(address, "/signal", "/metadata", 1), 401},
		{"GET", strings.Replace(address, "/resources/dep/signal", "", 1), 401},
		{"POST", address, 200},
	} {
		if status, answer := send(tc.method, tc.address, "", body); status != tc.status {
			t.Errorf("%s %s: %d %s", tc.method, tc.address, status, answer)
		}
	}
	done := lab.Wait(s.ID)
	lab.Expect(done, "CREATE_COMPLETE")
	if got := lab.Output(done, "stdout"); got != `"done"` {
		t.Error(got)
	}
	lab.Expect(lab.Delete(done), "DELETE_COMPLETE")
	if status, _ := send("POST", address, "", body); status != 401 {
		t.Error(status)
	}
}
