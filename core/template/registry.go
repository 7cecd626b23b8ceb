package template

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/diag"
	"hearth/core/yaml"
)

// Registry says which type stands for which: the resource_registry of an environment.
// Its zero value is empty.
type Registry struct {
	// types maps a type, or a pattern OS::X::*, to a type, a pattern or a template.
	types *yaml.Map
	// resources holds what is said about single resources, by name or pattern: types,
	// hooks, restricted_actions, and maps for what is nested in them.
	resources *yaml.Map
	// Global is the operator's registry, asked after this one.
	Global *Registry
}

// Mapping is what a type stands for.
type Mapping struct {
	Type string // the class to make, or the type under which Template is registered
	// Template is the name of the file, or the URL, of a template; "" for a class.
	Template string
	// User: the user's own environment said so, not the operator's.
	User bool

	path []string
}

// HookTypes are the points at which a resource can be held.
var HookTypes = []string{"pre-create", "pre-update", "pre-delete", "post-create", "post-update", "post-delete"}

// RestrictedActionTypes are what a resource can be protected from.
var RestrictedActionTypes = []string{"update", "replace"}

func isTemplateName(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".template")
}

// load reads a resource_registry.
func (r *Registry) load(n *yaml.Node) diag.List {
	r.types, r.resources = yaml.NewMap(0), yaml.NewMap(0)
	var found diag.List
	for _, pair := range n.Pairs {
		if pair.Key == "resources" && pair.Value.Kind == yaml.Mapping {
			r.loadResources(r.resources, pair.Value, &found)
			continue
		}
		r.loadEntry(r.types, pair, &found)
	}
	return found
}

func (r *Registry) loadResources(into *yaml.Map, n *yaml.Node, found *diag.List) {
	for _, pair := range n.Pairs {
		r.loadEntry(into, pair, found)
	}
}

func (r *Registry) loadEntry(into *yaml.Map, pair yaml.Pair, found *diag.List) {
	v := pair.Value
	switch {
	case v.IsNull():
		if into == r.types {
			r.removeTypes(pair.Key)
			return
		}
		into.Delete(pair.Key)
	case pair.Key == "hooks":
		r.loadWords(into, pair, HookTypes, "InvalidBreakPointHook", found,
			"Invalid hook type \"%s\" for resource breakpoint, acceptable hook types are: %s")
	case pair.Key == "restricted_actions":
		r.loadWords(into, pair, RestrictedActionTypes, "InvalidRestrictedAction", found,
			"Invalid restricted_action type \"%s\" for resource, acceptable restricted_action types are: %s")
	case v.Kind == yaml.Mapping:
		inner, ok := into.Get(pair.Key)
		m, isMap := inner.(*yaml.Map)
		if !ok || !isMap {
			m = yaml.NewMap(len(v.Pairs))
			into.Set(pair.Key, m)
		}
		r.loadResources(m, v, found)
	default:
		s, ok := v.Text()
		if !ok {
			*found = append(*found, located(diag.Diagnostic{
				Code: "resource_registry", Type: "ValueError",
				Message: fmt.Sprintf("The resource_registry entry %s must be a text, not %s", pair.Key, yaml.TypeName(v.Plain())),
			}, "", v))
			return
		}
		into.Set(pair.Key, s)
	}
}

func (r *Registry) loadWords(into *yaml.Map, pair yaml.Pair, known []string, typ string, found *diag.List, complaint string) {
	words, ok := wordList(pair.Value.Plain())
	for _, w := range words {
		ok = ok && slices.Contains(known, w)
	}
	if ok {
		into.Set(pair.Key, pair.Value.Plain())
		return
	}
	tuple := "('" + strings.Join(known, "', '") + "')"
	*found = append(*found, located(diag.Diagnostic{
		Code: "resource_registry", Type: typ, Message: fmt.Sprintf(complaint, yaml.Str(pair.Value.Plain()), tuple),
	}, "", pair.Value))
}

// wordList reads a text or a list of texts.
func wordList(v any) (words []string, ok bool) {
	switch v := v.(type) {
	case string:
		return []string{v}, true
	case []any:
		for _, x := range v {
			s, isText := x.(string)
			if !isText {
				return nil, false
			}
			words = append(words, s)
		}
		return words, true
	}
	return nil, false
}

