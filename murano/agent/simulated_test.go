package agent_test

import (
	"encoding/base64"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/flavors"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"

	"hearth/core/simcloud"
	"hearth/core/store/storetest"
)

// simulated is a simulated cloud whose servers answer a kit's plans.
type simulated struct {
	*simcloud.Cloud
	t       *testing.T
	compute *gophercloud.ServiceClient
	image   *gophercloud.ServiceClient
}

func simulate(t *testing.T, agents string) *simulated {
	t.Helper()
	front := httptest.NewUnstartedServer(nil)
	sim, err := simcloud.New(t.Context(), simcloud.Options{BaseURL: "http://" + front.Listener.Addr().String(), AdminPassword: "secret", AgentURL: agents})
	if err != nil {
		t.Fatal(err)
	}
	front.Config.Handler = sim.Handler()
	front.Start()
	t.Cleanup(func() { front.Close(); _ = sim.Close() })
	p, err := openstack.AuthenticatedClient(t.Context(), gophercloud.AuthOptions{IdentityEndpoint: front.URL + "/v3", Username: "demo", Password: "secret", DomainName: "Default", TenantName: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	s := &simulated{Cloud: sim, t: t}
	if s.compute, err = openstack.NewComputeV2(p, gophercloud.EndpointOpts{}); err != nil {
		t.Fatal(err)
	}
	if s.image, err = openstack.NewImageV2(p, gophercloud.EndpointOpts{}); err != nil {
		t.Fatal(err)
	}
	return s
}

// server makes a server that boots with user data.
func (s *simulated) server(name, userData string) string {
	s.t.Helper()
	pages, err := images.List(s.image, nil).AllPages(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	list, err := images.ExtractImages(pages)
	if err != nil || len(list) == 0 {
		s.t.Fatal(list, err)
	}
	pages, err = flavors.ListDetail(s.compute, nil).AllPages(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	kinds, err := flavors.ExtractFlavors(pages)
	if err != nil || len(kinds) == 0 {
		s.t.Fatal(kinds, err)
	}
	made, err := servers.Create(s.t.Context(), s.compute, servers.CreateOpts{Name: name, ImageRef: list[0].ID, FlavorRef: kinds[len(kinds)-1].ID, UserData: []byte(userData), Networks: "none"}, nil).Extract()
	if err != nil {
		s.t.Fatal(err)
	}
	return made.ID
}

// multipartOf is user data of two parts, as OS::Heat::MultipartMime makes it.
func multipartOf(script, encoding string) string {
	if encoding == "base64" {
		script = base64.StdEncoding.EncodeToString([]byte(script))
	}
	return "Content-Type: multipart/mixed; boundary=\"==x==\"\nMIME-Version: 1.0\n\n--==x==\nContent-Type: text/plain; charset=\"us-ascii\"\nMIME-Version: 1.0\n\nhostname: x\n" +
		"--==x==\nContent-Type: text/plain; charset=\"utf-8\"\nMIME-Version: 1.0\nContent-Transfer-Encoding: " + encoding + "\n\n" + script + "\n--==x==--\n"
}

// The simulated cloud answers plans in the place of its servers.
func TestSimulatedServerAnswers(t *testing.T) {
	k := start(t, storetest.Open(t, storetest.SQLite(t)))
	sim := simulate(t, "http://"+k.address+"/agent/v1")
	sim.server("plain", k.bootstrap("plain"))
	sim.server("parts", multipartOf(k.bootstrap("parts"), "7bit"))
	sim.server("coded", multipartOf(k.bootstrap("coded"), "base64"))
	sim.server("within", multipartOf(multipartOf(k.bootstrap("within"), "base64"), "7bit"))
	for _, queue := range []string{"plain", "parts", "coded", "within"} {
		k.offer(queue, "p", onePlan("return run(args.word)", "#!/bin/sh\nexit 9\n"))
		k.wantBody(queue, "p", `{"exitCode":0,"stderr":null,"stdout":null}`)
	}

	forget := sim.Answer(simcloud.AgentRule{Server: "pl*", Plan: "One plan", Script: "run", Stdout: "canned\n"})
	sim.Answer(simcloud.AgentRule{Server: "parts", Nth: 2, ExitCode: 5, Stderr: "no space left", Log: "the log\n"})
	k.offer("plain", "canned", onePlan("return run().stdout", ""))
	k.wantBody("plain", "canned", `"canned"`)
	forget()
	k.offer("plain", "plain again", onePlan("return run().stdout", ""))
	k.wantBody("plain", "plain again", `null`)
	k.offer("parts", "fails", onePlan("run()\nrun()\nreturn 'never'", ""))
	a := k.result("parts", "fails")
	if body := a.body(); a.ErrorCode != 100 || !strings.Contains(body, `"exitCode":5,"stderr":"no space left"`) || !strings.Contains(body, `"Log":"the log\nno space left"`) {
		t.Error(body)
	}
}

// A server that is gone answers no more, nor does one whose plans are elsewhere.
func TestSimulatedServerIsGone(t *testing.T) {
	k := start(t, storetest.Open(t, storetest.SQLite(t)))
	sim := simulate(t, "http://"+k.address+"/agent/v1")
	id := sim.server("gone", k.bootstrap("gone"))
	k.offer("gone", "p", onePlan("return run().stdout", ""))
	k.wantBody("gone", "p", `null`)
	if err := k.Revoke(t.Context(), k.env, "gone"); err != nil {
		t.Fatal(err)
	}
	if err := servers.Delete(t.Context(), sim.compute, id).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	sim.server("next", k.bootstrap("gone"))
	k.offer("gone", "p", onePlan("return run().exitCode", ""))
	k.wantBody("gone", "p", `0`)

	other := simulate(t, "http://"+k.address+"/elsewhere")
	other.server("foreign", k.bootstrap("foreign"))
	foreign := connect(t, k.bootstrap("foreign"))
	k.offer("foreign", "p", onePlan("return run().exitCode", ""))
	path, _ := foreign.step()
	if status := foreign.post(path, "7", "", ""); status != 204 && status != 200 {
		t.Error("a cloud has answered a plan that is not its own:", status)
	}
}
