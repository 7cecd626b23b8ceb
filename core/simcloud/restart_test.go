package simcloud_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/ports"

	"hearth/core/simcloud"
)

func TestRestartKeepsEverything(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cloud file?.db")
	before := start(t, simcloud.Options{Path: file})
	nova := before.compute(t, "demo", "demo")
	s := must(servers.Create(t.Context(), nova, servers.CreateOpts{Name: "kept", FlavorRef: "1", ImageRef: cirros(t, before)}, nil).Extract())(t)
	gone := must(servers.Create(t.Context(), nova, servers.CreateOpts{Name: "gone", FlavorRef: "1", ImageRef: cirros(t, before)}, nil).Extract())(t)
	if err := servers.Delete(t.Context(), nova, gone.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	address := must(servers.Get(t.Context(), nova, s.ID).Extract())(t).Addresses["private"]
	before.stop()

	after := start(t, simcloud.Options{Path: file})
	status, body, _ := call(t, "GET", after.url+"/compute/v2.1/servers/detail", nova.Token(), nil)
	if status != http.StatusOK {
		t.Fatalf("the old token got %d", status)
	}
	list := body["servers"].([]any)
	if len(list) != 1 || list[0].(map[string]any)["id"] != s.ID {
		t.Fatalf("servers %v", list)
	}
	got := must(servers.Get(t.Context(), after.compute(t, "demo", "demo"), s.ID).Extract())(t)
	if len(address.([]any)) != 1 || got.Addresses["private"].([]any)[0].(map[string]any)["addr"] != address.([]any)[0].(map[string]any)["addr"] {
		t.Fatalf("addresses %v, were %v", got.Addresses, address)
	}
	// The catalog follows the new address.
	must(ports.Create(t.Context(), after.network(t, "demo", "demo"), ports.CreateOpts{NetworkID: networkID(t, after.network(t, "demo", "demo"), "private")}).Extract())(t)
}

func TestFirstStartNeedsPassword(t *testing.T) {
	if _, err := simcloud.New(t.Context(), simcloud.Options{}); err == nil {
		t.Fatal("a cloud without an admin password was made")
	}
}

func TestFaults(t *testing.T) {
	c := start(t, simcloud.Options{})
	nova, net := c.compute(t, "demo", "demo"), c.network(t, "demo", "demo")
	private := networkID(t, net, "private")
	count := func() int {
		return len(must(ports.ExtractPorts(must(ports.List(net, ports.ListOpts{Name: "p"}).AllPages(t.Context()))(t)))(t))
	}
	create := func() error {
		_, err := ports.Create(t.Context(), net, ports.CreateOpts{NetworkID: private, Name: "p"}).Extract()
		return err
	}

	remove := c.Inject(simcloud.Fault{Service: "network", Operation: "port.create", Nth: 2, Status: 503, Message: "not now"})
	if err := create(); err != nil {
		t.Fatal(err)
	}
	refused(t, create(), 503, "not now")
	if err := create(); err != nil || count() != 2 {
		t.Fatalf("%v, %d ports", err, count())
	}
	remove()

	c.Inject(simcloud.Fault{Operation: "POST /network/v2.0/ports", Times: 1, AfterEffect: true})
	if err := create(); err == nil || count() != 3 {
		t.Fatalf("the answer should be lost but not the effect: %v, %d ports", err, count())
	}
	if err := create(); err != nil {
		t.Fatal(err)
	}

	c.Inject(simcloud.Fault{Operation: "server.create", Times: 1, Become: "ERROR", Message: "No valid host was found. "})
	s := must(servers.Create(t.Context(), nova, servers.CreateOpts{Name: "bad", FlavorRef: "1", ImageRef: cirros(t, c)}, nil).Extract())(t)
	if got := must(servers.Get(t.Context(), nova, s.ID).Extract())(t); got.Status != "ERROR" || got.Fault.Message != "No valid host was found. " {
		t.Fatalf("%s %+v", got.Status, got.Fault)
	}
}

func TestFaultsOverHTTP(t *testing.T) {
	c := start(t, simcloud.Options{})
	boss, demo := c.login(t, "admin", "admin").Token(), c.login(t, "demo", "demo").Token()
	rule := map[string]any{"fault": map[string]any{"service": "compute", "operation": "server.list", "status": 500, "latency_ms": 1}}
	if status, _, _ := call(t, "POST", c.url+"/faults", demo, rule); status != http.StatusForbidden {
		t.Fatalf("demo got %d", status)
	}
	status, _, _ := call(t, "POST", c.url+"/faults", boss, rule)
	if status != http.StatusCreated {
		t.Fatalf("got %d", status)
	}
	if status, body, _ := call(t, "GET", c.url+"/compute/v2.1/servers", demo, nil); status != 500 || body["computeFault"] == nil {
		t.Fatalf("%d %v", status, body)
	}
	if _, body, _ := call(t, "GET", c.url+"/faults", boss, nil); body["faults"].([]any)[0].(map[string]any)["seen"] != 1.0 {
		t.Fatalf("%v", body)
	}
	if status, _, _ := call(t, "DELETE", c.url+"/faults", boss, nil); status != http.StatusNoContent {
		t.Fatalf("got %d", status)
	}
	if status, _, _ := call(t, "GET", c.url+"/compute/v2.1/servers", demo, nil); status != http.StatusOK {
		t.Fatalf("got %d", status)
	}
}

func TestLatencyEndsWithTheRequest(t *testing.T) {
	c := start(t, simcloud.Options{})
	token := c.login(t, "demo", "demo").Token()
	c.Inject(simcloud.Fault{Service: "image", Latency: time.Hour})
	req, err := http.NewRequestWithContext(t.Context(), "GET", c.url+"/image/v2/images", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", token)
	impatient := &http.Client{Timeout: 20 * time.Millisecond}
	if _, err := impatient.Do(req); err == nil {
		t.Fatal("the call was answered at once")
	}
}

// A hanging call answers nobody; what it has done by then is the rule's choice.
func TestHangingCall(t *testing.T) {
	for _, made := range []bool{false, true} {
		c := start(t, simcloud.Options{})
		token := c.login(t, "demo", "demo").Token()
		c.Inject(simcloud.Fault{Operation: "keypair.create", Hang: true, AfterEffect: made})
		req, err := http.NewRequestWithContext(t.Context(), "POST", c.url+"/compute/v2.1/os-keypairs", strings.NewReader(`{"keypair": {"name": "k"}}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Auth-Token", token)
		req.Header.Set("Content-Type", "application/json")
		impatient := &http.Client{Timeout: time.Second}
		if _, err := impatient.Do(req); err == nil {
			t.Fatal("the call was answered")
		}
		if _, body, _ := call(t, "GET", c.url+"/compute/v2.1/os-keypairs", token, nil); len(body["keypairs"].([]any)) > 0 != made {
			t.Fatalf("made %v: %v", made, body)
		}
	}
}
