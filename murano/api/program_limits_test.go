package api_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/trusts"

	"hearth/core/simcloud"
	"hearth/murano/environment"
)

// A program that does not end is stopped, and what there is of its model is kept.
func TestEndlessProgram(t *testing.T) {
	for name, x := range map[string]struct {
		limits  environment.ProgramsConfig
		message string
	}{
		"time":  {environment.ProgramsConfig{Timeout: 700 * time.Millisecond}, "The program has not ended after 700ms and was stopped in endless"},
		"steps": {environment.ProgramsConfig{Steps: 20_000}, "[murano.dsl.exceptions.StepLimitExceeded]: The program takes more than 20000 steps"},
	} {
		t.Run(name, func(t *testing.T) {
			k := startSQLite(t)
			k.program("t.Counter", counter)
			env := k.environment("e")
			if status := k.deploy(env, `{"?": {"type": "t.Counter", "id": "c"}, "name": "one"}`); status != "ready" {
				t.Fatal(status, k.reports(env))
			}
			if err := k.worker.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			x.limits.Store, x.limits.Engine, x.limits.Log = k.store, k.lab.Engine, slog.New(slog.DiscardHandler)
			var err error
			if k.programs, err = environment.NewPrograms(x.limits); err != nil {
				t.Fatal(err)
			}
			k.worker = k.newWorker()
			if err := k.worker.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			result := k.act(env, "c_endless", `{}`)
			if r, _ := result["result"].(map[string]any); result["isException"] != true || r["message"] != x.message {
				t.Error(result)
			}
			if reports := k.reports(env); len(reports) != 3 || reports[1] != "error "+x.message {
				t.Error(reports)
			}
			k.want(200, "GET", env+"/services/c", call{contains: `"name":"one","limit":100,"count":1`})
			if r := k.act(env, "c_add", `{"by": 1}`); r["isException"] != false {
				t.Error("no other action can be run afterwards:", r)
			}
		})
	}
}

// A deployment goes on when the token that began it is no longer good; what was lent for it is
// given back.
func TestTokenEndsWhileDeploying(t *testing.T) {
	k, cloud := startCloud(t)
	k.program("t.Machine", machine)
	env := k.environment("e")
	s := k.open(env)
	k.want(200, "PUT", env+"/services", call{session: s, body: "[" + machineOf("one") + "]"})
	quick := cloud.Inject(simcloud.Fault{Service: "network", Latency: 60 * time.Millisecond})
	first := k.token
	k.want(200, "POST", env+"/sessions/"+s+"/deploy", call{})
	k.until("a stack is begun", func() bool { return len(k.cloudStacks()) == 1 })
	k.token = k.cloud.Token("demo")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, k.cloud.URL+"/v3/auth/tokens", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", first)
	req.Header.Set("X-Subject-Token", first)
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != http.StatusNoContent {
		t.Fatal(res, err)
	}
	res.Body.Close()
	quick()
	if status := k.settled(env); status != "ready" {
		t.Fatal(status, strings.Join(k.reports(env), "\n"))
	}
	k.expectServers("one")
	k.until("only the stack's trust is left", func() bool { return k.trusts() == 1 })
	k.want(200, "DELETE", env, call{})
	if status := k.settled(env); status != "gone" {
		t.Fatal(status, k.reports(env))
	}
	k.until("no trust is left", func() bool { return k.trusts() == 0 })

	empty := k.environment("never deployed")
	k.want(200, "DELETE", empty, call{})
	k.want(404, "GET", empty, call{})
	k.want(404, "POST", env+"/actions/x", call{body: "{}"})
	if n := k.trusts(); n != 0 {
		t.Error(n, "trusts are left of requests that began nothing")
	}
}

// trusts counts those that the user has given.
func (k *kit) trusts() int {
	k.t.Helper()
	sc := &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{TokenID: k.token}, Endpoint: k.cloud.URL + "/v3/"}
	page, err := trusts.List(sc, trusts.ListOpts{TrustorUserID: k.cloud.Client.UserID()}).AllPages(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	list, err := trusts.ExtractTrusts(page)
	if err != nil {
		k.t.Fatal(err)
	}
	return len(list)
}
