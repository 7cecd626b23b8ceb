package environment

import (
	"strings"

	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/catalog"
)

// settle makes the model what the task has come to: the objects, and a copy of them by
// which the next task sees what has been removed since (murano/dsl/serializer.py). left
// are objects that should have gone.
func (r *Run) settle(root *yaml.Map, left []any) {
	model := r.progress.Model
	if root == nil && len(left) == 0 {
		model.Set(keyObjects, nil)
		model.Set(keyObjectsCopy, nil)
		return
	}
	if root == nil {
		v, _ := model.Get(keyObjectsCopy)
		before, _ := v.(*yaml.Map)
		before = before.Clone()
		before.Set(keyApplications, left)
		model.Set(keyObjects, nil)
		model.Set(keyObjectsCopy, before)
		return
	}
	kept := deepCopy(root).(*yaml.Map)
	kept.Set(keyApplications, append(append([]any{}, applications(kept)...), left...))
	model.Set(keyObjects, root)
	model.Set(keyObjectsCopy, kept)
}

// finishHeader writes the header of an object as the engine leaves it: its whole class
// name, its actions, what others have noted under names of their own ("_…"); no status.
func finishHeader(m *yaml.Map, pkg *catalog.Package) {
	old := headerOf(m)
	typ, _ := old.Get("type")
	class := pkg.Class(murano.ParseClassName(yaml.Str(typ)).Name)
	m.Set(keyHeader, header(old, class, &yaml.Map{}))
}

// finishEnvironment does the same for the environment object, whose class is of the core
// library and has one action.
func finishEnvironment(root *yaml.Map) {
	old := headerOf(root)
	class := murano.ClassName{Name: "io.murano.Environment", Version: "0.0.0", Package: "io.murano"}
	actions := yaml.MapOf(objectID(root)+"_deploy", yaml.MapOf("enabled", true, "name", "deploy", "title", "deploy"))
	root.Set(keyHeader, header(old, class, actions))
}

func header(old *yaml.Map, class murano.ClassName, actions *yaml.Map) *yaml.Map {
	h := yaml.MapOf("type", class.String())
	for _, key := range []string{"id", "name", "metadata"} {
		v, _ := old.Get(key)
		h.Set(key, v)
	}
	for k, v := range old.All() {
		if strings.HasPrefix(k, "_") && k != "_actions" {
			h.Set(k, v)
		}
	}
	h.Set("_actions", actions)
	return h
}

// deepCopy copies maps and lists all the way down.
func deepCopy(v any) any {
	switch v := v.(type) {
	case *yaml.Map:
		out := yaml.NewMap(v.Len())
		for k, item := range v.All() {
			out.Set(k, deepCopy(item))
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = deepCopy(item)
		}
		return out
	}
	return v
}
