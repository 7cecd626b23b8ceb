package converge

import (
	"context"
	"encoding/json"

	"hearth/core"
	"hearth/core/function"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/store"
	"hearth/core/template"
	"hearth/core/yaml"
)

// refKey is where a row's stored attributes keep a reference id that is not the physical id.
const refKey = "ref"

// rows are the rows of a stack that a drainer knows. Those it has committed itself in
// this walk are up to date; others are read when they are needed.
type rows struct {
	current map[string]*core.Resource // by name, what no other row replaces
	byID    map[string]*core.Resource
}

func newRows(list []core.Resource) *rows {
	r := &rows{current: map[string]*core.Resource{}, byID: map[string]*core.Resource{}}
	for i := range list {
		r.put(&list[i])
	}
	return r
}

func (r *rows) put(row *core.Resource) {
	r.byID[row.ID] = row
	if row.ReplacedBy == "" {
		r.current[row.Name] = row
	}
}

// refresh reads the rows that others may have changed: the ones named, which this drainer
// has not finished itself.
func (r *rows) refresh(ctx context.Context, tx *store.Tx, stackID string, names []string, mine map[string]bool) error {
	var stale []string
	for _, n := range names {
		if row := r.current[n]; row == nil || !mine[row.ID] {
			stale = append(stale, n)
		}
	}
	list, err := tx.CurrentResources(ctx, stackID, stale)
	if err != nil {
		return err
	}
	for i := range list {
		r.put(&list[i])
	}
	return nil
}

// runtime answers get_resource and get_attr from rows.
type runtime struct {
	rows   *rows
	target *plan.Target
}

var _ template.Runtime = runtime{}

// RefID is what get_resource yields: the type's own reference id, the physical id, or the
// name before there is one.
func (r runtime) RefID(name string) (any, error) {
	row := r.rows.current[name]
	if row == nil {
		return name, nil
	}
	if stored := storedAttributes(row); stored.Has(refKey) {
		v, _ := stored.Get(refKey)
		return v, nil
	}
	if row.PhysicalID == "" {
		return name, nil
	}
	return row.PhysicalID, nil
}

// Attr is what get_attr yields: what was read when the resource was done.
func (r runtime) Attr(name string, path []any) (any, error) {
	row := r.rows.current[name]
	if row == nil {
		return nil, nil
	}
	v, _ := readStored(storedAttributes(row), path)
	return v, nil
}

// storedAttributes are the attributes that a row keeps, by their path as JSON.
func storedAttributes(row *core.Resource) *yaml.Map {
	if len(row.Attributes) == 0 {
		return nil
	}
	v, err := yaml.DecodeJSON(row.Attributes)
	if err != nil {
		return nil
	}
	m, _ := v.(*yaml.Map)
	return m
}

// readStored finds a path: as it was stored, or within the attribute it begins with.
func readStored(stored *yaml.Map, path []any) (any, bool) {
	if v, ok := stored.Get(plan.AttributeKey(path)); ok {
		return v, true
	}
	if len(path) > 1 {
		if v, ok := stored.Get(plan.AttributeKey(path[:1])); ok {
			return function.Select(v, path[1:]), true
		}
	}
	return nil, false
}

// readAttributes reads what the template asks of a resource that is done, in the form
// that rows store.
func readAttributes(ctx context.Context, behaviour resource.Resource, typ *resource.Type, c *resource.Context, paths [][]any) (json.RawMessage, error) {
	stored := yaml.NewMap(len(paths) + 1)
	if ref, ok := behaviour.(resource.Referencer); ok {
		if v := ref.ReferenceID(c); v != nil && v != c.PhysicalID {
			stored.Set(refKey, v)
		}
	}
	for _, path := range paths {
		key := path
		if _, whole := behaviour.(resource.PathAttributer); !whole && len(path) > 1 {
			key = path[:1]
		}
		if stored.Has(plan.AttributeKey(key)) {
			continue
		}
		v, err := ReadAttribute(ctx, behaviour, typ, c, key)
		if err != nil {
			return nil, err
		}
		stored.Set(plan.AttributeKey(key), v)
	}
	if stored.Len() == 0 {
		return nil, nil
	}
	return yaml.EncodeJSON(stored)
}

// ReadAttribute reads one attribute, or with an empty path all of them.
func ReadAttribute(ctx context.Context, behaviour resource.Resource, typ *resource.Type, c *resource.Context, path []any) (any, error) {
	if pa, ok := behaviour.(resource.PathAttributer); ok {
		return pa.AttributePath(ctx, c, path)
	}
	if len(path) == 0 {
		all := yaml.NewMap(len(typ.Attributes))
		for name := range typ.Attributes {
			v, err := readOne(ctx, behaviour, c, name)
			if err != nil {
				return nil, err
			}
			all.Set(name, v)
		}
		v, err := readOne(ctx, behaviour, c, "show")
		if err != nil {
			return nil, err
		}
		all.Set("show", v)
		return all, nil
	}
	name, _ := path[0].(string)
	v, err := readOne(ctx, behaviour, c, name)
	if err != nil {
		return nil, err
	}
	return function.Select(v, path[1:]), nil
}

func readOne(ctx context.Context, behaviour resource.Resource, c *resource.Context, name string) (any, error) {
	if name == "show" {
		if s, ok := behaviour.(resource.Shower); ok && c.PhysicalID != "" {
			return s.Show(ctx, c)
		}
		return nil, nil
	}
	a, ok := behaviour.(resource.Attributer)
	if !ok {
		return nil, nil
	}
	return a.Attribute(ctx, c, name)
}

// Known answers references from stored rows.
func Known(list []core.Resource) template.Runtime { return runtime{rows: newRows(list)} }
