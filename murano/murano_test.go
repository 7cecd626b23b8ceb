package murano_test

import (
	"strings"
	"testing"

	"hearth/murano"
)

// The sessions of an environment, newest first, decide on its status.
func TestStatusOf(t *testing.T) {
	for states, want := range map[string]murano.EnvironmentStatus{
		"":                               "ready",
		"opened":                         "pending",
		"deploying,opened":               "deploying",
		"opened,deploying":               "deploying",
		"deploy failure,opened":          "deploy failure",
		"opened,deploy failure":          "deploy failure",
		"opened,deployed,deploy failure": "pending",
		"deployed,opened":                "ready",
		"deleting,deployed":              "deleting",
		"opened,delete failure,deployed": "delete failure",
	} {
		var sessions []murano.Session
		for s := range strings.SplitSeq(states, ",") {
			if s != "" {
				sessions = append(sessions, murano.Session{State: murano.SessionState(s)})
			}
		}
		if got := murano.StatusOf(sessions); got != want {
			t.Errorf("%s: %s, want %s", states, got, want)
		}
	}
}

func TestSessionValid(t *testing.T) {
	for _, x := range []struct {
		environment, session int64
		state                murano.SessionState
		deploying, want      bool
	}{
		{1, 1, murano.SessionOpened, false, true},
		{2, 1, murano.SessionOpened, false, false},
		{1, 1, murano.SessionOpened, true, false},
		{1, 1, murano.SessionDeploying, true, true},
	} {
		s := &murano.Session{Version: x.session, State: x.state}
		if got := s.Valid(&murano.Environment{Version: x.environment}, x.deploying); got != x.want {
			t.Errorf("%+v: %v", x, got)
		}
	}
}

func TestClassName(t *testing.T) {
	for text, want := range map[string]murano.ClassName{
		"a.B":           {Name: "a.B"},
		"a.B/1.0.0@p.q": {Name: "a.B", Version: "1.0.0", Package: "p.q"},
		"a.B@p":         {Name: "a.B", Package: "p"},
		" a.B / 1 @ p ": {Name: "a.B", Version: "1", Package: "p"},
	} {
		if got := murano.ParseClassName(text); got != want {
			t.Errorf("%q: %+v", text, got)
		}
	}
	if s := (murano.ClassName{Name: "a.B", Version: "1.0.0", Package: "p"}).String(); s != "a.B/1.0.0@p" {
		t.Error(s)
	}
}

func TestDeploymentState(t *testing.T) {
	for _, x := range []struct {
		finished         bool
		errors, warnings int
		want             string
	}{
		{false, 0, 0, "running"}, {false, 0, 1, "running_w_warnings"}, {false, 1, 1, "running_w_errors"},
		{true, 0, 0, "success"}, {true, 0, 2, "completed_w_warnings"}, {true, 1, 0, "completed_w_errors"},
	} {
		if got := murano.DeploymentState(x.finished, x.errors, x.warnings); got != x.want {
			t.Errorf("%+v: %s", x, got)
		}
	}
}
