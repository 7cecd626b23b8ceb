package library_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/version"
)

func TestServerWithFloatingAddress(t *testing.T) {
	k := start(t)
	k.must(k.deploy(environment(servers("app", instance("vm", "LinuxMuranoInstance", image+`, "assignFloatingIp": true`)))))
	if got := k.actions(); got != "CREATE UPDATE" {
		t.Error(got)
	}
	k.template("floating")
	if got := k.value("vm", "ipAddresses"); !regexp.MustCompile(`^\["10\.\d+\.\d+\.\d+", "172\.24\.4\.\d+"\]$`).MatchString(got) {
		t.Error(got)
	}
	if k.value("vm", "floatingIpAddress") == "null" || k.value("vm", "openstackId") == "null" {
		t.Error(k.object("vm"))
	}
	if len(k.tracked) != 2 || k.tracked["vm"] != 200 || k.tracked["app"] != 100 {
		t.Error(k.tracked)
	}
	if len(k.reports) != 1 || !strings.HasPrefix(k.reports[0], "app: vm has 10.") {
		t.Error(k.reports)
	}
}

func TestDeployingTheSameAgainPushesNothing(t *testing.T) {
	k := start(t)
	disk := `, "volumes": {"/dev/vdb": {"?": {"id": "disk", "type": "io.murano.resources.CinderVolume"}, "size": 1}}`
	k.must(k.deploy(environment(servers("app", instance("vm", "LinuxMuranoInstance", image+`, "assignFloatingIp": true`+disk)))))
	before := k.value("vm", "ipAddresses")
	for range 2 {
		k.must(k.edit(func(*yaml.Map) {}))
	}
	if got := k.actions(); got != "CREATE UPDATE" {
		t.Error(got)
	}
	if after := k.value("vm", "ipAddresses"); after != before {
		t.Error(before, after)
	}
	if got := k.value("vm", "joinedNetworks"); strings.Count(got, "ipList") != 1 {
		t.Error(got)
	}
}

// An application that is sent again as it was at first has nothing of what its deployment
// found out.
func TestDeployingTheFirstModelAgainFindsTheAddress(t *testing.T) {
	k := start(t)
	app := servers("app", instance("vm", "LinuxMuranoInstance", image+`, "assignFloatingIp": true`))
	k.must(k.deploy(environment(app)))
	address, all := k.value("vm", "floatingIpAddress"), k.value("vm", "ipAddresses")
	k.must(k.edit(func(environment *yaml.Map) {
		first, err := yaml.DecodeJSON([]byte(app))
		if err != nil {
			t.Fatal(err)
		}
		environment.Set("applications", []any{first})
	}))
	if got := k.value("vm", "floatingIpAddress"); got != address || k.value("vm", "ipAddresses") != all {
		t.Error(address, "became", got, "among", k.value("vm", "ipAddresses"))
	}
}

// Of two networks behind one router, which has room for one, the second is told so.
func TestNoFreeAddresses(t *testing.T) {
	k := start(t)
	k.settings = map[string]any{"max_environments": 1}
	network := func(id string) string {
		return `, "networks": {"useEnvironmentNetwork": false, "useFlatNetwork": false, "primaryNetwork": null,
			"customNetworks": [{"?": {"id": "` + id + `", "type": "io.murano.resources.NeutronNetwork"}, "name": "` + id + `"}]}`
	}
	k.must(k.deploy(environment(servers("one", instance("vm1", "LinuxInstance", image+network("net1"))))))
	err := k.edit(func(environment *yaml.Map) {
		two, err := yaml.DecodeJSON([]byte(servers("two", instance("vm2", "LinuxInstance", image+network("net2")))))
		if err != nil {
			t.Fatal(err)
		}
		apps, _ := environment.Get("applications")
		environment.Set("applications", append(apps.([]any), two))
	})
	if err == nil || !strings.Contains(err.Error(), "give network net2 a subnetCidr, or remove an environment") {
		t.Error(err)
	}
}

func TestEmptyEnvironmentHasNoStack(t *testing.T) {
	k := start(t)
	k.must(k.deploy(environment()))
	if s := k.stack(); s != nil {
		t.Error(s.Name)
	}
	k.must(k.deploy("null"))
}

