package v1_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/resource/heat"
	"hearth/core/store/storetest"
	v1 "hearth/heat/v1"
)

// An administrator sees the engines in the form of Heat, which is refused while there is
// none (testdata/errors.http).
func TestServices(t *testing.T) {
	lab := enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), enginetest.Types(t, heat.Types), nil)
	beat, err := engine.NewHeartbeat(lab.Engine, engine.ReportInterval)
	if err != nil {
		t.Fatal(err)
	}
	if err := beat.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := beat.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	api, err := v1.New(v1.Config{Engine: lab.Engine, Authenticate: authenticate})
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodGet, "/v1/project/services", nil)
	req.Header.Set("X-Auth-Token", "admin")
	res := httptest.NewRecorder()
	exchangetest.Documented(t, httpapi.Outer{}.Wrap(api.Handler())).ServeHTTP(res, req)
	var got struct{ Services []map[string]any }
	if err := json.Unmarshal(res.Body.Bytes(), &got); err != nil || res.Code != http.StatusOK || len(got.Services) != 1 {
		t.Fatal(res.Code, res.Body, err)
	}
	service := got.Services[0]
	for key, pattern := range map[string]*regexp.Regexp{
		"id": exchangetest.UUID, "engine_id": exchangetest.UUID, "host": regexp.MustCompile("."), "hostname": regexp.MustCompile("."),
		"created_at": plainTime, "updated_at": plainTime,
	} {
		if text, _ := service[key].(string); !pattern.MatchString(text) {
			t.Errorf("%s is %v", key, service[key])
		}
		delete(service, key)
	}
	want := map[string]any{"binary": "heat-engine", "topic": "engine", "report_interval": 60.0, "deleted_at": nil, "status": "up"}
	if d := cmp.Diff(want, service); d != "" {
		t.Error(d)
	}
}

var plainTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000$`)
