package policy_test

import (
	"strings"
	"testing"

	"hearth/core"
	"hearth/core/policy"
)

func TestExpressions(t *testing.T) {
	caller := &core.Caller{UserID: "u1", ProjectID: "p1", Roles: []string{"Member", "creator"}}
	target := map[string]string{"project_id": "p1", "user_id": "u2"}
	for expr, want := range map[string]bool{
		"":                                     true,
		"@":                                    true,
		"!":                                    false,
		"role:member":                          true,
		"role:admin":                           false,
		"not role:admin":                       true,
		"not not role:admin":                   false,
		"role:admin or role:member":            true,
		"role:admin and role:member":           false,
		"role:member or role:x and role:y":     true,
		"(role:member or role:x) and role:y":   false,
		"not (role:x or role:y)":               true,
		"project_id:%(project_id)s":            true,
		"user_id:%(user_id)s":                  false,
		"user_id:u1":                           true,
		"'p1':%(project_id)s":                  true,
		"p1:%(project_id)s":                    false,
		"project_id:%(absent)s":                false,
		"is_admin:True":                        false,
		"True:True":                            true,
		"rule:owner":                           true,
		"rule:owner and not rule:never":        true,
		"((role:member))":                      true,
		"(project_id:%(project_id)s)":          true,
		"role:admin or (role:member and ! )":   false,
		"ROLE:member or role:member":           true,
		"role:creator AND NOT role:reader":     true,
		"nonesuch:%(project_id)s or role:none": false,
	} {
		e, err := policy.New(nil, []policy.Rule{
			{Name: "owner", Check: "project_id:%(project_id)s"}, {Name: "never", Check: "!"}, {Name: "r", Check: expr},
		})
		if err != nil {
			t.Errorf("%q: %v", expr, err)
			continue
		}
		if got := e.Allowed("r", caller, target); got != want {
			t.Errorf("%q allows: %v, want %v", expr, got, want)
		}
	}
}

func TestWrongTables(t *testing.T) {
	for text, rules := range map[string][]policy.Rule{
		"cannot read":    {{Name: "r", Check: "admin"}},
		"missing )":      {{Name: "r", Check: "(role:a"}},
		"unexpected":     {{Name: "r", Check: "role:a role:b"}},
		"ends too early": {{Name: "r", Check: "role:a and"}},
		"does not exist": {{Name: "r", Check: "rule:x"}},
		"itself":         {{Name: "r", Check: "rule:s"}, {Name: "s", Check: "not rule:r"}},
		"twice":          {{Name: "r"}, {Name: "r"}},
	} {
		if _, err := policy.New(nil, rules); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%v: error %v, want one with %q", rules, err, text)
		}
	}
}

func TestAnOperatorOverridesARule(t *testing.T) {
	e, err := policy.New(map[string]string{"stacks:index": "role:auditor", "extra": "@"}, []policy.Rule{{Name: "stacks:index", Check: "@"}})
	if err != nil {
		t.Fatal(err)
	}
	err = e.Enforce("stacks:index", &core.Caller{Roles: []string{"member"}}, nil)
	if core.ErrorCode(err) != core.Forbidden || err.Error() != "You are not authorized to use stacks:index." {
		t.Errorf("a member gets %v", err)
	}
	if !e.Allowed("stacks:index", &core.Caller{Roles: []string{"auditor"}}, nil) {
		t.Error("an auditor is refused")
	}
	if e.Allowed("nonesuch", &core.Caller{}, nil) || e.Allowed("extra", nil, nil) {
		t.Error("an unknown rule, or nobody, is allowed")
	}
}
