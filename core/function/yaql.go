package function

import (
	"errors"
	"fmt"

	"hearth/core/yaml"
)

// yaqlExpression is {expression, data}: a YAQL expression over `$.data`.
var yaqlExpression = def{
	doc: "A function for executing a yaql expression.",
	check: func(c *Call) error {
		fields, ok := Fields(c.Args)
		if !ok {
			return fmt.Errorf("Arguments to %q must be a map.", c.Name)
		}
		unknown := field(c.Args, "expression") == nil
		for _, f := range fields {
			unknown = unknown || f.Key != "expression" && f.Key != "data"
		}
		if unknown {
			return keyError(fmt.Sprintf("%q syntax should be %s:\n              expression: $.data.var1.sum()\n"+
				"              data:\n                var1: [3, 2, 1]", c.Name, c.Name))
		}
		return nil
	},
	validate: func(_ Scope, c *Call) error {
		l, ok := field(c.Args, "expression").(*Literal)
		if !ok {
			return nil
		}
		_, err := parseYAQL(c, l.Value)
		return err
	},
	result: func(_ Scope, c *Call, args any) (any, error) {
		e, err := parseYAQL(c, named(args, "expression"))
		if err != nil {
			return nil, err
		}
		data := compact(named(args, "data"))
		if m, _ := args.(*yaml.Map); !m.Has("data") {
			data = yaml.NewMap(0)
		}
		return e.Evaluate(yaml.MapOf("data", data))
	},
}

func parseYAQL(c *Call, expression any) (Evaluator, error) {
	text, ok := expression.(string)
	if !ok {
		return nil, fmt.Errorf("The \"expression\" argument to %s must contain a string.", c.Name)
	}
	if c.yaql == nil {
		return nil, errors.New("YAQL expressions are not available")
	}
	e, err := c.yaql(text)
	if err != nil {
		return nil, fmt.Errorf("Bad expression %w.", err)
	}
	return e, nil
}
