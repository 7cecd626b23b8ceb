package function

import (
	"errors"
	"os"
	"strings"
	"testing"

	"hearth/core/schema"
	"hearth/core/yaml"
)

// stack is the Scope of the examples.
type stack struct {
	parameters, attributes, mappings *yaml.Map
	conditions                       map[string]bool
}

func newStack() *stack {
	return &stack{
		parameters: yaml.MapOf("s", "u,v", "n", int64(3), "which", "n", "key", "k", "l", []any{"p", "q"}, "pairs", yaml.MapOf("u", "U"),
			"m", yaml.MapOf("k", yaml.MapOf("d", int64(1)))),
		attributes: yaml.MapOf("name", "rn", "nums", []any{int64(5), int64(6)},
			"map", yaml.MapOf("a", yaml.MapOf("b", "c"), "1", "one")),
		mappings:   yaml.MapOf("M", yaml.MapOf("k", yaml.MapOf("a", "found", "n", int64(5)))),
		conditions: map[string]bool{"t": true, "f": false},
	}
}

func (s *stack) Param(name string) (any, error) {
	if v, ok := s.parameters.Get(name); ok {
		return v, nil
	}
	return nil, NoParameter(name)
}

func (s *stack) HasParam(name string) bool { return s.parameters.Has(name) }

func (s *stack) Enabled(resource string) bool { return resource == "r" || resource == "u" }

func (s *stack) RefID(resource string) (any, error) {
	if resource == "u" {
		return Unknown{Resource: "u"}, nil
	}
	return "r-id", nil
}

func (s *stack) Attr(resource string, path []any) (any, error) {
	if resource == "u" {
		return Unknown{Resource: "u", Path: path}, nil
	}
	return Select(s.attributes, path), nil
}

func (s *stack) File(name string) (string, bool) { return "text", name == "f.txt" }

func (s *stack) Condition(name string) (bool, error) {
	if v, ok := s.conditions[name]; ok {
		return v, nil
	}
	return false, NoCondition(name)
}

func (s *stack) Facade(what string) (any, error) {
	v, _ := yaml.MapOf("metadata", yaml.MapOf("a", int64(1)), "deletion_policy", "Retain", "update_policy", yaml.NewMap(0)).Get(what)
	return v, nil
}

func (s *stack) Mapping(name string) (*yaml.Map, bool) {
	v, ok := s.mappings.Get(name)
	m, _ := v.(*yaml.Map)
	return m, ok
}

func (s *stack) Zones() ([]any, error) { return []any{"nova"}, nil }

// echo is a YAQL expression that gives itself and its data.
type echo string

func (e echo) Evaluate(data any) (any, error) { return []any{string(e), data}, nil }

func parseEcho(expression string) (Evaluator, error) {
	if strings.HasSuffix(expression, "+") {
		return nil, errors.New("Parse error: unexpected end of statement")
	}
	return echo(expression), nil
}

// example is one entry of testdata/<function>.yaml.
type example struct {
	name      string
	version   Version
	condition bool
	node      *yaml.Node
}

func examples(t *testing.T, name string) []example {
	t.Helper()
	file := "testdata/" + strings.ReplaceAll(name, "::", "_") + ".yaml"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%s needs examples: write %s", name, file)
	}
	n, err := yaml.Parse(raw, yaml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out []example
	for _, item := range n.Items {
		e := example{name: name, version: V20180831, condition: item.Get("condition") != nil, node: item}
		if text, ok := item.Get("version").Text(); ok {
			for _, v := range Names() {
				if v.Text == text {
					e.version = v.Version
				}
			}
		}
		out = append(out, e)
	}
	return out
}

func TestExamples(t *testing.T) {
	seen := map[string]bool{}
	for _, entries := range [][]entry{table, conditionTable} {
		for _, e := range entries {
			if seen[e.name] {
				continue
			}
			seen[e.name] = true
			t.Run(e.name, func(t *testing.T) {
				for _, x := range examples(t, e.name) {
					x.run(t)
				}
			})
		}
	}
}

