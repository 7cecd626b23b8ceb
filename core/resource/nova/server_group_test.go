package nova_test

import (
	"testing"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/resource/nova"
	"hearth/core/resource/resourcetest"
	"hearth/core/yaml"
)

// groupOf is the group of a resource as Nova has it.
func groupOf(t *testing.T, lab *resourcetest.Lab, r *resourcetest.Resource, version string) resource.Values {
	t.Helper()
	client, err := lab.Client.Compute()
	if err != nil {
		t.Fatal(err)
	}
	answer, err := resource.API{Client: cloud.WithMicroversion(client, version)}.Get(t.Context(), "os-server-groups/"+r.Reference().(string))
	if err != nil {
		t.Fatal(err)
	}
	return answer.Sub("server_group")
}

func TestServerGroup(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(nova.Types, "OS::Nova::ServerGroup", "g", "name", "apart")
	if sound, err := r.Sound(); !sound || err != nil {
		t.Error(sound, err)
	}
	if group := groupOf(t, lab, r, "2.15"); group.String("name") != "apart" || group.Strings("policies")[0] != "anti-affinity" {
		t.Error(group)
	}

	// After a crash the group is found again, until its name tells nothing.
	again := lab.Resource(nova.Types, "OS::Nova::ServerGroup", "g", "name", "apart")
	if found, err := again.Find(); !found || err != nil {
		t.Error(found, err)
	}
	other := lab.Created(nova.Types, "OS::Nova::ServerGroup", "h", "name", "apart", "policies", []any{"soft-affinity"})
	if found, err := again.Find(); found || err != nil {
		t.Error(found, err)
	}
	for range 2 {
		if err := other.Delete(); err != nil {
			t.Error(err)
		}
	}
	if err := other.Check(); !cloud.NotFound(err) {
		t.Error(err)
	}
	if sound, err := other.Sound(); sound || err != nil {
		t.Error(sound, err)
	}
}

func TestServerGroupWithRules(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(nova.Types, "OS::Nova::ServerGroup", "g", "rules", yaml.MapOf("max_server_per_host", 2))
	if group := groupOf(t, lab, r, "2.64"); group.String("policy") != "anti-affinity" || !group.Sub("rules").Has("max_server_per_host") {
		t.Error(group)
	}
}
