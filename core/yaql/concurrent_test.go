package yaql_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"hearth/core/yaql"
	"hearth/core/yaql/std"
)

// TestConcurrent evaluates one expression from many goroutines, while profiles are made.
func TestConcurrent(t *testing.T) {
	eng := yaql.New(std.Heat())
	expr, err := eng.Parse("def(f, $ + 1) -> $.data.select(f($)).where($ > 1).orderBy(-$).toList().join(',')")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			std.Murano()
			for range 50 {
				v, err := expr.Evaluate(context.Background(), map[string]any{"data": []any{1, 2, 3}}, nil)
				if err != nil || v != "4,3,2" {
					t.Errorf("got %v, %v", v, err)
				}
			}
		})
	}
	wg.Wait()
}

// TestCancel asserts that an evaluation ends with its context.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	expr, err := yaql.New(std.Default()).Parse("range(1000000).sum()")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := expr.Evaluate(ctx, nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

type object map[string]any

func (o object) Set(key string, v any) { o[key] = v }

// TestExport turns a result into data of the host.
func TestExport(t *testing.T) {
	expr, err := yaql.New(std.Heat()).Parse("{a => [1, set(2), timespan(1)], 3 => {b => datetime(2021, 5, 6)}}")
	if err != nil {
		t.Fatal(err)
	}
	v, err := expr.Evaluate(context.Background(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := yaql.Export(v, func(n int) yaql.MapBuilder { return make(object, n) })
	if err != nil {
		t.Fatal(err)
	}
	list := out.(object)["a"].([]any)
	if list[0] != int64(1) || list[1].([]any)[0] != int64(2) || list[2] != "1 day, 0:00:00" ||
		out.(object)["3"].(object)["b"] != "2021-05-06T00:00:00+00:00" {
		t.Errorf("got %v", out)
	}
}
