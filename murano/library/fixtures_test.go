package library_test

import (
	"log/slog"
	"strings"
	"testing"

	"hearth/core"
	"hearth/core/yaql"
	"hearth/murano/library"
	"hearth/murano/muranopl"
	"hearth/murano/native"
	"hearth/murano/version"
)

// ownTests are the tests of io.murano.applications: how many each class has.
var ownTests = map[string]int{
	"TestReplication": 3, "TestPoolReplicaProvider": 2, "TestRoundrobinReplicaProvider": 1, "TestCompositeReplicaProvider": 1, "TestEvents": 14,
	"TestMockedServerFactory": 8, "TestSoftwareComponent": 3,
}

func TestTestsOfApplicationsPass(t *testing.T) {
	m := &mocks{}
	l := &loader{lang: muranopl.NewLanguage(m.classes(), []*yaql.Function{m.inject()}, native.Restricted())}
	src, err := library.Source(l.lang, "io.murano.applications")
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range src.Classes {
		name, ok := strings.CutPrefix(class, "io.murano.applications.tests.")
		if !ok {
			continue
		}
		t.Run(name, func(t *testing.T) {
			m.of = nil
			ex := muranopl.NewExecutor(l.lang, l, muranopl.Limits{}, slog.New(slog.DiscardHandler))
			caller := &core.Caller{UserID: "u", ProjectID: "p"}
			native.Attach(ex, &native.Session{EnvironmentID: "env", Caller: caller, Owner: caller, Log: slog.New(slog.DiscardHandler)})
			p, err := ex.ClassPackage("demo.Runner", version.Spec{})
			if err != nil {
				t.Fatal(err)
			}
			runner, err := p.Class("demo.Runner", false)
			if err != nil {
				t.Fatal(err)
			}
			v, err := ex.CallStatic(t.Context(), runner, "run", []any{class}, nil)
			if e, ok := err.(*muranopl.Exception); ok {
				t.Fatal(e.Format(""))
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := len(v.(yaql.Tuple)); got != ownTests[name] {
				t.Errorf("%d tests: %v", got, v)
			}
		})
	}
}

// mocks stand in for methods of native classes, by class and method, as the tests of packages
// have them do.
type mocks struct{ of map[[2]string]mock }

type mock struct {
	value  any // the result, when there is no object
	object *muranopl.Object
	method string
}

func (m *mocks) inject() *yaql.Function {
	return &yaql.Function{Name: "inject", Params: []yaql.Param{yaql.P("target", yaql.Any), yaql.P("targetMethod", yaql.String),
		yaql.P("mock", yaql.Any), yaql.Opt("mockName", yaql.String, nil)},
		Body: func(c *yaql.Call) (any, error) {
			if m.of == nil {
				m.of = map[[2]string]mock{}
			}
			stand := mock{value: c.Args[2]}
			if o, ok := c.Args[2].(*muranopl.Object); ok {
				stand = mock{object: o, method: c.String(3)}
			}
			m.of[[2]string{c.Args[0].(*muranopl.Object).Class().Name, c.String(1)}] = stand
			return nil, nil
		}}
}

func (m *mocks) classes() []*muranopl.Native {
	var out []*muranopl.Native
	for _, n := range native.Classes() {
		class := *n
		class.Methods = nil
		for _, method := range n.Methods {
			f, body := *method.Function, method.Body
			f.Body = func(c *yaql.Call) (any, error) {
				stand, ok := m.of[[2]string{n.Name, f.Name}]
				switch {
				case !ok:
					return body(c)
				case stand.object == nil:
					return stand.value, nil
				}
				return c.Run.Invoke("call", c.Context, yaql.NoValue, []any{stand.method, yaql.List(c.Args), yaql.NewDict(0), stand.object}, nil)
			}
			method.Function = &f
			class.Methods = append(class.Methods, method)
		}
		out = append(out, &class)
	}
	return out
}
