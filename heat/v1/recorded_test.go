package v1_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"hearth/core/cloud"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/httpapi/recordedtest"
	"hearth/core/resource/aws"
	"hearth/core/resource/heat"
	"hearth/core/resource/nova"
	"hearth/core/simcloud"
	"hearth/core/store/storetest"
	v1 "hearth/heat/v1"
)

// The recorder's projects, admin's and demo's.
const (
	recordedAdmin = "4504e19cb71d42129ef5b104e9bf7618"
	recordedDemo  = "57540a67f9a145bbacc7915f6372b82e"
)

// meant are the differences from the record, with their lines in docs/deviations.md.
var meant = map[string]recordedtest.Difference{
	"013-resource-types":                        {Places: []string{"/resource_types"}, Why: "the families of this release"},
	"015-resource-type-schema":                  {Places: []string{"/properties", "/attributes"}, Why: ourOwn},
	"016-resource-type-schema-with-description": {Places: []string{"/properties", "/attributes"}, Why: ourOwn},
	"018-resource-type-template-cfn":            {Places: []string{"/Parameters", "/Outputs"}, Why: ourOwn},
	"019-resource-type-template-hot":            {Places: []string{"/parameters", "/outputs"}, Why: ourOwn},
	"035-validate-circular":                     {Places: []string{"status", "/code", "/error", "/explanation", "/title"}, Why: "a user's mistake is 400"},
	"092-resources-with-detail":                 {Places: []string{"/resources/*/attributes/refs", "/resources/*/attributes/refs_map"}, Why: references},
	"097-resource-show-group":                   {Places: []string{"/resource/attributes/refs", "/resource/attributes/refs_map"}, Why: references},
	"103-resource-signal-bad-handle-data":       {Places: []string{"status", ""}, Why: "whoever signals learns that it did not count"},
	"112-event-show":                            {Places: []string{"/event/resource_properties/character_classes"}, Why: "defaults are among the properties of an event"},
	"121-preview-update":                        {Places: []string{"/resource_changes/updated/*/attributes"}, Why: references},
	"122-preview-update-patch":                  {Places: []string{"/resource_changes/updated/*/attributes"}, Why: references},
	"132-snapshots":                             {Places: copied("/snapshots/*/data"), Why: whole},
	"133-snapshot-show":                         {Places: copied("/snapshot/data"), Why: whole},
	"137-export":                                {Places: append(copied(""), "/tags"), Why: whole + "; a restore leaves the tags alone"},
	"140-resources-of-failed":                   {Places: []string{"/resources/*/physical_resource_id"}, Why: "the type has an id when it fails"},
	"155-show-after-action-on-a-busy-stack":     {Places: []string{"/stack/stack_status_reason"}, Why: "what a cancelled update leaves has failed, and is replaced"},
	"190-show-deleting":                         {Places: []string{"/stack/outputs"}, Why: "outputs are stored", Sometimes: true},
	"191-delete-twice":                          {Places: []string{"status", "header content-type", ""}, Why: "the stack is gone already", Sometimes: true},
}

const (
	ourOwn     = "descriptions are our own"
	references = "the members' references are shown"
	whole      = "nested stacks are copied, too; resources keep other data"
)

// copied are the places in the data of a stack where a copy has more than Heat's.
func copied(data string) []string {
	return []string{data + "/resources/g", data + "/resources/v/resource_data", data + "/resources/wh/resource_data"}
}

// TestRecordedExchanges replays what a Heat 19.0.0 was asked, on the simulated cloud's identity
// service.
func TestRecordedExchanges(t *testing.T) {
	t.Parallel()
	s := newRecorded(t)
	s.create("bd3637e5ff4") // other stacks stood beside the recorder's
	p := &recordedtest.Replay{T: t, Folder: "testdata/recorded", Deviations: "../../docs/deviations.md", Prepare: s.prepare, Known: meant,
		Ids: map[string]string{recordedAdmin: s.admin.project, recordedDemo: s.demo.project, "http://127.0.0.1:8004": s.url}}
	p.Run()
}

// login is a token and its project.
type login struct{ token, project string }

// recorded is the API as the recorder found Heat: with every switch on, and an identity
// service that knows no other service.
type recorded struct {
	t           *testing.T
	url         string
	admin, demo login
}

