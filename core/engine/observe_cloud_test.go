package engine_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource"
	"hearth/core/resource/resourcetest"
	"hearth/core/simcloud"
	"hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/core/yaml"
)

// tell calls a service of the cloud as its administrator, behind the stack's back.
func tell(t *testing.T, c *resourcetest.Lab, service, method, path string, body any) {
	t.Helper()
	client, err := c.Admin.Service(service)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cloud.Call(t.Context(), client, method, path, body); err != nil {
		t.Fatal(err)
	}
}

// ids are the physical ids of a stack's resources by name.
func ids(t *testing.T, l *enginetest.Lab, s *core.Stack) map[string]string {
	t.Helper()
	rows, err := l.Walker.Store.Resources(t.Context(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, r := range rows {
		if r.ReplacedBy == "" {
			out[r.Name] = r.PhysicalID
		}
	}
	return out
}

// touched are the resources of which events tell since there were n of them.
func touched(l *enginetest.Lab, s *core.Stack, n int) []string {
	var names []string
	for _, e := range l.Events(s)[n:] {
		name, _, _ := strings.Cut(e, " ")
		if name != s.Name && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// looking is an update with the same template that looks at the real objects.
func looking(l *enginetest.Lab, text string) engine.UpdateRequest {
	r := engine.UpdateRequest{TemplateRequest: l.Request("stack", text).TemplateRequest}
	r.Converge = true
	return r
}

// everything names what can be named and leaves to the services what they choose: neither
// is a difference. Twenty resources, and a nested stack with two.
var everything = func() string {
	var b strings.Builder
	b.WriteString(`
heat_template_version: 2021-04-16
resources:
  net: {type: OS::Neutron::Net, properties: {name: observed-net, tags: [b, a]}}
  sub: {type: OS::Neutron::Subnet, properties: {network: {get_resource: net}, cidr: 10.20.0.0/24, dns_nameservers: [9.9.9.9], host_routes: [{destination: 10.30.0.0/24, nexthop: 10.20.0.9}]}}
  group: {type: OS::Neutron::SecurityGroup, properties: {name: observed-group, rules: [{protocol: tcp, port_range_min: 22, port_range_max: 22}, {protocol: icmp, remote_mode: remote_group_id}]}}
  port: {type: OS::Neutron::Port, properties: {network: {get_resource: net}, fixed_ips: [{subnet: {get_resource: sub}}], security_groups: [{get_resource: group}], allowed_address_pairs: [{ip_address: 10.20.0.99}]}}
  router: {type: OS::Neutron::Router, properties: {external_gateway_info: {network: public}}}
  face: {type: OS::Neutron::RouterInterface, properties: {router: {get_resource: router}, subnet: {get_resource: sub}}}
  address: {type: OS::Neutron::FloatingIP, depends_on: face, properties: {floating_network: public, port_id: {get_resource: port}}}
  key: {type: OS::Nova::KeyPair, properties: {name: observed-key}}
  server: {type: OS::Nova::Server, properties: {image: debian-12-genericcloud-amd64, flavor: m1.small, key_name: {get_resource: key}, metadata: {colour: blue, n: 3}, tags: [t], networks: [{port: {get_resource: port}}, {network: private}]}}
  volume: {type: OS::Cinder::Volume, properties: {size: 1, description: kept, metadata: {colour: blue}, read_only: false}}
  attachment: {type: OS::Cinder::VolumeAttachment, properties: {instance_uuid: {get_resource: server}, volume_id: {get_resource: volume}}}
  below:
    type: OS::Heat::ResourceGroup
    properties: {count: 2, resource_def: {type: OS::Cinder::Volume, properties: {size: 1, name: member-%index%}}}
`)
	for i := range 8 {
		fmt.Fprintf(&b, "  v%d: {type: OS::Cinder::Volume, properties: {size: 1, name: extra-%d}}\n", i, i)
	}
	return b.String()
}()

// An update that looks at the real objects repairs what was changed or deleted behind the
// stack's back, and nothing else; one that does not look touches nothing.
func TestUpdateObservesReality(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l, c := onCloud(t, st)
		s := l.Create(l.Request("stack", everything))
		l.Expect(s, "CREATE_COMPLETE")
		was, n := ids(t, l, s), len(l.Events(s))
		if len(was) != 20 {
			t.Fatal(len(was), "resources")
		}

		s = l.Update(s, looking(l, everything))
		l.Expect(s, "UPDATE_COMPLETE")
		if got := touched(l, s, n); !slices.Equal(got, []string{"below"}) { // a nested stack is looked into
			t.Fatal("without a change", strings.Join(l.Events(s)[n:], "\n"))
		}

		tell(t, c, "compute", http.MethodPost, "servers/"+was["server"]+"/metadata", resource.Object("metadata", map[string]string{"colour": "red"}))
		tell(t, c, "network", http.MethodPut, "subnets/"+was["sub"], resource.Object("subnet", map[string]any{"dns_nameservers": []string{"8.8.8.8"}}))
		tell(t, c, "network", http.MethodPut, "ports/"+was["port"], resource.Object("port", map[string]any{"security_groups": []string{}}))
		tell(t, c, "volumev3", http.MethodPut, "volumes/"+was["v3"], resource.Object("volume", resource.Object("name", "mine")))
		tell(t, c, "volumev3", http.MethodDelete, "volumes/"+was["v5"], nil)

		n = len(l.Events(s))
		plain := engine.UpdateRequest{TemplateRequest: l.Request("stack", everything).TemplateRequest}
		s = l.Update(s, plain)
		l.Expect(s, "UPDATE_COMPLETE")
		if got := touched(l, s, n); len(got) > 0 {
			t.Fatal("without converge", got)
		}

		s = l.Update(s, looking(l, everything))
		l.Expect(s, "UPDATE_COMPLETE")
		if got, want := touched(l, s, n), []string{"below", "port", "server", "sub", "v3", "v5"}; !slices.Equal(got, want) {
			t.Fatal(got, "are touched, not", want)
		}
		is := ids(t, l, s)
		for name, id := range was {
			if replaced := is[name] != id; replaced != (name == "v5") {
				t.Error(name, "is replaced:", replaced)
			}
		}
		server, _ := ask(t, c, "compute", "servers/"+is["server"])
		port, _ := ask(t, c, "network", "ports/"+is["port"])
		volume, _ := ask(t, c, "volumev3", "volumes/"+is["v3"])
		if server.Sub("server").Sub("metadata").String("colour") != "blue" || !slices.Equal(port.Sub("port").Strings("security_groups"), []string{is["group"]}) ||
			volume.Sub("volume").String("name") != "extra-3" {
			t.Error(yaml.Dumps(server.Map(), true), yaml.Dumps(port.Map(), true), yaml.Dumps(volume.Map(), true))
		}

		n = len(l.Events(s))
		s = l.Update(s, looking(l, everything))
		l.Expect(s, "UPDATE_COMPLETE")
		if got := touched(l, s, n); !slices.Equal(got, []string{"below"}) {
			t.Error("all is repaired, and yet:", got)
		}
	})
}

// What was deleted or parted behind the stack's back comes back, in nested stacks too.
func TestUpdateMakesWhatIsGone(t *testing.T) {
	l, c := onCloud(t, storetest.Open(t, storetest.SQLite(t)))
	s := l.Create(l.Request("stack", everything))
	l.Expect(s, "CREATE_COMPLETE")
	was := ids(t, l, s)
	nested, err := l.Walker.Store.FindStack(t.Context(), was["below"])
	if err != nil {
		t.Fatal(err)
	}
	members := ids(t, l, nested)

	tell(t, c, "compute", http.MethodDelete, "os-keypairs/observed-key?user_id="+c.Client.UserID(), nil)
	tell(t, c, "compute", http.MethodDelete, "servers/"+was["server"]+"/os-volume_attachments/"+was["volume"], nil)
	tell(t, c, "network", http.MethodPut, "floatingips/"+was["address"], resource.Object("floatingip", resource.Object("port_id", nil)))
	tell(t, c, "network", http.MethodPut, "routers/"+was["router"]+"/remove_router_interface", resource.Object("subnet_id", was["sub"]))
	tell(t, c, "network", http.MethodPut, "routers/"+was["router"], resource.Object("router", resource.Object("external_gateway_info", nil)))
	tell(t, c, "volumev3", http.MethodDelete, "volumes/"+members["1"], nil)
	rules, _ := ask(t, c, "network", "security-group-rules?protocol=icmp&security_group_id="+was["group"])
	tell(t, c, "network", http.MethodDelete, "security-group-rules/"+rules.Subs("security_group_rules")[0].String("id"), nil)

	n := len(l.Events(s))
	s = l.Update(s, looking(l, everything))
	l.Expect(s, "UPDATE_COMPLETE")
	if got, want := touched(l, s, n), []string{"address", "attachment", "below", "face", "group", "key", "router"}; !slices.Equal(got, want) {
		t.Error(strings.Join(l.Events(s)[n:], "\n"))
	}
	if now := ids(t, l, nested); now["0"] != members["0"] || now["1"] == members["1"] {
		t.Error("the members were", members, "and are", now)
	}
	if _, ok := ask(t, c, "compute", "os-keypairs/observed-key"); !ok {
		t.Error("the key pair is not there")
	}
	address, _ := ask(t, c, "network", "floatingips/"+ids(t, l, s)["address"])
	if address.Sub("floatingip").String("port_id") != was["port"] {
		t.Error(address.Map())
	}
	rules, _ = ask(t, c, "network", "security-group-rules?protocol=icmp&security_group_id="+was["group"])
	if len(rules.Subs("security_group_rules")) != 1 {
		t.Error(rules.Map())
	}
	l.Expect(l.Delete(s), "DELETE_COMPLETE")
}

// What is known by its name is the replacement's when it has been replaced: the old one is
// not deleted after it.
func TestReplacementOfTheSameName(t *testing.T) {
	l, c := onCloud(t, storetest.Open(t, storetest.SQLite(t)))
	text := `{heat_template_version: 2021-04-16, resources: {k: {type: OS::Nova::KeyPair, properties: {name: k, save_private_key: false}}}}`
	s := l.Create(l.Request("stack", text))
	l.Expect(s, "CREATE_COMPLETE")
	before, _ := ask(t, c, "compute", "os-keypairs/k")
	s = l.Update(s, engine.UpdateRequest{TemplateRequest: l.Request("stack", strings.Replace(text, "false", "true", 1)).TemplateRequest})
	l.Expect(s, "UPDATE_COMPLETE")
	after, ok := ask(t, c, "compute", "os-keypairs/k")
	if !ok || after.Sub("keypair").String("fingerprint") == before.Sub("keypair").String("fingerprint") {
		t.Error(before.Map(), after.Map(), l.Events(s))
	}
	l.Expect(l.Delete(s), "DELETE_COMPLETE")
	if _, ok := ask(t, c, "compute", "os-keypairs/k"); ok {
		t.Error("the key pair is left")
	}
}

// A resource that has failed although its object is sound is gone on with, and not replaced.
func TestFailedServerThatIsSound(t *testing.T) {
	l, c := onCloud(t, storetest.Open(t, storetest.SQLite(t)))
	text := strings.Replace(oneServer, "flavor: m1.small", "flavor: m1.small, tags: [t]", 1)
	remove := c.Sim.Inject(simcloud.Fault{Operation: "PUT /compute/v2.1/servers/*/tags", Status: http.StatusInternalServerError})
	s := l.Create(l.Request("stack", text))
	remove()
	l.Expect(s, "CREATE_FAILED")
	was := ids(t, l, s)["s"]
	s = l.Update(s, engine.UpdateRequest{TemplateRequest: l.Request("stack", text).TemplateRequest})
	l.Expect(s, "UPDATE_COMPLETE")
	if is := ids(t, l, s)["s"]; is != was {
		t.Error("the server is replaced")
	}
	if got := of(l, s, "s"); got[len(got)-1] != "s CREATE_COMPLETE: Update status to COMPLETE for FAILED resource neither update nor replace." {
		t.Error(got)
	}

	tell(t, c, "compute", http.MethodPost, "servers/"+was+"/action", resource.Object("os-resetState", resource.Object("state", "error")))
	s = l.Update(s, engine.UpdateRequest{TemplateRequest: l.Request("stack", strings.Replace(text, "m1.small", "m1.medium", 1)).TemplateRequest})
	l.Expect(s, "UPDATE_FAILED")
	s = l.Update(s, engine.UpdateRequest{TemplateRequest: l.Request("stack", text).TemplateRequest})
	l.Expect(s, "UPDATE_COMPLETE")
	if is := ids(t, l, s)["s"]; is == was {
		t.Error("the broken server is not replaced")
	}
}
