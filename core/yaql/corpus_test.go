package yaql_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"hearth/core/yaql"
	"hearth/core/yaql/std"
	"hearth/core/yaql/syntax"
)

var verbose = flag.Bool("failures", false, "print what each failing case of the corpus gave")

// corpusCase is one expression with the answer of yaql 2.0.0 for Python.
type corpusCase struct {
	ID             string          `json:"id"`
	Group          string          `json:"group"`
	Expr           string          `json:"expr"`
	Engine         string          `json:"engine"`
	Data           json.RawMessage `json:"data"`
	Context        json.RawMessage `json:"context"`
	Options        map[string]any  `json:"options"`
	Factory        map[string]any  `json:"factory"`
	ContextOptions map[string]any  `json:"context_options"`
	Expect         json.RawMessage `json:"expect"`
	Error          string          `json:"error"`
	Phase          string          `json:"phase"`
	Message        string          `json:"message"`
	Type           string          `json:"type"`
	UnorderedAt    []string        `json:"unordered_at"`
}

// TestCorpus runs testdata/yaql.jsonl, or the file that CORPUS names, and prints the
// score. Cases listed in knownFailures may fail; those of other files may not be listed.
func TestCorpus(t *testing.T) {
	path := os.Getenv("CORPUS")
	if path == "" {
		path = "testdata/yaql.jsonl"
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	engines := map[string]*yaql.Engine{}
	passed := 0
	var failed []string
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		var c corpusCase
		if err := json.Unmarshal(scanner.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		problem := c.run(engines)
		if problem == "" {
			passed++
			continue
		}
		failed = append(failed, c.ID)
		if *verbose {
			fmt.Printf("%s %s\n  %s\n", c.ID, c.Expr, problem)
		}
		if knownFailures[c.ID] == "" {
			t.Errorf("%s: %s: %s", c.ID, c.Expr, problem)
		}
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%d passed, %d failed\n", passed, len(failed))
	for _, id := range failed {
		fmt.Println(id)
	}
}

func (c *corpusCase) engine(cache map[string]*yaql.Engine) *yaql.Engine {
	key := fmt.Sprint(c.Engine, c.Options, c.Factory, c.ContextOptions)
	if e := cache[key]; e != nil {
		return e
	}
	e := yaql.New(c.options())
	cache[key] = e
	return e
}

func (c *corpusCase) options() yaql.Options {
	o := map[string]func() yaql.Options{"default": std.Default, "heat": std.Heat, "legacy": std.Legacy}[c.Engine]()
	for name, v := range c.Options {
		n, _ := v.(float64)
		switch name {
		case "yaql.limitIterators":
			o.LimitIterators = int(n)
		case "yaql.memoryQuota":
			o.MemoryQuota = int(n)
		case "yaql.convertInputData":
			o.KeepInput = v == false
		case "yaql.convertOutputData":
			o.KeepOutput = v == false
		case "yaql.convertTuplesToLists":
			o.KeepTuples = v == false
		case "yaql.convertSetsToLists":
			o.SetsToLists = v == true
		case "yaql.iterableDicts":
			o.IterableDicts = v == true
		default:
			panic("unknown option " + name)
		}
	}
	o.Syntax.Delegates = c.Factory["allow_delegates"] == true
	if len(c.ContextOptions) > 0 {
		o.Root = c.library().Context()
	}
	return o
}

func (c *corpusCase) library() std.Library {
	l := std.Library{Legacy: c.Engine == "legacy"}
	for name, v := range c.ContextOptions {
		switch name {
		case "delegates":
			l.Delegates = v == true
		case "no_sets":
			l.NoSets = v == true
		case "group_by_agg_fallback":
			l.NoGroupByFallback = v == false
		case "legacy":
			l.Legacy = v == true
		case "finalizer":
			l.Finalizer = std.FinalizeMurano
		default:
			if v == false {
				l.Without = append(l.Without, name)
			}
		}
	}
	return l
}

// run evaluates the case and says what is wrong with the outcome.
func (c *corpusCase) run(engines map[string]*yaql.Engine) string {
	e := c.engine(engines)
	expr, err := e.Parse(c.Expr)
	if err != nil || c.Phase == "parse" {
		return c.checkError("parse", err)
	}
	vars := yaql.Vars{}
	if c.Context != nil {
		for _, member := range parseJSON(c.Context).members {
			vars[member.name] = member.value.input()
		}
	}
	var root any
	if c.Data != nil {
		root = parseJSON(c.Data).input()
	}
	v, err := expr.Evaluate(context.Background(), root, vars)
	if err != nil || c.Error != "" {
		return c.checkError("eval", err)
	}
	if isSet := yaql.KindOf(v) == yaql.KindSet || yaql.KindOf(v) == yaql.KindKeys; isSet != (c.Type == "set") {
		return fmt.Sprintf("a set is %v, want type %q", isSet, c.Type)
	}
	got, want := render(v), parseJSON(c.Expect)
	for _, at := range c.UnorderedAt {
		got.at(at).sort()
		want.at(at).sort()
	}
	if got.String() != want.String() {
		return fmt.Sprintf("got %s, want %s", got, want)
	}
	return ""
}

func (c *corpusCase) checkError(phase string, err error) string {
	if err == nil {
		return "no error, want " + c.Error
	}
	if !yaql.IsClass(err, yaql.Class(c.Error)) || phase != c.Phase {
		return fmt.Sprintf("%s: %v, want %s: %s: %s", phase, err, c.Phase, c.Error, c.Message)
	}
	return ""
}

// TestSyntaxMurano parses the operators that MuranoPL adds.
func TestSyntaxMurano(t *testing.T) {
	s := syntax.New(syntax.Options{Levels: syntax.Murano(), NameValue: "=>"})
	for src, want := range map[string]string{
		"$.a is :C":          "#operator_is(#operator_.($, a), #unary_operator_:(C))",
		"ns:Name.f(1)":       "#operator_.(#operator_:(ns, Name), f(1))",
		"new(:A, x => 1).go": "#operator_.(new(#unary_operator_:(A), x => 1), go)",
	} {
		n, err := s.Parse(src)
		if err != nil {
			t.Errorf("%s: %v", src, err)
		} else if got := dump(n); got != want {
			t.Errorf("%s: got %s, want %s", src, got, want)
		}
	}
}

func dump(n syntax.Node) string {
	switch n := n.(type) {
	case nil:
		return "_"
	case *syntax.Constant:
		return fmt.Sprint(n.Value)
	case *syntax.Keyword:
		return n.Name
	case *syntax.Variable:
		return n.Name
	case *syntax.Wrap:
		return "(" + dump(n.X) + ")"
	case *syntax.Rule:
		return dump(n.Source) + " => " + dump(n.Destination)
	}
	call := n.(*syntax.Call)
	var args []string
	for _, a := range call.Args {
		args = append(args, dump(a))
	}
	return call.Name + "(" + strings.Join(args, ", ") + ")"
}

// node is a JSON value that keeps the order of objects and the text of numbers.
type node struct {
	scalar  string
	items   []*node
	members []member
	kind    byte // s: scalar, [ or {
}

type member struct {
	name  string
	value *node
}

func parseJSON(raw []byte) *node {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return parseNode(d)
}

func parseNode(d *json.Decoder) *node {
	t, err := d.Token()
	if err != nil {
		panic(err)
	}
	switch t {
	case json.Delim('['):
		n := &node{kind: '['}
		for d.More() {
			n.items = append(n.items, parseNode(d))
		}
		_, _ = d.Token()
		return n
	case json.Delim('{'):
		n := &node{kind: '{'}
		for d.More() {
			name, _ := d.Token()
			n.members = append(n.members, member{name.(string), parseNode(d)})
		}
		_, _ = d.Token()
		return n
	}
	text, _ := json.Marshal(t)
	if number, ok := t.(json.Number); ok {
		text = []byte(number)
	}
	return &node{kind: 's', scalar: string(text)}
}

func (n *node) String() string {
	var parts []string
	switch n.kind {
	case '[':
		for _, v := range n.items {
			parts = append(parts, v.String())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case '{':
		for _, m := range n.members {
			name, _ := json.Marshal(m.name)
			parts = append(parts, string(name)+": "+m.value.String())
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return n.scalar
}

func (n *node) sort() {
	slices.SortFunc(n.members, func(a, b member) int { return strings.Compare(a.name, b.name) })
	for _, v := range n.items {
		if v.kind == '{' {
			v.sort()
		}
	}
	slices.SortFunc(n.items, func(a, b *node) int { return strings.Compare(a.String(), b.String()) })
}

// at follows a JSON pointer.
func (n *node) at(pointer string) *node {
	if pointer == "" {
		return n
	}
	for _, part := range strings.Split(pointer[1:], "/") {
		found := &node{}
		for i, v := range n.items {
			if fmt.Sprint(i) == part {
				found = v
			}
		}
		for _, m := range n.members {
			if m.name == part {
				found = m.value
			}
		}
		n = found
	}
	return n
}
