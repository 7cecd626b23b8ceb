package muranopl_test

import (
	"log/slog"
	"strings"
	"testing"

	"hearth/core/yaql"
	"hearth/murano/library"
	"hearth/murano/muranopl"
)

const greedy = `
Namespaces: {=: app, std: io.murano.system}
Name: Main
Properties:
  kept: {Contract: [$], Default: [], Usage: Runtime}
Methods:
  text:
    Body:
      - $ten: abcdefghij
      - Return: $ten * 10000
  hoard:
    Scope: Public
    Body:
      - $all: []
      - Repeat: 1000
        Do:
          - $all: $all.append($.text())
  hoardInObject:
    Scope: Public
    Body:
      - Repeat: 1000
        Do:
          - $.kept: $.kept.append($.text())
  throwAway:
    Scope: Public
    Body:
      - Repeat: 1000
        Do:
          - $text: $.text()
      - Return: len($text)
  double:
    Scope: Public
    Body:
      - $x: [1]
      - Repeat: 12
        Do:
          - $x: list($x, $x)
      - std:GC.collect()
      - Return: len($x)
`

// A program holds so much and no more; what it has thrown away does not count, and what stands
// in several places counts once.
func TestMemory(t *testing.T) {
	lang := muranopl.NewLanguage(nil, nil, nil)
	core, err := library.Source(lang, "io.murano")
	if err != nil {
		t.Fatal(err)
	}
	app := &muranopl.Source{Name: "app", Format: muranopl.Format14, Classes: []string{"app.Main"},
		Documents: func(string) ([]any, error) { return lang.Parse(muranopl.Format14, []byte(greedy), "Main.yaml") }}
	for method, want := range map[string]any{"hoard": nil, "hoardInObject": nil, "throwAway": int64(100000), "double": int64(2)} {
		ex := muranopl.NewExecutor(lang, oneClass{core, app}, muranopl.Limits{Memory: 8 << 20}, slog.New(slog.DiscardHandler))
		model := map[string]any{"Objects": map[string]any{"?": map[string]any{"type": "app.Main", "id": "main"}}}
		root, err := ex.Load(t.Context(), yaql.Input(model).(*yaql.Dict))
		if err != nil {
			t.Fatal(err)
		}
		v, err := ex.Call(t.Context(), root, method, nil, nil)
		if want != nil && (err != nil || v != want) {
			t.Error(method, v, err)
		}
		if want == nil && (err == nil || !strings.Contains(err.Error(), "take more than 8388608 bytes")) {
			t.Error(method, v, err)
		}
	}
}
