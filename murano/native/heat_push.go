package native

import (
	"context"
	"encoding/json"
	"maps"
	"strings"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/template"
	"hearth/core/yaml"
)

// stackTag marks the stacks of environments (heat/stack_tags of upstream's configuration).
const stackTag = "murano"

// stackWork is a stack in the engine, for one thing to be done with it.
type stackWork struct {
	engine       *engine.Engine
	caller       *core.Caller
	name         string
	region, home string
	resumed      bool
}

func (h *heatStack) inEngine() *stackWork {
	s := h.session
	w := &stackWork{engine: s.Engine, caller: s.Caller, name: h.name, region: h.region, resumed: s.Resumed, home: str(s.setting("", "home_region", ""))}
	if w.home == "" && s.Engine != nil && s.Engine.Cloud != nil {
		w.home = s.Engine.Cloud.Region()
	}
	return w
}

// request is what the stack is to become; without a template it is to go.
func (h *heatStack) request() (*engine.TemplateRequest, error) {
	r := &engine.TemplateRequest{Parameters: yaml.NewMap(h.parameters.Len()), Files: map[string]string{}}
	if resourcesOf(h.template) != nil {
		r.Template = yaml.FromValue(h.template)
	}
	for name, v := range h.parameters.All() {
		if v != nil {
			r.Parameters.Set(name, v)
		}
	}
	for name, v := range h.files.All() {
		r.Files[name] = yaml.Str(v)
	}
	switch env := h.environment.(type) {
	case nil:
	case string:
		if env == "" {
			return r, nil
		}
		node, err := yaml.Parse([]byte(env), yaml.Options{MaxBytes: 1 << 20})
		if err != nil {
			return nil, err
		}
		r.Environment = node
	default:
		r.Environment = yaml.FromValue(env)
	}
	return r, nil
}

// find gives the stack; nil when there is none.
func (w *stackWork) find(ctx context.Context) (*core.Stack, error) {
	if w.region != "" && w.home != "" && w.region != w.home {
		return nil, core.Errorf(core.Invalid, "EndpointNotFound",
			"There is no orchestration service in region %s: stacks are made in region %s alone.", w.region, w.home)
	}
	if w.engine == nil {
		return nil, nil
	}
	s, err := w.engine.Show(ctx, w.caller, engine.StackRef{Name: w.name})
	if core.ErrorCode(err) == core.NotFound {
		return nil, nil
	}
	return s, err
}

// settled is find that waits until nothing is being done to the stack.
func (w *stackWork) settled(ctx context.Context) (*core.Stack, error) {
	s, err := w.find(ctx)
	if err != nil || s == nil {
		return nil, err
	}
	if s, err = w.engine.Await(ctx, s.ID); err != nil || s == nil || s.DeletedAt != nil {
		return nil, err
	}
	return s, nil
}

// currentStack is what a stack was made of.
type currentStack struct {
	template, parameters *yaml.Map
	hidden               []string // of the parameters
	complete             bool
}

// current gives what the stack was made of; nil when there is none. Its parameters are texts
// as the API shows them, but for hidden ones, which are as they were given: they are pushed
// once more.
func (w *stackWork) current(ctx context.Context) (*currentStack, error) {
	s, err := w.find(ctx)
	if err != nil || s == nil {
		return nil, err
	}
	raw, _, err := w.engine.RawTemplate(ctx, w.caller, engine.StackRef{ID: s.ID})
	if err != nil {
		return nil, err
	}
	var env struct{ Parameters *yaml.Map }
	out := &currentStack{template: yaml.NewMap(0), parameters: yaml.NewMap(0), complete: made(s)}
	if err := json.Unmarshal(raw.Environment, &env); err != nil {
		return nil, err
	}
	if err := out.template.UnmarshalJSON(raw.Template); err != nil {
		return nil, err
	}
	shown := yaml.NewMap(0)
	if len(s.Parameters) > 0 {
		if err := shown.UnmarshalJSON(s.Parameters); err != nil {
			return nil, err
		}
	}
	for name, v := range shown.All() {
		if strings.HasPrefix(name, "OS::") {
			continue
		}
		if v == template.Masked {
			given, ok := env.Parameters.Get(name)
			if !ok {
				continue
			}
			v = given
			out.hidden = append(out.hidden, name)
		}
		out.parameters.Set(name, v)
	}
	return out, nil
}

// made reports whether the stack is what it was last asked to be.
func made(s *core.Stack) bool { return s.Status == core.Complete && s.Action != core.Delete }

// tries is how often a push or a removal begins anew when something else gets in between.
const tries = 10

// push creates, updates or, without a template, deletes the stack, and waits until that is
// done. What a process before this one has begun is only waited for.
func (w *stackWork) push(ctx context.Context, r *engine.TemplateRequest) error {
	return again(func() error { return w.pushOnce(ctx, r) })
}

// again repeats what others get in between of.
func again(do func() error) error {
	for try := 1; ; try++ {
		err := do()
		if core.ErrorCode(err) != core.Conflict || try == tries {
			return err
		}
	}
}