func TestServerOnExistingNetwork(t *testing.T) {
	k := start(t)
	existing := func(more string) string {
		return `{"?": {"id": "there", "type": "io.murano.resources.ExistingNeutronNetwork"}` + more + `}`
	}
	networks := func(more string) string {
		return `, "networks": {"useEnvironmentNetwork": false, "useFlatNetwork": false, "primaryNetwork": null, "customNetworks": [` + existing(more) + `]}`
	}
	k.must(k.deploy(environment(servers("app", instance("vm", "LinuxInstance", image+`, "assignFloatingIp": true`+networks(""))))))
	if got := k.actions(); got != "CREATE" {
		t.Error(got)
	}
	k.template("existing")
	if k.value("there", "internalNetworkName") != `"private"` || k.value("there", "externalNetworkName") != `"public"` || k.value("vm", "floatingIpAddress") == "null" {
		t.Error(k.object("there"), k.object("vm"))
	}
	err := k.deploy(environment(servers("app", instance("vm", "LinuxInstance", image+networks(`, "internalNetworkName": "gone"`)))))
	k.fails(err, "io.murano.resources.NetworkNotFound", "There is no network gone")
}

func TestServerWithVolumes(t *testing.T) {
	k := start(t)
	volume := func(id, more string) string {
		return `{"?": {"id": "` + id + `", "type": "io.murano.resources.CinderVolume"}, "size": 1` + more + `}`
	}
	k.must(k.deploy(environment(servers("app",
		instance("data", "LinuxInstance", image+`, "volumes": {"/dev/vdb": `+volume("disk", `, "name": "records"`)+`}`),
		instance("boot", "LinuxInstance", `"blockDevices": [{"volume": `+volume("root", `, "sourceImage": "cirros-0.6.2-x86_64-disk"`)+`, "deviceName": "vda", "bootIndex": 0}]`)))))
	k.template("volumes")
	if k.value("disk", "openstackId") == "null" || k.value("root", "openstackId") == "null" {
		t.Error(k.object("disk"), k.object("root"))
	}

	// The volume of a server that stays is detached before it goes.
	k.must(k.edit(func(e *yaml.Map) {
		apps, _ := e.Get("applications")
		instances, _ := apps.([]any)[0].(*yaml.Map).Get("instances")
		instances.([]any)[0].(*yaml.Map).Set("volumes", yaml.NewMap(0))
	}))
	got := k.engine.Resources(k.stack())
	if got["vol-disk"] != "" || got["vol-attachment-disk-data"] != "" || got["data"] == "" || got["vol-root"] == "" {
		t.Error(got)
	}
}

func TestServersWithSharedAddress(t *testing.T) {
	k := start(t)
	shared := `, "sharedIps": ["vip"]`
	first := `, "sharedIps": [{"?": {"id": "vip", "type": "io.murano.SharedIp"}, "assignFloatingIp": true},
		{"?": {"id": "range", "type": "io.murano.SharedIpRange"}, "cidr": "10.77.0.0/24"}]`
	k.must(k.deploy(environment(servers("app", instance("one", "LinuxInstance", image+first), instance("two", "LinuxInstance", image+shared)))))
	k.template("shared")
	if !strings.HasPrefix(k.value("vip", "virtualIp"), `"10.`) || !strings.HasPrefix(k.value("vip", "floatingIpAddress"), `"172.`) || k.value("range", "virtualIp") != `"10.77.0.0/24"` {
		t.Error(k.object("vip"), k.object("range"))
	}
	k.must(k.edit(without("app")))
	for name := range k.engine.Resources(k.stack()) {
		if strings.HasPrefix(name, "AllowedAddressPairs") || strings.HasPrefix(name, "Shared-") {
			t.Error(name)
		}
	}
}

func TestServersApart(t *testing.T) {
	k := start(t)
	k.must(k.deploy(environment(servers("app",
		instance("one", "LinuxInstance", image+`, "instanceAffinityGroup": {"?": {"id": "apart", "type": "io.murano.resources.InstanceAffinityGroup"}}`),
		instance("two", "LinuxInstance", image+`, "instanceAffinityGroup": "apart"`)))))
	k.template("affinity")
	if got := k.actions(); got != "CREATE UPDATE" && got != "CREATE UPDATE UPDATE" {
		t.Error(got)
	}
	k.must(k.edit(without("app")))
	if got := k.engine.Resources(k.stack()); got["NovaServerGroup-apart"] != "" || got["one"] != "" {
		t.Error(got)
	}
}

