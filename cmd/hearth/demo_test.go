package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// The demo deploys twice in a row: the second time its package is there already.
func TestDemo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	for range 2 {
		out, err := exec.Command(hearth(t), "demo", "--data", s.dir, "--port-offset", fmt.Sprint(s.offset),
			"--package", example(t, "packages/hot-web")).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "CREATE_COMPLETE") || !strings.Contains(string(out), "Deployment finished") {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if stacks := s.objectsAt("/stacks", "stacks"); stacks != 2 {
		t.Errorf("%d stacks", stacks)
	}
}

// objectsAt counts what a list of Heat has.
func (s *site) objectsAt(path, key string) int {
	s.t.Helper()
	var answer map[string][]any
	s.must("GET", s.heat+path, nil, &answer)
	return len(answer[key])
}
