package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hearth/core/store/storetest"
)

// command runs a sub-command on the installation to its end.
func (s *site) command(sub string, more ...string) (output string, err error) {
	s.t.Helper()
	args := append([]string{sub, "--data", s.dir, "--log-level", "warn"}, s.args...)
	out, err := exec.Command(hearth(s.t), append(args, more...)...).CombinedOutput()
	return string(out), err
}

// keys are what secrets.json has: the current one first.
func (s *site) keys() []string {
	s.t.Helper()
	kept, err := keptSecrets(&Config{Data: s.dir})
	if err != nil {
		s.t.Fatal(err)
	}
	return append([]string{kept.EncryptionKey}, kept.OldEncryptionKeys...)
}

func (s *site) output(path, key string) (value string) {
	s.t.Helper()
	var answer struct {
		Output struct {
			Value string `json:"output_value"`
		}
	}
	s.must(http.MethodGet, s.heat+path+"/outputs/"+key, nil, &answer)
	return answer.Output.Value
}

// secretive is a stack with something to seal.
var secretive = map[string]any{"heat_template_version": "2021-04-16",
	"resources": map[string]any{"r": map[string]any{"type": "OS::Heat::RandomString"}},
	"outputs":   map[string]any{"secret": map[string]any{"value": map[string]any{"get_attr": []string{"r", "value"}}}}}

// The embedded installation: a fresh key takes the place of the one before while the server
// stands still; a rotation that was broken off is gone on with.
func TestRotateKeyNew(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve()
	stack := s.createStack("s", secretive)
	s.awaitStack(stack, "CREATE_COMPLETE")
	secret, first := s.output(stack, "secret"), s.keys()
	if out, err := s.command("rotate-key", "--new"); err == nil || !strings.Contains(out, "stop it first") {
		t.Errorf("rotated under a running server: %v\n%s", err, out)
	}
	p.terminate()
	if d := s.keys(); !slices.Equal(d, first) {
		t.Error("a refused rotation has changed the keys")
	}

	out, err := s.command("rotate-key", "--new", "--json")
	if err != nil {
		t.Fatal(err, out)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var last struct {
		Key    string
		Values int
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || last.Values < 5 || len(last.Key) != 8 {
		t.Error(err, out)
	}
	second := s.keys()
	if len(second) != 1 || second[0] == first[0] {
		t.Fatal("the old key is still there, or is still used")
	}
	p = s.serve()
	if got := s.output(stack, "secret"); got != secret {
		t.Error(got, secret)
	}
	p.terminate()

	// As a crash leaves it that comes right after the fresh key was put there.
	if err := freshKey(t.Context(), &Config{Data: s.dir}); err != nil {
		t.Fatal(err)
	}
	broken := s.keys()
	if len(broken) != 2 || broken[1] != second[0] {
		t.Fatal("the old key is not kept")
	}
	p = s.serve()
	if got := s.output(stack, "secret"); got != secret {
		t.Error(got, secret)
	}
	p.terminate()
	if out, err := s.command("rotate-key", "--new"); err != nil || !strings.Contains(out, "Nothing needs the old keys any more") {
		t.Error(err, out)
	}
	if now := s.keys(); len(now) != 1 || now[0] != broken[0] {
		t.Error("the rotation was not gone on with")
	}
	p = s.serve()
	if got := s.output(stack, "secret"); got != secret {
		t.Error(got, secret)
	}
	p.terminate()
}

// Keys of the configuration are rotated while the server runs with both.
func TestRotateKeyOfConfiguration(t *testing.T) {
	t.Parallel()
	one, two := strings.Repeat("1", 64), strings.Repeat("2", 64)
	s := newSite(t, "--database", storetest.Postgres(t))
	configure := func(keys ...string) {
		t.Helper()
		content := "encryption_key: '" + keys[0] + "'\nold_encryption_keys: ['" + strings.Join(keys[1:], "', '") + "']\n"
		if len(keys) == 1 {
			content = "encryption_key: '" + keys[0] + "'\n"
		}
		path := filepath.Join(s.dir, "hearth.yaml")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s.args = append(s.args[:2:2], "--config", path)
	}
	exec := func(want bool, text, sub string, more ...string) {
		t.Helper()
		if out, err := s.command(sub, more...); (err == nil) != want || !strings.Contains(out, text) {
			t.Errorf("%s: %v\n%s", sub, err, out)
		}
	}
	configure(one)
	p := s.serve()
	stack := s.createStack("s", secretive)
	s.awaitStack(stack, "CREATE_COMPLETE")
	secret := s.output(stack, "secret")
	p.terminate()

	configure(two)
	exec(false, "the encryption key is not this database's", "migrate")
	configure("2222")
	exec(false, "a key must be 64 hexadecimal digits", "migrate")
	configure(two, one)
	exec(false, "--new is for the embedded database", "rotate-key", "--new")
	p = s.serve()
	exec(true, "Nothing needs the old keys any more", "rotate-key")
	if got := s.output(stack, "secret"); got != secret {
		t.Error(got, secret)
	}
	other := s.createStack("other", secretive)
	s.awaitStack(other, "CREATE_COMPLETE")
	p.terminate()

	configure(one)
	exec(false, "the encryption key is not this database's", "migrate")
	configure(two)
	p = s.serve()
	if got := s.output(stack, "secret"); got != secret {
		t.Error(got, secret)
	}
	if s.output(other, "secret") == "" {
		t.Error("no secret")
	}
	p.terminate()
}
