package engine_test

import (
	"testing"

	"hearth/core/store"
	"hearth/core/store/storetest"
)

const portOfNet = `
heat_template_version: 2021-04-16
parameters:
  net: {type: string}
resources:
  port: {type: OS::Neutron::Port, properties: {network: {get_param: net}}}
`

// A nested stack may be of what its parent is about to make: that nobody has it yet is no
// reason to refuse it.
func TestNestedStackOfWhatIsNotThereYet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l, _ := onCloud(t, st)
		for name, resource := range map[string]string{
			"template": "{type: port.yaml, properties: {net: {get_resource: net}}}",
			"group":    "{type: OS::Heat::ResourceGroup, properties: {count: 2, resource_def: {type: port.yaml, properties: {net: {get_resource: net}}}}}",
		} {
			r := l.Request(name, `
heat_template_version: 2021-04-16
resources:
  net: {type: OS::Neutron::Net}
  inside: {type: OS::Neutron::Subnet, properties: {network: {get_resource: net}, cidr: 192.0.2.0/24}}
  ports: `+resource+"\n")
			r.Files = map[string]string{"port.yaml": portOfNet}
			preview, err := l.PreviewCreate(t.Context(), l.Caller, r)
			if err != nil {
				t.Fatal(err)
			}
			if p := preview.Resources[2]; len(p.Children) == 0 {
				t.Errorf("%s: the preview shows nothing of the nested stack", name)
			}
			s := l.Create(r)
			l.Expect(s, "CREATE_COMPLETE")
			l.Expect(l.Delete(s), "DELETE_COMPLETE")
		}
	})
}
