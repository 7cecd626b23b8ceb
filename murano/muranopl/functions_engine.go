package muranopl

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	jsonpatch "github.com/evanphx/json-patch/v5"

	"hearth/core/yaml"
	"hearth/core/yaql"
)

// registerEngine adds the functions of Murano's engine (murano/engine/system/yaql_functions.py).
func registerEngine(c *yaql.Context, f Format) {
	c.Register(engineFunctions...)
	if f > Format11 {
		return
	}
	c.Register(substr, firstOrDefault)
	for _, name := range []string{"toLower", "toUpper", "trim", "join", "split", "startsWith", "endsWith", "matches", "replace", "flatten"} {
		for _, g := range c.Parent().Overloads(name) {
			if g.Way == yaql.AsMethod {
				both := *g
				both.Way = yaql.AsExtension
				c.Register(&both)
			}
		}
	}
}

var engineFunctions = []*yaql.Function{
	{Name: "base64encode", Way: yaql.AsExtension, Params: []yaql.Param{yaql.P("value", yaql.String)}, Body: func(c *yaql.Call) (any, error) {
		return base64.StdEncoding.EncodeToString([]byte(c.String(0))), nil
	}},
	{Name: "base64decode", Way: yaql.AsExtension, Params: []yaql.Param{yaql.P("value", yaql.String)}, Body: base64decode},
	{Name: "pselect", Way: yaql.AsExtension, Params: []yaql.Param{yaql.P("collection", yaql.Iterable), yaql.P("composer", yaql.LambdaType)},
		Body: func(c *yaql.Call) (any, error) {
			items, err := c.Run.Collect(c.Args[0])
			if err != nil {
				return nil, err
			}
			return selectParallel(c, items, c.Lambda(1))
		}},
	{Name: "bind", Way: yaql.AsExtension, Params: []yaql.Param{yaql.P("obj", yaql.Any), yaql.P("mappings", yaql.Mapping)},
		Body: func(c *yaql.Call) (any, error) { return bind(c.Run, c.Args[0], c.Dict(1)) }},
	{Name: "randomName", Body: func(c *yaql.Call) (any, error) { return ThreadOf(c).randomName(), nil }},
	{Name: "patch", Way: yaql.AsExtension, Params: []yaql.Param{yaql.P("obj", yaql.Any), yaql.P("patch", yaql.Any)}, Body: patch},
	{Name: "decryptData", Way: yaql.AsExtension, Params: []yaql.Param{yaql.P("value", yaql.String)}, Body: func(*yaql.Call) (any, error) {
		return nil, &Error{Name: "castellan.common.exception.KeyManagerError",
			Message: "decryptData() has no key manager: none is configured for MuranoPL programs"}
	}},
	{Name: "logger", Params: []yaql.Param{yaql.P("loggerName", yaql.String.Nullable())}, Body: func(c *yaql.Call) (any, error) {
		th, f := ThreadOf(c), frameOf(c.Context)
		t, err := f.names.pkg.Class("io.murano.system.Logger", true)
		if err != nil {
			return nil, err
		}
		return th.store.loadDefinition(th, &definition{class: t, properties: dictOf("loggerName", c.Args[0]), extra: yaql.NewDict(0)}, nil, loadOptions{frame: f})
	}},
}

func base64decode(c *yaql.Call) (any, error) {
	b, err := base64.StdEncoding.DecodeString(strings.Map(base64Character, c.String(0)))
	if err != nil {
		return nil, pyError("TypeError", "Incorrect padding")
	}
	if !utf8.Valid(b) {
		return nil, pyError("UnicodeDecodeError", "'utf-8' codec can't decode bytes")
	}
	return string(b), nil
}

func base64Character(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("+/=", r) {
		return r
	}
	return -1
}

// macro is a part of a text that bind replaces.
var macro = regexp.MustCompile(`\{(\w+?)\}`)

