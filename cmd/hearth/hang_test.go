package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// letsGoWithin is how long a request that supersedes another may wait for a cloud that
// does not answer.
const letsGoWithin = 10 * time.Second

// netAnd is a template of a network and volumes.
func netAnd(volumes ...string) map[string]any {
	resources := map[string]any{"net": map[string]any{"type": "OS::Neutron::Net", "properties": map[string]any{}}}
	for _, v := range volumes {
		resources[v] = map[string]any{"type": "OS::Cinder::Volume", "properties": map[string]any{"size": 1}}
	}
	return map[string]any{"heat_template_version": "2018-08-31", "resources": resources}
}

// A cloud that never answers the create of a volume, whether it makes it or not, holds up
// only the action that asked for it: whatever the user does next gets there, and what the
// cloud has made after all goes with the stack.
func TestCloudThatNeverAnswers(t *testing.T) {
	update := func(s *site, path string, template map[string]any) {
		s.must(http.MethodPut, s.heat+path, map[string]any{"template": template}, nil)
	}
	act := func(s *site, path, action string) {
		s.must(http.MethodPost, s.heat+path+"/actions", map[string]any{action: nil}, nil)
	}
	cases := []struct {
		name    string
		updates bool // the volume is asked for by an update, else by the create
		next    func(s *site, path string)
		state   string
		volumes int
		path    string
	}{
		{name: "create-delete", next: func(s *site, path string) { s.must(http.MethodDelete, s.heat+path, nil, nil) }, state: "DELETE_COMPLETE"},
		{name: "create-stop", next: func(s *site, path string) { act(s, path, "cancel_without_rollback") }, state: "CREATE_FAILED"},
		{name: "create-update", next: func(s *site, path string) { update(s, path, netAnd()) }, state: "UPDATE_COMPLETE"},
		{name: "update-delete", updates: true, next: func(s *site, path string) { s.must(http.MethodDelete, s.heat+path, nil, nil) }, state: "DELETE_COMPLETE"},
		{name: "update-cancel", updates: true, next: func(s *site, path string) { act(s, path, "cancel_update") }, state: "ROLLBACK_COMPLETE", volumes: 1},
		{name: "update-stop", updates: true, next: func(s *site, path string) { act(s, path, "cancel_without_rollback") }, state: "UPDATE_FAILED", volumes: 1},
		{name: "update-update", updates: true, next: func(s *site, path string) { update(s, path, netAnd("kept")) }, state: "UPDATE_COMPLETE", volumes: 1},
	}
	for _, made := range []bool{false, true} {
		t.Run(fmt.Sprint("made ", made), func(t *testing.T) {
			t.Parallel()
			cases := slices.Clone(cases)
			s := newSite(t)
			p := s.serve()
			for i := range cases {
				if c := &cases[i]; c.updates {
					c.path = s.createStack(c.name, netAnd("kept"))
					s.awaitStack(c.path, "CREATE_COMPLETE")
				}
			}
			s.must(http.MethodPost, s.faults(), map[string]any{"fault": map[string]any{
				"service": "volume", "operation": "volume.create", "hang": true, "after_effect": made}}, nil)
			for i := range cases {
				if c := &cases[i]; c.updates {
					update(s, c.path, netAnd("kept", "volume"))
				} else {
					c.path = s.createStack(c.name, netAnd("volume"))
				}
			}
			s.awaitHanging(len(cases))
			began := time.Now()
			for _, c := range cases {
				c.next(s, c.path)
			}
			for _, c := range cases {
				s.awaitEnd(c.path, c.state)
				if d := time.Since(began); d > letsGoWithin {
					t.Errorf("%s is %s after %v", c.name, c.state, d)
				}
				if !strings.HasSuffix(c.state, "_FAILED") { // its volume goes with the next action
					s.expectVolumes(c.name, c.volumes)
				}
			}
			for _, c := range cases {
				if c.state != "DELETE_COMPLETE" {
					s.must(http.MethodDelete, s.heat+c.path, nil, nil)
				}
			}
			for _, c := range cases {
				s.awaitEnd(c.path, "DELETE_COMPLETE")
			}
			s.expectVolumes("", 0)
			p.terminate()
		})
	}
}

func (s *site) faults() string { return strings.TrimSuffix(s.env["OS_AUTH_URL"], "/v3") + "/faults" }

// awaitHanging waits until so many calls have hit the fault.
func (s *site) awaitHanging(n int) {
	s.t.Helper()
	s.eventually("a call that hangs", func() error {
		var answer struct{ Faults []struct{ Seen int } }
		if _, err := s.call(http.MethodGet, s.faults(), nil, &answer); err != nil {
			return err
		}
		if seen := answer.Faults[0].Seen; seen < n {
			return fmt.Errorf("%d of %d", seen, n)
		}
		return nil
	})
}

// awaitEnd is awaitStack for a stack that may have failed before.
func (s *site) awaitEnd(path, state string) {
	s.t.Helper()
	s.eventually("wait for "+state, func() error {
		got, reason, err := s.stackState(path)
		if err == nil && got != state {
			err = fmt.Errorf("%s: %s", got, reason)
		}
		return err
	})
}

// expectVolumes counts the volumes of the stack of that name; "" for all.
func (s *site) expectVolumes(stack string, n int) {
	s.t.Helper()
	var answer struct{ Volumes []struct{ Name string } }
	s.must(http.MethodGet, s.cloud["volumev3"]+"/volumes", nil, &answer)
	got := 0
	for _, v := range answer.Volumes {
		if strings.HasPrefix(v.Name, stack) {
			got++
		}
	}
	if got != n {
		s.t.Fatalf("the cloud has %d volumes of %q, not %d: %v", got, stack, n, answer.Volumes)
	}
}
