package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The operator's policy file holds for the running server.
func TestPolicyFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rules, config := filepath.Join(dir, "policy.yaml"), filepath.Join(dir, "hearth.yaml")
	for name, text := range map[string]string{rules: "\"stacks:index\": \"rule:auditors\"\n\"auditors\": \"role:auditor\"\n", config: "policy_file: " + rules + "\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := newSite(t, "--config", config)
	p := s.serve()
	if status, err := s.call(http.MethodGet, s.heat+"/stacks", nil, nil); err == nil || !strings.Contains(err.Error(), "You are not authorized to use stacks:index.") {
		t.Error(status, err)
	}
	s.must(http.MethodGet, s.heat+"/resource_types", nil, nil)
	p.terminate()
}
