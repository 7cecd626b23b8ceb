package api_test

import (
	"strings"
	"testing"

	"hearth/core/engine/enginetest"
	"hearth/core/resource/heat"
	"hearth/core/resource/neutron"
	"hearth/core/resource/nova"
	"hearth/core/resource/resourcetest"
	"hearth/core/simcloud"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

// startCloud is start with a simulated cloud, as its user demo.
func startCloud(t *testing.T) (*kit, *simcloud.Cloud) {
	t.Helper()
	return startCloudOn(t, storetest.Open(t, storetest.SQLite(t)))
}

func startCloudOn(t *testing.T, st *store.Store) (*kit, *simcloud.Cloud) {
	t.Helper()
	lab := resourcetest.New(t)
	caller, err := lab.Cloud.Authenticate(t.Context(), lab.Token("demo"))
	if err != nil {
		t.Fatal(err)
	}
	types := enginetest.Types(t, heat.Types, neutron.Types, nova.Types)
	k := startWith(t, st, enginetest.New(t, st, types, caller, enginetest.WithCloud(lab.Cloud)), lab.Cloud.Authenticate)
	k.token, k.cloud = caller.Token, lab
	return k, lab.Sim
}

// The example of a web server: a network, a server on it, an address in the outside world.
func TestWebServer(t *testing.T) {
	k, _ := startCloud(t)
	k.example("hot-web")
	env := k.environment("e")
	if status := k.deploy(env, `{"?": {"type": "hearth.examples.Web", "id": "w"}, "name": "w", "templateParameters": {"title": "Hello"}}`); status != "ready" {
		t.Fatal(status, k.reports(env))
	}
	if url := k.want(200, "GET", env+"/services/w/templateOutputs/url", call{}); !strings.HasPrefix(url, `"http://172.24.4.`) {
		t.Error(url)
	}
	if n := len(k.want(200, "GET", env+"/services/w/templateOutputs/password", call{})); n != 22 {
		t.Error("the password has", n, "characters with its quotes")
	}
	k.want(200, "DELETE", env, call{})
	if status := k.settled(env); status != "gone" {
		t.Fatal(status)
	}
}

const network = `
heat_template_version: 2016-10-14
resources:
  net: {type: OS::Neutron::Net}
`

// What cannot be deleted stays known: the environment can be deleted again.
func TestDeleteFailure(t *testing.T) {
	k, cloud := startCloud(t)
	pkg := archive(t, map[string]string{"manifest.yaml": "Format: Heat.HOT/1.0\nType: Application\nFullName: t.Net\n", "template.yaml": network})
	if status, body := k.upload(k.token, pkg, ""); status != 200 {
		t.Fatal(body)
	}
	env := k.environment("e")
	service := func(id string) string { return `{"?": {"type": "t.Net", "id": "` + id + `"}, "name": "` + id + `"}` }
	if status := k.deploy(env, service("a"), service("b")); status != "ready" {
		t.Fatal(status, k.reports(env))
	}
	mend := cloud.Inject(simcloud.Fault{Operation: "network.delete", Status: 403, Message: "not yours"})
	if status := k.deploy(env, service("b")); status != "deploy failure" {
		t.Error("one application cannot be removed, and the environment is", status)
	}
	k.want(200, "GET", env, call{contains: `"services":[{"?":{"type":"t.Net/0.0.0@t.Net","id":"b"`})
	k.want(200, "DELETE", env, call{})
	if status := k.settled(env); status != "delete failure" {
		t.Error(status)
	}
	k.want(200, "GET", env, call{contains: `"services":null`})
	k.want(200, "GET", env+"/services", call{})
	reports := strings.Join(k.reports(env), "\n")
	if !strings.HasPrefix(reports, "info Action None is scheduled\nerror Unexpected stack state DELETE_FAILED: ") || !strings.HasSuffix(reports, "\ninfo Deletion finished with errors") {
		t.Error(reports)
	}
	k.want(200, "GET", env+"/deployments", call{contains: `"description":{"services":[]},"action":null`})
	mend()
	k.want(200, "DELETE", env, call{})
	if status := k.settled(env); status != "gone" {
		t.Error(status, k.reports(env))
	}
}
