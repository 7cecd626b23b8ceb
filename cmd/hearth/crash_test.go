package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hearth/core/store/storetest"
)

// cloudful is a template of n groups of resources of which each makes one object in the
// cloud: a network, a subnet in it, a port on that, a key pair, a volume.
func cloudful(n int) map[string]any {
	resources := map[string]any{}
	for i := range n {
		get := func(name string) map[string]any { return map[string]any{"get_resource": fmt.Sprintf("%s%d", name, i)} }
		add := func(name, typ string, properties map[string]any) {
			resources[fmt.Sprintf("%s%d", name, i)] = map[string]any{"type": typ, "properties": properties}
		}
		add("net", "OS::Neutron::Net", map[string]any{})
		add("subnet", "OS::Neutron::Subnet", map[string]any{"network": get("net"), "cidr": fmt.Sprintf("10.%d.%d.0/24", 100+i/250, i%250)})
		add("port", "OS::Neutron::Port", map[string]any{"network": get("net"), "fixed_ips": []any{map[string]any{"subnet": get("subnet")}}})
		add("key", "OS::Nova::KeyPair", map[string]any{"name": fmt.Sprintf("crash-%d", i)})
		add("volume", "OS::Cinder::Volume", map[string]any{"size": 1})
	}
	return map[string]any{"heat_template_version": "2018-08-31", "resources": resources}
}

// objects counts what the template's stack has in the cloud, by kind.
func (s *site) objects() map[string]int {
	s.t.Helper()
	out := map[string]int{}
	for kind, url := range map[string]string{
		"networks": s.cloud["network"] + "/v2.0/networks", "subnets": s.cloud["network"] + "/v2.0/subnets", "ports": s.cloud["network"] + "/v2.0/ports",
		"keypairs": s.cloud["compute"] + "/os-keypairs", "volumes": s.cloud["volumev3"] + "/volumes",
	} {
		var answer map[string][]map[string]any
		s.must(http.MethodGet, url, nil, &answer)
		for _, o := range answer[kind] {
			name, _ := o["name"].(string)
			if pair, ok := o["keypair"].(map[string]any); ok {
				name, _ = pair["name"].(string)
			}
			if strings.HasPrefix(name, "crash-") {
				out[kind]++
			}
		}
	}
	return out
}

// wait until some of a stack's resources are complete, and some are not.
func (s *site) awaitHalfway(path string, complete int) {
	s.t.Helper()
	s.eventually("some resources", func() error {
		var answer struct {
			Resources []struct {
				Status string `json:"resource_status"`
			}
		}
		if _, err := s.call(http.MethodGet, s.heat+path+"/resources", nil, &answer); err != nil {
			return err
		}
		n := 0
		for _, r := range answer.Resources {
			if r.Status == "CREATE_COMPLETE" {
				n++
			}
		}
		if n < complete {
			return fmt.Errorf("%d of %d", n, len(answer.Resources))
		}
		return nil
	})
}

// slow makes the cloud's answers take some time, so that a crash finds work under way.
func (s *site) slow(milliseconds int) {
	s.t.Helper()
	for _, service := range []string{"network", "compute", "volume"} {
		s.must(http.MethodPost, strings.TrimSuffix(s.env["OS_AUTH_URL"], "/v3")+"/faults",
			map[string]any{"fault": map[string]any{"service": service, "latency_ms": milliseconds}}, nil)
	}
}

// everything is what the stack of cloudful(40) has in the cloud.
var everything = map[string]int{"networks": 40, "subnets": 40, "ports": 40, "keypairs": 40, "volumes": 40}

func (s *site) expectObjects(want map[string]int) {
	s.t.Helper()
	got := s.objects()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Fatalf("objects in the cloud: %v, not %v", got, want)
	}
}

// A process that is killed in the middle of a create of 200 resources and started again
// completes it: no object is there twice, none is left over after the delete.
func TestKillWhileCreating(t *testing.T) {
	for _, db := range []string{"sqlite", "postgres"} {
		t.Run(db, func(t *testing.T) {
			var args []string
			if db == "postgres" {
				args = []string{"--database", storetest.Postgres(t)}
			}
			s := newSite(t, args...)
			p := s.serve()
			s.slow(15)
			path := s.createStack("crash", cloudful(40))
			s.awaitHalfway(path, 20)
			p.kill()
			p = s.serve()
			s.awaitStack(path, "CREATE_COMPLETE")
			s.expectObjects(everything)
			s.slow(15)
			s.must(http.MethodDelete, s.heat+path, nil, nil)
			s.eventually("some deleted", func() error {
				if n := s.objects()["ports"]; n == 40 {
					return errors.New("none yet")
				}
				return nil
			})
			p.kill()
			p = s.serve()
			s.awaitStack(path, "DELETE_COMPLETE")
			s.expectObjects(map[string]int{})
			p.terminate()
		})
	}
}

// Two engines share a stack; one is killed, the other takes its resources over.
func TestKillOneOfTwoEngines(t *testing.T) {
	s := newSite(t, "--database", storetest.Postgres(t))
	api := s.serve("--no-engine")
	s.slow(15)
	cloud := []string{"--cloud", s.env["OS_AUTH_URL"]}
	first, second := s.start("engine", cloud...), s.start("engine", cloud...)
	path := s.createStack("crash", cloudful(40))
	s.awaitHalfway(path, 20)
	first.kill()
	s.awaitStack(path, "CREATE_COMPLETE")
	s.expectObjects(everything)
	s.must(http.MethodDelete, s.heat+path, nil, nil)
	s.awaitStack(path, "DELETE_COMPLETE")
	s.expectObjects(map[string]int{})
	second.terminate()
	api.terminate()
}