func TestSecurityGroups(t *testing.T) {
	k := start(t)
	k.must(k.deploy(environment(servers("app",
		instance("web", "LinuxInstance", image+`, "securityGroupName": "web-group"`),
		instance("desk", "WindowsInstance", image+`, "securityGroups": ["default"]`)))))
	k.template("groups")
}

func TestOtherServers(t *testing.T) {
	k := start(t)
	configured := `{"?": {"id": "app", "type": "demo.Configured"}, "instance": ` + instance("vm", "HeatSWConfigLinuxInstance", image) + `}`
	k.must(k.deploy(environment(configured, servers("tools", instance("puppet", "ConfLangInstance", image)))))
	k.template("configured")
	k.must(k.edit(without("app")))
	for name := range k.engine.Resources(k.stack()) {
		if strings.HasPrefix(name, "vm") {
			t.Error(name)
		}
	}
}

func TestRemovalOfOneApplicationOfTwo(t *testing.T) {
	k := start(t)
	own := `, "networks": {"useEnvironmentNetwork": true, "useFlatNetwork": false, "primaryNetwork": null, "customNetworks": [
		{"?": {"id": "lan", "type": "io.murano.resources.NeutronNetwork"}, "name": "lan", "autoUplink": false}]},
		"volumes": {"/dev/vdb": {"?": {"id": "disk", "type": "io.murano.resources.CinderVolume"}, "size": 1}}`
	k.must(k.deploy(environment(
		servers("kept", instance("kept-vm", "LinuxMuranoInstance", image)),
		servers("gone", instance("gone-vm", "LinuxMuranoInstance", image+own)))))
	before := strings.Fields(k.actions())
	k.must(k.edit(without("gone")))
	if got := strings.Fields(k.actions()); len(got) != len(before)+1 {
		t.Error(before, got)
	}
	k.template("removed")
	if !slices.Equal(k.revoked, []string{"eenv-hgone-vm"}) || len(k.tracked) != 2 || k.tracked["kept-vm"] == 0 {
		t.Error(k.revoked, k.tracked)
	}
	k.must(k.deploy("null"))
	if s := k.stack(); s != nil {
		t.Error(s.State())
	}
	if len(k.tracked) != 0 {
		t.Error(k.tracked)
	}
}

func TestNetworkOfAServerThatStaysIsLeft(t *testing.T) {
	k := start(t)
	own := `, "assignFloatingIp": false, "networks": {"useEnvironmentNetwork": true, "useFlatNetwork": false, "primaryNetwork": null, "customNetworks": [
		{"?": {"id": "lan", "type": "io.murano.resources.NeutronNetwork"}, "name": "lan", "autoUplink": false}]}`
	k.must(k.deploy(environment(servers("app", instance("vm", "LinuxInstance", image+own)))))
	k.must(k.edit(func(e *yaml.Map) {
		apps, _ := e.Get("applications")
		instances, _ := apps.([]any)[0].(*yaml.Map).Get("instances")
		vm := instances.([]any)[0].(*yaml.Map)
		vm.Set("joinedNetworks", []any{})
		networks, _ := vm.Get("networks")
		networks.(*yaml.Map).Set("customNetworks", []any{})
	}))
	got := k.engine.Resources(k.stack())
	if got["network-lan"] != "" || got["port-lan-vm"] != "" || got["vm"] == "" {
		t.Error(got)
	}
	if got := k.value("vm", "joinedNetworks"); strings.Count(got, "ipList") != 1 {
		t.Error(got)
	}
}

func TestServerWithoutAnythingToBootFrom(t *testing.T) {
	k := start(t)
	err := k.deploy(environment(servers("app", instance("vm", "LinuxInstance", ""))))
	k.fails(err, "io.murano.resources.ResourceNotFound", "Neither image nor bootable volumes is specified for instance vm")
	err = k.deploy(environment(servers("app", instance("vm", "LinuxInstance", image+
		`, "blockDevices": [{"volume": {"?": {"id": "root", "type": "io.murano.resources.ExistingCinderVolume"}, "openstackId": "v"}}]`))))
	k.fails(err, "io.murano.resources.ResourceConflict", "Both image and list of bootable volumes are specified")
}

