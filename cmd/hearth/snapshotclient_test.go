package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A stack is snapshotted and restored, then handed from one stack to the next, with the
// commands of a user.
func TestSnapshotClient(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	config := filepath.Join(s.dir, "hearth.yaml")
	if err := os.WriteFile(config, []byte("enable_stack_adopt: true\nenable_stack_abandon: true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.args = []string{"--config", config}
	s.serve()
	server := example(t, "templates/server.yaml")
	state := func(want string) {
		t.Helper()
		s.eventually(want, func() error {
			if got := s.show("stack", "show", "demo")["stack_status"]; got != want {
				return fmt.Errorf("is %v", got)
			}
			return nil
		})
	}
	servers := func() []string { return column(s.list("server", "list"), "ID") }

	s.openstack("stack", "create", "-t", server, "--parameter", "server_name=web", "--wait", "demo")
	id, _ := s.show("stack", "snapshot", "create", "--name", "first", "demo")["ID"].(string)
	state("SNAPSHOT_COMPLETE")
	if list := s.list("stack", "snapshot", "list", "demo"); len(list) != 1 || list[0]["status"] != "COMPLETE" || list[0]["name"] != "first" {
		t.Fatalf("%v", list)
	}
	if snap, _ := s.show("stack", "snapshot", "show", "demo", id)["snapshot"].(map[string]any); snap["status"] != "COMPLETE" || snap["data"] == nil {
		t.Fatal(snap["status"], snap["status_reason"])
	}
	images := len(s.list("image", "list"))
	s.openstack("stack", "update", "-t", server, "--parameter", "server_name=www", "--wait", "demo")
	s.openstack("stack", "snapshot", "restore", "demo", id)
	state("RESTORE_COMPLETE")
	if names := column(s.list("server", "list"), "Name"); !slices.Equal(names, []string{"web"}) {
		t.Error(names)
	}
	s.openstack("stack", "snapshot", "delete", "demo", id)
	s.eventually("the snapshot's image is gone", func() error {
		if left := len(s.list("image", "list")); left != images-1 {
			return fmt.Errorf("%d are left", left)
		}
		return nil
	})

	// The restored stack's template named the image that has gone.
	s.openstack("stack", "update", "-t", server, "--parameter", "server_name=web", "--wait", "demo")

	exported := filepath.Join(s.dir, "export.json")
	before := servers()
	s.openstack("stack", "export", "--output-file", exported, "demo")
	abandoned := filepath.Join(s.dir, "abandoned.json")
	s.openstack("stack", "abandon", "--output-file", abandoned, "demo")
	if left := s.list("stack", "list"); len(left) != 0 {
		t.Errorf("%v", left)
	}
	for _, file := range []string{exported, abandoned} {
		text, err := os.ReadFile(file)
		if err != nil || !json.Valid(text) {
			t.Fatal(file, err)
		}
	}
	s.openstack("stack", "adopt", "--adopt-file", abandoned, "--wait", "demo")
	state("ADOPT_COMPLETE")
	if after := servers(); !slices.Equal(before, after) || len(after) != 1 {
		t.Errorf("%v, not %v", after, before)
	}
	s.openstack("stack", "delete", "--yes", "--wait", "demo")
	if left := servers(); len(left) != 0 {
		t.Errorf("%v", left)
	}
}
