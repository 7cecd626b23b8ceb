package cfn_test

import (
	"net/http"
	"strings"
	"testing"

	"hearth/core/engine"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

// Servers tell a wait condition that they are ready, at the address that is good for its
// handle alone.
func TestSignals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		service := newStackUsers(t, st)
		lab := service.lab
		const handles = `
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  a handle: {Type: 'AWS::CloudFormation::WaitConditionHandle'}
  other: {Type: 'AWS::CloudFormation::WaitConditionHandle'}
  policy: {Type: 'OS::Heat::ScalingPolicy', Properties: {auto_scaling_group_id: x, scaling_adjustment: 1, adjustment_type: change_in_capacity}}
`
		s := lab.Create(lab.Request("s", handles+`
Outputs: {url: {Value: {Ref: a handle}}, more: {Value: {Ref: other}}, alarm: {Value: {'Fn::GetAtt': [policy, alarm_url]}}}
`))
		lab.Expect(s, "CREATE_COMPLETE")
		given := func(output string) (path, query string) {
			path, query, _ = strings.Cut(strings.TrimPrefix(service.output(s, output), service.api.URL+"/cfn/v1"), "?")
			return path, "?" + query
		}
		wait, query := given("url")
		_, others := given("more")
		alarm, alarmQuery := given("alarm")
		forged := strings.Replace(query, "Signature=", "Signature=x", 1)
		if !strings.HasPrefix(wait, "/waitcondition/arn%3Aopenstack%3Aheat%3A%3Aproject%3Astacks/s/"+s.ID+"/resources/a%2520handle") || forged == query ||
			!strings.HasPrefix(query, "?SignatureMethod=HmacSHA256&SignatureVersion=2&AWSAccessKeyId=") || !strings.Contains(query, "&Timestamp=20") {
			t.Error(wait, query)
		}
		if again, sameQuery := given("url"); again != wait || sameQuery != query {
			t.Error("another address than before: ", again, sameQuery)
		}
		err := lab.Engine.Update(t.Context(), lab.Caller, engine.StackRef{ID: s.ID}, engine.UpdateRequest{TemplateRequest: lab.Request("s", handles+`
  wait: {Type: 'AWS::CloudFormation::WaitCondition', Properties: {Handle: {Ref: a handle}, Timeout: 600, Count: 2}}
Outputs: {data: {Value: {'Fn::GetAtt': [wait, Data]}}}
`).TemplateRequest})
		if err != nil {
			t.Fatal(err)
		}
		const ready = `{"Status": "SUCCESS", "Reason": "up", "UniqueId": "1", "Data": "x"}`
		member := http.Header{"X-Auth-User": {"max"}, "X-Auth-Token": {"member"}}
		other := http.Header{"X-Auth-User": {"olga"}, "X-Auth-Token": {"other"}}
		for _, x := range []struct {
			method, path string
			header       http.Header
			body         string
			status       int
			answer       string
		}{
			{"PUT", wait, nil, ready, 400, "IncompleteSignature"},
			{"PUT", wait + forged, nil, ready, 403, "AccessDenied"},
			{"PUT", wait + others, nil, ready, 403, "AccessDenied"},
			{"PUT", wait + query + "&More=x", nil, ready, 403, "AccessDenied"},
			{"PUT", strings.Replace(wait, "a%2520handle", "other", 1) + query, nil, ready, 403, "AccessDenied"},
			{"PUT", strings.Replace(wait, "project", "other", 1) + query, nil, ready, 403, "AccessDenied"},
			{"PUT", wait, other, ready, 400, "InvalidParameterValue"},
			{"PUT", "/waitcondition/arn%3Anonsense", member, ready, 400, "InvalidParameterValue"},
			{"PUT", wait + "/../x", member, ready, 400, "InvalidParameterValue"},
			{"PUT", wait + query, nil, `{"Status": "MAYBE"}`, 400, "InvalidParameterValue"},
			{"PUT", wait + query, nil, `{"Status"`, 400, "InvalidParameterValue"},
			{"PUT", wait + query, nil, `{"Reason": "` + strings.Repeat("x", 1<<20) + `"}`, 400, "RequestLimitExceeded"},
			{"PUT", wait + query, nil, strings.Repeat("x", 5<<20), 400, "RequestLimitExceeded"},
			{"GET", "/" + query + "&Action=ListStacks", nil, "", 403, "AccessDenied"},
			{"POST", wait + query, nil, ready, 403, "AccessDenied"},
			{"POST", strings.Replace(wait, "/waitcondition/", "/signal/", 1) + query, nil, ready, 403, "AccessDenied"},
			{"POST", alarm + strings.Replace(alarmQuery, "Signature=", "Signature=x", 1), nil, "{}", 403, "AccessDenied"},
			{"POST", alarm + alarmQuery, nil, "{}", 400, "could not find scaling group"},

			{"PUT", wait + query, nil, ready, 200, "<resource>a handle</resource>"},
			{"PUT", wait + "?ContentType=JSON", member, ready, 200, `"resource":"a handle","metadata":{"1":`},
			{"PUT", wait + query, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, `{"Status": "SUCCESS", "Reason": "up", "UniqueId": "2", "Data": 5}`, 200, "<resource>a handle</resource>"},
		} {
			header := x.header.Clone()
			if header == nil {
				header = http.Header{}
			}
			status, _, body := exchangetest.Send(t, x.method, service.api.URL+"/cfn/v1"+x.path, header, x.body)
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
