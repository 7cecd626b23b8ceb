package environment

import (
	"context"
	"slices"

	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/muranopl"
)

// loss is an object that is gone from the model and whose stack could not be deleted.
type loss struct {
	id      string
	failure *failure
}

// lost is told of .destroy methods that fail. Upstream logs that and forgets the object; of
// those that have a stack, it is reported and the object stays known (keepLost).
func (p *program) lost(th *muranopl.Thread, o *muranopl.Object, err error) {
	class := o.Class()
	if class.Name != "io.murano.CloudRegion" && !p.loader.hot[class.Package().Name] {
		return
	}
	p.losses = append(p.losses, loss{o.ID(), failureOf(err, ".destroy")})
	_ = th.Wait(func(ctx context.Context) error { // it stops the program when it cannot be told
		return p.session.Reporter.Report(ctx, o.ID(), murano.Error, bareMessage(err))
	})
}

// keepLost puts the lost objects back among those of ObjectsCopy, with their attributes, so
// that the next task tries again.
func (p *program) keepLost(model *yaml.Map) {
	before, _ := p.before.(*yaml.Map)
	if len(p.losses) == 0 || before == nil {
		return
	}
	kept, _ := model.Get(keyObjectsCopy)
	now, _ := kept.(*yaml.Map)
	left := []any{}
	for _, app := range applications(before) {
		ids := entityIDs(app)
		if slices.ContainsFunc(p.losses, func(l loss) bool { return slices.Contains(ids, l.id) }) {
			left = append(left, app)
		}
	}
	if now == nil {
		now = before.Clone()
		now.Set(keyApplications, left)
	} else {
		now.Set(keyApplications, append(slices.Clone(applications(now)), left...))
	}
	model.Set(keyObjectsCopy, now)
	p.keepAttributes(model, entityIDs(now))
}

// keepAttributes puts back the attributes that objects had before the task.
func (p *program) keepAttributes(model *yaml.Map, ids []string) {
	list := attributes(model)
	for _, item := range p.attributes {
		a, ok := item.([]any)
		if !ok || len(a) != 4 {
			continue
		}
		id, _ := a[0].(string)
		there := slices.ContainsFunc(list, func(other any) bool {
			b, ok := other.([]any)
			return ok && len(b) == 4 && slices.Equal(a[:3], b[:3])
		})
		if slices.Contains(ids, id) && !there {
			list = append(list, item)
		}
	}
	model.Set(keyAttributes, list)
}

func attributes(model *yaml.Map) []any {
	v, _ := model.Get(keyAttributes)
	list, _ := v.([]any)
	return slices.Clone(list)
}
