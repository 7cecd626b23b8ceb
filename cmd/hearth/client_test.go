package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The unchanged Python clients of Debian, as a user runs them.

// client runs a client program with the installation's login and gives its standard output.
func (s *site) client(program string, args ...string) string {
	s.t.Helper()
	out, errOut, err := s.tryClient(program, args...)
	if err != nil {
		s.t.Fatalf("%s %s: %v\n%s\n%s", program, strings.Join(args, " "), err, out, errOut)
	}
	return out
}

func (s *site) tryClient(program string, args ...string) (out, errOut string, err error) {
	s.t.Helper()
	path := "/usr/bin/" + program
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("HEARTH_TEST_ALL") != "" {
			s.t.Fatalf("%s is missing: install Debian's python3-openstackclient, python3-heatclient and python3-muranoclient", path)
		}
		s.t.Skipf("%s is missing: install Debian's python3-openstackclient, python3-heatclient and python3-muranoclient", path)
	}
	cmd := exec.Command("/usr/bin/python3", append([]string{path}, args...)...)
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + s.dir, "LANG=C.UTF-8", "PYTHONWARNINGS=ignore"}
	for k, v := range s.env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	return stdout.String(), stderr.String(), err
}

// openstack runs an openstack command.
func (s *site) openstack(args ...string) string { s.t.Helper(); return s.client("openstack", args...) }

// show runs an openstack command that shows one thing.
func (s *site) show(args ...string) map[string]any {
	s.t.Helper()
	return decode[map[string]any](s.t, s.openstack(append(args, "-f", "json")...))
}

// list runs an openstack command that lists things.
func (s *site) list(args ...string) []map[string]any {
	s.t.Helper()
	return decode[[]map[string]any](s.t, s.openstack(append(args, "-f", "json")...))
}

// decode reads JSON that may stand behind lines of progress.
func decode[T any](t testing.TB, text string) T {
	t.Helper()
	var v T
	if i := strings.IndexAny(text, "[{"); i >= 0 {
		for ; i >= 0 && i < len(text); i++ {
			if (text[i] == '[' || text[i] == '{') && json.Unmarshal([]byte(text[i:]), &v) == nil {
				return v
			}
		}
	}
	t.Fatalf("no JSON in %q", text)
	return v
}

// column gives one value of each row.
func column(rows []map[string]any, name string) []string {
	var out []string
	for _, r := range rows {
		text, _ := r[name].(string)
		out = append(out, text)
	}
	return out
}

// example is the path of a file under examples/.
func example(t testing.TB, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../examples", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// publicTemplate is the path of a public template; the test is skipped where they are not.
func publicTemplate(t testing.TB, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../../shared/templates/hot", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("the public templates are not beside the project")
	}
	return path
}
