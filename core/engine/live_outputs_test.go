package engine_test

import (
	"net/http"
	"strings"
	"testing"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/engine"
)

const attached = `
heat_template_version: 2021-04-16
resources:
  s: {type: OS::Nova::Server, properties: {image: debian-12-genericcloud-amd64, flavor: m1.small, networks: [{network: private}]}}
  v: {type: OS::Cinder::Volume, properties: {size: 1}}
  a: {type: OS::Cinder::VolumeAttachment, properties: {instance_uuid: {get_resource: s}, volume_id: {get_resource: v}}}
outputs:
  attached_to: {value: {get_attr: [v, attachments_list, 0, server_id]}}
  tags: {value: {list_join: [",", {get_attr: [s, tags]}]}}
  id: {value: {get_resource: s}}
`

// Outputs tell what live attributes are now; when the cloud does not, what they were.
func TestLiveOutputs(t *testing.T) {
	l, c := cloudLab(t)
	s := l.Create(l.Request("s", attached))
	l.Expect(s, "CREATE_COMPLETE")
	server := ids(t, l, s)["s"]
	expect := func(attachedTo, tags string) {
		t.Helper()
		shown, err := l.Show(t.Context(), l.Caller, engine.StackRef{ID: s.ID})
		if err == nil {
			err = l.Walker.ReadOutputs(t.Context(), shown)
		}
		if err != nil {
			t.Fatal(err)
		}
		outputs, err := converge.Outputs(shown)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, o := range outputs {
			got[o.Key] = string(o.Value)
		}
		if got["attached_to"] != attachedTo || got["tags"] != tags || got["id"] != `"`+server+`"` {
			t.Error(got)
		}
		if strings.Contains(string(shown.Outputs), "live") {
			t.Errorf("what is only stored is shown: %s", shown.Outputs)
		}
	}
	expect(`"`+server+`"`, `""`)
	tell(t, c, "compute", http.MethodPut, "servers/"+server+"/tags", map[string]any{"tags": []string{"a", "b"}})
	expect(`"`+server+`"`, `"a,b"`)

	stored, err := l.Walker.Store.FindStack(t.Context(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	tell(t, c, "compute", http.MethodDelete, "servers/"+server, nil)
	l.Until(func() bool { _, there := ask(t, c, "compute", "servers/"+server); return !there }, func() string { return "the server stays" })
	var was []core.Output
	if was, err = converge.Outputs(stored); err != nil {
		t.Fatal(err)
	}
	for _, o := range was {
		if o.Key == "tags" {
			expect(`null`, string(o.Value))
		}
	}
}
