package function

import (
	"fmt"

	"hearth/core/schema"
	"hearth/core/yaml"
)

// not is {not: condition}.
var not = def{
	doc: "A function that acts as a NOT operator on a condition.",
	check: func(c *Call) error {
		if l, ok := c.Args.(*Literal); ok && l.Value == nil {
			return fmt.Errorf("Argument to %q must be a condition", c.Name)
		}
		return nil
	},
	result: func(s Scope, _ *Call, args any) (any, error) { return negate(s, args) },
}

// fnNot is Fn::Not: [condition].
var fnNot = def{
	doc: not.doc,
	check: func(c *Call) error {
		if items, ok := Items(c.Args); !ok || len(items) != 1 {
			return fmt.Errorf("Arguments to %q must be of the form: [condition]", c.Name)
		}
		return nil
	},
	result: func(s Scope, _ *Call, args any) (any, error) { return negate(s, arg(args, 0)) },
}

func negate(s Scope, condition any) (any, error) {
	v, err := decide(s, condition)
	return !v, err
}

// and is a list of at least two conditions. What stands behind a false one is not looked at.
var and = def{
	doc:   "A function that acts as an AND operator on conditions.",
	check: checkConditions,
	result: func(s Scope, _ *Call, args any) (any, error) {
		for _, c := range compact(args).([]any) {
			if v, err := decide(s, c); err != nil || !v {
				return false, err
			}
		}
		return true, nil
	},
}

// orAny is or. What stands behind a true condition is not looked at.
var orAny = def{
	doc:   "A function that acts as an OR operator on conditions.",
	check: checkConditions,
	result: func(s Scope, _ *Call, args any) (any, error) {
		for _, c := range compact(args).([]any) {
			if v, err := decide(s, c); err != nil || v {
				return v, err
			}
		}
		return false, nil
	},
}

func checkConditions(c *Call) error {
	items, ok := Items(c.Args)
	switch {
	case !ok:
		return fmt.Errorf("Arguments to %q must be a list of conditions", c.Name)
	case len(items) < 2:
		return fmt.Errorf("The minimum number of condition arguments to %q is 2.", c.Name)
	}
	return nil
}

// decide gives the truth of a condition: a boolean, or the name of one. Null is true, and
// so is what is not known yet: what hangs on it shall be looked at.
func decide(s Scope, condition any) (bool, error) {
	switch c := condition.(type) {
	case nil:
		return true, nil
	case bool:
		return c, nil
	case string:
		return s.Condition(c)
	case schema.Unknown:
		return true, nil
	}
	return false, NoCondition(condition)
}

// Decide resolves a resource's or output's condition and gives its truth.
func Decide(e Expr, s Scope) (bool, error) {
	v, err := Resolve(e, s)
	if err != nil {
		return false, err
	}
	return decide(s, v)
}

// NoCondition is the error for a name that is no condition.
func NoCondition(name any) error {
	return fmt.Errorf(`Invalid condition "%s"`, yaml.Str(name))
}
