package validate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"hearth/core/diag"
	"hearth/core/yaml"
	yaqlsyntax "hearth/core/yaql/syntax"
	"hearth/murano/muranopl/syntax"
)

// values checks every expression in a value of a class file.
func (s spot) values(k *class, n *yaml.Node) {
	for _, item := range n.Items {
		s.values(k, item)
	}
	for _, p := range n.Pairs {
		s.values(k, p.At)
		s.values(k, p.Value)
	}
	if x := expressionOf(n); x != nil {
		s.expression(k, n, x)
	}
}

// expression checks the names in an expression: of functions and of classes.
func (s spot) expression(k *class, n *yaml.Node, x *syntax.Expression) {
	defined := map[string]bool{}
	walk(x.Tree, func(call *yaqlsyntax.Call, _ bool) {
		if call.Name == "def" && len(call.Args) > 0 {
			if name, ok := call.Args[0].(*yaqlsyntax.Keyword); ok {
				defined[name.Name] = true
			}
		}
	})
	walk(x.Tree, func(call *yaqlsyntax.Call, isMethod bool) {
		for _, arg := range call.Args {
			s.mention(k, arg)
		}
		switch {
		case call.Name == "#unary_operator_:" && len(call.Args) == 1:
			if name, ok := call.Args[0].(*yaqlsyntax.Keyword); ok {
				s.resolve(k, ":"+name.Name, s.inside(n, x, call.At))
			}
		case call.Name == "#operator_:" && len(call.Args) == 2:
			prefix, ok := call.Args[0].(*yaqlsyntax.Keyword)
			name, isName := call.Args[1].(*yaqlsyntax.Keyword)
			if ok && isName {
				s.resolve(k, prefix.Name+":"+name.Name, s.inside(n, x, prefix.At))
			}
		case call.Form == yaqlsyntax.Function && !strings.HasPrefix(call.Name, "#") && !defined[call.Name]:
			s.function(n, x, call, isMethod)
		}
	})
}

// mention notes a class that is named by a word or a text, which may as well be something else.
func (s spot) mention(k *class, n yaqlsyntax.Node) {
	name := ""
	switch n := n.(type) {
	case *yaqlsyntax.Keyword:
		name = n.Name
	case *yaqlsyntax.Constant:
		name, _ = n.Value.(string)
	}
	full, err := k.names.Resolve(name)
	if err != nil {
		return
	}
	if found := k.pkg.classes[full]; found != nil && found != k && found.file == k.file {
		found.isUsed = true
	}
}

// walk calls visit for every call of an expression; isMethod says that it stands after a dot.
func walk(n yaqlsyntax.Node, visit func(call *yaqlsyntax.Call, isMethod bool)) {
	walkPart(n, false, visit)
}

func walkPart(n yaqlsyntax.Node, isMethod bool, visit func(*yaqlsyntax.Call, bool)) {
	switch n := n.(type) {
	case *yaqlsyntax.Wrap:
		walkPart(n.X, false, visit)
	case *yaqlsyntax.Rule:
		walkPart(n.Source, false, visit)
		walkPart(n.Destination, false, visit)
	case *yaqlsyntax.Call:
		visit(n, isMethod)
		isDot := n.Name == "#operator_." || n.Name == "#operator_?."
		for i, arg := range n.Args {
			walkPart(arg, isDot && i == 1, visit)
		}
	}
}

// function reports a call of what is in no scope.
func (s spot) function(n *yaml.Node, x *syntax.Expression, call *yaqlsyntax.Call, isMethod bool) {
	w := s.c.world
	name := strings.TrimRight(call.Name, "_")
	place := s.inside(n, x, call.At)
	switch {
	case s.reported(place):
	case isMethod && (w.asMethods[name] || w.methods[call.Name]):
	case !isMethod && w.functions[name]:
	case isMethod && w.formerly[name]:
		s.warn("not_in_format", place, fmt.Sprintf("%s() is no method since Format 1.2", call.Name), fmt.Sprintf("call it as a function: %s($, …)", call.Name))
	case isMethod && len(w.missing) > 0: // it may be one of a class that is not at hand
	case isMethod:
		hint := diag.DidYouMean(call.Name, slices.Sorted(maps.Keys(union(w.methods, w.asMethods))))
		if w.functions[name] {
			hint = fmt.Sprintf("it is a function: %s($, …)", call.Name)
		}
		s.warn("no_function", place, fmt.Sprintf("there is no method %s() in any class or in the language", call.Name), hint)
	default:
		hint := diag.DidYouMean(call.Name, slices.Sorted(maps.Keys(w.functions)))
		if w.methods[call.Name] || w.asMethods[name] {
			hint = fmt.Sprintf("it is a method: $.%s(…)", call.Name)
		}
		s.warn("no_function", place, fmt.Sprintf("there is no function %s()", call.Name), hint)
	}
}

func union(a, b map[string]bool) map[string]bool {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// inside is the place of a part of an expression, where the source shows it as it is: the
// expression's own place otherwise.
func (s spot) inside(n *yaml.Node, x *syntax.Expression, offset int) *yaml.Node {
	lines := strings.SplitN(s.c.texts[s.file], "\n", n.Line+1)
	if n.Line < 1 || n.Line > len(lines) || offset > len(x.Text) {
		return n
	}
	line := []rune(lines[n.Line-1])
	if n.Column < 1 || n.Column > len(line) || !strings.HasPrefix(string(line[n.Column-1:]), x.Text) {
		return n
	}
	return &yaml.Node{Line: n.Line, Column: n.Column + utf8.RuneCountInString(x.Text[:offset])}
}
