package native

import (
	"context"

	"hearth/core/template"
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// heatStackClass is io.murano.system.HeatStack (murano/engine/system/heat_stack.py): a stack
// of the engine in this process, and the template that it is to get.
var heatStackClass = &muranopl.Native{Name: "io.murano.system.HeatStack",
	New: &yaql.Function{Name: "__init__", Params: []yaql.Param{yaql.P("name", yaql.Any), yaql.Opt("description", yaql.Any, nil), yaql.Opt("regionName", yaql.Any, nil)},
		Body: newHeatStack},
	Methods: []muranopl.NativeMethod{
		stackMethod("current", nil, func(h *heatStack, _ *yaql.Call, th *muranopl.Thread) (any, error) {
			if err := h.load(th); err != nil {
				return nil, err
			}
			return yaql.Input(h.template), nil
		}),
		stackMethod("parameters", nil, func(h *heatStack, _ *yaql.Call, th *muranopl.Thread) (any, error) {
			if err := h.load(th); err != nil {
				return nil, err
			}
			return yaql.Input(h.shown()), nil
		}),
		stackMethod("reload", nil, func(h *heatStack, _ *yaql.Call, th *muranopl.Thread) (any, error) {
			h.template, h.parameters, h.hidden = nil, yaml.NewMap(0), nil
			if err := h.load(th); err != nil {
				return nil, err
			}
			return yaql.Input(h.template), nil
		}),
		stackMethod("setTemplate", []yaql.Param{yaql.P("template", yaql.Any)}, func(h *heatStack, c *yaql.Call, _ *muranopl.Thread) (any, error) {
			t, err := optional(c.Args[0])
			if err == nil {
				h.template, h.parameters, h.hidden = t, yaml.NewMap(0), nil
				h.changed()
			}
			return nil, err
		}),
		stackMethod("setParameters", []yaql.Param{yaql.P("parameters", yaql.Any)}, func(h *heatStack, c *yaql.Call, _ *muranopl.Thread) (any, error) {
			h.hidden = nil
			return nil, h.set(c.Args[0], &h.parameters)
		}),
		stackMethod("setFiles", []yaql.Param{yaql.P("files", yaql.Any)}, func(h *heatStack, c *yaql.Call, _ *muranopl.Thread) (any, error) {
			return nil, h.set(c.Args[0], &h.files)
		}),
		stackMethod("setHotEnvironment", []yaql.Param{yaql.P("hotEnvironment", yaql.Any)}, func(h *heatStack, c *yaql.Call, _ *muranopl.Thread) (any, error) {
			var err error
			if text, ok := c.Args[0].(string); ok {
				h.environment = text
			} else {
				h.environment, err = data(c.Args[0])
			}
			h.changed()
			return nil, err
		}),
		stackMethod("updateTemplate", []yaql.Param{yaql.P("template", yaql.Any)}, func(h *heatStack, c *yaql.Call, th *muranopl.Thread) (any, error) {
			return nil, h.update(th, c.Args[0])
		}),
		stackMethod("output", nil, func(h *heatStack, _ *yaql.Call, th *muranopl.Thread) (any, error) { return h.output(th) }),
		// The parameter was async until Python made that a keyword, and programs still say so.
		stackMethod("push", []yaql.Param{yaql.Opt("isAsync", yaql.Boolean, false), yaql.Opt("async", yaql.Boolean, false)},
			func(h *heatStack, c *yaql.Call, th *muranopl.Thread) (any, error) {
				if c.Bool(0) || c.Bool(1) {
					h.schedule()
					return nil, nil
				}
				return nil, h.push(th)
			}),
		stackMethod("delete", nil, func(h *heatStack, _ *yaql.Call, th *muranopl.Thread) (any, error) { return nil, h.remove(th) }),
	},
}

// heatStack is the native part of a HeatStack. The template is never changed, but another
// takes its place.
type heatStack struct {
	session     *Session
	name        string
	description any
	region      string

	template    *yaml.Map // nil: not read yet
	parameters  *yaml.Map
	hidden      []string // parameters that programs do not see
	files       *yaml.Map
	environment any // a map, or the text of a file; nil or "" for none

	applied   bool // nothing is to be pushed
	revision  int  // of what is to be pushed
	scheduled bool // for the end of the session
	ending    bool // the session knows
	turn      turn // of who reads, pushes or deletes the stack
}

func newHeatStack(c *yaql.Call) (any, error) {
	_, s, err := begin(c)
	if err != nil {
		return nil, err
	}
	h := &heatStack{session: s, name: str(c.Args[0]), description: c.Args[1], parameters: yaml.NewMap(0), applied: true, turn: make(turn, 1)}
	if c.Args[2] != nil {
		h.region = str(c.Args[2])
	}
	return h, nil
}

func stackMethod(name string, params []yaql.Param, do func(*heatStack, *yaql.Call, *muranopl.Thread) (any, error)) muranopl.NativeMethod {
	return muranopl.NativeMethod{Function: &yaql.Function{Name: name, Params: params, Body: func(c *yaql.Call) (any, error) {
		h, ok := muranopl.This(c).Native().(*heatStack)
		if !ok {
			return nil, failure("AttributeError", "The HeatStack is not initialized")
		}
		return do(h, c, muranopl.ThreadOf(c))
	}}}
}

// changed notes that there is something to push.
func (h *heatStack) changed() {
	h.applied = false
	h.revision++
}

func (h *heatStack) set(v any, to **yaml.Map) error {
	m, err := optional(v)
	if err != nil {
		return err
	}
	if m == nil {
		m = yaml.NewMap(0)
	}
	*to = m
	h.changed()
	return nil
}

// optional is mapping that takes null.
func optional(v any) (*yaml.Map, error) {
	if v == nil {
		return nil, nil
	}
	return mapping(v)
}

// update merges a template into the present one.
func (h *heatStack) update(th *muranopl.Thread, v any) error {
	t, err := mapping(v)
	if err != nil {
		return err
	}
	if version, ok := t.Get("heat_template_version"); ok && version != heatTemplateVersion {
		return failure("murano.engine.system.heat_stack.HeatStackError", "Currently only heat_template_version %s is supported.", heatTemplateVersion)
	}
	if err := h.load(th); err != nil {
		return err
	}
	merged, err := mergeTemplates(h.template, t, "")
	if err != nil || yaml.Equal(merged, h.template) {
		return err
	}
	h.template = merged
	h.changed()
	return nil
}

// load reads the stack's template and parameters, unless there is a template already; of a
// stack that does not exist both are empty.
func (h *heatStack) load(th *muranopl.Thread) error {
	if h.template != nil {
		return nil
	}
	if err := h.turn.take(th); err != nil {
		return err
	}
	defer h.turn.leave()
	return h.read(th)
}

// read is load for who has the turn.
func (h *heatStack) read(th *muranopl.Thread) error {
	if h.template != nil {
		return nil
	}
	var found *currentStack
	err := wait(th, func(ctx context.Context) (err error) {
		found, err = h.inEngine().current(ctx)
		return err
	})
	if err != nil || h.template != nil { // set meanwhile
		return httpError("heatclient", err)
	}
	h.template, h.parameters, h.hidden, h.applied = yaml.NewMap(0), yaml.NewMap(0), nil, true
	if found != nil {
		// What is not complete is pushed once more, were it the same: an earlier deployment
		// may have failed over it, or be at it.
		h.template, h.parameters, h.hidden, h.applied = found.template, found.parameters, found.hidden, found.complete
	}
	return nil
}

// shown are the parameters as programs see them.
func (h *heatStack) shown() *yaml.Map {
	out := h.parameters.Clone()
	for _, name := range h.hidden {
		out.Set(name, template.Masked)
	}
	return out
}

// schedule has the stack pushed when something needs it to be, at the latest when the
// programs of the session have ended.
func (h *heatStack) schedule() {
	if h.applied || h.template == nil {
		return
	}
	h.scheduled = true
	if !h.ending {
		h.ending = true
		h.session.AtEnd(func(th *muranopl.Thread) error {
			h.ending = false
			return h.flush(th)
		})
	}
}

// flush pushes what has been scheduled.
func (h *heatStack) flush(th *muranopl.Thread) error {
	if !h.scheduled {
		return nil
	}
	return h.push(th)
}

// push makes the stack what the template says and waits until it is.
func (h *heatStack) push(th *muranopl.Thread) error {
	if h.applied || h.template == nil {
		return nil
	}
	if err := h.turn.take(th); err != nil {
		return err
	}
	defer h.turn.leave()
	if h.applied || h.template == nil { // another thread has done it
		return nil
	}
	h.template = completed(h.template, h.description)
	h.scheduled = false
	r, err := h.request()
	if err != nil {
		return err
	}
	revision := h.revision
	if err := wait(th, func(ctx context.Context) error { return h.inEngine().push(ctx, r) }); err != nil {
		return httpError("heatclient", err)
	}
	h.applied = h.revision == revision
	return nil
}

// output gives the outputs of the stack once nothing is being done to it.
func (h *heatStack) output(th *muranopl.Thread) (any, error) {
	if err := h.flush(th); err != nil {
		return nil, err
	}
	var outputs *yaml.Map
	err := wait(th, func(ctx context.Context) (err error) {
		outputs, err = h.inEngine().outputs(ctx)
		return err
	})
	return yaql.Input(outputs), httpError("heatclient", err)
}

// remove deletes the stack, if it is known to have anything in it, and waits until it is gone.
func (h *heatStack) remove(th *muranopl.Thread) error {
	h.scheduled = false
	if err := h.turn.take(th); err != nil {
		return err
	}
	defer h.turn.leave()
	if err := h.read(th); err != nil {
		return err
	}
	if h.template.Len() == 0 {
		return nil
	}
	if err := wait(th, func(ctx context.Context) error { return h.inEngine().remove(ctx) }); err != nil {
		return httpError("heatclient", err)
	}
	h.template, h.applied = yaml.NewMap(0), true
	return nil
}
