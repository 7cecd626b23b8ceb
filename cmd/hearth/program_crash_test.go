package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hearth/core/store/storetest"
)

// machinePackage is an application of one server, written as its users do.
var machinePackage = map[string]string{
	"manifest.yaml": "Format: '1.4'\nType: Application\nFullName: crash.Machine\nName: Machine\nClasses: {crash.Machine: Machine.yaml}\n",
	"Classes/Machine.yaml": `
Namespaces:
  =: crash
  std: io.murano
  res: io.murano.resources
Name: Machine
Extends: std:Application
Properties:
  name: {Contract: $.string().notNull()}
  instance: {Contract: $.class(res:Instance).notNull()}
Methods:
  .init:
    Body:
      - $._environment: $.find(std:Environment).require()
  deploy:
    Body:
      - If: not $.getAttr(deployed, false)
        Then:
          - $._environment.reporter.report($this, 'Creating the server')
          - $.instance.deploy()
          - $._environment.reporter.report($this, 'The server is there')
          - $.setAttr(deployed, true)
  whereabouts:
    Scope: Public
    Body:
      - Return: $.instance.ipAddresses
`,
}

// stackOf gives the one stack of the project: its state and name, "" when there is none.
func (s *site) oneStack() string {
	s.t.Helper()
	var list struct {
		Stacks []struct {
			Name   string `json:"stack_name"`
			Status string `json:"stack_status"`
		}
	}
	s.must(http.MethodGet, s.heat+"/stacks", nil, &list)
	switch len(list.Stacks) {
	case 0:
		return ""
	case 1:
		return list.Stacks[0].Status + " " + list.Stacks[0].Name
	}
	s.t.Fatalf("stacks: %v", list)
	return ""
}

// A process that is killed while a program makes the stack, and again while it changes it,
// goes on with the program: one stack, every report once, the servers once. So it does with
// the deletion of the environment.
func TestKillWhileProgramRuns(t *testing.T) {
	t.Parallel()
	for _, db := range []string{"sqlite", "postgres"} {
		t.Run(db, func(t *testing.T) {
			t.Parallel()
			var args []string
			kills := []string{"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"}
			if db == "postgres" { // where another process waits for the lease to run out, each time
				args, kills = []string{"--database", storetest.Postgres(t)}, kills[1:]
			}
			s := newSite(t, args...)
			p := s.serve()
			dir := t.TempDir()
			for name, content := range machinePackage {
				file := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			d := &demo{ctx: t.Context(), murano: s.murano, heat: s.heat, token: s.token}
			if _, err := d.importPackage(dir); err != nil {
				t.Fatal(err)
			}
			var env, session struct{ ID string }
			s.must(http.MethodPost, s.murano+"/environments", map[string]any{"name": "crash"}, &env)
			base := s.murano + "/environments/" + env.ID
			s.must(http.MethodPost, base+"/configure", nil, &session)
			for _, name := range []string{"crash-a", "crash-b"} {
				app := map[string]any{"?": map[string]any{"id": name, "type": "crash.Machine"}, "name": name, "instance": map[string]any{
					"?": map[string]any{"id": "vm-" + name, "type": "io.murano.resources.LinuxInstance"}, "name": name, "flavor": "m1.small", "image": "cirros-0.6.2-x86_64-disk"}}
				if err := d.inSession(session.ID, base+"/services", app); err != nil {
					t.Fatal(err)
				}
			}
			s.slow(100)
			s.must(http.MethodPost, base+"/sessions/"+session.ID+"/deploy", nil, nil)
			for _, middle := range kills {
				s.eventually(middle, func() error {
					if now := s.oneStack(); !strings.HasPrefix(now, middle) {
						return errors.New(now)
					}
					return nil
				})
				p.kill()
				p = s.serve()
				s.slow(100)
			}
			s.awaitEnvironment(env.ID, "ready")
			if now := s.oneStack(); !strings.HasPrefix(now, "UPDATE_COMPLETE murano--") {
				t.Error(now)
			}
			var servers struct{ Servers []struct{ Name string } }
			s.must(http.MethodGet, s.cloud["compute"]+"/servers", nil, &servers)
			if len(servers.Servers) != 2 {
				t.Error(servers)
			}
			s.expectReports(base, "Action deploy is scheduled", "Creating the server", "Creating the server", "Deployment finished", "The server is there", "The server is there")

			s.slow(100)
			s.must(http.MethodDelete, base, nil, nil)
			s.eventually("DELETE_IN_PROGRESS", func() error {
				if now := s.oneStack(); !strings.HasPrefix(now, "DELETE_IN_PROGRESS") {
					return errors.New(now)
				}
				return nil
			})
			if db == "sqlite" {
				p.kill()
				p = s.serve()
			}
			s.eventually("environment gone", func() error {
				if code, _ := s.call(http.MethodGet, base, nil, nil); code != http.StatusNotFound {
					return fmt.Errorf("status %d", code)
				}
				return nil
			})
			if now := s.oneStack(); now != "" {
				t.Error("left:", now)
			}
			p.terminate()
		})
	}
}

// expectReports wants the one deployment of an environment to have told these texts, sorted.
func (s *site) expectReports(base string, want ...string) {
	s.t.Helper()
	var list struct{ Deployments []struct{ ID, State string } }
	s.must(http.MethodGet, base+"/deployments", nil, &list)
	if len(list.Deployments) != 1 || list.Deployments[0].State != "success" {
		s.t.Fatalf("%v", list)
	}
	var told struct{ Reports []struct{ Text string } }
	s.must(http.MethodGet, base+"/deployments/"+list.Deployments[0].ID, nil, &told)
	var got []string
	for _, r := range told.Reports {
		got = append(got, r.Text)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		s.t.Errorf("reports: %q", got)
	}
}
