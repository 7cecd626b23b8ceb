package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Debian's openstack client with Heat's plug-in: every command that there is for stacks,
// software and orchestration, in forms that succeed and forms that fail, as scripts.
func TestHeatClient(t *testing.T) {
	t.Parallel()
	for _, file := range clientScripts(t, "heatclient") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.args = []string{"--config", "testdata/heatclient/hearth.yaml"}
			s.serve()
			(&clientScript{site: s}).run(file)
		})
	}
}

// The scripts leave out no command of the client and no option of one.
func TestHeatClientIsWhole(t *testing.T) {
	t.Parallel()
	expectDriven(t, clientScripts(t, "heatclient"), "openstack", clientCommands(t, "openstack.orchestration.v1"))
}

// Debian's openstacksdk, as a program uses it.
func TestOpenStackSDK(t *testing.T) {
	t.Parallel()
	driver(t) // says what is missing where there is no client
	s := newSite(t)
	s.serve()
	cmd := exec.Command(python, "testdata/clients/sdk.py")
	for k, v := range s.clientEnv() {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// Public templates, unchanged.
func TestPublicTemplates(t *testing.T) {
	t.Parallel()
	publicTemplate(t, "hello_world.yaml")
	s := newSite(t)
	s.serve()
	s.openstack("keypair", "create", "k")
	for _, c := range []struct{ file, parameters string }{
		{"hello_world.yaml", "key_name=k;image=cirros-0.6.2-x86_64-disk;flavor=m1.small;admin_pass=Secret12;db_port=50000"},
		{"servers_in_existing_neutron_net.yaml", "key_name=k;image=cirros-0.6.2-x86_64-disk;flavor=m1.small;" +
			"public_net_id=public;private_net_id=private;private_subnet_id=private-subnet"},
		{"F20/WordPress_2_Instances.yaml", "key_name=k;image_id=debian-12-genericcloud-amd64;instance_type=m1.small"},
	} {
		t.Run(strings.ReplaceAll(c.file, "/", "_"), func(t *testing.T) {
			s.openstack("stack", "create", "-t", publicTemplate(t, c.file), "--parameter", c.parameters, "--wait", "public")
			if servers := s.list("server", "list"); len(servers) == 0 {
				t.Error("no servers")
			}
			s.openstack("stack", "delete", "--yes", "--wait", "public")
			if left := s.list("server", "list"); len(left) != 0 {
				t.Errorf("%v", left)
			}
		})
	}
}
