package muranopl

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"hearth/core/yaql"
	"hearth/murano/version"
)

// definition is an object as a model or a program describes it
// (murano/dsl/helpers.py parse_object_definition).
type definition struct {
	class        *Class // nil: the one that is expected
	properties   *yaql.Dict
	id           string
	shownID      any // the id, when it is no text
	name         any
	metadata     any
	destroyed    bool
	dependencies *yaql.Dict
	extra        *yaql.Dict // what the header has with a _ in front
}

// typeString is a type in a header: name/version@package.
var typeString = regexp.MustCompile(`^([a-zA-Z0-9_.]+)(?:/([^@]+))?(?:@([a-zA-Z0-9_.]+))?$`)

// parseDefinition reads both forms of a definition: with a header under ?, and with the type
// as a key. Expressions in it are evaluated in c, if there is one.
func parseDefinition(th *Thread, d *yaql.Dict, scope *Class, c *yaql.Context) (*definition, error) {
	if c != nil {
		v, err := th.evaluate(d, c)
		if err != nil {
			return nil, err
		}
		d = v.(*yaql.Dict)
	}
	out := &definition{extra: yaql.NewDict(0)}
	var header *yaql.Dict
	properties := yaql.NewDict(d.Len())
	for k, v := range d.All() {
		name, isText := k.(string)
		inline := isText && scope != nil && isTypeName(name, false)
		switch k.(type) {
		case TypeRef, *Class:
			inline = true
		}
		if inline {
			class, err := resolveIn(scope, k)
			if err != nil {
				return nil, err
			}
			out.class = class
			header = yaql.NewDict(d.Len())
			for key, value := range d.All() {
				if key != k {
					_ = header.Set(key, value) // it was a key before
				}
			}
			if properties, _ = v.(*yaql.Dict); properties == nil {
				if yaql.Truth(v) {
					return nil, pyError("AttributeError", "'%s' object has no attribute 'items'", typeNameOf(v))
				}
				properties = yaql.NewDict(0)
			}
			break
		}
		if name != "?" || !isText {
			_ = properties.Set(k, v) // it was a key before
		}
	}
	if header == nil {
		if v, ok := d.Get("?"); ok {
			if header, ok = v.(*yaql.Dict); !ok {
				return nil, pyError("AttributeError", "'%s' object has no attribute 'get'", typeNameOf(v))
			}
			if err := out.readType(th, header); err != nil {
				return nil, err
			}
		} else {
			header = yaql.NewDict(0)
		}
	}
	out.readHeader(header)
	var err error
	out.properties, err = keywords(properties)
	return out, err
}

func resolveIn(scope *Class, v any) (*Class, error) {
	switch v := v.(type) {
	case TypeRef:
		return v.Class, nil
	case *Class:
		return v, nil
	}
	return scope.resolve(v)
}

// keywords keeps the entries whose key can be the name of an argument
// (yaql/language/utils.py filter_parameters_dict).
func keywords(d *yaql.Dict) (*yaql.Dict, error) {
	out := yaql.NewDict(d.Len())
	for k, v := range d.All() {
		name, ok := k.(string)
		if !ok {
			return nil, pyError("TypeError", "expected string or bytes-like object, got '%s'", typeNameOf(k))
		}
		if isKeyword(name) {
			_ = out.Set(name, v) // a text is always a key
		}
	}
	return out, nil
}

// isKeyword reports whether a text begins like a bare word of an expression.
func isKeyword(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return (r == '_' || unicode.IsLetter(r)) && !strings.HasPrefix(s, "__")
}

func (out *definition) readHeader(h *yaql.Dict) {
	if id, _ := h.Get("id"); id != nil {
		out.id = pyStr(id)
		if _, ok := id.(string); !ok {
			out.shownID = id
		}
	}
	out.name, _ = h.Get("name")
	out.metadata, _ = h.Get("metadata")
	gone, _ := h.Get("destroyed")
	out.destroyed = yaql.Truth(gone)
	dependencies, _ := h.Get("dependencies")
	out.dependencies, _ = dependencies.(*yaql.Dict)
	for k, v := range h.All() {
		if name, ok := k.(string); ok && strings.HasPrefix(name, "_") {
			_ = out.extra.Set(name, v) // a text is always a key
		}
	}
}

// readType finds the class that a header names.
func (out *definition) readType(th *Thread, h *yaql.Dict) error {
	v, _ := h.Get("type")
	switch t := v.(type) {
	case TypeRef:
		out.class = t.Class
		return nil
	case *Class:
		out.class = t
		return nil
	}
	if !yaql.Truth(v) {
		return nil
	}
	m := typeString.FindStringSubmatch(pyStr(v))
	if m == nil {
		return pyError("TypeError", "cannot unpack non-iterable NoneType object")
	}
	name, ver, pkg := m[1], m[2], m[3]
	if ver == "" {
		if v, _ := h.Get("classVersion"); v != nil {
			ver = pyStr(v)
		}
	}
	if pkg == "" {
		if v, _ := h.Get("package"); v != nil {
			pkg = pyStr(v)
		}
	}
	spec, err := version.ParseSpec(ver)
	if err != nil {
		return pyError("ValueError", "%s", err)
	}
	var p *Package
	if pkg != "" {
		p, err = th.ex.Package(pkg, spec)
	} else {
		p, err = th.ex.ClassPackage(name, spec)
	}
	if err != nil {
		return err
	}
	out.class, err = p.Class(name, false)
	return err
}