func newRecorded(t *testing.T) *recorded {
	t.Helper()
	var handler http.Handler
	identity := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	sim, err := simcloud.New(t.Context(), simcloud.Options{BaseURL: identity.URL, AdminPassword: "secret", ServicePassword: "own"})
	if err != nil {
		t.Fatal(err)
	}
	handler = identityAlone(sim.Handler())
	c := cloud.New(cloud.Config{AuthURL: identity.URL, Service: cloud.ServiceUser{
		UserName: "hearth", UserDomain: "Default", Password: "own", ProjectName: "service", ProjectDomain: "Default"}})
	t.Cleanup(func() {
		c.Close()
		identity.Close()
		_ = sim.Close()
	})
	lab := enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), enginetest.Types(t, heat.Types, nova.Types, aws.Types), nil, enginetest.WithCloud(c))
	for range 2 { // engines
		beat, err := engine.NewHeartbeat(lab.Engine, engine.ReportInterval)
		if err != nil {
			t.Fatal(err)
		}
		if err := beat.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = beat.Stop(context.WithoutCancel(t.Context())) })
	}
	api, err := v1.New(v1.Config{Engine: lab.Engine, Authenticate: c.Authenticate, IdentityURL: "http://127.0.0.1:5000", EnableStackAdopt: true, EnableStackAbandon: true})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(httpapi.Outer{}.Wrap(api.Handler()))
	t.Cleanup(server.Close)
	s := &recorded{t: t, url: server.URL}
	s.admin, s.demo = s.login(identity.URL, "admin"), s.login(identity.URL, "demo")
	return s
}

// login logs a user in to the project of the same name.
func (s *recorded) login(identity, user string) login {
	s.t.Helper()
	client := &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{}, Endpoint: identity + "/v3/"}
	answer := tokens.Create(s.t.Context(), client, &tokens.AuthOptions{Username: user, DomainName: "Default", Password: "secret",
		Scope: tokens.Scope{ProjectName: user, DomainName: "Default"}})
	project, err := answer.ExtractProject()
	if err != nil {
		s.t.Fatal(err)
	}
	token, err := answer.ExtractTokenID()
	if err != nil {
		s.t.Fatal(err)
	}
	return login{token, project.ID}
}

// identityAlone takes every other service out of the catalogues.
func identityAlone(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		content := rec.Body.Bytes()
		var answer struct {
			Token map[string]any `json:"token"`
		}
		if json.Unmarshal(content, &answer) == nil && answer.Token["catalog"] != nil {
			answer.Token["catalog"] = slices.DeleteFunc(answer.Token["catalog"].([]any), func(service any) bool {
				return service.(map[string]any)["type"] != "identity"
			})
			content, _ = json.Marshal(answer)
		}
		rec.Header().Del("Content-Length")
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(content)
	})
}

// get reads as the administrator.
func (s *recorded) get(url string) func() []byte {
	return func() []byte {
		_, _, content := exchangetest.Send(s.t, http.MethodGet, url, http.Header{"X-Auth-Token": {s.admin.token}}, "")
		return content
	}
}

// underWay reports whether a list of stacks or resources has one that is IN_PROGRESS.
func underWay(list []byte) bool { return bytes.Contains(list, []byte("_IN_PROGRESS")) }

// create creates a stack without resources.
func (s *recorded) create(name string) {
	s.t.Helper()
	status, _, content := exchangetest.Send(s.t, http.MethodPost, s.url+"/v1/"+s.admin.project+"/stacks", http.Header{"X-Auth-Token": {s.admin.token}},
		`{"stack_name": "`+name+`", "template": {"heat_template_version": "2013-05-23"}}`)
	if status != http.StatusCreated {
		s.t.Fatal(status, string(content))
	}
}

// rest waits until no stack has anything to do.
func (s *recorded) rest() {
	s.t.Helper()
	recordedtest.Until(s.t, s.get(s.url+"/v1/"+s.admin.project+"/stacks?show_nested=true&show_deleted=true"), func(list []byte) bool { return !underWay(list) })
}

// The recorder did not wait for an action to end before these; before midway it waited until
// the update of its slow stack was under way.
var (
	atOnce = []string{"show-in-progress", "update-in-progress", "show-deleting", "delete-twice"}
	midway = []string{"resources-mid-update", "cancel-update", "cancel-without-rollback", "action-on-a-busy-stack"}
)

// prepare brings the service into the state that the record has, and gives the request a token.
func (s *recorded) prepare(r *recordedtest.Request) {
	s.t.Helper()
	_, name, _ := strings.Cut(r.ID, "-")
	switch {
	case slices.Contains(midway, name):
		recordedtest.Until(s.t, s.get(r.URL[:strings.LastIndexByte(r.URL, '/')]+"/resources"), underWay)
	case !slices.Contains(atOnce, name):
		s.rest()
	}
	switch name {
	case "create-too-large": // is not on the record as it was
		r.Body = `{"stack_name": "x", "template": {"heat_template_version": "2021-04-16", "description": "` + strings.Repeat("x", 600000) + `"}}`
	case "event-show": // the first in the list, which is in another order here
		events := r.URL[:strings.LastIndexByte(r.URL, '/')]
		var list struct{ Events []struct{ ID string } }
		if err := json.Unmarshal(s.get(events)(), &list); err != nil || len(list.Events) == 0 {
			s.t.Fatal("no events ", err)
		}
		r.URL = events + "/" + list.Events[0].ID
	}
	switch token := r.Header.Get("X-Auth-Token"); token {
	case "":
	case "(token)":
		r.Header.Set("X-Auth-Token", s.admin.token)
	case "nonsense...":
	default:
		r.Header.Set("X-Auth-Token", s.demo.token)
	}
}
