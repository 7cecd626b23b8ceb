package policy_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hearth/core"
	"hearth/core/policy"
)

func written(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// An operator's file takes the place of single rules, refers to Heat's base rules and brings
// rules of its own.
func TestFile(t *testing.T) {
	overrides, err := policy.ReadFile(written(t, `
# operators only
"stacks:create": "rule:operators and rule:deny_stack_user"
"operators": "role:ops or project_id:%(project_id)s"
"stacks:index": "@"
`))
	if err != nil {
		t.Fatal(err)
	}
	e, err := policy.New(overrides, policy.Base, []policy.Rule{{Name: "stacks:create", Check: "role:member"}, {Name: "stacks:index", Check: "!"}, {Name: "stacks:show", Check: "!"}})
	if err != nil {
		t.Fatal(err)
	}
	target := map[string]string{"project_id": "p"}
	for _, c := range []struct {
		rule   string
		caller core.Caller
		want   bool
	}{
		{"stacks:create", core.Caller{Roles: []string{"member"}, ProjectID: "other"}, false},
		{"stacks:create", core.Caller{Roles: []string{"ops"}, ProjectID: "other"}, true},
		{"stacks:create", core.Caller{Roles: []string{"member"}, ProjectID: "p"}, true},
		{"stacks:create", core.Caller{Roles: []string{"ops", "heat_stack_user"}}, false},
		{"stacks:index", core.Caller{}, true},
		{"stacks:show", core.Caller{Roles: []string{"admin"}}, false},
	} {
		if got := e.Allowed(c.rule, &c.caller, target); got != c.want {
			t.Errorf("%s for %+v: %v", c.rule, c.caller, got)
		}
	}
}

func TestFileThatIsNone(t *testing.T) {
	for text, says := range map[string]string{
		"- a\n":                      "not a mapping",
		"a: 1\nstacks:create: [x]\n": "policy.yaml:1: the rule \"a\" is not a text",
		"\"a\": \"b":                 "line",
	} {
		if _, err := policy.ReadFile(written(t, text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
	if _, err := policy.ReadFile(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there is read")
	}
	for _, name := range []string{"", written(t, "# nothing\n")} {
		if got, err := policy.ReadFile(name); err != nil || len(got) != 0 {
			t.Error(got, err)
		}
	}
}
