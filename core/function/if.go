package function

import (
	"fmt"

	"hearth/core/yaml"
)

// ifElse is [condition, a, b]. The branch that is not taken is as if it were not there:
// nothing in it is checked or depended upon.
var ifElse = def{doc: "A function to return corresponding value based on condition evaluation.", macro: parseIf(false)}

// ifNullable may leave b out: then the item around it is dropped (2021-04-16).
var ifNullable = def{doc: ifElse.doc, macro: parseIf(true)}

// branches are what an `if` chooses from. otherwise is nil when it was left out.
type branches struct {
	condition       Expr
	then, otherwise Expr
}

func parseIf(nullable bool) func(p *Parser, c *Call, args *yaml.Node) error {
	return func(p *Parser, c *Call, args *yaml.Node) error {
		n := len(args.Items)
		if args.Kind != yaml.Sequence || n != 3 && !(nullable && n == 2) {
			return fmt.Errorf("Arguments to %q must be of the form: [condition_name, value_if_true, value_if_false]", c.Name)
		}
		c.branches = &branches{
			condition: p.Condition(args.Items[0], c.Name),
			then:      p.parse(p.functions, args.Items[1], c.path),
		}
		if n == 3 {
			c.branches.otherwise = p.parse(p.functions, args.Items[2], c.path)
		}
		return nil
	}
}

func (b *branches) taken(s Scope) (Expr, error) {
	yes, err := Decide(b.condition, s)
	switch {
	case err != nil:
		return nil, err
	case yes:
		return b.then, nil
	}
	return b.otherwise, nil
}

// Taken gives the branch of an `if` that is taken, nil when there is none; ok is false
// for other functions, and when the condition cannot be decided.
func (c *Call) Taken(s Scope) (branch Expr, ok bool) {
	if c.err != nil || c.branches == nil {
		return nil, false
	}
	branch, err := c.branches.taken(s)
	return branch, err == nil
}
