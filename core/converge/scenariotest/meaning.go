package scenariotest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/template"
	"hearth/core/yaml"
)

// meaning compares what templates mean with what exists. It understands so much of them
// as scenarios use, by itself: the engine's word is not taken for it.
type meaning struct {
	l     *Lab
	files map[string]string
	left  map[string]Object // by id: nobody's so far
}

// scope is a template whose resources have been found.
type scope struct {
	parameters map[string]string
	objects    map[string]Object
	outputs    map[string]map[string]string // of nested stacks, by resource
}

// stack takes what a stack is to have out of left, and gives its outputs.
func (m meaning) stack(ctx context.Context, stackID, file string, parameters map[string]string) (map[string]string, error) {
	n, problems := template.Read([]byte(m.files[file]), "", yaml.Options{})
	if err := problems.Err(); err != nil {
		return nil, err
	}
	root, _ := n.Plain().(*yaml.Map)
	rows, err := m.l.rows(ctx, stackID)
	if err != nil {
		return nil, err
	}
	sc := &scope{parameters: maps.Clone(parameters), objects: map[string]Object{}, outputs: map[string]map[string]string{}}
	for name, v := range section(root, "parameters").All() {
		if d, ok := section(v, "default").Get(""); ok && sc.parameters[name] == "" {
			sc.parameters[name] = yaml.Str(d)
		}
	}
	resources := section(root, "resources")
	for name := range resources.All() {
		if o, ok := m.object(stackID, name); ok {
			sc.objects[name] = o
		}
	}
	for _, name := range nestedLast(resources) {
		row, ok := rows[name]
		delete(rows, name)
		if !ok || row.Status != core.Complete {
			return nil, fmt.Errorf("resource %s is %s (%s)", name, row.State(), row.StatusReason)
		}
		if err := m.resource(ctx, sc, row, section(resources, name)); err != nil {
			return nil, err
		}
	}
	if len(rows) > 0 {
		return nil, fmt.Errorf("there are rows that the template does not mean: %s", strings.Join(slices.Sorted(maps.Keys(rows)), " "))
	}
	outputs := map[string]string{}
	for name, v := range section(root, "outputs").All() {
		def, _ := v.(*yaml.Map)
		value, _ := def.Get("value")
		if outputs[name], err = sc.eval(value); err != nil {
			return nil, err
		}
	}
	return outputs, nil
}

// section gives a map within a map; a scalar is a map with the one key "".
func section(v any, name string) *yaml.Map {
	m, _ := v.(*yaml.Map)
	x, ok := m.Get(name)
	if !ok {
		return nil
	}
	if sub, ok := x.(*yaml.Map); ok {
		return sub
	}
	return yaml.MapOf("", x)
}

// nestedLast orders resources so that a nested stack's properties can be understood, and
// what refers to a nested stack after it: by the number of references that lead to it.
func nestedLast(resources *yaml.Map) []string {
	var out []string
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] || !resources.Has(name) {
			return
		}
		seen[name] = true
		for _, to := range references(section(resources, name)) {
			visit(to)
		}
		out = append(out, name)
	}
	for name := range resources.All() {
		visit(name)
	}
	return out
}

func references(v any) []string {
	var out []string
	switch v := v.(type) {
	case *yaml.Map:
		for k, x := range v.All() {
			if list, ok := x.([]any); ok && k == "get_attr" && len(list) > 0 {
				out = append(out, yaml.Str(list[0]))
			}
			out = append(out, references(x)...)
		}
	case []any:
		for _, x := range v {
			out = append(out, references(x)...)
		}
	}
	return out
}

// object gives the newest object of a resource.
func (m meaning) object(stackID, name string) (Object, bool) {
	var found Object
	ok := false
	for _, o := range m.l.Reality.Objects() {
		if o.StackID == stackID && o.Name == name {
			found, ok = o, true
		}
	}
	return found, ok
}

func (m meaning) resource(ctx context.Context, sc *scope, row core.Resource, def *yaml.Map) error {
	typ, _ := def.Get("type")
	values := map[string]string{}
	for k, v := range section(def, "properties").All() {
		text, err := sc.eval(v)
		if err != nil && typ != "OS::Heat::ResourceGroup" {
			return err
		}
		values[k] = text
	}
	switch {
	case typ == thingName:
		delete(values, "awaits")
		o, ok := sc.objects[row.Name]
		if !ok || o.ID != row.PhysicalID {
			return fmt.Errorf("%s is to be %q, and %q is there", row.Name, row.PhysicalID, o.ID)
		}
		if !maps.Equal(o.Values, values) {
			return fmt.Errorf("%s is to have %v, and has %v", o.ID, values, o.Values)
		}
		delete(m.left, o.ID)
	case strings.HasSuffix(yaml.Str(typ), ".yaml"):
		child, err := m.l.Store.FindChild(ctx, row.ID)
		if err != nil {
			return err
		}
		if child == nil || child.Status != core.Complete {
			return fmt.Errorf("the nested stack of %s is not complete", row.Name)
		}
		sc.outputs[row.Name], err = m.stack(ctx, child.ID, yaml.Str(typ), values)
		if err != nil {
			return fmt.Errorf("in %s: %w", row.Name, err)
		}
	case typ == "OS::Heat::ResourceGroup":
		child, err := m.l.Store.FindChild(ctx, row.ID)
		if err != nil || child == nil {
			return err
		}
		return m.l.leaveOut(ctx, child.ID, m.left)
	}
	return nil
}

// eval gives a value as text.
func (sc *scope) eval(v any) (string, error) {
	call, ok := v.(*yaml.Map)
	if !ok {
		return yaml.Str(v), nil
	}
	for fn, arg := range call.All() {
		switch fn {
		case "get_param":
			return sc.parameters[yaml.Str(arg)], nil
		case "get_resource":
			if o, ok := sc.objects[yaml.Str(arg)]; ok {
				return o.ID, nil
			}
		case "get_attr":
			list, _ := arg.([]any)
			if len(list) != 2 {
				break
			}
			name, attribute := yaml.Str(list[0]), yaml.Str(list[1])
			if o, ok := sc.objects[name]; ok {
				return o.Values[attribute], nil
			}
			if out, ok := sc.outputs[name]; ok {
				return out[attribute], nil
			}
		}
	}
	return "", fmt.Errorf("no meaning is known of %v", v)
}
