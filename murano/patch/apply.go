package patch

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	jsonpatch "github.com/evanphx/json-patch/v5"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano"
)

// Apply gives the document with the operations applied, one after the other; the one it
// gets is not changed. It returns a NotFound that is Detailed for an operation that does
// not fit, and, as upstream does, a raised JsonPointerException for a path that leads
// through what is not there.
func Apply(doc any, ops []Operation) (any, error) {
	raw, err := yaml.EncodeJSON(doc)
	if err != nil {
		return nil, err
	}
	for _, op := range ops {
		if err := fits(doc, op); err != nil {
			return nil, err
		}
		p, err := op.patch()
		if err != nil {
			return nil, err
		}
		if raw, err = p.Apply(raw); err != nil {
			return nil, murano.Detail(core.NotFound, "%s", err)
		}
		if doc, err = yaml.DecodeJSON(raw); err != nil {
			return nil, fmt.Errorf("a patched document: %w", err)
		}
	}
	return doc, nil
}

// patch is the operation alone, as the library takes it.
func (op Operation) patch() (jsonpatch.Patch, error) {
	value, err := yaml.EncodeJSON(op.Value)
	if err != nil {
		return nil, err
	}
	var path strings.Builder
	for _, part := range op.Path {
		path.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(part))
	}
	member := func(s string) *json.RawMessage {
		raw := json.RawMessage(strconv.Quote(s))
		if b, err := json.Marshal(s); err == nil {
			raw = b
		}
		return &raw
	}
	v := json.RawMessage(value)
	o := jsonpatch.Operation{"op": member(op.Op), "path": member(path.String())}
	if op.Op != "remove" {
		o["value"] = &v
	}
	return jsonpatch.Patch{o}, nil
}

// fits says in Python's words why an operation cannot be applied.
func fits(doc any, op Operation) error {
	last := len(op.Path) - 1
	for _, part := range op.Path[:last] {
		var err error
		if doc, err = walk(doc, part); err != nil {
			return err
		}
	}
	part := op.Path[last]
	switch v := doc.(type) {
	case *yaml.Map:
		if !v.Has(part) && op.Op != "add" {
			return murano.Detail(core.NotFound, "can't %s a non-existent object '%s'", op.Op, part)
		}
		return nil
	case []any:
		return fitsList(v, op.Op, part)
	case string:
		if _, ok := index(part); !ok && part != "-" {
			return pointerError("'%s' is not a valid sequence index", part)
		}
		return murano.Detail(core.NotFound, "unable to fully resolve json pointer /%s, part %s", strings.Join(op.Path, "/"), part)
	}
	return unindexable(doc)
}

func fitsList(list []any, op, part string) error {
	i, ok := index(part)
	switch {
	case part == "-" && op == "add":
		return nil
	case part == "-":
		return murano.Detail(core.NotFound, "can't %s a non-existent object '-'", op)
	case !ok:
		return pointerError("'%s' is not a valid sequence index", part)
	case op == "add" && i > len(list):
		return murano.Detail(core.NotFound, "can't insert outside of list")
	case op == "replace" && i >= len(list):
		return murano.Detail(core.NotFound, "can't replace outside of list")
	case op == "remove" && i >= len(list):
		return murano.Detail(core.NotFound, "can't remove a non-existent object '%s'", part)
	}
	return nil
}

func walk(doc any, part string) (any, error) {
	switch v := doc.(type) {
	case *yaml.Map:
		if next, ok := v.Get(part); ok {
			return next, nil
		}
		return nil, pointerError("member '%s' not found in %s", part, yaml.Repr(doc))
	case []any:
		if part == "-" {
			return nil, pointerError("Cannot go past End of List '-'")
		}
		i, ok := index(part)
		if !ok {
			return nil, pointerError("'%s' is not a valid sequence index", part)
		}
		if i >= len(v) {
			return nil, pointerError("index '%d' is out of bounds", i)
		}
		return v[i], nil
	case string:
		return nil, pointerError("'%s' is not a valid sequence index", part)
	}
	return nil, unindexable(doc)
}

func unindexable(doc any) error {
	return pointerError("Document '<class '%s'>' does not support indexing, must be a mapping/sequence or support __getitem__", yaml.TypeName(doc))
}

func pointerError(format string, args ...any) error {
	return murano.Raise(core.Internal, "JsonPointerException", format, args...)
}

var indexPattern = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})$`)

// index reads the position in a list that a part of a pointer names.
func index(part string) (int, bool) {
	if !indexPattern.MatchString(part) {
		return 0, false
	}
	i, err := strconv.Atoi(part)
	return i, err == nil
}