func (w *stackWork) pushOnce(ctx context.Context, r *engine.TemplateRequest) error {
	s, err := w.find(ctx)
	if err != nil {
		return err
	}
	same := false
	if s != nil && r.Template != nil && (w.resumed || s.Status == core.InProgress) {
		if same, err = w.same(ctx, s, r); err != nil {
			return err
		}
	}
	if s != nil && s.Status == core.InProgress {
		begun := same && (s.Action == core.Create || s.Action == core.Update)
		if s, err = w.settled(ctx); err != nil {
			return err
		}
		if begun && s != nil {
			return expect(s)
		}
	}
	disableRollback, tags := true, []string{stackTag}
	switch {
	case r.Template == nil:
		return w.removeOnce(ctx)
	case w.engine == nil:
		return core.Errorf(core.Unavailable, "EndpointNotFound", "There is no orchestration service to make stacks.")
	case s == nil:
		s, err = w.engine.Create(ctx, w.caller, engine.CreateRequest{TemplateRequest: *r, StackName: w.name, DisableRollback: disableRollback, Tags: tags})
	case w.resumed && same && made(s):
		return nil
	default:
		err = w.engine.Update(ctx, w.caller, engine.StackRef{ID: s.ID}, engine.UpdateRequest{TemplateRequest: *r, DisableRollback: &disableRollback, Tags: &tags})
	}
	if err != nil {
		return err
	}
	if s, err = w.engine.Await(ctx, s.ID); err != nil {
		return err
	}
	return expect(s)
}

// same reports whether the stack was last asked to be what the request says.
func (w *stackWork) same(ctx context.Context, s *core.Stack, r *engine.TemplateRequest) (bool, error) {
	raw, files, err := w.engine.RawTemplate(ctx, w.caller, engine.StackRef{ID: s.ID})
	if err != nil {
		return false, err
	}
	stored, err := yaml.DecodeJSON(raw.Template)
	if err != nil {
		return false, err
	}
	if !yaml.Equal(stored, r.Template.Plain()) || !maps.Equal(files, r.Files) {
		return false, nil
	}
	env := &template.Environment{}
	if r.Environment != nil {
		parsed, problems := template.ParseEnvironment(r.Environment)
		if problems.Err() != nil {
			return false, nil // the engine says what is wrong with it
		}
		env = parsed.Clone()
	}
	if env.Parameters == nil {
		env.Parameters = yaml.NewMap(r.Parameters.Len())
	}
	for name, v := range r.Parameters.All() {
		env.Parameters.Set(name, v)
	}
	old := &template.Environment{}
	if err := json.Unmarshal(raw.Environment, old); err != nil {
		return false, err
	}
	return yaml.Equal(old.UserMap(), env.UserMap()), nil
}

// expect wants a stack to have been created or updated.
func expect(s *core.Stack) error {
	switch {
	case s == nil || s.DeletedAt != nil:
		return failure("EnvironmentError", "Unexpected stack state NOT_FOUND")
	case s.Status == core.Complete && (s.Action == core.Create || s.Action == core.Update):
		return nil
	}
	return unexpected(s)
}

// unexpected tells of a stack that has failed, with the first cause when the stack's own
// reason does not name it: it may be several stacks deep.
func unexpected(s *core.Stack) error {
	reason := s.StatusReason
	if all := s.Failures(); len(all) > 0 && !strings.Contains(reason, all[0].Message) {
		f := all[0]
		reason += " (" + strings.Join(f.Path, ".") + ": " + f.Cause + ": " + f.Message + ")"
	}
	return failure("EnvironmentError", "Unexpected stack state %s: %s", s.State(), reason)
}

// outputs gives the outputs once nothing is being done to the stack; none when there is no
// stack.
func (w *stackWork) outputs(ctx context.Context) (*yaml.Map, error) {
	out := yaml.NewMap(0)
	s, err := w.settled(ctx)
	if err != nil || s == nil || len(s.Outputs) == 0 {
		return out, err
	}
	list, err := w.engine.Walker.LiveOutputs(ctx, s)
	if err != nil {
		return nil, err
	}
	for _, o := range list {
		var v any
		if len(o.Value) > 0 {
			if v, err = yaml.DecodeJSON(o.Value); err != nil {
				return nil, err
			}
		}
		out.Set(o.Key, v)
	}
	return out, nil
}

// remove deletes the stack and waits until it is gone; one that does not exist is success.
func (w *stackWork) remove(ctx context.Context) error {
	return again(func() error { return w.removeOnce(ctx) })
}

func (w *stackWork) removeOnce(ctx context.Context) error {
	s, err := w.settled(ctx)
	if err != nil || s == nil {
		return err
	}
	err = w.engine.Delete(ctx, w.caller, engine.StackRef{ID: s.ID})
	if core.ErrorCode(err) == core.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if s, err = w.engine.Await(ctx, s.ID); err != nil || s == nil || s.DeletedAt != nil {
		return err
	}
	return unexpected(s)
}
