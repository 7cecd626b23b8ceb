package main

import (
	"context"
	"log/slog"
	"testing"

	"hearth/core/yaql"
	"hearth/murano/library"
	"hearth/murano/muranopl"
	"hearth/murano/version"
)

// counter is a class of two loops; the first runs 3 simple statements a round.
const counter = `
Name: bench.Counter
Properties:
  total: {Contract: $.int().notNull(), Default: 0, Usage: InOut}
Methods:
  add:
    Arguments:
      - n: {Contract: $.int().notNull()}
    Body:
      - $.total: $.total + $n
  statements:
    Scope: Public
    Body:
      - $n: 0
      - $i: 0
      - While: $i < 1000
        Do:
          - $i: $i + 1
          - $n: $n + $i
  calls:
    Scope: Public
    Body:
      - Repeat: 1000
        Do: $.add(1)
`

// counterPackage implements muranopl.Loader.
type counterPackage struct{ library, bench *muranopl.Source }

func (p counterPackage) Package(name string, _ version.Spec) (*muranopl.Source, error) {
	if name == p.library.Name {
		return p.library, nil
	}
	return p.bench, nil
}

func (p counterPackage) ClassPackage(string, version.Spec) (*muranopl.Source, error) {
	return p.bench, nil
}

// programs times the interpreter of MuranoPL.
func (b *bench) programs(db string) error {
	lang := muranopl.NewLanguage(nil, nil, nil)
	core, err := library.Source(lang, "io.murano")
	if err != nil {
		return err
	}
	src := &muranopl.Source{Name: "bench", Format: muranopl.Format14, Classes: []string{"bench.Counter"},
		Documents: func(string) ([]any, error) { return lang.Parse(muranopl.Format14, []byte(counter), "Counter.yaml") }}
	ex := muranopl.NewExecutor(lang, counterPackage{core, src}, muranopl.Limits{Steps: 1 << 40}, slog.New(slog.DiscardHandler))
	ctx := context.Background()
	model := map[string]any{"Objects": map[string]any{"?": map[string]any{"type": "bench.Counter", "id": "counter"}}}
	root, err := ex.Load(ctx, yaql.Input(model).(*yaql.Dict))
	if err != nil {
		return err
	}
	for _, m := range []struct {
		name, method, unit string
		times              float64 // in one call
		goal               float64
	}{
		{"muranopl: simple statements", "statements", "statements/s", 3000, 1e6},
		{"muranopl: method calls with a contract", "calls", "calls/s", 1000, 0},
	} {
		var failed error
		r := testing.Benchmark(func(b *testing.B) {
			for b.Loop() {
				if _, err := ex.Call(ctx, root, m.method, nil, nil); err != nil {
					failed = err
					b.FailNow()
				}
			}
		})
		if failed != nil {
			return failed
		}
		b.reach(m.name, db, float64(r.N)*m.times/r.T.Seconds(), m.unit, m.goal)
	}
	return nil
}
