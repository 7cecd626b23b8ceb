package cfn_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"hearth/core/httpapi/exchangetest"
	"hearth/core/store/storetest"
)

// Who may use an action in its own project.
var (
	readers = []string{"reader", "member", "other"}
	members = []string{"member", "other"}
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

func TestWhoMayDoWhat(t *testing.T) {
	s := newService(t, storetest.Open(t, storetest.SQLite(t)))
	for action, allowed := range access {
		for role := range callers {
			header := http.Header{"X-Auth-User": {"someone"}, "X-Auth-Token": {role}}
			_, _, body := exchangetest.Send(t, "GET", s.URL+"/v1/?StackName=nonesuch&LogicalResourceId=x&Action="+action, header, "")
			if got := !strings.Contains(string(body), "<Code>AccessDenied<"); got != slices.Contains(allowed, role) || strings.Contains(string(body), "InvalidAction") {
				t.Errorf("%s: %s is permitted: %v: %s", action, role, got, body)
			}
		}
	}
}
