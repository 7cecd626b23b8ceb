package simcloud_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/ports"

	"hearth/core/simcloud"
)

func TestConcurrentPortsGetDistinctAddresses(t *testing.T) {
	c := start(t, simcloud.Options{})
	net := c.network(t, "demo", "demo")
	private := networkID(t, net, "private")
	const n = 60
	addresses := make([]string, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			p, err := ports.Create(t.Context(), net, ports.CreateOpts{NetworkID: private}).Extract()
			if err != nil {
				t.Error(err)
				return
			}
			addresses[i] = p.FixedIPs[0].IPAddress + p.MACAddress
		})
	}
	group.Wait()
	seen := map[string]bool{}
	for _, a := range addresses {
		seen[a] = true
	}
	if len(seen) != n {
		t.Fatalf("%d ports have %d addresses", n, len(seen))
	}
}

// TestKillLosesNothing copies the files as they are right after an answer,
// which is what a killed process leaves behind.
func TestKillLosesNothing(t *testing.T) {
	dir := t.TempDir()
	alive := start(t, simcloud.Options{Path: filepath.Join(dir, "a")})
	net := alive.network(t, "demo", "demo")
	p := must(ports.Create(t.Context(), net, ports.CreateOpts{NetworkID: networkID(t, net, "private")}).Extract())(t)
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(filepath.Join(dir, "a"+suffix))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "b"+suffix), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	reborn := start(t, simcloud.Options{Path: filepath.Join(dir, "b")})
	if status, body, _ := call(t, "GET", reborn.url+"/network/v2.0/ports/"+p.ID, net.Token(), nil); status != http.StatusOK {
		t.Fatalf("%d %v", status, body)
	}
}

// benchmark sends one request over and over without a network in between.
func benchmark(b *testing.B, method, path string, body func() string) {
	c, err := simcloud.New(b.Context(), simcloud.Options{Path: filepath.Join(b.TempDir(), "db"), BaseURL: "http://cloud", AdminPassword: password})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	ask := func(method, path, token, body string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(method, path, strings.NewReader(body))
		req.Header.Set("X-Auth-Token", token)
		req.Header.Set("X-Subject-Token", token)
		w := httptest.NewRecorder()
		c.Handler().ServeHTTP(w, req)
		return w
	}
	login := `{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "admin", "domain": {"id": "default"}, "password": %q}}},
		"scope": {"project": {"name": "demo", "domain": {"id": "default"}}}}}`
	token := ask("POST", "/v3/auth/tokens", "", fmt.Sprintf(login, password)).Header().Get("X-Subject-Token")
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if w := ask(method, path, token, body()); w.Code >= 300 {
				b.Fatal(w.Code, w.Body.String())
			}
		}
	})
}

func BenchmarkCreateKeypair(b *testing.B) {
	var n atomic.Int64
	benchmark(b, "POST", "/compute/v2.1/os-keypairs", func() string {
		return fmt.Sprintf(`{"keypair": {"name": "k%d"}}`, n.Add(1))
	})
}

func BenchmarkCreateServer(b *testing.B) {
	benchmark(b, "POST", "/compute/v2.1/servers", func() string {
		return `{"server": {"name": "s", "flavorRef": "1", "imageRef": "",
			"block_device_mapping_v2": [{"source_type": "blank", "destination_type": "volume", "volume_size": 1, "boot_index": 0}]}}`
	})
}

func BenchmarkValidateToken(b *testing.B) {
	benchmark(b, "GET", "/v3/auth/tokens", func() string { return "" })
}
