package cfn_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
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
	"hearth/heat/cfn"
)

// Servers tell a wait condition that they are ready, with the signature that is good for
// its handle alone.
func TestSignals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		lab := enginetest.New(t, st, enginetest.Types(t, heat.Types, aws.Types), callers["member"])
		links := engine.SignalLinks{Key: []byte("test")}
		api, err := cfn.New(cfn.Config{Engine: lab.Engine, EC2Token: noSignature, Authenticate: func(ctx context.Context, token string) (*core.Caller, error) {
			if caller, ok, err := links.Authenticate(ctx, lab.Store, token); ok {
				return caller, err
			}
			return authenticate(ctx, token)
		}})
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(httpapi.Outer{}.Wrap(api.Handler()))
		t.Cleanup(server.Close)

		const handles = `
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  a handle: {Type: 'AWS::CloudFormation::WaitConditionHandle'}
  other: {Type: 'AWS::CloudFormation::WaitConditionHandle'}
`
		s := lab.Create(lab.Request("s", handles+`
Outputs: {url: {Value: {Ref: a handle}}}
`))
		lab.Expect(s, "CREATE_COMPLETE")
		var address string
		if err := json.Unmarshal([]byte(lab.Output(s, "url")), &address); err != nil {
			t.Fatal(err)
		}
		_, signature, _ := strings.Cut(address, "signature=")
		err = lab.Engine.Update(t.Context(), lab.Caller, engine.StackRef{ID: s.ID}, engine.UpdateRequest{TemplateRequest: lab.Request("s", handles+`
  wait: {Type: 'AWS::CloudFormation::WaitCondition', Properties: {Handle: {Ref: a handle}, Timeout: 600, Count: 2}}
Outputs: {data: {Value: {'Fn::GetAtt': [wait, Data]}}}
`).TemplateRequest})
		if err != nil {
			t.Fatal(err)
		}
		// as upstream makes such addresses: the ARN quoted, its slashes not
		path := func(name string) string {
			return strings.ReplaceAll(url.QueryEscape(s.Identifier().Resource(name).ARN()), "%2F", "/")
		}
		at := path("a handle")
		const ready = `{"Status": "SUCCESS", "Reason": "up", "UniqueId": "1", "Data": "x"}`
		forged := "x" + signature[1:]
		member := http.Header{"X-Auth-User": {"max"}, "X-Auth-Token": {"member"}}
		other := http.Header{"X-Auth-User": {"olga"}, "X-Auth-Token": {"other"}}
		for _, x := range []struct {
			method, path string
			header       http.Header
			body         string
			status       int
			answer       string
		}{
			{"PUT", "/waitcondition/" + at, nil, ready, 400, "IncompleteSignature"},
			{"PUT", "/waitcondition/" + at + "?signature=" + forged, nil, ready, 403, "AccessDenied"},
			{"PUT", "/waitcondition/" + path("other") + "?signature=" + signature, nil, ready, 403, "AccessDenied"},
			{"PUT", "/waitcondition/" + strings.Replace(at, "project", "other", 1) + "?signature=" + signature, nil, ready, 400, "InvalidParameterValue"},
			{"PUT", "/waitcondition/" + at, other, ready, 400, "InvalidParameterValue"},
			{"PUT", "/waitcondition/arn%3Anonsense?signature=" + signature, nil, ready, 400, "InvalidParameterValue"},
			{"PUT", "/waitcondition/" + at + "/../x?signature=" + signature, nil, ready, 400, "InvalidParameterValue"},
			{"PUT", "/waitcondition/" + at + "?signature=" + signature, nil, `{"Status": "MAYBE"}`, 400, "InvalidParameterValue"},
			{"PUT", "/waitcondition/" + at + "?signature=" + signature, nil, `{"Status"`, 400, "InvalidParameterValue"},
			{"PUT", "/waitcondition/" + at + "?signature=" + signature, nil, `{"Reason": "` + strings.Repeat("x", 1<<20) + `"}`, 400, "RequestLimitExceeded"},
			{"PUT", "/waitcondition/" + at + "?signature=" + signature, nil, strings.Repeat("x", 5<<20), 400, "RequestLimitExceeded"},
			{"GET", "/?Action=ListStacks&signature=" + signature, nil, "", 400, "IncompleteSignature"},
			{"POST", "/waitcondition/" + at + "?signature=" + signature, nil, ready, 400, "InvalidAction"},

			{"PUT", "/waitcondition/" + at + "?signature=" + signature, nil, ready, 200, "<resource>a handle</resource>"},
			{"PUT", "/waitcondition/" + at + "?ContentType=JSON", member, ready, 200, `"resource":"a handle","metadata":{"1":`},
			{"POST", "/signal/" + at + "?signature=" + signature, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, `{"Status": "SUCCESS", "Reason": "up", "UniqueId": "2", "Data": 5}`, 200, ""},
		} {
			header := x.header.Clone()
			if header == nil {
				header = http.Header{}
			}
			status, _, body := exchangetest.Send(t, x.method, server.URL+"/v1"+x.path, header, x.body)
			if status != x.status || !strings.Contains(string(body), x.answer) || status == 200 && x.answer == "" && len(body) > 0 {
				t.Errorf("%s %s %s: %d %s", x.method, x.path, x.body[:min(len(x.body), 80)], status, body)
			}
		}
		done := lab.Wait(s.ID)
		lab.Expect(done, "UPDATE_COMPLETE")
		if got := lab.Output(done, "data"); got != `"{\"1\": \"x\", \"2\": 5}"` {
			t.Error(got)
		}
	})
}