func (x example) run(t *testing.T) {
	t.Helper()
	p := NewParser(x.version, parseEcho)
	s := newStack()
	call := x.node.Get("call")
	e := p.Parse(call, "o")
	if x.condition {
		e = p.Condition(call, "o")
	}
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("line %d: %s: "+format, append([]any{x.node.Line, yaml.Dumps(call.Plain(), false)}, args...)...)
	}
	message := func(problems []Problem) string {
		if len(problems) == 0 {
			return ""
		}
		return problems[0].Message
	}
	expect := func(what, got string) {
		t.Helper()
		want, _ := x.node.Get(what).Text()
		if got != want {
			fail("%s %q, want %q", what, got, want)
		}
	}
	problems := Problems(e, s)
	expect("problem", message(problems))
	if len(problems) > 0 {
		return
	}
	invalid := Validate(e, s)
	expect("invalid", message(invalid))
	if len(invalid) > 0 {
		return
	}
	v, err := Resolve(e, s)
	text := ""
	if err != nil {
		text = err.Error()
	}
	expect("error", text)
	if u, ok := v.(Unknown); ok {
		if name, _ := x.node.Get("unknown").Text(); name != u.Resource {
			fail("unknown %s", u)
		}
		if path := x.node.Get("path"); path != nil && !yaml.Equal(path.Plain(), u.Path) {
			fail("unknown path %s", u)
		}
		return
	}
	if x.node.Get("unknown") != nil {
		fail("%s is known", yaml.Repr(v))
	}
	if want := x.node.Get("result").Plain(); err == nil && (!yaml.Equal(v, want) || yaml.TypeName(v) != yaml.TypeName(want)) {
		fail("%s, want %s", yaml.Repr(v), yaml.Repr(want))
	}
}

// TestEveryEntryHasAnExample wants an example in a version of each row of the tables.
func TestEveryEntryHasAnExample(t *testing.T) {
	for condition, entries := range map[bool][]entry{false: table, true: conditionTable} {
		for _, e := range entries {
			found := false
			for _, x := range examples(t, e.name) {
				found = found || e.in(x.version) && (x.condition == condition)
			}
			if !found {
				t.Errorf("%s (since %d, until %d, CFN %d, condition %v) has no example", e.name, e.since, e.until, e.cfn, condition)
			}
		}
	}
}

func TestEveryFunctionIsDescribed(t *testing.T) {
	for v := V20130523; v <= Heat; v++ {
		for _, f := range ListOf(v, true) {
			if f.Description == "" {
				t.Errorf("%s has no description", f.Name)
			}
		}
	}
}

func TestVersionsDoNotOverlap(t *testing.T) {
	for v := V20130523; v <= Heat; v++ {
		for _, entries := range [][]entry{table, conditionTable} {
			seen := map[string]bool{}
			for _, e := range entries {
				if e.in(v) && seen[e.name] {
					t.Errorf("%s stands twice in version %d", e.name, v)
				}
				seen[e.name] = seen[e.name] || e.in(v)
			}
		}
	}
}

func TestNamesThatAreNoFunctionStayData(t *testing.T) {
	n := yaml.FromValue(yaml.MapOf("list_concat", []any{[]any{int64(1)}}))
	v, err := Resolve(NewParser(V20160408, nil).Parse(n), newStack())
	if err != nil || yaml.Repr(v) != "{'list_concat': [[1]]}" {
		t.Errorf("%s, %v", yaml.Repr(v), err)
	}
	two := yaml.FromValue(yaml.MapOf("get_param", "s", "x", int64(1)))
	if v, _ := Resolve(NewParser(V20160408, nil).Parse(two), newStack()); yaml.Repr(v) != "{'get_param': 's', 'x': 1}" {
		t.Error(yaml.Repr(v))
	}
}

func TestUnknownSpreads(t *testing.T) {
	n := yaml.FromValue(yaml.MapOf("a", []any{"x", yaml.MapOf("get_attr", []any{"u", "y"})}, "b",
		yaml.MapOf("list_join", []any{"", []any{"x", yaml.MapOf("get_resource", "u")}})))
	v, err := Resolve(NewParser(V20180831, nil).Parse(n), newStack())
	if err != nil {
		t.Fatal(err)
	}
	m := v.(*yaml.Map)
	a, _ := m.Get("a")
	b, _ := m.Get("b")
	if !schema.HasUnknown(a) || a.([]any)[0] != "x" {
		t.Errorf("a: %v", a)
	}
	if u, ok := b.(Unknown); !ok || u.Resource != "u" || u.Path != nil {
		t.Errorf("b: %v", b)
	}
}

