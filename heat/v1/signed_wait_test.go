package v1_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/resource/aws"
	"hearth/core/resource/heat"
	"hearth/core/store"
	"hearth/core/store/storetest"
	v1 "hearth/heat/v1"
)

// Servers may still tell a wait condition of CloudFormation that they are ready by PUT or POST
// to the address that Ref yielded: curl calls the body a form, cfn-signal says nothing of its type.
func TestSignedAddressOfWaitCondition(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		lab := enginetest.New(t, st, enginetest.Types(t, heat.Types, aws.Types), callers["member"])
		links := engine.SignalLinks{Key: []byte("test")}
		api, err := v1.New(v1.Config{Engine: lab.Engine, Authenticate: func(ctx context.Context, token string) (*core.Caller, error) {
			caller, _, err := links.Authenticate(ctx, lab.Store, token)
			return caller, err
		}})
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(exchangetest.Documented(t, httpapi.Outer{}.Wrap(api.Handler())))
		t.Cleanup(server.Close)

		s := lab.Create(lab.Request("s", `
AWSTemplateFormatVersion: '2010-09-09'
Resources: {handle: {Type: 'AWS::CloudFormation::WaitConditionHandle'}}
Outputs: {url: {Value: {Ref: handle}}}
`))
		lab.Expect(s, "CREATE_COMPLETE")
		var address string
		if err := json.Unmarshal([]byte(lab.Output(s, "url")), &address); err != nil {
			t.Fatal(err)
		}
		address = server.URL + formerAddress(t, links, s, address)
		err = lab.Engine.Update(t.Context(), lab.Caller, engine.StackRef{ID: s.ID}, engine.UpdateRequest{TemplateRequest: lab.Request("s", `
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  handle: {Type: 'AWS::CloudFormation::WaitConditionHandle'}
  wait: {Type: 'AWS::CloudFormation::WaitCondition', Properties: {Handle: {Ref: handle}, Timeout: 600, Count: 2}}
Outputs: {data: {Value: {'Fn::GetAtt': [wait, Data]}}}
`).TemplateRequest})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			method, contentType, body string
			status                    int
		}{
			{"PUT", "", `{"Status": "SUCCESS", "Reason": "up", "UniqueId": "a"}`, 400},
			{"GET", "", "", 401},
			{"PUT", "", `{"Status": "SUCCESS", "Reason": "up", "UniqueId": "a", "Data": {"port": 80}}`, 200},
			{"POST", "application/x-www-form-urlencoded", `{"Status": "SUCCESS", "Reason": "up", "UniqueId": 2, "Data": ""}`, 200},
		} {
			req, err := http.NewRequestWithContext(t.Context(), x.method, address, strings.NewReader(x.body))
			if err != nil {
				t.Fatal(err)
			}
			if x.contentType != "" {
				req.Header.Set("Content-Type", x.contentType)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != x.status {
				t.Errorf("%s %s: %s", x.method, x.body, resp.Status)
			}
		}
		done := lab.Wait(s.ID)
		lab.Expect(done, "UPDATE_COMPLETE")
		if got := lab.Output(done, "data"); got != `"{\"a\": {\"port\": 80}, \"2\": \"\"}"` {
			t.Error(got)
		}
	})
}