// removeTypes takes out an entry, or with a * all that begin so.
func (r *Registry) removeTypes(name string) {
	head, pattern := strings.CutSuffix(name, "*")
	for _, k := range r.types.Keys() {
		if k == name || pattern && strings.HasPrefix(k, head) {
			r.types.Delete(k)
		}
	}
}

// Map gives the registry as it was written.
func (r Registry) Map() *yaml.Map {
	out := yaml.NewMap(1)
	out.Set("resources", cloneMap(r.resources))
	for k, v := range r.types.All() {
		out.Set(k, v)
	}
	return out
}

func (r Registry) clone() Registry {
	r.types, r.resources = cloneMap(r.types), deepClone(r.resources)
	return r
}

func deepClone(m *yaml.Map) *yaml.Map {
	out := yaml.NewMap(m.Len())
	for k, v := range m.All() {
		if inner, ok := v.(*yaml.Map); ok {
			v = deepClone(inner)
		}
		out.Set(k, v)
	}
	return out
}

// merge puts another registry over this one, which must be a clone.
func (r *Registry) merge(newer Registry) {
	for k, v := range newer.types.All() {
		r.types.Set(k, v)
	}
	mergeDeep(r.resources, newer.resources)
	if newer.Global != nil {
		r.Global = newer.Global
	}
}

func mergeDeep(into, from *yaml.Map) {
	for k, v := range from.All() {
		old, _ := into.Get(k)
		inner, isMap := v.(*yaml.Map)
		oldMap, wasMap := old.(*yaml.Map)
		if isMap && wasMap {
			mergeDeep(oldMap, inner)
			continue
		}
		into.Set(k, v)
	}
}

// maxMappings bounds chains of types that stand for types.
const maxMappings = 50

// Lookup finds what a type stands for, for the resource of that name: the user's
// registry before the operator's, what is said of the resource before what is said of the
// type, and at the end the type itself when it is a class. It returns EntityNotFound when
// there is none.
func (r *Registry) Lookup(resourceName, typeName string, isResourceClass func(string) bool) (Mapping, error) {
	if m, ok := r.lookup(resourceName, typeName, isResourceClass, nil, 0); ok {
		return m, nil
	}
	return Mapping{}, core.EntityNotFound("Resource Type", typeName)
}

// LookupBehind finds what the type would stand for if m were not there: the class for
// which a template is the facade. ok is false when there is none.
func (r *Registry) LookupBehind(m Mapping, resourceName, typeName string, isResourceClass func(string) bool) (Mapping, bool) {
	return r.lookup(resourceName, typeName, isResourceClass, &m, 0)
}

func (r *Registry) lookup(resource, typ string, isClass func(string) bool, ignore *Mapping, depth int) (Mapping, bool) {
	if depth > maxMappings {
		return Mapping{}, false
	}
	for _, c := range r.candidates(resource, typ) {
		m, ok := c, true
		if c.Template == "" {
			m, ok = c.registry(r).lookup(resource, c.Type, isClass, nil, depth+1)
		}
		if ok && (ignore == nil || !slices.Equal(m.path, ignore.path) || m.Template != ignore.Template) {
			return m, true
		}
	}
	if isClass != nil && isClass(typ) {
		return Mapping{Type: typ}, true
	}
	return Mapping{}, false
}

// registry is where the target of a mapping is looked up: the operator's mappings know
// only the operator's registry.
func (m *Mapping) registry(r *Registry) *Registry {
	if m.User || r.Global == nil {
		return r
	}
	return r.Global
}

// candidates are the entries that match, in the order of precedence.
func (r *Registry) candidates(resource, typ string) []Mapping {
	out := r.entries(resource, typ, true)
	if isTemplateName(typ) && !slices.ContainsFunc(out, func(m Mapping) bool { return len(m.path) == 1 && m.path[0] == typ }) {
		out = append(out, Mapping{Type: typ, Template: typ, User: true, path: []string{typ}})
	}
	if r.Global != nil {
		out = append(out, r.Global.entries(resource, typ, false)...)
	}
	slices.SortStableFunc(out, precedence)
	return out
}

