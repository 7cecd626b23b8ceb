package main

import (
	"errors"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hearth/core/httpapi/exchangetest"
)

// Debian's murano client, and the openstack client with Murano's plug-in: every command that
// there is, in forms that succeed and forms that fail, as scripts.
func TestMuranoClient(t *testing.T) {
	t.Parallel()
	for _, file := range clientScripts(t, "muranoclient") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.serve()
			(&clientScript{site: s, ids: muranoID}).run(file)
		})
	}
}

// muranoID is an id, also as an action's begins.
var muranoID = regexp.MustCompile(`\b[0-9a-f]{32}|` + exchangetest.UUID.String())

// The scripts leave out no command of the clients and no option of one.
func TestMuranoClientIsWhole(t *testing.T) {
	t.Parallel()
	scripts := clientScripts(t, "muranoclient")
	expectDriven(t, scripts, "murano", clientCommands(t, "murano"))
	expectDriven(t, scripts, "openstack", clientCommands(t, "openstack.application_catalog.v1"))
}

// awaitEnvironment waits until an environment has a status, or is gone.
func (s *site) awaitEnvironment(id, status string) {
	s.t.Helper()
	s.eventually("environment "+status, func() error {
		var env struct{ Status string }
		code, err := s.call(http.MethodGet, s.murano+"/environments/"+id, nil, &env)
		if code == http.StatusNotFound && status == "gone" {
			return nil
		}
		if err != nil {
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
