package validate

import (
	"fmt"
	"slices"
	"strings"

	"hearth/core/diag"
	"hearth/core/yaml"
	"hearth/murano/muranopl"
	"hearth/murano/muranopl/syntax"
)

// place is where a statement stands.
type place struct{ inLoop, inCatch bool }

func (p place) loop() place  { p.inLoop = true; return p }
func (p place) catch() place { p.inCatch = true; return p }

// body checks a block of statements.
func (s spot) body(k *class, n *yaml.Node, p place) {
	for _, item := range itemsOf(n) {
		s.statement(k, item, p)
	}
}

func (s spot) statement(k *class, n *yaml.Node, p place) {
	switch n.Kind {
	case yaml.Mapping:
		s.statementMap(k, n, p)
	case yaml.Sequence:
		s.fail("statement", n, "a statement is a list", "statements of one block stand in one list; Do makes an inner block")
	default:
		switch v := n.Value.(type) {
		case *syntax.Expression:
			s.expression(k, n, v)
		case *syntax.Unread:
			s.fail("statement", n, "Syntax is incorrect in expression: "+v.Text, whyUnread(v))
		default:
			s.fail("statement", n, "Syntax is incorrect in expression: "+textOf(n), "a statement is an expression without quotes, an assignment, or a mapping with the keys of a statement")
		}
	}
}

func (s spot) statementMap(k *class, n *yaml.Node, p place) {
	for _, pair := range n.Pairs {
		target := expressionOf(pair.At)
		if target == nil {
			continue
		}
		if len(n.Pairs) != 1 {
			s.fail("statement", n, "an assignment stands alone in its mapping, here are "+keyList(n), "write one list item for each")
			return
		}
		s.target(pair.At, target)
		s.expression(k, pair.At, target)
		s.values(k, pair.Value)
		return
	}
	for _, form := range muranopl.StatementForms() {
		if matches(form, n) {
			s.form(k, form.Must[0], n, p)
			return
		}
	}
	s.fail("statement", n, "there is no statement with the keys "+keyList(n), nearestForm(n))
}

func keyList(n *yaml.Node) string {
	keys := make([]string, len(n.Pairs))
	for i, p := range n.Pairs {
		keys[i] = textOf(p.At)
	}
	return strings.Join(keys, ", ")
}

func matches(form muranopl.StatementForm, n *yaml.Node) bool {
	for _, key := range form.Must {
		if n.Get(key) == nil {
			return false
		}
	}
	for _, p := range n.Pairs {
		if !slices.Contains(form.Must, p.Key) && !slices.Contains(form.May, p.Key) {
			return false
		}
	}
	return true
}

// nearestForm says how a statement of one of the keys is written.
func nearestForm(n *yaml.Node) string {
	var all []string
	for _, form := range muranopl.StatementForms() {
		all = slices.Concat(all, form.Must, form.May)
	}
	for _, p := range n.Pairs {
		if u, ok := p.At.Value.(*syntax.Unread); ok {
			return whyUnread(u)
		}
		if hint := diag.DidYouMean(p.Key, all); hint != "" && !slices.Contains(all, p.Key) {
			return hint
		}
	}
	best, shared := "", 0
	for _, form := range muranopl.StatementForms() {
		known := slices.Concat(form.Must, form.May)
		count := 0
		for _, p := range n.Pairs {
			if slices.Contains(known, p.Key) {
				count++
			}
		}
		if count > shared && n.Get(form.Must[0]) != nil || count > shared+1 {
			best, shared = describeForm(form), count
		}
	}
	return best
}

func describeForm(f muranopl.StatementForm) string {
	text := f.Must[0] + " has the keys " + strings.Join(f.Must, ", ")
	if len(f.May) > 0 {
		text += ", and may have " + strings.Join(f.May, ", ")
	}
	return text
}

// form checks a statement of known keys.
func (s spot) form(k *class, kind string, n *yaml.Node, p place) {
	get := n.Get
	switch kind {
	case "Do":
		s.body(k, get("Do"), p)
	case "Return":
		s.values(k, get("Return"))
	case "Break", "Continue":
		if !get(kind).IsNull() {
			s.fail("statement", get(kind), kind+" cannot have value", "")
		}
		if !p.inLoop {
			s.fail("outside_loop", n, kind+" cannot be used on method level", "it leaves a While, For or Repeat")
		}
	case "Parallel":
		s.body(k, get("Parallel"), p)
		s.optional(k, get("Limit"))
	case "If":
		s.values(k, get("If"))
		s.body(k, get("Then"), p)
		s.body(k, get("Else"), p)
	case "While", "For", "Repeat":
		s.loop(k, kind, n, p)
	case "Match", "Switch":
		s.cases(k, kind, n, p)
	case "Throw":
		s.throw(k, n)
	case "Try":
		s.try(k, n, p)
	case "Rethrow":
		if !p.inCatch {
			s.fail("outside_catch", n, "Rethrow must be inside Catch", "")
		}
	}
}

