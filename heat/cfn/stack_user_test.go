package cfn_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/ec2credentials"

	"hearth/core"
	"hearth/core/converge"
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

// stackUsers is the API under a prefix, with an engine whose resources are given addresses
// of it.
type stackUsers struct {
	*signer
	lab *enginetest.Lab
}

func newStackUsers(t *testing.T, st *store.Store) stackUsers {
	t.Helper()
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	links := engine.SignalLinks{Endpoint: "http://heat.example/v1", CFN: server.URL + "/cfn/v1", Key: []byte("test")}
	lab := enginetest.New(t, st, enginetest.Types(t, heat.Types, aws.Types), callers["member"], func(c *converge.Config) { c.Links = links })
	api, err := cfn.New(cfn.Config{Engine: lab.Engine, EC2Token: noSignature,
		Secret: func(ctx context.Context, access string) (string, string, bool, error) {
			return links.Secret(ctx, lab.Store, access)
		},
		Authenticate: func(ctx context.Context, token string) (*core.Caller, error) {
			if caller, ok, err := links.Authenticate(ctx, lab.Store, token); ok {
				return caller, err
			}
			return authenticate(ctx, token)
		}})
	if err != nil {
		t.Fatal(err)
	}
	handler = httpapi.Outer{}.Wrap(http.StripPrefix("/cfn", exchangetest.Documented(t, api.Handler())))
	return stackUsers{&signer{t: t, api: server}, lab}
}

// output is an output that is a text.
func (s stackUsers) output(stack *core.Stack, name string) (text string) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(s.lab.Output(stack, name)), &text); err != nil {
		s.t.Fatal(name, err)
	}
	return text
}

// holding is the service for who has an access key.
func (s stackUsers) holding(access, secret string) stackUsers {
	return stackUsers{&signer{t: s.t, api: s.api, cred: &ec2credentials.Credential{Access: access, Secret: secret}}, s.lab}
}

// asks is a request of an action.
func (s stackUsers) asks(action string, parameters ...string) *request {
	r := s.request("GET")
	r.params = url.Values{"Action": {action}, "AWSAccessKeyId": {s.cred.Access}}
	for i := 0; i < len(parameters); i += 2 {
		r.params.Set(parameters[i], parameters[i+1])
	}
	return r
}

// A template as Amazon's users have them: a user, its key, and what the user may read.
const keyed = `
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  CfnUser: {Type: 'AWS::IAM::User', Properties: {Policies: [{Ref: Access}, {PolicyName: embedded}]}}
  Access: {Type: 'OS::Heat::AccessPolicy', Properties: {AllowedResources: [Server]}}
  HostKeys: {Type: 'AWS::IAM::AccessKey', Properties: {UserName: {Ref: CfnUser}}}
  FreeUser: {Type: 'AWS::IAM::User'}
  FreeKeys: {Type: 'AWS::IAM::AccessKey', Properties: {UserName: {Ref: FreeUser}}}
  Server: {Type: 'OS::Heat::DeployedServer', Metadata: {mine: yes}}
  Other: {Type: 'OS::Heat::DeployedServer'}
  Handle: {Type: 'AWS::CloudFormation::WaitConditionHandle'}
  Wait: {Type: 'AWS::CloudFormation::WaitCondition', DependsOn: Server, Properties: {Handle: {Ref: Handle}, Timeout: 600}}
Outputs:
  user: {Value: {Ref: CfnUser}}
  name: {Value: {'Fn::GetAtt': [HostKeys, UserName]}}
  key: {Value: {Ref: HostKeys}}
  secret: {Value: {'Fn::GetAtt': [HostKeys, SecretAccessKey]}}
  freeKey: {Value: {Ref: FreeKeys}}
  freeSecret: {Value: {'Fn::GetAtt': [FreeKeys, SecretAccessKey]}}
  agent: {Value: {'Fn::GetAtt': [Server, os_collect_config]}}
  handle: {Value: {Ref: Handle}}
`

