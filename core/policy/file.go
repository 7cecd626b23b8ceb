package policy

import (
	"fmt"
	"os"

	"hearth/core/yaml"
)

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
