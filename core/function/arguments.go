package function

import (
	"errors"
	"fmt"

	"hearth/core"
	"hearth/core/yaml"
)

// keyError is a Python KeyError, which shows its text quoted.
func keyError(message string) error { return errors.New(yaml.Repr(message)) }

// isList and isMap look at arguments as they are written; a function is neither.
func isList(e Expr) bool { _, ok := Items(e); return ok }

func isMap(e Expr) bool { _, ok := Fields(e); return ok }

// field gives one entry of a map as it is written, nil when it is not there.
func field(e Expr, name string) Expr {
	fields, _ := Fields(e)
	for _, f := range fields {
		if f.Key == name {
			return f.Value
		}
	}
	return nil
}

// literalText gives a text as it is written.
func literalText(e Expr) (string, bool) {
	l, ok := e.(*Literal)
	if !ok {
		return "", false
	}
	s, ok := l.Value.(string)
	return s, ok
}

// unpack takes exactly n arguments apart as Python does: of a list, a text or a map's
// keys. A wrong count gives errCount, what cannot be taken apart Python's TypeError.
func unpack(e Expr, n int) ([]Expr, error) {
	items, ok := Items(e)
	if !ok {
		l, isLiteral := e.(*Literal)
		if !isLiteral {
			return nil, fmt.Errorf("cannot unpack non-iterable %s object", "function")
		}
		switch v := l.Value.(type) {
		case string:
			for _, r := range v {
				items = append(items, &Literal{Value: string(r)})
			}
		case *yaml.Map:
			for _, k := range v.Keys() {
				items = append(items, &Literal{Value: k})
			}
		default:
			return nil, fmt.Errorf("cannot unpack non-iterable %s object", yaml.TypeName(v))
		}
	}
	switch {
	case len(items) < n:
		return nil, &countError{fmt.Sprintf("not enough values to unpack (expected %d, got %d)", n, len(items))}
	case len(items) > n:
		return nil, &countError{fmt.Sprintf("too many values to unpack (expected %d)", n)}
	}
	return items, nil
}

type countError struct{ text string }

func (e *countError) Error() string { return e.text }

// wrongCount reports whether unpack found another number of arguments.
func wrongCount(err error) bool {
	_, ok := errors.AsType[*countError](err)
	return ok
}

// falsy is Python's `not v`.
func falsy(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case *yaml.Map:
		return v.Len() == 0
	}
	return yaml.IsNumber(v) && yaml.Compare(v, 0) == 0
}

// noReference is Heat's answer for a name that is no resource.
func noReference(name any, where string) error {
	return core.Errorf(core.Invalid, "InvalidTemplateReference", `The specified reference "%s" (in %s) is incorrect.`, yaml.Str(name), where)
}

// NoReference is the error for a reference to a resource that is not there; where is the
// place of the reference, "unknown" when it is not known.
func NoReference(resource, where string) error { return noReference(resource, where) }

// NoAttribute is the error for an attribute that the resource's type does not have.
func NoAttribute(resource string, attribute any) error {
	return core.Errorf(core.Invalid, "InvalidTemplateAttribute", "The Referenced Attribute (%s %s) is incorrect.", resource, yaml.Str(attribute))
}

// NoParameter is the error for a parameter without a value.
func NoParameter(name string) error {
	return core.Errorf(core.Invalid, "UserParameterMissing", "The Parameter (%s) was not provided.", name)
}
