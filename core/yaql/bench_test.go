package yaql_test

import (
	"context"
	"testing"

	"hearth/core/yaql"
	"hearth/core/yaql/std"
)

// BenchmarkParse reads a typical expression of a HOT template.
func BenchmarkParse(b *testing.B) {
	eng := yaql.New(std.Heat())
	for b.Loop() {
		if _, err := eng.Parse("$.data.servers.where($.cpu > 2).select($.name)"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkQuery selects, filters and sums a thousand items.
func BenchmarkQuery(b *testing.B) {
	eng := yaql.New(std.Default())
	expr, err := eng.Parse("$.data.select($.x).where($ > 1).sum()")
	if err != nil {
		b.Fatal(err)
	}
	items := make([]any, 1000)
	for i := range items {
		items[i] = map[string]any{"x": i}
	}
	data := map[string]any{"data": items}
	b.Run("converted", func(b *testing.B) {
		root := yaql.Input(data)
		for b.Loop() {
			if _, err := expr.Evaluate(context.Background(), root, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("from Go data", func(b *testing.B) {
		for b.Loop() {
			if _, err := expr.Evaluate(context.Background(), data, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkNew makes an engine: once per process and profile.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		yaql.New(std.Heat())
	}
}
