package engine

import (
	"context"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/store"
	"hearth/core/template"
	"hearth/core/yaml"
)

// Restore begins to make a stack what a snapshot of it holds: its template, environment
// and files, with the copies that were made of its objects. A running action is
// superseded. It returns NotSupported for a snapshot that is not complete.
func (e *Engine) Restore(ctx context.Context, caller *core.Caller, ref StackRef, id string) error {
	s, snap, err := e.findSnapshot(ctx, caller, ref, id)
	if err != nil {
		return err
	}
	if snap.Action != core.Create || snap.Status != core.Complete {
		return forbidden(s, core.NotSupported("Restoring incomplete snapshot"))
	}
	src, err := e.restoreSource(ctx, s, snap)
	if err != nil {
		return err
	}
	target, err := e.load(ctx, caller, src, s, s.NestedDepth)
	if err != nil {
		return err
	}
	raw, err := converge.NewTemplate(src, e.Now())
	if err != nil {
		return err
	}
	return e.change(ctx, caller, s, func(ctx context.Context, tx *store.Tx, s *core.Stack) (*plan.Target, error) {
		if s.Action == core.Delete {
			return nil, forbidden(s, core.NotSupported("Restoring a stack when it is deleting"))
		}
		e.applyUpdate(s, UpdateRequest{Existing: true}, raw, target)
		s.Action = core.Restore
		return target, tx.CreateTemplate(ctx, raw, src.Files)
	})
}

// restoreSource is what a snapshot says of its stack (heat/engine/stack.py restore_data).
func (e *Engine) restoreSource(ctx context.Context, s *core.Stack, snap *core.StackSnapshot) (plan.Source, error) {
	src, err := e.Walker.ReadSource(ctx, e.Store, s, s.TemplateID)
	if err != nil {
		return src, err
	}
	var data core.SnapshotData
	if err := e.Store.Sealer().Open(snap.Data, &data, snap.ID); err != nil {
		return src, err
	}
	was := yaml.NewMap(0)
	if err := was.UnmarshalJSON(data.Stack); err != nil {
		return src, err
	}
	env, problems := template.ParseEnvironment(yaml.FromValue(section(was, "environment")))
	if err := problems.Err(); err != nil {
		return src, err
	}
	body := section(was, "template")
	src.Template, src.Environment, src.Files = yaml.FromValue(body), env, texts(section(was, "files"))
	target, _ := plan.Read(src, e.Types)
	if target == nil {
		return src, nil // and whoever loads it says why
	}
	if restoreProperties(body, section(was, "resources"), target) {
		src.Template = yaml.FromValue(body)
	}
	return src, nil
}

// restoreProperties lets the types change the properties in a template, HOT or CFN, by what
// a snapshot kept of their resources.
func restoreProperties(body, kept *yaml.Map, target *plan.Target) (changed bool) {
	for _, words := range [][2]string{{"resources", "properties"}, {"Resources", "Properties"}} {
		definitions := section(body, words[0])
		for name := range definitions.All() {
			if target.Definition(name) == nil || target.Type(name) == nil {
				continue
			}
			restorer, ok := target.Type(name).New().(resource.Restorer)
			if !ok {
				continue
			}
			definition := section(definitions, name)
			properties := section(definition, words[1])
			if properties == nil {
				properties = yaml.NewMap(0)
			}
			definition.Set(words[1], restorer.RestoreProperties(properties, texts(section(section(kept, name), "resource_data"))))
			changed = true
		}
	}
	return changed
}

// section is a map within a map; nil when there is none.
func section(m *yaml.Map, name string) *yaml.Map {
	v, _ := m.Get(name)
	s, _ := v.(*yaml.Map)
	return s
}

func texts(m *yaml.Map) map[string]string {
	out := make(map[string]string, m.Len())
	for k, v := range m.All() {
		out[k] = yaml.Str(v)
	}
	return out
}
