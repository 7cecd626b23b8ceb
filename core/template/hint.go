package template

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hearth/core/diag"
	"hearth/core/function"
	"hearth/core/yaml"
)

// Hint guesses the name that was meant in a call that names what is not there; "" when
// there is nothing to guess. n is the call as it is written.
func (t *Template) Hint(n *yaml.Node) string {
	if n == nil || n.Kind == yaml.Scalar {
		return t.hint(n, "if")
	}
	if len(n.Pairs) != 1 {
		return ""
	}
	argument := n.Pairs[0].Value
	if argument.Kind == yaml.Sequence && len(argument.Items) > 0 {
		argument = argument.Items[0]
	}
	return t.hint(argument, n.Pairs[0].Key)
}

func (t *Template) hint(argument *yaml.Node, call string) string {
	name, ok := argument.Text()
	if !ok {
		return ""
	}
	var known []string
	switch call {
	case "get_param":
		known = t.parameterNames()
	case "get_resource", "get_attr", "Fn::GetAtt":
		known = slices.Sorted(maps.Keys(t.resources))
	case "Ref":
		known = append(t.parameterNames(), slices.Sorted(maps.Keys(t.resources))...)
	case "if", "Fn::If", "not", "Fn::Not":
		known = slices.Sorted(maps.Keys(t.conditions))
	}
	if slices.Contains(known, name) {
		return ""
	}
	return diag.DidYouMean(name, known)
}

// FunctionHint guesses the function that was meant by a map of one key; "" when none is near.
func (t *Template) FunctionHint(n *yaml.Node) string {
	if n == nil || len(n.Pairs) != 1 {
		return ""
	}
	known := names(t.version)
	if slices.Contains(known, n.Pairs[0].Key) {
		return ""
	}
	return diag.DidYouMean(n.Pairs[0].Key, known)
}

func names(v function.Version) []string {
	var out []string
	for _, f := range function.ListOf(v, false) {
		out = append(out, f.Name)
	}
	return out
}

// CheckFunctions warns of maps that look like a function but are none in the template's
// version: to Heat they are plain data, so that a misspelt function goes unnoticed.
func (t *Template) CheckFunctions() diag.List {
	l := &lookalikes{t: t, known: names(t.version), later: names(function.V20210416)}
	for _, pair := range pairsOf(t.Source.Get(t.words.resources)) {
		l.walk(pair.Value.Get(t.words.properties))
		l.walk(pair.Value.Get(t.words.metadata))
	}
	for _, pair := range pairsOf(t.Source.Get(t.words.outputs)) {
		l.walk(pair.Value.Get(t.words.value))
	}
	return l.found
}

// UnknownFunction is the Code of what looks like a function but is none.
const UnknownFunction = "unknown_function"

type lookalikes struct {
	t            *Template
	known, later []string
	found        diag.List
}

// walk looks at a tree; what was made, not read, is passed over.
func (l *lookalikes) walk(n *yaml.Node) {
	if n == nil || n.Line == 0 {
		return
	}
	for _, item := range n.Items {
		l.walk(item)
	}
	for _, pair := range n.Pairs {
		l.walk(pair.Value)
	}
	if len(n.Pairs) != 1 || slices.Contains(l.known, n.Pairs[0].Key) {
		return
	}
	name := n.Pairs[0].Key
	hint := ""
	switch best := diag.Nearest(name, l.known); {
	case !strings.ContainsAny(name, "_:"): // a word like any other
		return
	case l.t.Kind == HOT && slices.Contains(l.later, name):
		hint = "a later heat_template_version has it"
	case best != "" && diag.Near(name, best, 2):
		hint = diag.DidYouMean(name, l.known)
	default:
		return
	}
	l.found = append(l.found, l.t.located(diag.Diagnostic{Code: UnknownFunction, Severity: diag.Warning, Hint: hint,
		Message: fmt.Sprintf("%s is no function of version %s and stays as it is", name, l.t.Version)}, n))
}
