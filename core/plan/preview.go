package plan

import (
	"hearth/core"
	"hearth/core/function"
	"hearth/core/resource"
	"hearth/core/template"
	"hearth/core/yaml"
)

// Change is what an update does to one resource.
type Change string

// The changes, under the names of Heat's preview.
const (
	Unchanged Change = "unchanged"
	Updated   Change = "updated"
	Replaced  Change = "replaced"
	Added     Change = "added"
	Deleted   Change = "deleted"
)

// Foresee tells what an update from rows to target will do, by resource name, without
// doing it. known answers references to resources that stay as they are; the values of
// those that change are unknown, and what is made of them counts as changed.
func Foresee(rows []core.Resource, target *Target, known template.Runtime) map[string]Change {
	p := Make(Input{Rows: rows, Target: target})
	byID := map[string]*core.Resource{}
	for i := range rows {
		byID[rows[i].ID] = &rows[i]
	}
	f := &foresight{target: target, known: known, out: map[string]Change{}, rows: map[string]*core.Resource{}}
	for i := range rows {
		r := &rows[i]
		if r.ReplacedBy == "" && !(r.Action == core.Delete && r.Status == core.Complete) {
			f.rows[r.Name] = r
			f.out[r.Name] = Unchanged
		}
	}
	for name := range f.rows {
		if target.Definition(name) == nil {
			f.out[name] = Deleted
		}
	}
	for _, n := range p.ordered() {
		row := p.row(n, byID)
		if row == nil || target.Definition(row.Name) == nil {
			continue
		}
		f.out[row.Name] = f.change(row)
	}
	return f.out
}

type foresight struct {
	target *Target
	known  template.Runtime
	rows   map[string]*core.Resource
	out    map[string]Change
}

func (f *foresight) change(row *core.Resource) Change {
	t, name := f.target, row.Name
	if row.Action == core.Init {
		return Added
	}
	given, props, problems := t.CheckProperties(name, partly{f}, nil)
	external, err := t.ExternalID(name, partly{f})
	if problems.HasErrors() || err != nil {
		return Updated
	}
	old, _ := yaml.DecodeJSON(row.Properties)
	oldMap, _ := old.(*yaml.Map)
	return Judge(Case{Row: row, Type: t.Type(name), Old: oldMap, Props: props, Digest: t.Digest(name), ExternalID: external,
		Fingerprint: t.Fingerprint(name, given, partly{f}), Context: func() *resource.Context {
			return &resource.Context{Name: name, Type: t.Type(name).Name, PhysicalID: row.PhysicalID,
				Properties: resource.NewValues(props), Old: resource.NewValues(oldMap), Data: map[string]string{}}
		}}).Change
}

// partly answers for resources that stay, and not for those that change.
type partly struct{ f *foresight }

func (p partly) RefID(name string) (any, error) {
	if c, ok := p.f.out[name]; ok && (c == Unchanged || c == Updated) {
		return p.f.known.RefID(name)
	}
	return function.Unknown{Resource: name}, nil
}

func (p partly) Attr(name string, path []any) (any, error) {
	if p.f.out[name] == Unchanged {
		return p.f.known.Attr(name, path)
	}
	return function.Unknown{Resource: name, Path: path}, nil
}