// bind replaces the texts that begin with a dollar, in lists and dictionaries, too.
func bind(r *yaql.Run, v any, mappings *yaql.Dict) (any, error) {
	switch v := v.(type) {
	case string:
		name, ok := strings.CutPrefix(v, "$")
		if !ok {
			return v, nil
		}
		if macro.MatchString(name) {
			return macro.ReplaceAllStringFunc(name, func(m string) string {
				value, _ := mappings.Get(m[1 : len(m)-1])
				return pyStr(value)
			}), nil
		}
		value, ok := mappings.Get(name)
		if !ok {
			return nil, pyError("KeyError", "%s", yaml.Repr(name))
		}
		if value == nil {
			return v, nil
		}
		return value, nil
	case yaql.Tuple:
		return bindItems(r, v, mappings)
	case yaql.List:
		return bindItems(r, v, mappings)
	case *yaql.Dict:
		if err := r.Nest(); err != nil {
			return nil, err
		}
		defer r.Unnest()
		out := yaql.NewPlainDict(v.Len())
		for k, item := range v.All() {
			key, err := bind(r, k, mappings)
			if err != nil {
				return nil, err
			}
			value, err := bind(r, item, mappings)
			if err != nil {
				return nil, err
			}
			if err := r.Put(out, key, value); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}

func bindItems(r *yaql.Run, items []any, mappings *yaql.Dict) (any, error) {
	if err := r.Nest(); err != nil {
		return nil, err
	}
	defer r.Unnest()
	out := make(yaql.List, len(items))
	var err error
	for i := range items {
		if out[i], err = bind(r, items[i], mappings); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// patch applies a JSON patch; a path that does not exist leaves the value as it is.
func patch(c *yaql.Call) (any, error) {
	operations := c.Args[1]
	if _, ok := operations.(yaql.Tuple); !ok {
		operations = yaql.Tuple{operations}
	}
	document, err := toJSON(c.Args[0])
	if err != nil {
		return nil, err
	}
	changes, err := toJSON(operations)
	if err != nil {
		return nil, err
	}
	p, err := jsonpatch.DecodePatch(changes)
	if err != nil {
		return nil, &Error{Name: "jsonpatch.InvalidJsonPatch", Message: err.Error()}
	}
	for i, op := range p {
		next, err := p[i : i+1].Apply(document)
		if err == nil {
			document = next
			continue
		}
		path, _ := op.Path()
		name := path[strings.LastIndex(path, "/")+1:]
		switch kind := op.Kind(); kind {
		case "test":
			return nil, &Error{Name: "jsonpatch.JsonPatchTestFailed", Message: "the value at " + path + " is not equal to the tested value"}
		case "remove", "replace":
			if parentThere(document, path) {
				return nil, &Error{Name: "jsonpatch.JsonPatchConflict", Message: "can't " + kind + " a non-existent object '" + name + "'"}
			}
		}
		return c.Args[0], nil // a pointer into nothing, as upstream
	}
	v, err := yaml.DecodeJSON(document)
	if err != nil {
		return nil, err
	}
	return yaql.Input(v), nil
}

// parentThere reports whether a document has what a path is to be found in.
func parentThere(document []byte, path string) bool {
	parent := path[:max(0, strings.LastIndex(path, "/"))]
	if parent == "" {
		return true
	}
	look, err := jsonpatch.DecodePatch([]byte(`[{"op": "copy", "from": ` + strconv.Quote(parent) + `, "path": ` + strconv.Quote(parent) + `}]`))
	if err != nil {
		return false
	}
	_, err = look.Apply(document)
	return err == nil
}

func toJSON(v any) (json.RawMessage, error) {
	data, err := yaql.Export(v, func(n int) yaql.MapBuilder { return yaml.NewMap(n) })
	if err != nil {
		return nil, err
	}
	return yaml.EncodeJSON(data)
}

var substr = &yaql.Function{Name: "substr", Way: yaql.AsExtension, Params: []yaql.Param{yaql.P("string", yaql.String), yaql.P("start", yaql.IntOrBool),
	yaql.Opt("length", yaql.IntOrBool, int64(-1))}, Body: func(c *yaql.Call) (any, error) {
	return c.Run.Invoke("substring", c.Context, c.Args[0], []any{c.Args[1], c.Args[2]}, nil)
}}

var firstOrDefault = &yaql.Function{Name: "firstOrDefault", Way: yaql.AsExtension, Params: []yaql.Param{yaql.P("collection", yaql.Iterable),
	yaql.Opt("default", yaql.Any, nil)}, Body: func(c *yaql.Call) (any, error) {
	v, ok, err := c.Iter(0).Next()
	if err != nil || ok {
		return v, err
	}
	return c.Args[1], nil
}}