func TestWhatAFunctionYieldsIsBounded(t *testing.T) {
	s := newStack()
	long := make([]any, 2000)
	for i := range long {
		long[i] = strings.Repeat("x", 100)
	}
	s.parameters.Set("long", long)
	for text, want := range map[string]string{
		`{repeat: {template: "%i%", for_each: {"%i%": {get_param: long}, "%j%": {get_param: long}}}}`: `"repeat" would yield more than 1000000 values`,
		`{list_join: ["", {repeat: {template: {list_join: ["", {get_param: long}]}, for_each: {y: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z]}}}, ` +
			strings.Repeat(`{repeat: {template: {list_join: ["", {get_param: long}]}, for_each: {y: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z]}}}, `, 4) + `[]]}`: `"list_join" would yield a text of more than 16777216 bytes`,
	} {
		n, err := yaml.Parse([]byte(text), yaml.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Resolve(NewParser(V20180831, nil).Parse(n), s); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestPathsOfProblems(t *testing.T) {
	parse := func(text string) Expr {
		n, err := yaml.Parse([]byte(text), yaml.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return NewParser(V20180831, nil).Parse(n, "outputs", "o", "value")
	}
	problems := Problems(parse("{map_merge: [{a: {list_join: x}}, {if: [x, y]}], }"), newStack())
	var paths []string
	for _, p := range problems {
		paths = append(paths, p.Path)
	}
	if got, want := strings.Join(paths, " "), "outputs.o.value.map_merge[0].a.list_join outputs.o.value.map_merge[1].if"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	p := Validate(parse(`{a: [{list_join: ["", [{Ref: x}]]}]}`), newStack())[0]
	want := "[1][0].Ref: The template version is invalid: The function Ref is not supported in this version of HOT."
	if p.Path != "outputs.o.value.a[0].list_join" || p.Message != want {
		t.Errorf("%s: %s", p.Path, p.Message)
	}
}

func TestBranchesNotTakenAreNotThere(t *testing.T) {
	n, err := yaml.Parse([]byte(`{if: [f, {get_attr: [r, x]}, {if: [t, {get_resource: r}, {get_file: [bad]}]}]}`), yaml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var calls []string
	NewParser(V20180831, nil).Parse(n).Walk(newStack(), func(c *Call) { calls = append(calls, c.Name) })
	if got := strings.Join(calls, " "); got != "get_resource if if" {
		t.Error(got)
	}
}

func FuzzResolve(f *testing.F) {
	for _, s := range []string{
		`{list_join: [",", [a]]}`, `{str_replace: {template: a, params: {a: b}}}`, `{repeat: {template: x, for_each: {x: [a]}}}`,
		`{get_attr: [r, map, a]}`, `{if: [t, {get_param: [l, 0]}]}`, `{make_url: {host: h, port: 1}}`, `{map_replace: [{a: b}, {keys: {a: c}}]}`,
		`{"Fn::Select": [0, "[1]"]}`, `{yaql: {expression: x, data: {get_resource: u}}}`, `{str_split: [",", "a", {get_param: n}]}`,
		`{"Fn::MemberListToMap": [a, b, [".member.0.a=b"]]}`, `{digest: [md5, x]}`, `{contains: [a, abc]}`, `{filter: [[a], [b]]}`,
	} {
		for _, v := range []uint8{uint8(V20130523), uint8(V20210416), uint8(AWS)} {
			f.Add([]byte(s), v)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte, version uint8) {
		n, err := yaml.Parse(src, yaml.Options{MaxNodes: 500, MaxDepth: 30})
		if err != nil {
			return
		}
		p, s := NewParser(V20130523+Version(version)%Heat, parseEcho), newStack()
		for _, e := range []Expr{p.Parse(n, "o"), p.Condition(n, "o")} {
			Problems(e, s)
			Validate(e, s)
			if v, err := Resolve(e, s); err == nil {
				yaml.Dumps(v, true)
			}
		}
	})
}
