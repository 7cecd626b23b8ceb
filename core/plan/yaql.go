package plan

import (
	"context"
	"errors"
	"sync"

	"hearth/core"
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
		return nil, yaqlError(err)
	}
	return yaqlEvaluator{e}, nil
}

// yaqlError shows an error of YAQL as Heat does: its class apart from its text.
func yaqlError(err error) error {
	if e, ok := errors.AsType[*yaql.Error](err); ok {
		return &core.Error{Code: core.Invalid, Type: string(e.Class), Message: e.Message, Err: err}
	}
	return err
}

type yaqlEvaluator struct{ expression *yaql.Expression }

// Evaluate computes the expression; the budgets of the profile bound it.
func (y yaqlEvaluator) Evaluate(data any) (any, error) {
	v, err := y.expression.Evaluate(context.Background(), data, nil)
	if err != nil {
		return nil, yaqlError(err)
	}
	return yaql.Export(v, func(n int) yaql.MapBuilder { return yaml.NewMap(n) })
}