func TestStackUsers(t *testing.T) {
	s := newStackUsers(t, storetest.Open(t, storetest.SQLite(t)))
	begun, err := s.lab.Engine.Create(t.Context(), s.lab.Caller, s.lab.Request("s", keyed))
	if err != nil {
		t.Fatal(err)
	}
	s.putReady(begun)
	stack := s.lab.Wait(begun.ID)
	s.lab.Expect(stack, "CREATE_COMPLETE")
	if name := s.output(stack, "name"); name != s.output(stack, "user") || !strings.HasPrefix(name, "s-CfnUser-") {
		t.Error(name)
	}
	var agent struct {
		CFN struct {
			URL    string `json:"metadata_url"`
			Access string `json:"access_key_id"`
			Secret string `json:"secret_access_key"`
			Stack  string `json:"stack_name"`
			Path   string `json:"path"`
		} `json:"cfn"`
	}
	if err := json.Unmarshal([]byte(s.lab.Output(stack, "agent")), &agent); err != nil || agent.CFN.URL != s.api.URL+"/cfn/v1/" || agent.CFN.Path != "Server.Metadata" {
		t.Fatal(s.lab.Output(stack, "agent"), err)
	}
	own := s.holding(agent.CFN.Access, agent.CFN.Secret)
	keys := s.holding(s.output(stack, "key"), s.output(stack, "secret"))
	free := s.holding(s.output(stack, "freeKey"), s.output(stack, "freeSecret"))

	describe := func(u stackUsers, name string) *request {
		return u.asks("DescribeStackResource", "StackName", "s", "LogicalResourceId", name)
	}
	for _, tc := range []struct {
		who    stackUsers
		name   string
		status int
	}{
		{own, "Server", 200}, {own, "Other", 403}, {own, "Handle", 403}, {own, "nonesuch", 403},
		{keys, "Server", 200}, {keys, "Other", 403}, {keys, "HostKeys", 403},
		{free, "Server", 200}, {free, "Other", 200}, {free, "HostKeys", 200},
	} {
		status2, body2 := tc.who.version2(describe(tc.who, tc.name))
		status4, body4 := tc.who.version4(describe(tc.who, tc.name), false)
		if status2 != tc.status || status4 != tc.status || tc.status == 403 && !strings.Contains(body4, "<Code>AccessDenied<") {
			t.Errorf("%s of %s: %d %s, %d %s", tc.name, tc.who.cred.Access, status2, body2, status4, body4)
		}
		if tc.status == 200 && tc.name == "Server" && (!strings.Contains(body2, "mine") || !strings.Contains(body2, agent.CFN.Secret)) {
			t.Error("the metadata are not those of the server:", body2)
		}
	}
	for name, change := range map[string]func(*request){
		"another secret":   func(r *request) { r.secret = keys.cred.Secret },
		"an hour ago":      func(r *request) { r.at = r.at.Add(-time.Hour) },
		"another resource": func(r *request) { r.extra.Set("LogicalResourceId", "Other") },
		"a form":           func(r *request) { r.method = "POST"; r.secret = "x" },
	} {
		r2, r4 := describe(own, "Server"), describe(own, "Server")
		change(r2)
		change(r4)
		if status, body := own.version2(r2); status != http.StatusForbidden {
			t.Errorf("version 2, %s: %d %s", name, status, body)
		}
		if status, body := own.version4(r4, false); status != http.StatusForbidden {
			t.Errorf("version 4, %s: %d %s", name, status, body)
		}
	}
	for _, action := range slices.Sorted(maps.Keys(access)) {
		for _, u := range []stackUsers{own, free} {
			status, body := u.version2(u.asks(action, "StackName", "s", "LogicalResourceId", "Server"))
			if want := map[bool]int{true: 200, false: 403}[action == "DescribeStackResource"]; status != want {
				t.Errorf("%s: %d %s", action, status, body)
			}
		}
	}
	s.refusedAtRest(stack, own, describe)
}

// putReady says that the server is ready, with nothing but the address.
func (s stackUsers) putReady(stack *core.Stack) {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		row, err := s.lab.Store.FindResource(s.t.Context(), stack.ID, "Wait")
		if err != nil || time.Now().After(deadline) {
			s.t.Fatal("nobody waits", err)
		}
		var properties struct{ Handle string }
		if row != nil && json.Unmarshal(row.Properties, &properties) == nil && properties.Handle != "" {
			status, _, body := exchangetest.Send(s.t, "PUT", properties.Handle, http.Header{}, `{"Status": "SUCCESS", "Reason": "up", "UniqueId": "1", "Data": ""}`)
			if status != http.StatusOK {
				s.t.Fatal(status, string(body))
			}
			return
		}
	}
}

// refusedAtRest: while its resource is suspended, and when it is gone, a key is good for
// nothing.
func (s stackUsers) refusedAtRest(stack *core.Stack, own stackUsers, describe func(stackUsers, string) *request) {
	s.t.Helper()
	expect := func(want int, when string) {
		s.t.Helper()
		if status, body := own.version2(describe(own, "Server")); status != want {
			s.t.Errorf("%s: %d %s", when, status, body)
		}
	}
	for _, act := range []struct {
		action core.Action
		status int
	}{{core.Suspend, 403}, {core.Resume, 200}} {
		if err := s.lab.Act(s.t.Context(), s.lab.Caller, engine.StackRef{ID: stack.ID}, strings.ToLower(string(act.action))); err != nil {
			s.t.Fatal(err)
		}
		s.lab.Expect(s.lab.Wait(stack.ID), string(act.action)+"_COMPLETE")
		expect(act.status, string(act.action))
	}
	s.lab.Expect(s.lab.Delete(stack), "DELETE_COMPLETE")
	expect(403, "deleted")
}
