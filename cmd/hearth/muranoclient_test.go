package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hearth/murano/catalog"
)

// zipped makes the archive of an example package.
func zipped(t testing.TB, name string) string {
	t.Helper()
	b, err := catalog.Build(example(t, "packages/"+name))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name+".zip")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// edit writes a JSON patch for environment-apps-edit.
func edit(t testing.TB, ops ...map[string]any) string {
	t.Helper()
	b, err := json.Marshal(ops)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "edit.json")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// row gives the cells of the row of a table of the murano client that holds text.
func row(t testing.TB, table, text string) []string {
	t.Helper()
	for _, l := range strings.Split(table, "\n") {
		if strings.HasPrefix(l, "|") && strings.Contains(l, text) {
			var cells []string
			for _, c := range strings.Split(strings.Trim(l, "|"), "|") {
				cells = append(cells, strings.TrimSpace(c))
			}
			return cells
		}
	}
	t.Fatalf("no row with %q in\n%s", text, table)
	return nil
}

// awaitEnvironment waits until an environment has a status.
func (s *site) awaitEnvironment(id, status string) {
	s.t.Helper()
	s.eventually("environment "+status, func() error {
		var env struct{ Status string }
		if _, err := s.call(http.MethodGet, s.murano+"/environments/"+id, nil, &env); err != nil {
			return err
		}
		if env.Status != status && strings.HasSuffix(env.Status, "failure") {
			s.t.Fatalf("environment is in %s", env.Status)
		}
		if env.Status != status {
			return errors.New(env.Status)
		}
		return nil
	})
}

// An application from its package to its stack and away again, with muranoclient.
func TestMuranoClient(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve()
	murano := func(args ...string) string { t.Helper(); return s.client("murano", args...) }

	murano("package-import", zipped(t, "hot-random"))
	if r := row(t, murano("package-list"), "hearth.examples.Random"); r[1] != "Random string" {
		t.Fatal(r)
	}
	env := row(t, murano("environment-create", "shop"), "shop")[0]
	deploy := func(ops ...map[string]any) {
		t.Helper()
		session := row(t, murano("environment-session-create", env), "id")[1]
		murano("environment-apps-edit", "--session-id", session, env, edit(t, ops...))
		murano("environment-deploy", "--session-id", session, env)
		s.awaitEnvironment(env, "ready")
	}
	app := map[string]any{"?": map[string]any{"type": "hearth.examples.Random", "id": "0123456789abcdef0123456789abcdef"}, "name": "secret"}
	deploy(map[string]any{"op": "add", "path": "/-", "value": app})
	stacks := s.list("stack", "list")
	if len(stacks) != 1 || stacks[0]["Stack Status"] != "CREATE_COMPLETE" {
		t.Fatalf("%v", stacks)
	}
	if r := row(t, murano("deployment-list", env), "success"); r == nil {
		t.Fatal("no deployment")
	}
	if text := murano("environment-show", env); !strings.Contains(text, "secret") {
		t.Error(text)
	}

	deploy(map[string]any{"op": "add", "path": "/0/templateParameters", "value": map[string]any{"length": 20}})
	stacks = s.list("stack", "list")
	if len(stacks) != 1 || stacks[0]["Stack Status"] != "UPDATE_COMPLETE" {
		t.Fatalf("%v", stacks)
	}

	deploy(map[string]any{"op": "remove", "path": "/0"})
	if left := s.list("stack", "list"); len(left) != 0 {
		t.Fatalf("%v", left)
	}

	deploy(map[string]any{"op": "add", "path": "/-", "value": app})
	murano("environment-delete", env)
	s.eventually("environment gone", func() error {
		if code, _ := s.call(http.MethodGet, s.murano+"/environments/"+env, nil, nil); code != http.StatusNotFound {
			return fmt.Errorf("status %d", code)
		}
		return nil
	})
	if left := s.list("stack", "list"); len(left) != 0 {
		t.Fatalf("%v", left)
	}
	murano("package-delete", row(t, murano("package-list"), "hearth.examples.Random")[0])
	p.terminate()
}

// A process that is killed in the middle of a deployment goes on with it: one stack, one
// deployment, ready in the end.
func TestKillWhileDeploying(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve()
	d := &demo{ctx: t.Context(), murano: s.murano, heat: s.heat, token: s.token}
	fqn, err := d.importPackage(example(t, "packages/hot-web"))
	if err != nil {
		t.Fatal(err)
	}
	s.slow(150)
	var env, session struct{ ID string }
	s.must(http.MethodPost, s.murano+"/environments", map[string]any{"name": "crash"}, &env)
	base := s.murano + "/environments/" + env.ID
	s.must(http.MethodPost, base+"/configure", nil, &session)
	app := map[string]any{"?": map[string]any{"id": "a0", "type": fqn}, "name": "web"}
	if err := d.inSession(session.ID, base+"/services", app); err != nil {
		t.Fatal(err)
	}
	s.must(http.MethodPost, base+"/sessions/"+session.ID+"/deploy", nil, nil)
	s.eventually("a stack begun", func() error {
		var list struct{ Stacks []any }
		if _, err := s.call(http.MethodGet, s.heat+"/stacks", nil, &list); err != nil {
			return err
		}
		if len(list.Stacks) == 0 {
			return errors.New("no stack yet")
		}
		return nil
	})
	p.kill()
	s.serve()
	s.awaitEnvironment(env.ID, "ready")
	var list struct {
		Stacks []struct {
			Status string `json:"stack_status"`
		}
	}
	s.must(http.MethodGet, s.heat+"/stacks", nil, &list)
	if len(list.Stacks) != 1 || list.Stacks[0].Status != "CREATE_COMPLETE" {
		t.Fatalf("%v", list)
	}
	var deployments struct{ Deployments []struct{ State string } }
	s.must(http.MethodGet, base+"/deployments", nil, &deployments)
	if len(deployments.Deployments) != 1 || deployments.Deployments[0].State != "success" {
		t.Fatalf("%v", deployments)
	}
}
