package policy

import (
	"fmt"
	"os"

	"hearth/core/yaml"
)

// Base are the rules that others may refer to, in tables and in an operator's file
// (heat/policies/base.py).
var Base = []Rule{
	{Name: "context_is_admin", Check: "role:admin", Description: "Who counts as an administrator."},
	{Name: "project_admin", Check: "role:admin", Description: "Who administers a project."},
	{Name: "deny_stack_user", Check: "not role:heat_stack_user", Description: "Everybody but the users of stacks."},
	{Name: "deny_everybody", Check: "!", Description: "Nobody."},
	{Name: "allow_everybody", Check: "", Description: "Everybody."},
}

// ReadFile reads an operator's rules: a YAML file in the form of oslo.policy's policy.yaml,
// a mapping of names to expressions. "" gives none. Errors name the file and the line.
func ReadFile(name string) (map[string]string, error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("policy file: %w", err)
	}
	n, err := yaml.Parse(text, yaml.Options{})
	if err != nil {
		return nil, fmt.Errorf("policy file %s: %w", name, err)
	}
	if n.IsNull() {
		return nil, nil
	}
	if n.Kind != yaml.Mapping {
		return nil, fmt.Errorf("policy file %s: not a mapping of rules to expressions", name)
	}
	out := make(map[string]string, len(n.Pairs))
	for _, p := range n.Pairs {
		check, ok := p.Value.Text()
		if !ok {
			return nil, fmt.Errorf("policy file %s:%d: the rule %q is not a text", name, p.At.Line, p.Key)
		}
		out[p.Key] = check
	}
	return out, nil
}
