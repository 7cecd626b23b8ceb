package muranopl_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"hearth/murano/library"
	"hearth/murano/muranopl"
	"hearth/murano/version"
)

// Diamonds on diamonds make a name ambiguous in more ways than can be looked at.
func TestManyDiamonds(t *testing.T) {
	lang := muranopl.NewLanguage(nil, nil, nil)
	core, err := library.Source(lang, "io.murano")
	if err != nil {
		t.Fatal(err)
	}
	classes := map[string]string{"app.C0": "Name: app.C0"}
	for i := 1; i <= 40; i++ {
		classes[fmt.Sprintf("app.L%d", i)] = fmt.Sprintf("Name: app.L%d\nExtends: app.C%d", i, i-1)
		classes[fmt.Sprintf("app.R%d", i)] = fmt.Sprintf("Name: app.R%d\nExtends: app.C%d", i, i-1)
		classes[fmt.Sprintf("app.C%d", i)] = fmt.Sprintf("Name: app.C%d\nExtends: [app.L%d, app.R%d]\nMethods:\n  m:\n    Body: []", i, i, i)
	}
	app := &muranopl.Source{Name: "app", Format: muranopl.Format14,
		Documents: func(class string) ([]any, error) {
			return lang.Parse(muranopl.Format14, []byte(classes[class]), class+".yaml")
		}}
	for class := range classes {
		app.Classes = append(app.Classes, class)
	}
	slices.Sort(app.Classes)
	for class, fails := range map[string]bool{"app.C9": false, "app.C40": true} {
		ex := muranopl.NewExecutor(lang, oneClass{core, app}, muranopl.Limits{}, slog.New(slog.DiscardHandler))
		p, err := ex.ClassPackage(class, version.Spec{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Class(class, false)
		if fails != (err != nil) || fails && !strings.Contains(err.Error(), "ways up to its ancestors") {
			t.Error(class, err)
		}
	}
}
