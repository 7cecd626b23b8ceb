package patch

import (
	"regexp"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano"
)

// Operation is one change: add, replace or remove at a path.
type Operation struct {
	Op    string
	Path  []string
	Value any
}

// Rules say which operations a document allows.
type Rules struct {
	// Allowed are the operations by path, its parts joined with "/".
	Allowed map[string][]string
	// Unknown lets a path that Allowed does not name be added, replaced and removed.
	Unknown bool
	// Flat refuses paths of more than one part.
	Flat   bool
	Schema *jsonschema.Schema
}

// Parse reads the operations of a patch. It returns Invalid for one that is malformed or
// whose value does not fit the schema, Forbidden for one that is not allowed.
func (r Rules) Parse(body any) ([]Operation, error) {
	list, ok := body.([]any)
	if !ok {
		return nil, murano.Explain(core.Invalid, "JSON-patch must be a list.")
	}
	ops := make([]Operation, 0, len(list))
	for _, item := range list {
		op, err := r.parseOne(item)
		if err != nil {
			return nil, err
		}
		ops = append(ops, op)
	}
	return ops, nil
}

func (r Rules) parseOne(item any) (op Operation, err error) {
	change, ok := item.(*yaml.Map)
	if !ok {
		return op, murano.Explain(core.Invalid, "Operations must be JSON objects.")
	}
	for _, member := range []string{"op", "path"} {
		if !change.Has(member) {
			return op, murano.Explain(core.Invalid, "Unable to find '%s' in JSON Schema change", member)
		}
	}
	kind, _ := change.Get("op")
	pointer, _ := change.Get("path")
	op.Op = yaml.Str(kind)
	text, ok := pointer.(string)
	if !ok {
		return op, murano.Raise(core.Internal, "AttributeError", "'%s' object has no attribute 'startswith'", yaml.TypeName(pointer))
	}
	if op.Path, err = parsePointer(text); err != nil {
		return op, err
	}
	if r.Flat && len(op.Path) > 1 {
		return op, murano.Explain(core.Invalid, "Nested paths are not allowed")
	}
	if op.Value, ok = change.Get("value"); !ok {
		return op, murano.Explain(core.Invalid, `Operation "%s" requires a member named "value".`, op.Op)
	}
	if err := r.checkAllowed(op); err != nil {
		return op, err
	}
	return op, r.checkSchema(op)
}

var (
	adjacentSlashes = regexp.MustCompile(`/\s*?/`)
	badEscape       = regexp.MustCompile(`~[^01]|~$`)
)

func parsePointer(p string) ([]string, error) {
	refuse := func(what string) ([]string, error) {
		return nil, murano.Explain(core.Invalid, "Pointer `%s` %s", p, what)
	}
	switch {
	case !strings.HasPrefix(p, "/"):
		return refuse(`does not start with "/".`)
	case adjacentSlashes.MatchString(p[1:]):
		return refuse(`contains adjacent "/".`)
	case len(p) > 1 && strings.HasSuffix(p, "/"):
		return refuse(`ends with "/".`)
	case badEscape.MatchString(p):
		return refuse(`contains "~", which is not part of a recognized escape sequence.`)
	}
	parts := strings.Split(strings.TrimLeft(p, "/"), "/")
	for i, part := range parts {
		parts[i] = strings.TrimSpace(strings.NewReplacer("~1", "/", "~0", "~").Replace(part))
	}
	return parts, nil
}

func (r Rules) checkAllowed(op Operation) error {
	name := strings.Join(op.Path, "/")
	allowed, known := r.Allowed[name]
	switch {
	case !known && !r.Unknown:
		return murano.Explain(core.Forbidden, "Attribute '%s' is invalid", name)
	case !known:
		allowed = []string{"add", "replace", "remove"}
	}
	if slices.Contains(allowed, op.Op) {
		return nil
	}
	list := "no operations"
	if len(allowed) > 0 {
		list = strings.Join(allowed, ", ")
	}
	return murano.Explain(core.Forbidden, "Method '%s' is not allowed for a path with name '%s'. Allowed operations are: %s", op.Op, name, list)
}
