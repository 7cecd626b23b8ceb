package syntax

import (
	"regexp"
	"time"

	"hearth/core/yaml"
	"hearth/core/yaql"
)

// plainWord are the scalars that are never an expression: words, numbers, names.
var plainWord = regexp.MustCompile(`^[\s\p{L}\p{N}_.]*$`)

// date are the scalars that YAML 1.1 takes for a day.
var date = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

// maxBytes is how long a class file may be.
const maxBytes = 4 << 20

// Parse reads the documents of a class file, the empty ones left out. Errors are those of
// package yaml.
func Parse(engine *yaql.Engine, text []byte, file string) ([]any, error) {
	p := parser{engine, file}
	nodes, err := yaml.ParseAll(text, yaml.Options{MaxBytes: maxBytes, Plain: p.plain, Tagged: p.tagged})
	if err != nil {
		return nil, err
	}
	var out []any
	for _, n := range nodes {
		if v := p.value(n); Truth(v) {
			out = append(out, v)
		}
	}
	return out, nil
}

// ParseExpression reads one expression as if it stood in a class file.
func ParseExpression(engine *yaql.Engine, text string) (*Expression, error) {
	tree, err := engine.Syntax(text)
	if err != nil {
		return nil, err
	}
	return &Expression{Text: text, Tree: tree, Parsed: engine.Compile(tree, text)}, nil
}

type parser struct {
	engine *yaql.Engine
	file   string
}

func (p parser) plain(text string) (any, bool) {
	if date.MatchString(text) {
		if day, err := time.Parse("2006-1-2", text); err == nil {
			return day, true
		}
	}
	if plainWord.MatchString(text) {
		return nil, false
	}
	x, err := ParseExpression(p.engine, text)
	return x, err == nil
}

func (p parser) tagged(tag, text string) (any, bool, error) {
	if tag != "!yaql" {
		return nil, false, nil
	}
	x, err := ParseExpression(p.engine, text)
	return x, err == nil, err
}

func (p parser) value(n *yaml.Node) any {
	switch n.Kind {
	case yaml.Sequence:
		list := make(List, len(n.Items))
		for i, item := range n.Items {
			list[i] = p.value(item)
		}
		return list
	case yaml.Mapping:
		m := &Map{At: p.position(n), Entries: make([]Entry, len(n.Pairs))}
		for i, pair := range n.Pairs {
			m.Entries[i] = Entry{p.value(pair.At), p.value(pair.Value)}
		}
		return m
	}
	if x, ok := n.Value.(*Expression); ok {
		x.At = p.position(n)
		return x
	}
	return n.Value
}

func (p parser) position(n *yaml.Node) Position { return Position{p.file, n.Line, n.Column} }
