package nova_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/resource/nova"
	"hearth/core/resource/resourcetest"
	"hearth/core/yaml"
)

// userDataOf reads what a server was given for cloud-init, as an administrator may.
func userDataOf(t *testing.T, lab *resourcetest.Lab, id string) string {
	t.Helper()
	client, err := lab.Admin.Compute()
	if err != nil {
		t.Fatal(err)
	}
	answer, err := cloud.Call(t.Context(), cloud.WithMicroversion(client, "2.42"), http.MethodGet, "servers/"+id, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := base64.StdEncoding.DecodeString(resource.NewValues(answer).Sub("server").String("OS-EXT-SRV-ATTR:user_data"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestServerDependsOnTheSubnetsOfItsNetworks(t *testing.T) {
	ref := yaml.MapOf("get_resource", "net")
	subnet := func(name string, key string, on any) resource.Sibling {
		return resource.Sibling{Name: name, Type: "OS::Neutron::Subnet", Properties: resource.NewValues(yaml.MapOf(key, on))}
	}
	self := resource.Sibling{Name: "s", Type: "OS::Nova::Server", Properties: resource.NewValues(yaml.MapOf("networks", []any{yaml.MapOf("network", ref), yaml.MapOf("uuid", "n")}))}
	all := []resource.Sibling{self, subnet("a", "network", ref), subnet("b", "network_id", "n"), subnet("c", "network", "other")}
	for _, typ := range nova.Types {
		if typ.Name != "OS::Nova::Server" {
			continue
		}
		got := typ.New().(resource.Depender).Dependencies(self, all)
		if len(got) != 2 || got[0] != "a" || got[1] != "b" {
			t.Errorf("depends on %v", got)
		}
	}
}
