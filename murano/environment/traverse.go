package environment

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano"
)

// What upstream's TraverseHelper (murano/common/utils.py) raises, by the Python class:
// each route says which of them it takes for "not found".
const (
	classKey       = "KeyError"
	classIndex     = "IndexError"
	classValue     = "ValueError"
	classAttribute = "AttributeError"
)

// typeError is what becomes of a TypeError in any route: a request without an explanation.
func typeError() error { return murano.Explain(core.Invalid, "") }

func malformed() error {
	return murano.Raise(core.Invalid, classValue, "Source object or path is malformed")
}

// caught turns errors of the classes into a bare NotFound.
func caught(err error, classes ...string) error {
	if e, ok := errors.AsType[*core.Error](err); ok && slices.Contains(classes, e.Type) {
		return murano.Explain(core.NotFound, "")
	}
	return err
}

// place is a value in a model with the way to put another in its stead.
type place struct {
	value   any
	replace func(any)
}

// locate follows a path: a map by key; a list by the id of an object in it, else by a
// decimal index. Below a text, a number or a boolean it stays there. An unknown id gives
// null, and an error only when the path goes on.
func locate(root *yaml.Map, path string) (place, error) {
	at := place{value: root, replace: func(any) {}}
	if root == nil {
		at.value = nil
	}
	for part := range strings.SplitSeq(path, "/") {
		if part == "" {
			continue
		}
		next, done, err := at.step(part)
		if err != nil || done {
			return at, err
		}
		at = next
	}
	return at, nil
}

func (p place) step(part string) (next place, done bool, err error) {
	switch v := p.value.(type) {
	case []any:
		next, err = listStep(v, part)
		return next, false, err
	case *yaml.Map:
		item, ok := v.Get(part)
		if !ok {
			return place{}, false, murano.Raise(core.NotFound, classKey, "%s", yaml.Repr(part))
		}
		return place{item, func(x any) { v.Set(part, x) }}, false, nil
	case nil:
		return place{}, false, malformed()
	}
	return p, true, nil
}

func listStep(list []any, part string) (place, error) {
	i, err := indexOf(list, part)
	if err != nil {
		return place{}, err
	}
	if i < 0 && isDigits(part) {
		if i, err = position(list, part, "list index out of range"); err != nil {
			return place{}, err
		}
	}
	if i < 0 {
		return place{nil, func(any) {}}, nil
	}
	return place{list[i], func(x any) { list[i] = x }}, nil
}

// indexOf gives the place of the object of that id in a list; -1 when there is none.
func indexOf(list []any, id string) (int, error) {
	for i, item := range list {
		m, ok := item.(*yaml.Map)
		if !ok {
			return 0, noAttribute(item, "get")
		}
		header, ok := m.Get(keyHeader)
		if !ok {
			continue
		}
		h, ok := header.(*yaml.Map)
		if !ok {
			return 0, noAttribute(header, "get")
		}
		if v, _ := h.Get("id"); v == id {
			return i, nil
		}
	}
	return -1, nil
}

func noAttribute(v any, name string) error {
	return murano.Raise(core.Internal, classAttribute, "'%s' object has no attribute '%s'", yaml.TypeName(v), name)
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func position(list []any, digits, message string) (int, error) {
	i, err := strconv.Atoi(digits)
	if err != nil || i >= len(list) {
		return 0, murano.Raise(core.NotFound, classIndex, "%s", message)
	}
	return i, nil
}

// split gives the path of the parent and the last part.
func split(path string) (parent, last string) {
	i := strings.LastIndexByte(path, '/')
	return path[:i], path[i+1:]
}

// assign puts a value at a path: below a map by key, in a list by index alone.
func assign(root *yaml.Map, path string, value any) error {
	parent, last := split(path)
	at, err := locate(root, parent)
	if err != nil {
		return err
	}
	switch v := at.value.(type) {
	case *yaml.Map:
		v.Set(last, value)
		return nil
	case []any:
		if !isDigits(last) {
			return typeError()
		}
		i, err := position(v, last, "list assignment index out of range")
		if err != nil {
			return err
		}
		v[i] = value
		return nil
	}
	return typeError()
}

// remove takes away what is at a path: from a map by key, from a list by id or index.
func remove(root *yaml.Map, path string) error {
	parent, last := split(path)
	at, err := locate(root, parent)
	if err != nil {
		return err
	}
	switch v := at.value.(type) {
	case *yaml.Map:
		if !v.Has(last) {
			return murano.Raise(core.NotFound, classKey, "%s", yaml.Repr(last))
		}
		v.Delete(last)
		return nil
	case []any:
		i, err := indexOf(v, last)
		if err == nil && i < 0 && isDigits(last) {
			i, err = position(v, last, "list assignment index out of range")
		}
		if err != nil {
			return err
		}
		if i < 0 {
			return murano.Raise(core.Invalid, classValue, "list.remove(x): x not in list")
		}
		at.replace(append(append([]any{}, v[:i]...), v[i+1:]...))
		return nil
	}
	return malformed()
}
