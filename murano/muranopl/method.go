package muranopl

import (
	"slices"
	"strings"

	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
)

// The usages and scopes of methods.
const (
	usageAction    = "Action"
	usageExtension = "Extension"
	scopeSession   = "Session"
	scopePublic    = "Public"
)

// Method is a method of a class: a body of statements, or a native function
// (murano/dsl/murano_method.py).
type Method struct {
	Name      string
	Usage     string
	Scope     string
	declaring *Class
	args      []*Argument
	argOf     map[string]*Argument
	varArgs   *Argument
	kwArgs    *Argument
	body      *block
	native    *yaql.Function
	meta      *metadata

	metaValues []*Object
	metaKnown  bool
	sync       *synchronize // read from the metadata at the first call
}

// Usages of arguments.
const (
	argStandard = "Standard"
	argVar      = "VarArgs"
	argKw       = "KwArgs"
)

var argUsages = []string{argStandard, argVar, argKw}

// Argument is an argument of a Method.
type Argument struct {
	spec
	Name   string
	Usage  string
	method *Method
	meta   *metadata
}

func (c *Class) newMethod(name string, declaration any) (*Method, error) {
	m := &Method{Name: name, declaring: c, Usage: usageRuntime, argOf: map[string]*Argument{}}
	doc, ok := declaration.(*syntax.Map)
	if !ok && syntax.Truth(declaration) {
		return nil, pyError("AttributeError", "'%s' object has no attribute 'get'", typeNameOf(declaration))
	}
	var err error
	if m.body, err = compileBlock(doc.Get("Body")); err != nil {
		return nil, err
	}
	if u := doc.Get("Usage"); syntax.Truth(u) {
		m.Usage = text(u)
	}
	if s := doc.Get("Scope"); s != nil {
		m.Scope = text(s)
	}
	if err := m.resolveScope(); err != nil {
		return nil, err
	}
	if err := m.readArguments(doc.Get("Arguments")); err != nil {
		return nil, err
	}
	m.meta = &metadata{definition: doc.Get("Meta"), target: targetMethod, declaring: c}
	if err := m.meta.resolve(); err != nil {
		return nil, err
	}
	switch m.Usage {
	case usageRuntime, usageAction, usageStatic, usageExtension:
		return m, nil
	}
	return nil, pyError("ValueError", "Unknown method usage %s", m.Usage)
}

func (m *Method) resolveScope() error {
	if m.Usage == usageAction {
		if m.Scope == scopeSession {
			return pyError("ValueError", "Both \"Usage: Action\" and \"Scope: Session\" are provided for method %s", m.Name)
		}
		m.Scope = scopePublic
	}
	if m.Scope == "" {
		m.Scope = scopeSession
	}
	return nil
}

// readArguments reads a list of maps of one entry.
func (m *Method) readArguments(v any) error {
	for _, item := range syntax.AsList(v) {
		record, ok := item.(*syntax.Map)
		if !ok || len(record.Entries) != 1 {
			return dslError("DslSyntaxError", "Invalid arguments declaration")
		}
		a, err := m.newArgument(text(record.Entries[0].Key), record.Entries[0].Value)
		if err != nil {
			return err
		}
		wrong := m.kwArgs != nil
		switch a.Usage {
		case argStandard:
			wrong = wrong || m.varArgs != nil
		case argVar:
			wrong = wrong || m.varArgs != nil
			m.varArgs = a
		case argKw:
			m.kwArgs = a
		}
		if wrong {
			return dslError("DslSyntaxError", "Invalid argument order in method %s", m.Name)
		}
		if m.argOf[a.Name] == nil {
			m.args = append(m.args, a)
		} else {
			m.args[slices.Index(m.args, m.argOf[a.Name])] = a
		}
		m.argOf[a.Name] = a
	}
	return nil
}

func (m *Method) newArgument(name string, declaration any) (*Argument, error) {
	s, doc, err := m.declaring.newSpec(declaration)
	if err != nil {
		return nil, err
	}
	a := &Argument{spec: s, Name: name, Usage: argStandard, method: m,
		meta: &metadata{definition: doc.Get("Meta"), target: targetArgument, declaring: m.declaring}}
	if err := a.meta.resolve(); err != nil {
		return nil, err
	}
	if u := doc.Get("Usage"); syntax.Truth(u) {
		a.Usage = text(u)
	}
	if !slices.Contains(argUsages, a.Usage) {
		return nil, dslError("DslSyntaxError", "Unknown usage %s. Must be one of (%s)", a.Usage, strings.Join(argUsages, ", "))
	}
	return a, nil
}

func (a *Argument) set(th *Thread, value any, r request) (any, error) {
	if a.method.Usage == usageExtension {
		r.this = a.method.declaring
	}
	v, err := a.transform(th, value, r)
	return v, withPlace(err, func(path string) string {
		return a.method.declaring.Name + "::" + a.method.Name + "(" + a.Name + path + ")"
	})
}

func (m *Method) static() bool { return m.Usage == usageStatic || m.Usage == usageExtension }

// public reports whether the method may be called from outside.
func (m *Method) public() bool { return m.Scope == scopePublic || m.Usage == usageAction }

// YaqlRepr implements yaql.Representer.
func (m *Method) YaqlRepr() string { return "MuranoMethod(" + m.declaring.Name + "::" + m.Name + ")" }

// YaqlRepr implements yaql.Representer.
func (a *Argument) YaqlRepr() string {
	return "MuranoMethodArgument(" + a.method.Name + "::" + a.Name + ")"
}
