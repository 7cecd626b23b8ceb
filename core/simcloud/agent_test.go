package simcloud_test

import (
	"testing"

	"hearth/core/simcloud"
)

// Administrators say over HTTP what agents answer; nobody else does.
func TestAgentRules(t *testing.T) {
	c := start(t, simcloud.Options{})
	admin, demo := c.login(t, "admin", "admin").Token(), c.login(t, "demo", "demo").Token()
	if status, _, _ := call(t, "GET", c.url+"/agents", demo, nil); status != 403 {
		t.Error(status)
	}
	rule := map[string]any{"server": "db-*", "plan": "Deploy", "script": "run", "nth": 2, "times": 3, "exit_code": 1, "stdout": "o", "stderr": "e", "log": "l", "latency_ms": 5, "hang": true}
	status, body, _ := call(t, "POST", c.url+"/agents", admin, map[string]any{"agent": rule})
	if status != 201 {
		t.Fatal(status, body)
	}
	for k, v := range rule {
		got := body["agent"].(map[string]any)[k]
		if n, ok := v.(int); ok {
			v = float64(n)
		}
		if got != v {
			t.Error(k, got)
		}
	}
	if status, body, _ := call(t, "POST", c.url+"/agents", admin, map[string]any{"agent": map[string]any{"server": "["}}); status != 400 {
		t.Error(status, body)
	}
	if status, _, _ := call(t, "DELETE", c.url+"/agents/1", admin, nil); status != 204 {
		t.Error(status)
	}
	if status, _, _ := call(t, "DELETE", c.url+"/agents/1", admin, nil); status != 404 {
		t.Error(status)
	}
	call(t, "POST", c.url+"/agents", admin, map[string]any{"agent": rule})
	call(t, "DELETE", c.url+"/agents", admin, nil)
	if _, body, _ := call(t, "GET", c.url+"/agents", admin, nil); len(body["agents"].([]any)) != 0 {
		t.Error(body)
	}
}
