package engine_test

import (
	"slices"
	"strings"
	"testing"

	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource"
	"hearth/core/resource/resourcetest"
	"hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/core/yaml"
)

// failedUpdate is an update to a template whose resource user, which needs all that the
// update replaces, fails; it leads back.
func failedUpdate(l *enginetest.Lab, text string) engine.UpdateRequest {
	r := engine.UpdateRequest{TemplateRequest: l.Request("stack", strings.Replace(text, "fail: false", "fail: true", 1)).TemplateRequest}
	back := false
	r.DisableRollback = &back
	return r
}

func addresses(port resource.Values) []string {
	var out []string
	for _, a := range port.Subs("fixed_ips") {
		out = append(out, a.String("ip_address"))
	}
	return out
}

const fixedPort = `
heat_template_version: 2021-04-16
resources:
  net: {type: OS::Neutron::Net}
  sub: {type: OS::Neutron::Subnet, properties: {network: {get_resource: net}, cidr: 10.20.0.0/24}}
  port: {type: OS::Neutron::Port, depends_on: sub, properties: {network: {get_resource: net}, mac_address: "fa:16:3e:00:00:01", fixed_ips: [{ip_address: 10.20.0.50}]}}
  user: {type: OS::Heat::TestResource, properties: {value: {get_resource: port}, fail: false}}
`

// An update replaces a port, which hands its address on, and fails: with the rollback the
// port has its address again.
func TestRollbackGivesAPortItsAddressBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l, c := onCloud(t, st)
		s := l.Create(l.Request("stack", fixedPort))
		l.Expect(s, "CREATE_COMPLETE")
		was := ids(t, l, s)
		s = l.Update(s, failedUpdate(l, strings.Replace(fixedPort, "00:00:01", "00:00:02", 1)))
		l.Expect(s, "ROLLBACK_COMPLETE")
		if is := ids(t, l, s); is["port"] != was["port"] {
			t.Fatal(is, was, strings.Join(l.Events(s), "\n"))
		}
		answer, _ := ask(t, c, "network", "ports?network_id="+was["net"])
		ports := slices.DeleteFunc(answer.Subs("ports"), func(p resource.Values) bool { return p.String("device_owner") == "network:dhcp" })
		if len(ports) != 1 || !slices.Equal(addresses(ports[0]), []string{"10.20.0.50"}) {
			t.Error(yaml.Dumps(answer.Map(), true), strings.Join(l.Events(s), "\n"))
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")
	})
}

const pluggedServer = `
heat_template_version: 2021-04-16
resources:
  port: {type: OS::Neutron::Port, properties: {network: private}}
  s:
    type: OS::Nova::Server
    properties: {image: debian-12-genericcloud-amd64, flavor: m1.small, user_data: one, user_data_format: RAW, networks: [{port: {get_resource: port}}, {network: private, fixed_ip: FIXED}]}
  user: {type: OS::Heat::TestResource, properties: {value: {get_resource: s}, fail: false}}
`

// plugged gives the addresses of a server's interfaces by their ports.
func plugged(t *testing.T, c *resourcetest.Lab, server string) map[string]string {
	t.Helper()
	answer, _ := ask(t, c, "compute", "servers/"+server+"/os-interface")
	out := map[string]string{}
	for _, n := range answer.Subs("interfaceAttachments") {
		out[n.String("port_id")] = strings.Join(addresses(n), " ")
	}
	return out
}

// The same for a server: it has its ports again, and the addresses on them.
func TestRollbackGivesAServerItsPortsBack(t *testing.T) {
	l, c := onCloud(t, storetest.Open(t, storetest.SQLite(t)))
	subnets, _ := ask(t, c, "network", "subnets")
	fixed := ""
	for _, sub := range subnets.Subs("subnets") {
		if strings.Contains(sub.String("name"), "private") && sub.Int("ip_version") == 4 {
			fixed = sub.String("cidr")[:strings.LastIndex(sub.String("cidr"), ".")] + ".77"
		}
	}
	text := strings.Replace(pluggedServer, "FIXED", fixed, 1)
	s := l.Create(l.Request("stack", text))
	l.Expect(s, "CREATE_COMPLETE")
	was := ids(t, l, s)
	had := plugged(t, c, was["s"])
	if len(had) != 2 || had[was["port"]] == "" {
		t.Fatal(had)
	}
	s = l.Update(s, failedUpdate(l, strings.Replace(text, "user_data: one", "user_data: two", 1)))
	l.Expect(s, "ROLLBACK_COMPLETE")
	if is := ids(t, l, s); is["s"] != was["s"] {
		t.Fatal(is, was)
	}
	has := plugged(t, c, was["s"])
	if len(has) != 2 || has[was["port"]] != had[was["port"]] {
		t.Error("the server had", had, "and has", has)
	}
	for port, address := range had {
		if has[port] != address {
			t.Error(port, "had", address, "and has", has[port])
		}
	}
	if servers, _ := ask(t, c, "compute", "servers"); len(servers.Subs("servers")) != 1 {
		t.Error(servers.Map())
	}
	l.Expect(l.Delete(s), "DELETE_COMPLETE")
}
