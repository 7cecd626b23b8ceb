package main

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// A stack with a server, from create to delete, with the commands of a user's day.
func TestHeatClient(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve()
	server := example(t, "templates/server.yaml")

	s.openstack("stack", "create", "-t", server, "--parameter", "server_name=web", "--tags", "a,b", "--wait", "demo")
	if st := s.show("stack", "show", "demo"); st["stack_status"] != "CREATE_COMPLETE" || st["stack_name"] != "demo" {
		t.Fatalf("%v", st)
	}
	if names := column(s.list("stack", "list"), "Stack Name"); !slices.Equal(names, []string{"demo"}) {
		t.Fatal(names)
	}
	resources := s.list("stack", "resource", "list", "demo")
	for _, r := range resources {
		if r["resource_status"] != "CREATE_COMPLETE" || r["physical_resource_id"] == "" {
			t.Errorf("%v", r)
		}
	}
	if len(resources) != 11 {
		t.Errorf("%d resources", len(resources))
	}
	if r := s.show("stack", "resource", "show", "demo", "server"); r["resource_type"] != "OS::Nova::Server" {
		t.Errorf("%v", r)
	}
	if events := s.list("stack", "event", "list", "demo", "--limit", "100"); len(events) != 2*11+2 {
		t.Errorf("%d events", len(events))
	}
	if o := s.show("stack", "output", "show", "demo", "address"); !strings.HasPrefix(o["output_value"].(string), "172.24.4.") {
		t.Errorf("%v", o)
	}
	if o := s.list("stack", "output", "list", "demo"); len(o) != 2 {
		t.Errorf("%v", o)
	}
	if text := s.openstack("stack", "template", "show", "demo"); !strings.Contains(text, "heat_template_version: '2018-08-31'") {
		t.Error(text)
	}
	if env := s.show("stack", "environment", "show", "demo"); env["parameters"] == nil {
		t.Errorf("%v", env)
	}
	if names := column(s.list("server", "list"), "Name"); !slices.Equal(names, []string{"web"}) {
		t.Error(names)
	}

	s.openstack("stack", "update", "-t", server, "--parameter", "server_name=www", "--wait", "demo")
	if names := column(s.list("server", "list"), "Name"); !slices.Equal(names, []string{"www"}) {
		t.Error(names)
	}
	s.openstack("stack", "update", "--existing", "--parameter", "volume_size=2", "--wait", "demo")
	if sizes := s.list("volume", "list"); len(sizes) != 1 || sizes[0]["Size"] != 2.0 {
		t.Errorf("%v", sizes)
	}
	s.openstack("stack", "delete", "--yes", "--wait", "demo")
	if left := s.list("stack", "list"); len(left) != 0 {
		t.Errorf("%v", left)
	}
	if left := s.list("server", "list"); len(left) != 0 {
		t.Errorf("%v", left)
	}
	p.terminate()
}

// The engines, as their administrator sees them.
func TestHeatClientServices(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve()
	s.eventually("a service", func() error {
		out, says, err := s.tryClient("openstack", "orchestration", "service", "list", "-f", "json")
		if err != nil {
			return errors.New(says)
		}
		services := decode[[]map[string]any](t, out)
		if len(services) != 1 || services[0]["Binary"] != "heat-engine" || services[0]["Status"] != "up" || services[0]["Topic"] != "engine" {
			t.Errorf("%v", services)
		}
		return nil
	})
	p.terminate()
}

// Groups and nested templates from files beside the template, which the client sends along.
func TestHeatClientNested(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	group := example(t, "templates/group.yaml")
	s.openstack("stack", "create", "-t", group, "--wait", "group")
	o := s.show("stack", "output", "show", "group", "names")
	if names, _ := o["output_value"].([]any); len(names) != 3 || names[2] != "hello member-2" {
		t.Errorf("%v", o)
	}
	if nested := s.list("stack", "resource", "list", "-n", "2", "group"); len(nested) != 1+3+3*2 {
		t.Errorf("%d resources", len(nested))
	}
	s.openstack("stack", "update", "-t", group, "--parameter", "size=1", "--wait", "group")
	if nested := s.list("stack", "resource", "list", "-n", "2", "group"); len(nested) != 1+1+2 {
		t.Errorf("%d resources", len(nested))
	}
	s.openstack("stack", "delete", "--yes", "--wait", "group")
}

// What is wrong is said, and nothing is stored.
func TestHeatClientErrors(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	server := example(t, "templates/server.yaml")
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"stack", "create", "-t", server, "--parameter", "flavor=huge", "bad"}, "The Flavor (huge) could not be found"},
		{[]string{"stack", "create", "-t", server, "--parameter", "nonsense=1", "bad"}, "The Parameter (nonsense) was not defined in template"},
		{[]string{"stack", "create", "-t", example(t, "templates/random.yaml"), "--parameter", "length=2", "bad"}, "out of range"},
		{[]string{"stack", "show", "nonesuch"}, "Stack not found: nonesuch"},
	} {
		_, says, err := s.tryClient("openstack", c.args...)
		if err == nil || !strings.Contains(says, c.says) {
			t.Errorf("%v: %v %s", c.args, err, says)
		}
	}
	if left := s.list("stack", "list"); len(left) != 0 {
		t.Errorf("%v", left)
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
