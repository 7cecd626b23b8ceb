package yaql_test

import (
	"context"
	"strings"
	"testing"

	"hearth/core/yaql"
	"hearth/core/yaql/std"
)

// hostile are expressions that would take all the time or memory there is, were it not
// for the budgets. Plain YAQL has no other limits.
var hostile = []string{
	// endless recursion
	"def(f, f($)) -> f(1)",
	"def(f, f($ + 1)) -> f(1)",
	"def(f, [f($)]) -> f(1)",
	"def(f, {a => f($)}) -> f(1)",
	"def(f, f($) + f($)) -> f(1)",
	"def(f, $.select(f($))) -> f([[1]]) and def(g, g(1)) -> g(1)",
	"def(f, switch(true => f($))) -> f(1)",
	"def(f, coalesce(null, f($))) -> f(1)",
	"def(f, let(x => 1) -> f($)) -> f(1)",
	"def(f, def(g, f(1)) -> g(1)) -> f(1)",
	"def(f, [1].select(f($)).toList()) -> f(1)",
	"def(f, [1].where(f($)).first()) -> f(1)",
	"def(f, regex('a').replaceBy(a, f(1))) -> f(1)",
	"def(f, 'a'.assert(f($))) -> f(1)",
	"def(f, [2, 1].orderBy(f($)).first()) -> f(1)",
	"def(f, [1].groupBy(f($)).len()) -> f(1)",
	"def(f, call(f, [1], {})) -> f(1)",
	"def(f, switch($ < 2 => $, true => f($ - 1) + f($ - 2))) -> f(60)",
	"def(ack, switch($1 = 0 => $2 + 1, $2 = 0 => ack($1 - 1, 1), true => ack($1 - 1, ack($1, $2 - 1)))) -> ack(4, 2)",
	// endless and long iterators
	"range(1000000000).toList()",
	"range(1000000000).count()",
	"range(1000000000).sum()",
	"range(1000000000).len()",
	"range(1000000000).last()",
	"range(1000000000).max()",
	"range(1000000000).reverse()",
	"range(1000000000).orderBy($)",
	"range(1000000000).groupBy($ mod 2)",
	"range(1000000000).distinct()",
	"range(1000000000).toDict($)",
	"range(1000000000).toSet()",
	"range(1000000000).join(',')",
	"range(1000000000)",
	"range(-1, -1000000000, -1).all($ < 0)",
	"range(1000000000).where($ < 0).first()",
	"range(1000000000).skipWhile($ >= 0)",
	"range(1000000000).indexOf(-1)",
	"range(1000000000).lastIndexOf(-1)",
	"-1 in range(1000000000)",
	"range(1000000000).memorize().count()",
	"range(1000000000).slice(1000000000)",
	"range(1000000000).splitWhere(false)",
	"range(1000000000).sliceWhere(true)",
	"range(1000000000).accumulate($1 + $2).last()",
	"sequence().count()",
	"sequence().where(false).any()",
	"sequence()",
	"[1].cycle().sum()",
	"1.repeat().toList()",
	"'x'.repeat().join('')",
	"generate(0, true, $ + 1).last()",
	"generate(1, true, $ * 2).last()",
	"generateMany(0, [$, $]).count()",
	"generateMany(0, [$, $], depthFirst => true).count()",
	"generateMany(0, range(1000)).len()",
	"list(sequence())",
	"set(sequence())",
	"dict(sequence().select([$, $]))",
	"[1].zipLongest(sequence())",
	"sequence().zip(sequence()).count()",
	"range(100000).join(range(100000), false, 1).any()",
	"range(100000).selectMany(range(100000)).count()",
	"range(100000).select(range(100000)).flatten().len()",
	"range(1000).select(range(1000).select(range(1000).sum()).sum()).sum()",
	"sequence().takeWhile(true).len()",
	"sequence().enumerate().any($[0] < 0)",
	"[].insertMany(0, sequence()).len()",
	"sequence().unpack()",
	"call(len, [sequence()], {})",
	// values that grow
	"'x' * 1000000000000",
	"1000000000 * 'abc'",
	"[1] * 1000000000",
	"1000000000 * [1, 2]",
	"range(60).aggregate($1 + $1, 'x')",
	"range(60).aggregate($1 + $1, [1])",
	"range(60).aggregate($1 * 1000, 'x')",
	"range(60).aggregate([$1, $1], 0)",
	"range(60).aggregate({a => $1, b => $1}, 0)",
	"str(range(60).aggregate([$1, $1], 0))",
	"range(60).aggregate([$1, $1], 0) = range(60).aggregate([$1, $1], 0)",
	"set(range(60).aggregate([$1, $1], 0))",
	"range(5000).aggregate([$1], 0)",
	"range(50000).aggregate($1.select($), [1]).toList()",
	"range(50000).aggregate($1.memorize(), range(1)).toList()",
	"range(60).aggregate($1.replace(x, xx), 'x')",
	"range(60).aggregate(concat($1, $1), 'x')",
	"range(60).aggregate($1.join([$1, $1]), 'x')",
	"range(60).aggregate($1.mergeWith({a => $1}), {}).len() + ('x' * 100000000).len()",
	"('a,' * 4000000).split(',')",
	"('x' * 3000000).toCharArray()",
	"regex('x').replace('x' * 100000, 'y' * 100000)",
	"'{0:1000000000}'.format(1)",
	"'{0:.1000000000f}'.format(1.5)",
	"'{0:{1}}'.format(1, 1000000000)",
	"'{0:{1:{2}}}'.format(1, 2, 3)",
	"range(60).aggregate($1.format($1, $1), '{0}{0}')",
	"('{0}' * 100000).format('x' * 1000)",
	// numbers that grow
	"pow(10, 1000000000)",
	"pow(pow(10, 1000), 1000000)",
	"shiftBitsLeft(1, 1000000000000)",
	"range(100).aggregate($1 * $1, 3)",
	"range(100).aggregate(pow($1, 3), 3)",
	"pow(3, pow(10, 4000), pow(10, 4000))",
	"str(pow(10, 5000))",
	"int('9' * 5000)",
	// regular expressions that backtrack
	"('a' * 40 + 'b') =~ '^(a+)+$'",
	"('a' * 40 + 'b') =~ '^(a|aa)+$'",
	"('a' * 30 + 'b') =~ '^(.*a){20}$'",
	"regex('(x+x+)+y').matches('x' * 40)",
	"regex('(x+x+)+y').searchAll('x' * 40)",
	"regex('(x+x+)+y').replace('x' * 40, z)",
	"range(1000).select(('a' * 40 + 'b') =~ '^(a+)+$').toList()",
	"'a' =~ '(' * 10000",
	"'a' =~ 'a' * 100000",
}

