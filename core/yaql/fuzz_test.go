package yaql_test

import (
	"context"
	"errors"
	"testing"

	"hearth/core/yaql"
	"hearth/core/yaql/std"
)

var seeds = []string{
	"$.data.servers.where($.cpu > 2).select($.name)", "{a => [1, 2.5, 'x'], b => null}?.a[-1]", "let(x => 1) -> $x + 1",
	"def(f, switch($ < 2 => 1, true => $ * f($ - 1))) -> f(5)", "regex('(a)(?P<n>b)?').replace('ab', `\\1`)",
	"'{0:>5}|{n!r:^7}'.format(1, n => a)", "datetime('2021-05-06 07:08').format('%Y')", "range(5).groupBy($ mod 2).toDict($[0], $[1].sum())",
	"f(,1, a => 2)", "not $ in [1] and -1 mod 2 =~ a or null", "`verbatim \\` text`", "'\\u00e9\\x41\\101\\N{BULLET}'",
}

// FuzzParse asserts that no text breaks the parser.
func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	engines := []*yaql.Engine{yaql.New(std.Default()), yaql.New(std.Legacy()), yaql.New(std.Murano())}
	f.Fuzz(func(t *testing.T, src string) {
		for _, eng := range engines {
			if _, err := eng.Parse(src); err != nil {
				if _, ok := errors.AsType[*yaql.Error](err); !ok {
					t.Errorf("%q: %v is no *yaql.Error", src, err)
				}
			}
		}
	})
}

// FuzzEval asserts that no expression breaks the evaluator, and that its errors are of
// the one type.
func FuzzEval(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, "text")
	}
	for _, s := range hostile {
		f.Add(s, "x")
	}
	engines := []*yaql.Engine{yaql.New(std.Heat()), yaql.New(std.Default()), yaql.New(std.MuranoLegacy())}
	f.Fuzz(func(t *testing.T, src, text string) {
		root := map[string]any{"data": []any{text, 1, 2.5, nil, map[string]any{"a": text}}, "text": text}
		for _, eng := range engines {
			expr, err := eng.Parse(src)
			if err != nil {
				continue
			}
			if _, err := expr.Evaluate(context.Background(), root, yaql.Vars{"x": text}); err != nil {
				if _, ok := errors.AsType[*yaql.Error](err); !ok {
					t.Errorf("%q: %v is no *yaql.Error", src, err)
				}
			}
		}
	})
}
