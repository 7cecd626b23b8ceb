package main

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// A stack makes another one through the public API, reads its outputs, changes, suspends
// and resumes it, and takes it along when it goes.
func TestRemoteStack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	const inner = `{"heat_template_version": "2021-04-16", "parameters": {"v": {"type": "string"}},
		"resources": {"r": {"type": "OS::Heat::TestResource", "properties": {"value": {"get_param": "v"}, "fail": FAIL}}},
		"outputs": {"o": {"value": [1, {"get_attr": ["r", "output"]}]}}}`
	outer := func(value string) map[string]any {
		return map[string]any{
			"heat_template_version": "2021-04-16",
			"resources": map[string]any{"remote": map[string]any{"type": "OS::Heat::Stack", "properties": map[string]any{
				"template":   strings.Replace(inner, "FAIL", strconv.FormatBool(value == "bad"), 1),
				"parameters": map[string]any{"v": value}, "timeout": 5,
				"context": map[string]any{"region_name": s.env["OS_REGION_NAME"]},
			}}},
			"outputs": map[string]any{
				"inner": map[string]any{"value": map[string]any{"get_attr": []any{"remote", "outputs", "o"}}},
				"id":    map[string]any{"value": map[string]any{"get_resource": "remote"}},
				"name":  map[string]any{"value": map[string]any{"get_attr": []any{"remote", "stack_name"}}},
			},
		}
	}
	faulty := outer("first")
	broken := faulty["resources"].(map[string]any)["remote"].(map[string]any)["properties"].(map[string]any)
	broken["template"] = `{"heat_template_version": "2021-04-16", "resource": {}}`
	status, err := s.call(http.MethodPost, s.heat+"/stacks", map[string]any{"stack_name": "faulty", "template": faulty}, nil)
	if status != http.StatusBadRequest || !strings.Contains(err.Error(), `Failed validating stack template using Heat endpoint at region \"RegionOne\"`) {
		t.Errorf("a template that the other side refuses: %v", err)
	}
	path := s.createStack("outer", outer("first"))
	s.awaitStack(path, "CREATE_COMPLETE")
	output := func(key string) any {
		var answer struct {
			Output struct {
				Value any `json:"output_value"`
			}
		}
		s.must(http.MethodGet, s.heat+path+"/outputs/"+key, nil, &answer)
		return answer.Output.Value
	}
	if v, _ := output("inner").([]any); len(v) != 2 || v[0] != 1.0 || v[1] != "first" {
		t.Errorf("output %v", output("inner"))
	}
	remote := "/stacks/" + output("name").(string) + "/" + output("id").(string)
	s.awaitStack(remote, "CREATE_COMPLETE")

	s.must(http.MethodPut, s.heat+path, map[string]any{"template": outer("second")}, nil)
	s.awaitStack(path, "UPDATE_COMPLETE")
	if v, _ := output("inner").([]any); len(v) != 2 || v[1] != "second" {
		t.Errorf("output %v", output("inner"))
	}
	for _, action := range []string{"suspend", "resume", "check"} {
		s.must(http.MethodPost, s.heat+path+"/actions", map[string]any{action: nil}, nil)
		s.awaitStack(path, strings.ToUpper(action)+"_COMPLETE")
	}
	s.awaitStack(remote, "RESUME_COMPLETE")

	s.must(http.MethodPut, s.heat+path, map[string]any{"template": outer("bad")}, nil)
	s.eventually("fail", func() error {
		state, reason, err := s.stackState(path)
		if err == nil && state == "UPDATE_FAILED" && !strings.Contains(reason, "Went to status UPDATE_FAILED due to") {
			t.Errorf("reason %s", reason)
		}
		if err == nil && state != "UPDATE_FAILED" {
			err = errors.New(state)
		}
		return err
	})
	s.must(http.MethodDelete, s.heat+path, nil, nil)
	s.awaitStack(path, "DELETE_COMPLETE")
	s.awaitStack(remote, "DELETE_COMPLETE")
}
