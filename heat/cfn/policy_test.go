package cfn_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hearth/core/httpapi/exchangetest"
	"hearth/core/store/storetest"
	"hearth/heat/cfn"
)

// Who may use an action in its own project.
var (
	readers = []string{"reader", "member", "admin"}
	members = []string{"member", "admin"}
)

// access is the whole authorization of the actions (heat-api 1.4).
var access = map[string][]string{
	"CancelUpdateStack":      members,
	"CreateStack":            members,
	"DeleteStack":            members,
	"DescribeStackEvents":    readers,
	"DescribeStackResource":  append([]string{"signal"}, readers...),
	"DescribeStackResources": readers,
	"DescribeStacks":         readers,
	"EstimateTemplateCost":   readers,
	"GetTemplate":            readers,
	"ListStackResources":     readers,
	"ListStacks":             readers,
	"UpdateStack":            members,
	"ValidateTemplate":       readers,
}

// paths are those beside the actions: who may signal what is in stack_user_test.go.
var paths = []string{"PUT /waitcondition/{arn...}", "POST /signal/{arn...}"}

// TestWhoMayDoWhat is generated from the route table: every action, with every role, on a stack
// of its own project, which there is, and on the same stack from another project.
func TestWhoMayDoWhat(t *testing.T) {
	api, err := cfn.New(cfn.Config{EC2Token: noSignature, Authenticate: authenticate})
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, op := range api.Operations() {
		if op.Path != "/" {
			if route := op.Method + " " + op.Path; !slices.Contains(paths, route) {
				t.Errorf("%s is not listed", route)
			}
			continue
		}
		for _, rule := range op.Rules {
			action, is := strings.CutPrefix(rule, "cloudformation:")
			if _, ok := access[action]; is && !ok {
				t.Errorf("say in access who may use %s", action)
			}
			listed[action] = true
		}
	}
	s := newService(t, storetest.Open(t, storetest.SQLite(t)))
	ask := func(role, action, more string) string {
		header := http.Header{"X-Auth-User": {"someone"}, "X-Auth-Token": {role}}
		_, _, body := exchangetest.Send(t, "GET", s.URL+"/v1/?Action="+action+more, header, "")
		return string(body)
	}
	create := "&StackName=s&TemplateBody=" + url.QueryEscape(`{"HeatTemplateFormatVersion": "2012-12-12", "Resources": {"r": {"Type": "OS::Heat::Value", "Properties": {"value": "1"}}}}`)
	if body := ask("member", "CreateStack", create); !strings.Contains(body, "<StackId>") {
		t.Fatal(body)
	}
	arn := regexp.MustCompile(`arn:[^<]+`).FindString(ask("member", "DescribeStacks", "&StackName=s"))
	for action, allowed := range access {
		if !listed[action] {
			t.Errorf("there is no action %s", action)
		}
		for role, caller := range callers {
			name := "nonesuch" // so that the stack stays
			if caller.ProjectID != "project" {
				name = "s"
			}
			may := slices.Contains(allowed, role) || role == "other" && slices.Contains(allowed, "member")
			body := ask(role, action, "&LogicalResourceId=r&StackName="+name)
			if got := !strings.Contains(body, "<Code>AccessDenied<"); got != may || strings.Contains(body, "InvalidAction") {
				t.Errorf("%s: %s is permitted: %v: %s", action, role, got, body)
			}
			if role != "other" || slices.Contains([]string{"CreateStack", "ValidateTemplate", "EstimateTemplateCost", "ListStacks"}, action) {
				continue
			}
			for _, foreign := range []string{"s", url.QueryEscape(arn)} {
				if body := ask(role, action, "&LogicalResourceId=r&StackName="+foreign); !strings.HasPrefix(body, "<ErrorResponse>") {
					t.Errorf("%s: %s reaches a stack of another project as %s: %s", action, role, foreign, body)
				}
			}
		}
	}
	if body := ask("other", "ListStacks", ""); strings.Contains(body, "<StackName>") {
		t.Error(body)
	}
}
