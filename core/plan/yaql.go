package plan

import (
	"context"
	"sync"

	"hearth/core/function"
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/core/yaql/std"
)

// heatYaql is the engine of the function yaql: immutable, made at the first use.
var heatYaql = sync.OnceValue(func() *yaql.Engine { return yaql.New(std.Heat()) })

// Yaql parses an expression of the function yaql, in Heat's profile and within its limits.
func Yaql(expression string) (function.Evaluator, error) {
	e, err := heatYaql().Parse(expression)
	if err != nil {
		return nil, err
	}
	return yaqlEvaluator{e}, nil
}

type yaqlEvaluator struct{ expression *yaql.Expression }

// Evaluate computes the expression; the budgets of the profile bound it.
func (y yaqlEvaluator) Evaluate(data any) (any, error) {
	v, err := y.expression.Evaluate(context.Background(), data, nil)
	if err != nil {
		return nil, err
	}
	return yaql.Export(v, func(n int) yaql.MapBuilder { return yaml.NewMap(n) })
}
