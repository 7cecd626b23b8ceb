package api_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/core/engine"
	"hearth/core/simcloud"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

// machine is an application of one server.
const machine = `
Namespaces:
  =: t
  std: io.murano
  res: io.murano.resources
Name: Machine
Extends: std:Application
Properties:
  name: {Contract: $.string().notNull()}
  instance: {Contract: $.class(res:Instance).notNull()}
  address: {Contract: $.string(), Usage: Out}
Methods:
  .init:
    Body:
      - $._environment: $.find(std:Environment).require()
  deploy:
    Body:
      - If: not $.getAttr(deployed, false)
        Then:
          - $._environment.reporter.report($this, 'Creating the server')
          - $.instance.deploy()
          - $.address: $.instance.ipAddresses.first()
          - $._environment.reporter.report($this, 'The server is there')
          - $.setAttr(deployed, true)
`

func machineOf(id string) string {
	return `{"?": {"type": "t.Machine", "id": "` + id + `"}, "name": "` + id + `", "instance": {"?": {"type": "io.murano.resources.LinuxInstance", "id": "vm-` + id + `"},
		"name": "` + id + `", "flavor": "m1.small", "image": "cirros-0.6.2-x86_64-disk"}}`
}

// cloudStacks gives the caller's stacks with the names of their resources.
func (k *kit) cloudStacks() map[string][]string {
	k.t.Helper()
	caller, err := k.lab.Engine.Cloud.Authenticate(k.t.Context(), k.token)
	if err != nil {
		k.t.Fatal(err)
	}
	list, _, err := k.lab.List(k.t.Context(), caller, engine.ListOptions{})
	if err != nil {
		k.t.Fatal(err)
	}
	out := map[string][]string{}
	for _, s := range list {
		resources, err := k.lab.Engine.Store.Resources(k.t.Context(), s.ID)
		if err != nil {
			k.t.Fatal(err)
		}
		names := []string{}
		for _, r := range resources {
			names = append(names, r.Name)
		}
		slices.Sort(names)
		out[s.Name+" "+s.State()] = names
	}
	return out
}

// expectServers wants one stack with these servers, their ports and one network.
func (k *kit) expectServers(names ...string) {
	k.t.Helper()
	stacks := k.cloudStacks()
	for name, resources := range stacks {
		var servers []string
		n := map[string]int{}
		for _, r := range resources {
			kind, _, ok := strings.Cut(r, "-")
			n[kind]++
			if !ok && len(r) < 32 {
				servers = append(servers, r)
			}
		}
		if !slices.Equal(servers, names) || n["port"] != len(names) || n["network"] != 1 || n["subnet"] != 1 || n["ri"] != 1 || len(resources) != 4+2*len(names) {
			k.t.Error(name, resources)
		}
	}
	if len(stacks) != 1 {
		k.t.Fatal("stacks:", stacks)
	}
}

// Two servers in the one stack of an environment; then one of them, then none.
func TestProgramOfServers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		k, _ := startCloudOn(t, st)
		k.program("t.Machine", machine)
		env := k.environment("e")
		if status := k.deploy(env, machineOf("one"), machineOf("two")); status != "ready" {
			t.Fatal(status, strings.Join(k.reports(env), "\n"))
		}
		k.expectServers("one", "two")
		if address := k.want(200, "GET", env+"/services/one/address", call{}); !strings.HasPrefix(address, `"10.0.`) {
			t.Error(address)
		}
		if status := k.deploy(env, machineOf("one"), machineOf("two")); status != "ready" {
			t.Fatal(status, k.reports(env))
		}
		if reports := k.reports(env); len(reports) != 2 {
			t.Error("what is deployed was deployed again:", reports)
		}
		if status := k.deploy(env, machineOf("one")); status != "ready" {
			t.Fatal(status, k.reports(env))
		}
		k.expectServers("one")
		k.want(200, "DELETE", env, call{})
		if status := k.settled(env); status != "gone" {
			t.Fatal(status, k.reports(env))
		}
		if stacks := k.cloudStacks(); len(stacks) != 0 {
			t.Error("left:", stacks)
		}
	})
}

// A program whose process is gone in the middle is run again by another: it finds its stack by
// the same name and says nothing twice.
func TestProgramTakenOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		k, cloud := startCloudOn(t, st)
		k.program("t.Machine", machine)
		env := k.environment("e")
		s := k.open(env)
		k.want(200, "PUT", env+"/services", call{session: s, body: "[" + machineOf("one") + "," + machineOf("two") + "]"})
		quick := cloud.Inject(simcloud.Fault{Latency: 60 * time.Millisecond})
		k.want(200, "POST", env+"/sessions/"+s+"/deploy", call{})
		for _, middle := range []string{"CREATE_", "UPDATE_"} {
			k.until(middle, func() bool {
				for name := range k.cloudStacks() {
					return strings.Contains(name, " "+middle)
				}
				return false
			})
			if err := k.worker.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			k.worker = k.newWorker()
			if err := k.worker.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		quick()
		if status := k.settled(env); status != "ready" {
			t.Fatal(status, k.reports(env))
		}
		k.expectServers("one", "two")
		reports := k.reports(env)
		slices.Sort(reports)
		want := []string{"info Action deploy is scheduled", "info Creating the server", "info Creating the server", "info Deployment finished", "info The server is there", "info The server is there"}
		if !slices.Equal(reports, want) {
			t.Error(strings.Join(reports, "\n"))
		}
		k.want(200, "DELETE", env, call{})
		if status := k.settled(env); status != "gone" {
			t.Fatal(status, k.reports(env))
		}
		if stacks := k.cloudStacks(); len(stacks) != 0 {
			t.Error("left:", stacks)
		}
	})
}

// Environments that are deployed at once get networks that do not overlap, for they share a
// router.
func TestNetworksAtOnce(t *testing.T) {
	k, _ := startCloud(t)
	k.program("t.Machine", machine)
	addresses := map[string]bool{}
	var mu sync.Mutex
	var g sync.WaitGroup
	const n = 40
	for i := range n {
		env := k.environment(fmt.Sprint("e", i))
		g.Go(func() {
			if status := k.deploy(env, machineOf("one")); status != "ready" {
				t.Error(status, k.reports(env))
				return
			}
			address := k.want(200, "GET", env+"/services/one/address", call{})
			mu.Lock()
			defer mu.Unlock()
			addresses[address[:strings.LastIndex(address, ".")]] = true
		})
	}
	g.Wait()
	if len(addresses) != n {
		t.Error("of", n, "networks have addresses of their own:", len(addresses))
	}
}