// hostileText are texts too deep or too long for the parser or the evaluator.
func hostileText() []string {
	nested := func(open, inner, end string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	return []string{
		nested("(", "1", ")", 100000),
		nested("[", "1", "]", 100000),
		nested("{a => ", "1", "}", 10000),
		nested("f(", "1", ")", 10000),
		nested("-", "1", "", 100000),
		nested("not ", "1", "", 100000),
		nested("$[", "0", "]", 10000),
		strings.Repeat("1 + ", 10000) + "1",
		strings.Repeat("true and ", 10000) + "true",
		strings.Repeat("let(x => 1) -> ", 1000) + "1",
		"1" + strings.Repeat(".str()", 10000),
		"range(9)" + strings.Repeat(".select($)", 10000),
		strings.Repeat("9", 100000),
		"'" + strings.Repeat("x", 100000),
	}
}

// TestHostile asserts that each of them ends in an error, in plain YAQL and under the
// limits of Heat and Murano.
func TestHostile(t *testing.T) {
	if n := len(hostile) + len(hostileText()); n < 100 {
		t.Errorf("%d expressions, want at least 100", n)
	}
	for name, o := range map[string]yaql.Options{"default": std.Default(), "heat": std.Heat(), "murano": std.Murano()} {
		eng := yaql.New(o)
		for _, src := range append(hostileText(), hostile...) {
			expr, err := eng.Parse(src)
			if err == nil {
				_, err = expr.Evaluate(context.Background(), nil, nil)
			}
			switch {
			case err == nil:
				t.Errorf("%s: %.80s: no error", name, src)
			case err != nil && !yaql.IsClass(err, yaql.StepsExceeded, yaql.MemoryExceeded, yaql.RecursionError, yaql.CollectionTooLarge,
				yaql.GrammarError, yaql.LexicalError, yaql.ValueError, yaql.RegexError, yaql.NoFunction, yaql.NoMatchingFunction, yaql.NoMatchingMethod):
				t.Errorf("%s: %.80s: %v", name, src, err)
			}
		}
	}
}
