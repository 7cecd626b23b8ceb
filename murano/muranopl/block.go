package muranopl

import (
	"errors"

	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
)

// statement is one step of a body (murano/dsl/expressions.py, macros.py).
type statement interface {
	run(th *Thread, c *yaql.Context) (signal, error)
}

// signal says how a statement ended: on to the next, or out of a loop or the method.
type signal struct {
	kind  signalKind
	value any // of a Return
}

type signalKind int

const (
	going signalKind = iota
	returning
	breaking
	continuing
)

// block is a list of statements.
type block struct{ steps []step }

// step is a statement with what a stack trace shows for it until an expression of it runs.
type step struct {
	statement
	title string
	at    syntax.Position
}

// compileBlock reads a body: a list of statements, or one.
func compileBlock(v any) (*block, error) {
	b := &block{}
	for _, item := range syntax.AsList(v) {
		s, err := compileStatement(item)
		if err != nil {
			return nil, err
		}
		b.steps = append(b.steps, s)
	}
	return b, nil
}

func (b *block) run(th *Thread, c *yaql.Context) (signal, error) {
	f := frameOf(c)
	for i := range b.steps {
		s := &b.steps[i]
		if s.title != "" {
			f.instruction = instruction{s.title, s.at, true}
		}
		if err := th.step(); err != nil {
			return signal{}, th.raise(err, f)
		}
		sig, err := s.statement.run(th, c)
		if err != nil {
			return signal{}, th.raise(err, f)
		}
		if sig.kind != going {
			return sig, nil
		}
	}
	return signal{}, nil
}

// compileStatement knows a statement by its keys.
func compileStatement(v any) (step, error) {
	switch v := v.(type) {
	case *syntax.Expression:
		return step{statement: &evaluation{value: v}}, nil
	case *syntax.Map:
		return compileMap(v)
	}
	return step{}, syntaxErrorIn(v)
}

func syntaxErrorIn(v any) error {
	return pyError("SyntaxError", "Syntax is incorrect in expression: %s", pyStr(plainValue(v)))
}

func compileMap(m *syntax.Map) (step, error) {
	for _, e := range m.Entries {
		if target, ok := e.Key.(*syntax.Expression); ok {
			if len(m.Entries) != 1 {
				return step{}, pyError("SyntaxError", "None")
			}
			return step{statement: &evaluation{target: target, value: e.Value}}, nil
		}
	}
	for _, k := range statementKinds() {
		if !k.matches(m) {
			continue
		}
		s, title, err := k.compile(m)
		if isOther(err) {
			continue
		}
		if err != nil {
			return step{}, err
		}
		if title == "" {
			title = "block construct"
		}
		return step{s, title, m.At}, nil
	}
	return step{}, syntaxErrorIn(m)
}

// errOther says that a map with the keys of a statement is another one, or none.
var errOther = pyError("TypeError", "")

func isOther(err error) bool { return errors.Is(err, errOther) }

// statementKind is a statement that is a map: the key that it must have first, and the others.
type statementKind struct {
	must, may []string
	compile   func(m *syntax.Map) (s statement, title string, err error)
}

func (k *statementKind) matches(m *syntax.Map) bool {
	for _, key := range k.must {
		if _, ok := m.Lookup(key); !ok {
			return false
		}
	}
	for _, e := range m.Entries {
		name, ok := e.Key.(string)
		if !ok || !contains(k.must, name) && !contains(k.may, name) {
			return false
		}
	}
	return true
}

func contains(list []string, s string) bool {
	for _, t := range list {
		if s == t {
			return true
		}
	}
	return false
}

// evaluation evaluates a value and assigns it, if there is a target.
type evaluation struct {
	target *syntax.Expression
	value  any
	place  *place // of the target
}

func (s *evaluation) run(th *Thread, c *yaql.Context) (signal, error) {
	v, err := th.evaluate(s.value, c)
	if err == nil && s.target != nil {
		if s.place == nil {
			s.place = newPlace(s.target)
		}
		err = s.place.assign(th, c, v)
	}
	return signal{}, err
}
