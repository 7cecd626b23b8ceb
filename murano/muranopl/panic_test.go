package muranopl_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"hearth/core/yaql"
	"hearth/murano/library"
	"hearth/murano/muranopl"
	"hearth/murano/version"
)

const fragile = `
Name: app.Main
Methods:
  alone:
    Scope: Public
    Body: explode(false)
  waiting:
    Scope: Public
    Body: explode(true)
  among:
    Scope: Public
    Body: list(1, 2, 3).pselect(explode($ = 2))
  sound:
    Scope: Public
    Body:
      Return: 7
`

// oneClass implements muranopl.Loader.
type oneClass struct{ core, app *muranopl.Source }

func (p oneClass) Package(name string, _ version.Spec) (*muranopl.Source, error) {
	if name == p.core.Name {
		return p.core, nil
	}
	return p.app, nil
}

func (p oneClass) ClassPackage(string, version.Spec) (*muranopl.Source, error) { return p.app, nil }

// A native method that panics fails its program alone, and the executor goes on.
func TestPanic(t *testing.T) {
	explode := &yaql.Function{Name: "explode", Params: []yaql.Param{yaql.P("waiting", yaql.Any)}, Body: func(c *yaql.Call) (any, error) {
		if c.Args[0] == true {
			return nil, muranopl.ThreadOf(c).Wait(func(context.Context) error { panic("in vain") })
		}
		panic("at once")
	}}
	lang := muranopl.NewLanguage(nil, []*yaql.Function{explode}, nil)
	core, err := library.Source(lang, "io.murano")
	if err != nil {
		t.Fatal(err)
	}
	app := &muranopl.Source{Name: "app", Format: muranopl.Format14, Classes: []string{"app.Main"},
		Documents: func(string) ([]any, error) { return lang.Parse(muranopl.Format14, []byte(fragile), "Main.yaml") }}
	var logged strings.Builder
	ex := muranopl.NewExecutor(lang, oneClass{core, app}, muranopl.Limits{}, slog.New(slog.NewTextHandler(&logged, nil)))
	model := map[string]any{"Objects": map[string]any{"?": map[string]any{"type": "app.Main", "id": "main"}}}
	root, err := ex.Load(t.Context(), yaql.Input(model).(*yaql.Dict))
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"alone", "waiting", "among"} {
		logged.Reset()
		if _, err := ex.Call(t.Context(), root, method, nil, nil); err == nil || !strings.Contains(err.Error(), "internal error") {
			t.Error(method, err)
		}
		if !strings.Contains(logged.String(), "panic_test.go") {
			t.Error(method, "does not log where:", logged.String())
		}
		if v, err := ex.Call(t.Context(), root, "sound", nil, nil); err != nil || v != int64(7) {
			t.Error(method, v, err)
		}
	}
}