func TestMetadataOfOwnersReachesTheServer(t *testing.T) {
	k := start(t)
	app := servers("app", strings.Replace(instance("vm", "LinuxInstance", image+`, "checkApplicability": false`), `"id": "vm"`, `"id": "vm", "metadata": {"role": "web"}`, 1))
	app = strings.Replace(app, `"id": "app"`, `"id": "app", "metadata": {"role": "none", "team": "shop"}`, 1)
	k.must(k.deploy(environment(app)))
	if got := k.property("vm", "metadata"); got != `{"role": "web", "team": "shop"}` && got != `{"team": "shop", "role": "web"}` {
		t.Error(got)
	}
}

func TestServerWithUserDataOfItsOwn(t *testing.T) {
	k := start(t)
	k.must(k.deploy(environment(`{"?": {"id": "app", "type": "demo.UserData"}, "instance": ` + instance("vm", "LinuxUDInstance", image) +
		`, "volume": {"?": {"id": "disk", "type": "io.murano.resources.CinderVolume"}, "size": 1, "readOnly": true}}`)))
	if got := k.property("vm", "user_data"); got != `"#!/bin/true"` {
		t.Error(got)
	}
	if got := k.engine.Resources(k.stack()); got["vol-disk"] != "" {
		t.Error(got)
	}
	if k.value("disk", "openstackId") != "null" {
		t.Error(k.object("disk"))
	}
}

func TestServerWithoutAgents(t *testing.T) {
	k := start(t)
	k.noAgents = true
	k.must(k.deploy(environment(servers("app", instance("vm", "LinuxMuranoInstance", image)))))
	if got := k.property("boot_script_vm", "config"); got != `""` {
		t.Error(got)
	}
}

func TestNetworkOfNovaIsAskedForInItsOwnTypes(t *testing.T) {
	k := start(t)
	old := strings.Replace(environment(servers("app", instance("vm", "LinuxInstance", image+`, "assignFloatingIp": true`))),
		`"type": "io.murano.resources.NeutronNetwork"}, "name": "shop-net"}`, `"type": "io.murano.resources.NovaNetwork"}}`, 1)
	err := k.deploy(old)
	if err == nil || !strings.Contains(err.Error(), "could not be found") {
		t.Error(err)
	}
}

func TestServerThatAProgramLetsGoOfIsRemoved(t *testing.T) {
	k := start(t)
	k.must(k.deploy(environment(`{"?": {"id": "app", "type": "demo.Replacing"}}`)))
	k.must(k.edit(func(*yaml.Map) {}))
	if got := k.servers(); got != "node-2" {
		t.Error(got)
	}
}

func TestEnvironmentWithoutNetworks(t *testing.T) {
	k := start(t)
	none := regexp.MustCompile(`"defaultNetworks": \{.*?\}, "name": "shop-net"\}, "flat": null\},`).ReplaceAllString(
		strings.ReplaceAll(environment(servers("app", instance("vm", "LinuxInstance", image+`, "networks": {"useEnvironmentNetwork": true,
			"useFlatNetwork": true, "primaryNetwork": null, "customNetworks": [{"?": {"id": "there", "type": "io.murano.resources.ExistingNeutronNetwork"}}]}`))), "\n", " "), "")
	if strings.Contains(none, "shop-net") {
		t.Fatal(none)
	}
	k.must(k.deploy(none))
	if got := k.property("port-there-vm", "security_groups"); got != "null" {
		t.Error(got)
	}
	if got := k.value("vm", "joinedNetworks"); strings.Count(got, "ipList") != 1 {
		t.Error(got)
	}
}

func TestServerInAnotherRegion(t *testing.T) {
	k := start(t)
	core, err := k.loader.Package("io.murano", version.Spec{})
	if err != nil {
		t.Fatal(err)
	}
	core.Config = func(class string) map[string]any {
		if class != "io.murano.Environment" {
			return nil
		}
		return map[string]any{"regionConfigs": yaql.Input(yaml.MapOf("RegionOne", yaml.MapOf("agentRabbitMq", yaml.MapOf("host", "broker"))))}
	}
	k.must(k.deploy(environment(servers("app", instance("vm", "LinuxInstance", image+`, "regionName": "RegionOne"`)))))
	if name := k.stack().Name; !strings.HasPrefix(name, "murano-RegionOne-") {
		t.Error(name)
	}
	k.must(k.edit(func(*yaml.Map) {}))
	if got := k.actions(); got != "CREATE UPDATE" {
		t.Error(got)
	}
	err = k.deploy(environment(servers("app", instance("vm", "LinuxInstance", image+`, "regionName": "Atlantis"`))))
	k.fails(err, "io.murano.RegionNotFound", "The environment has no region Atlantis")
}
