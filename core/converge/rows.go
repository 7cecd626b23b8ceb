package converge

import (
	"context"
	"encoding/json"
	"slices"

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
	// replaced are the ids of rows that others have replaced, by name.
	replaced map[string][]string
}

func newRows(list []core.Resource) *rows {
	r := &rows{current: map[string]*core.Resource{}, byID: map[string]*core.Resource{}, replaced: map[string][]string{}}
	for i := range list {
		r.put(&list[i])
	}
	return r
}

func (r *rows) put(row *core.Resource) {
	r.byID[row.ID] = row
	if row.ReplacedBy == "" {
		r.current[row.Name] = row
	} else if !slices.Contains(r.replaced[row.Name], row.ID) {
		r.replaced[row.Name] = append(r.replaced[row.Name], row.ID)
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
// name as long as the resource has not been made.
func (r runtime) RefID(name string) (any, error) {
	row := r.rows.current[name]
	if row == nil {
		return name, nil
	}
	if stored := storedAttributes(row); stored.Has(refKey) {
		v, _ := stored.Get(refKey)
		return v, nil
	}
	if row.PhysicalID == "" || row.Action == core.Create && row.Status == core.Failed {
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
	v, _, err := readStored(storedAttributes(row), path)
	return v, err
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

// readStored finds a path: as it was stored, or within the attribute it begins with. The
// error is why it could not be read.
func readStored(stored *yaml.Map, path []any) (v any, ok bool, err error) {
	if v, ok := stored.Get(plan.AttributeKey(path)); ok {
		return v, true, nil
	}
	if why, ok := stored.Get(plan.AttributeErrorKey(path)); ok {
		return nil, true, core.Errorf(core.Invalid, "InvalidTemplateAttribute", "%s", yaml.Str(why))
	}
	if len(path) > 1 {
		if v, ok := stored.Get(plan.AttributeKey(path[:1])); ok {
			return function.Select(v, path[1:]), true, nil
		}
	}
	return nil, false, nil
}

// readAttributes reads what the template asks of a resource that is done, in the form
// that rows store.
func readAttributes(ctx context.Context, behaviour resource.Resource, typ *resource.Type, c *resource.Context, paths [][]any) (json.RawMessage, error) {
	stored := yaml.NewMap(len(paths) + 1)
	if ref, ok := behaviour.(resource.Referencer); ok {
		if v := ref.ReferenceID(c); v != c.PhysicalID {
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
		if unreadable(err) { // whoever asks for it fails, and not the resource
			stored.Set(plan.AttributeErrorKey(key), err.Error())
			continue
		}
		if err != nil {
			return nil, err
		}
		if typ.AnyProperties && len(key) == 0 {
			v = askedFor(paths)
		}
		stored.Set(plan.AttributeKey(key), v)
	}
	if stored.Len() == 0 {
		return nil, nil
	}
	return yaml.EncodeJSON(stored)
}

// unreadable reports whether an attribute is wrong, and not only out of reach.
func unreadable(err error) bool {
	code := core.ErrorCode(err)
	return code == core.Invalid || code == core.NotFound
}

// askedFor is every attribute of a type that has any: those that somebody asks for as a whole.
func askedFor(paths [][]any) *yaml.Map {
	all := yaml.NewMap(len(paths))
	for _, p := range paths {
		if len(p) == 1 {
			all.Set(yaml.Str(p[0]), nil)
		}
	}
	return all
}

// ReadAttribute reads one attribute, or with an empty path all of them but show.
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

// ByReference gives the current row of which get_resource yields ref, nil when there is none.
func ByReference(list []core.Resource, ref string) *core.Resource {
	rt := runtime{rows: newRows(list)}
	for name, row := range rt.rows.current {
		if v, err := rt.RefID(name); err == nil && v == ref {
			return row
		}
	}
	return nil
}
