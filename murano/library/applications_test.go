package library_test

import (
	"slices"
	"strings"
	"testing"
)

// farm is an application on so many servers.
func farm(more string) string {
	return `{"?": {"id": "app", "type": "demo.Farm", "name": "Farm"}` + more + `, "scaleFactor": 2, "servers": {
		"?": {"id": "group", "type": "io.murano.applications.ServerReplicationGroup", "name": "herd"}, "numItems": 1, "maxItems": 3, "provider": {
			"?": {"id": "provider", "type": "io.murano.applications.TemplateServerProvider"}, "serverNamePattern": "node-{0}",
			"template": {"?": {"type": "io.murano.resources.LinuxMuranoInstance"}, "flavor": "m1.small", ` + image + `}}}}`
}

// servers are the names of the servers of the stack.
func (k *kit) servers() string {
	var out []string
	for name := range k.engine.Resources(k.stack()) {
		if strings.HasPrefix(name, "node-") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestFarmIsScaled(t *testing.T) {
	k := start(t)
	k.must(k.deploy(environment(farm(`, "ports": [80]`))))
	if got := k.servers(); got != "node-1" {
		t.Error(got)
	}
	before := len(strings.Fields(k.actions()))
	k.must(k.call("app", "scaleOut"))
	if got := k.servers(); got != "node-1 node-2 node-3" {
		t.Error(got)
	}
	if got := len(strings.Fields(k.actions())); got != before+1 {
		t.Error("two servers are not one change of the stack:", k.actions())
	}
	k.must(k.call("app", "scaleOut")) // there are no more than three
	k.template("farm")
	k.must(k.call("app", "scaleIn"))
	if got := k.servers(); got != "node-1" {
		t.Error(got)
	}
	if len(k.revoked) != 2 || k.value("provider", "allocated") != "1" || len(k.tracked) != 1 {
		t.Error(k.revoked, k.object("provider"), k.tracked)
	}
	want := []string{
		"group: Provisioning VM for Server 1 (herd)",
		"app: Installing Farm",
		"app: Began installing Farm on node-1",
		"app: Farm is installed on node-1",
		"app: Finished installing Farm (no errors encountered)",
		"app: Applying configuration of Farm",
		"app: Began configuring Farm on node-1",
		"app: Farm is configured at node-1",
		"app: Finished configuring Farm (no errors encountered)",
		"group: Creating 2 servers for herd",
	}
	if len(k.reports) < len(want) || !slices.Equal(k.reports[:len(want)], want) {
		t.Errorf("%q", k.reports)
	}
}

func TestInstallationThatFailsOnTooManyServers(t *testing.T) {
	k := start(t)
	err := k.deploy(environment(farm(`, "ports": [], "fails": ["node-1"]`)))
	k.fails(err, "io.murano.applications.TooManyInstallationErrors", "Too many errors (1) encountered while installing Farm")
	if !slices.Contains(k.reports, "app: Unable to install Farm on node-1 due to the disk is full") {
		t.Error(k.reports)
	}
	k.must(k.deploy(environment(farm(`, "ports": [], "fails": ["node-1"], "allowedInstallFailures": "one"`))))
}

func TestServerOfAnApplicationIsReplaced(t *testing.T) {
	k := start(t)
	single := func(vm string) string {
		return environment(`{"?": {"id": "app", "type": "demo.Single", "name": "Single"}, "server": ` + instance(vm, "LinuxInstance", image) + `}`)
	}
	k.must(k.deploy(single("node-1")))
	k.must(k.deploy(single("node-2")))
	if got := k.servers(); got != "node-2" {
		t.Error(got)
	}
	group := k.value("app", "_serverGroup")
	k.must(k.deploy(single("node-2")))
	if got := k.servers(); got != "node-2" || !strings.Contains(group, "SingleServerGroup") {
		t.Error(got, group)
	}
}

func TestRemovedFarmLeavesNothing(t *testing.T) {
	k := start(t)
	k.must(k.deploy(environment(farm(`, "ports": []`), servers("kept", instance("kept-vm", "LinuxInstance", image)))))
	k.must(k.edit(without("app")))
	if got := k.servers(); got != "" {
		t.Error(got)
	}
	if len(k.revoked) != 1 || len(k.tracked) != 2 {
		t.Error(k.revoked, k.tracked)
	}
}

func TestApplicationOnSeveralGroups(t *testing.T) {
	k := start(t)
	node := func(name string) string { return instance(name, "LinuxInstance", image) }
	group := func(id, class, rest string) string {
		return `{"?": {"id": "` + id + `", "type": "io.murano.applications.` + class + `"}, ` + rest + `}`
	}
	k.must(k.deploy(environment(`{"?": {"id": "app", "type": "demo.Multi", "name": "Multi"}, "servers": ` + group("all", "CompositeServerGroup",
		`"serverGroups": [`+group("list", "ServerList", `"servers": [`+node("node-1")+`, `+node("node-2")+`]`)+`, `+
			group("one", "SingleServerGroup", `"server": `+node("node-3"))+`]`) + `}`)))
	if got := k.servers(); got != "node-1 node-2 node-3" {
		t.Error(got)
	}
	before := len(strings.Fields(k.actions()))
	k.must(k.edit(without("app")))
	if got := k.servers(); got != "" || len(strings.Fields(k.actions())) != before+1 {
		t.Error(got, k.actions())
	}
}
