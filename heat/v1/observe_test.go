package v1_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hearth/core/cloud"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/resource"
	"hearth/core/resource/cinder"
	"hearth/core/resource/resourcetest"
	"hearth/core/store/storetest"
	v1 "hearth/heat/v1"
)

// A PUT with converge repairs what was changed behind the stack's back; a PUT without it
// changes nothing.
func TestUpdateWithConverge(t *testing.T) {
	c := resourcetest.New(t)
	token := c.Token("demo")
	caller, err := c.Cloud.Authenticate(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	lab := enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), enginetest.Types(t, cinder.Types), caller, enginetest.WithCloud(c.Cloud))
	api, err := v1.New(v1.Config{Engine: lab.Engine, Authenticate: c.Cloud.Authenticate})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(exchangetest.Documented(t, httpapi.Outer{}.Wrap(api.Handler())))
	t.Cleanup(server.Close)

	s := lab.Create(lab.Request("s", `{heat_template_version: 2021-04-16, resources: {v: {type: OS::Cinder::Volume, properties: {size: 1, name: ours}}}}`))
	lab.Expect(s, "CREATE_COMPLETE")
	volumes, err := c.Client.Volume()
	if err != nil {
		t.Fatal(err)
	}
	answer, err := cloud.Call(t.Context(), volumes, http.MethodGet, "volumes", nil)
	if err != nil {
		t.Fatal(err)
	}
	path := "volumes/" + resource.NewValues(answer).Subs("volumes")[0].String("id")
	if _, err := cloud.Call(t.Context(), volumes, http.MethodPut, path, resource.Object("volume", resource.Object("name", "theirs"))); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ converge, name string }{{"false", "theirs"}, {"true", "ours"}} {
		body := `{"converge": ` + x.converge + `, "template": {"heat_template_version": "2021-04-16", "resources": {"v": {"type": "OS::Cinder::Volume", "properties": {"size": 1, "name": "ours"}}}}}`
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, server.URL+"/v1/"+caller.ProjectID+"/stacks/s/"+s.ID, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Auth-Token", token)
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusAccepted {
			t.Fatal(resp.Status, err)
		}
		lab.Expect(lab.Wait(s.ID), "UPDATE_COMPLETE")
		answer, err := cloud.Call(t.Context(), volumes, http.MethodGet, path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if name := resource.NewValues(answer).Sub("volume").String("name"); name != x.name {
			t.Errorf("with converge %s the volume is called %s", x.converge, name)
		}
	}
}
