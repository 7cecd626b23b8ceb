package engine_test

import (
	"net/http"
	"strings"
	"testing"

	"hearth/core/simcloud"
)

// A failure in the cloud is told with what its service answered, so that the service's log
// can be asked: the status, the request's id, and the text without our wrapping.
func TestFailureOfTheCloud(t *testing.T) {
	l, c := cloudLab(t)
	c.Sim.Inject(simcloud.Fault{Operation: "keypair.create", Status: http.StatusForbidden, Message: "Quota exceeded, too many key pairs."})
	r := l.Request("s", "heat_template_version: 2021-04-16\nresources:\n  g:\n    type: pair.yaml\n")
	r.Files = map[string]string{"pair.yaml": "heat_template_version: 2021-04-16\nresources:\n  key: {type: OS::Nova::KeyPair, properties: {name: k}}\n"}
	s := l.Create(r)
	l.Expect(s, "CREATE_FAILED")
	got := s.Failures()
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	f := got[0]
	if strings.Join(f.Path, "/") != "g/key" || f.HTTPStatus != http.StatusForbidden || !strings.HasPrefix(f.RequestID, "req-") ||
		f.Message != "Quota exceeded, too many key pairs." || f.Cause != "Forbidden" || f.Place == nil || f.Place.File != "pair.yaml" || f.Place.Line != 3 {
		t.Fatalf("%+v", f)
	}
	if !strings.Contains(s.StatusReason, "Forbidden: resources.g.resources.key: Quota exceeded, too many key pairs. (HTTP 403) (Request-ID: req-") {
		t.Fatal(s.StatusReason)
	}
}
