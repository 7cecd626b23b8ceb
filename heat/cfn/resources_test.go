package cfn_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/resource/heat"
	"hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/heat/cfn"
)

// Who knows but an object finds the stack that it is of, and what else is in it.
func TestResourcesByPhysicalID(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		lab := enginetest.New(t, st, enginetest.Types(t, heat.Types), callers["member"])
		api, err := cfn.New(cfn.Config{Engine: lab.Engine, Authenticate: authenticate, EC2Token: noSignature})
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(exchangetest.Documented(t, httpapi.Outer{}.Wrap(api.Handler())))
		t.Cleanup(server.Close)
		s := lab.Create(lab.Request("s", `
HeatTemplateFormatVersion: '2012-12-12'
Resources: {a: {Type: 'OS::Heat::RandomString'}, b: {Type: 'OS::Heat::RandomString'}}
`))
		resources, err := lab.Engine.Resources(t.Context(), lab.Caller, engine.StackRef{ID: s.ID}, engine.ResourceFilter{}, false)
		if err != nil || len(resources) != 2 {
			t.Fatal(len(resources), err)
		}
		ask := func(role, more string) (int, string) {
			header := http.Header{"X-Auth-User": {"someone"}, "X-Auth-Token": {role}}
			status, _, body := exchangetest.Send(t, "GET", server.URL+"/v1/?Action=DescribeStackResources&PhysicalResourceId="+resources[0].PhysicalID+more, header, "")
			return status, string(body)
		}
		if status, body := ask("reader", ""); status != 200 || strings.Count(body, "<member>") != 2 || !strings.Contains(body, s.Identifier().ARN()) {
			t.Error(status, body)
		}
		if status, body := ask("reader", "&LogicalResourceId=b"); status != 200 || strings.Count(body, "<member>") != 1 {
			t.Error(status, body)
		}
		if status, body := ask("other", ""); status != 400 {
			t.Error(status, body)
		}
		lab.Delete(s)
		if status, body := ask("reader", ""); status != 400 {
			t.Error("the stack is gone:", status, body)
		}
	})
}
