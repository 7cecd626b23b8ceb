// Package policy decides who may call what: a table of rules, each a name and an
// expression in the language of oslo.policy (docs.openstack.org/oslo.policy), and their
// evaluation for a caller. The product APIs bring the tables; an operator may override
// single rules.
package policy

import (
	"fmt"
	"maps"
	"slices"

	"hearth/core"
)

// Rule is a name, the expression that holds unless an operator says otherwise, and what
// the rule is for.
type Rule struct {
	Name, Check, Description string
}

// Enforcer answers whether a caller satisfies a rule. It is safe for concurrent use.
type Enforcer struct {
	checks map[string]check
	rules  []Rule
}

// New compiles the tables, with the checks of overrides in place of theirs. It fails for an
// expression that cannot be read, a rule defined twice, and a reference to a rule that does
// not exist or, through others, to itself.
func New(overrides map[string]string, tables ...[]Rule) (*Enforcer, error) {
	e := &Enforcer{checks: map[string]check{}}
	for _, table := range tables {
		for _, r := range table {
			if _, twice := e.checks[r.Name]; twice {
				return nil, fmt.Errorf("policy rule %q is defined twice", r.Name)
			}
			if over, ok := overrides[r.Name]; ok {
				r.Check = over
			}
			if err := e.add(r); err != nil {
				return nil, err
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(overrides)) {
		if e.Has(name) {
			continue
		}
		if err := e.add(Rule{Name: name, Check: overrides[name]}); err != nil {
			return nil, err
		}
	}
	for _, r := range e.rules {
		if err := e.resolve(r.Name, nil); err != nil {
			return nil, err
		}
	}
	return e, nil
}

func (e *Enforcer) add(r Rule) error {
	c, err := parse(r.Check)
	if err != nil {
		return fmt.Errorf("policy rule %q: %w", r.Name, err)
	}
	e.checks[r.Name] = c
	e.rules = append(e.rules, r)
	return nil
}

// resolve follows the references of a rule; seen are the rules on the way to it.
func (e *Enforcer) resolve(name string, seen []string) error {
	if slices.Contains(seen, name) {
		return fmt.Errorf("policy rule %q refers to itself", name)
	}
	c, ok := e.checks[name]
	if !ok {
		return fmt.Errorf("policy rule %q refers to %q, which does not exist", seen[len(seen)-1], name)
	}
	seen = append(slices.Clip(seen), name)
	for _, ref := range c.refs() {
		if err := e.resolve(ref, seen); err != nil {
			return err
		}
	}
	return nil
}

// Has reports whether the rule exists.
func (e *Enforcer) Has(rule string) bool { _, ok := e.checks[rule]; return ok }

// Rules gives the rules with the checks in force, in the order of the tables.
func (e *Enforcer) Rules() []Rule { return slices.Clone(e.rules) }

// Allowed reports whether the caller satisfies the rule. target holds what %(name)s in an
// expression stands for. A rule that does not exist allows nobody.
func (e *Enforcer) Allowed(rule string, caller *core.Caller, target map[string]string) bool {
	c, ok := e.checks[rule]
	return ok && caller != nil && c.allows(&question{e, caller, target})
}

// Enforce returns Forbidden, of the type and in the words of Heat, when the caller does not
// satisfy the rule.
func (e *Enforcer) Enforce(rule string, caller *core.Caller, target map[string]string) error {
	if e.Allowed(rule, caller, target) {
		return nil
	}
	return core.Errorf(core.Forbidden, "Forbidden", "You are not authorized to use %s.", rule)
}
