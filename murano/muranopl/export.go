package muranopl

import (
	"context"

	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
)

// Freeze makes of what an expression gave a value that does not change: every iterator is
// walked.
func Freeze(r *yaql.Run, v any) (any, error) { return freeze(r, v) }

// Thaw makes of a value what a caller from outside gives: lists and dictionaries of the kind
// that Python changes.
func Thaw(v any) any { return thaw(v) }

// Describe gives the name and the message under which a program would catch err.
func Describe(err error) (name, message string) {
	name, message, _ = errorName(err)
	return name, message
}

// Name is the name that the object was given; nil for none.
func (o *Object) Name() any { return o.core.name }

// Class is the class that declares the method.
func (m *Method) Class() *Class { return m.declaring }

// Class is the class that declares the property.
func (p *Property) Class() *Class { return p.declaring }

// Location is a place in a class file, as a value of programs.
type Location struct{ syntax.Position }

// YaqlRepr implements yaql.Representer.
func (Location) YaqlRepr() string { return "<location>" }

// ClassFileValue makes a value of a class file of plain data, such as a manifest's.
func ClassFileValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := &syntax.Map{}
		for k, item := range v {
			m.Entries = append(m.Entries, syntax.Entry{Key: k, Value: ClassFileValue(item)})
		}
		return m
	case []any:
		list := make(syntax.List, len(v))
		for i := range v {
			list[i] = ClassFileValue(v[i])
		}
		return list
	}
	return yaql.Input(v)
}

// APIResult writes the result of an action as the API shows it: objects as dictionaries.
func (ex *Executor) APIResult(ctx context.Context, v any) (out any, err error) {
	err = ex.outside(ctx, func(th *Thread) error {
		s := &serializer{th: th, form: dumpSerializable, refs: true}
		out, err = s.tree(v)
		return err
	})
	return out, err
}