func (s spot) optional(k *class, n *yaml.Node) {
	if n != nil {
		s.values(k, n)
	}
}

func (s spot) loop(k *class, kind string, n *yaml.Node, p place) {
	head := n.Get(kind)
	switch kind {
	case "While":
		if expressionOf(head) == nil {
			s.fail("statement", head, "While value must be an expression, not "+kindOf(head), "")
		}
	case "For":
		if _, isText := head.Value.(string); !isText || head.Kind != yaml.Scalar {
			s.fail("statement", head, "For value must be of string type", "the name of a variable, without $")
		}
		s.values(k, n.Get("In"))
	case "Repeat":
		switch head.Value.(type) {
		case int64, bool, *syntax.Expression:
		default:
			s.fail("statement", head, "Repeat value must be either int or expression", "")
		}
	}
	if x := expressionOf(head); x != nil {
		s.expression(k, head, x)
	}
	s.body(k, n.Get("Do"), p.loop())
}

func (s spot) cases(k *class, kind string, n *yaml.Node, p place) {
	branches := n.Get(kind)
	if branches.Kind != yaml.Mapping {
		s.fail("statement", branches, kind+" value must be of dictionary type", "")
	}
	for _, pair := range branches.Pairs {
		s.values(k, pair.At)
		if kind == "Match" && expressionOf(pair.At) != nil {
			s.warn("statement", pair.At, "a case of Match is a constant: no value is this expression", "Switch has expressions")
		}
		s.body(k, pair.Value, p)
	}
	s.optional(k, n.Get("Value"))
	s.body(k, n.Get("Default"), p)
}

func (s spot) throw(k *class, n *yaml.Node) {
	names := itemsOf(n.Get("Throw"))
	if len(names) == 0 {
		s.fail("statement", n.Get("Throw"), "Throw has no name", "the name of the exception, or a list of them")
	}
	for _, name := range names {
		if x := expressionOf(name); x != nil && !looksLikeName(x) {
			s.expression(k, name, x)
			continue
		}
		s.exceptionName(k, name)
	}
	for _, key := range []string{"Message", "Extra", "Cause"} {
		s.optional(k, n.Get(key))
	}
}

func (s spot) try(k *class, n *yaml.Node, p place) {
	s.body(k, n.Get("Try"), p)
	for _, c := range itemsOf(n.Get("Catch")) {
		if c.Kind != yaml.Mapping {
			s.fail("statement", c, "a Catch is "+kindOf(c)+", not a mapping", "with the keys With, As and Do")
			continue
		}
		known := []string{"With", "As", "Do"}
		for _, pair := range c.Pairs {
			if !slices.Contains(known, pair.Key) {
				s.fail("statement", pair.At, fmt.Sprintf("a Catch has no key %q", pair.Key), diag.DidYouMean(pair.Key, known))
			}
		}
		for _, name := range itemsOf(c.Get("With")) {
			s.exceptionName(k, name)
		}
		if as := get(c, "As"); as != nil {
			if _, isText := as.Value.(string); !isText {
				s.fail("statement", as, "As is "+kindOf(as)+", not the name of a variable", "without $")
			}
		}
		s.body(k, c.Get("Do"), p.catch())
	}
	s.body(k, n.Get("Else"), p)
	s.body(k, n.Get("Finally"), p)
}

// exceptionName checks a name under which exceptions are thrown or caught: it is resolved like
// that of a class, and need be none.
func (s spot) exceptionName(k *class, n *yaml.Node) {
	if _, err := k.names.Resolve(textOf(n)); err != nil {
		s.fail("exception_name", n, strings.Trim(err.Error(), "'"), "")
	}
}

// looksLikeName reports whether an expression is the name of a type: ns:Name, :Name.
func looksLikeName(x *syntax.Expression) bool { return !strings.ContainsAny(x.Text, "$()'\"[]{} ") }