// precedence: the user's entries, then those for a resource, then by name; so a pattern
// goes before what it matches, as * sorts before letters.
func precedence(a, b Mapping) int {
	switch {
	case a.User != b.User:
		if a.User {
			return -1
		}
		return 1
	case len(a.path) != len(b.path):
		return len(b.path) - len(a.path)
	}
	return slices.Compare(a.path, b.path)
}

func (r *Registry) entries(resource, typ string, user bool) []Mapping {
	var out []Mapping
	add := func(target string, path ...string) {
		m := Mapping{Type: target, User: user, path: path}
		switch name := path[len(path)-1]; {
		case isTemplateName(name):
			m.Type, m.Template = name, name
		case isTemplateName(target):
			m.Type, m.Template = name, target
		}
		out = append(out, m)
	}
	if own, ok := r.resources.Get(resource); ok && resource != "" {
		if types, isMap := own.(*yaml.Map); isMap {
			if target, ok := types.Get(typ); ok {
				if s, isText := target.(string); isText {
					add(s, "resources", resource, typ)
				}
			}
		}
	}
	if target, ok := r.types.Get(typ); ok {
		if s, isText := target.(string); isText && s != typ {
			add(s, typ)
		}
	}
	return append(out, r.globs(typ, user)...)
}

// globs are the patterns that match a type. One that ends in * keeps the type's tail.
func (r *Registry) globs(typ string, user bool) []Mapping {
	var out []Mapping
	for pattern, target := range r.types.All() {
		head, isPattern := strings.CutSuffix(pattern, "*")
		s, isText := target.(string)
		if !isPattern || !isText || s == typ || !strings.HasPrefix(typ, head) {
			continue
		}
		m := Mapping{Type: s, User: user, path: []string{pattern}}
		switch newHead, keepsTail := strings.CutSuffix(s, "*"); {
		case isTemplateName(s):
			m.Type, m.Template = typ, s
		case keepsTail:
			m.Type = newHead + typ[len(head):]
		}
		out = append(out, m)
	}
	return out
}

// Hooks gives the hooks that are set for a resource, in the order of HookTypes.
func (r *Registry) Hooks(resource string) []string { return r.words(resource, "hooks", HookTypes) }

// RestrictedActions gives what a resource is protected from: update, replace.
func (r *Registry) RestrictedActions(resource string) []string {
	return r.words(resource, "restricted_actions", RestrictedActionTypes)
}

func (r *Registry) words(resource, key string, known []string) []string {
	var out []string
	for pattern, about := range r.resources.All() {
		m, ok := about.(*yaml.Map)
		if !ok || !nameMatches(pattern, resource) {
			continue
		}
		v, _ := m.Get(key)
		words, _ := wordList(v)
		out = append(out, words...)
	}
	return slices.DeleteFunc(slices.Clone(known), func(w string) bool { return !slices.Contains(out, w) })
}

// nameMatches is Python's fnmatch.fnmatchcase.
func nameMatches(pattern, name string) bool {
	pattern = strings.ReplaceAll(strings.ReplaceAll(pattern, `\`, `\\`), "[!", "[^")
	ok, err := path.Match(strings.ReplaceAll(pattern, "/", "\x00"), strings.ReplaceAll(name, "/", "\x00"))
	return ok && err == nil
}

// Child gives the registry that the nested stack of a resource sees: what is nested in
// the entries for it takes the place of what is said about single resources.
func (r Registry) Child(resource string) Registry {
	c := r.clone()
	nested := yaml.NewMap(0)
	var own *yaml.Map
	for pattern, about := range r.resources.All() {
		m, ok := about.(*yaml.Map)
		if !ok {
			continue
		}
		if pattern == resource {
			own = m
		}
		if nameMatches(pattern, resource) {
			for k, v := range m.All() {
				nested.Set(k, v)
			}
		}
	}
	for k, v := range own.All() {
		nested.Set(k, v)
	}
	c.resources = nested
	return c
}

// Without gives the registry without the entry that m came from, when that is a template
// of the user: inside the template its own type means the class behind it.
func (r Registry) Without(m Mapping) Registry {
	c := r.clone()
	if m.Template == "" || len(m.path) == 0 {
		return c
	}
	level := c.types
	if len(m.path) > 1 {
		inner, _ := c.resources.Get(m.path[1])
		level, _ = inner.(*yaml.Map)
	}
	if level != nil && m.User {
		level.Delete(m.path[len(m.path)-1])
	}
	return c
}
