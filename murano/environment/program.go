package environment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano"
	"hearth/murano/muranopl"
	"hearth/murano/native"
)

// The phases of a task beside its action, as failures name them (murano/common/engine.py).
const (
	phaseLoad   = "<load>"
	phaseGC     = "<GC>"
	phaseResult = "<result>"
)

// What a model gets to be written with when its program has used up its own.
const (
	lastSteps = 5_000_000
	lastTime  = time.Minute
)

// program is one task being run: an executor with the model in it.
type program struct {
	*Run
	ex      *muranopl.Executor
	loader  *loader
	session *native.Session
	timeout time.Duration
	losses  []loss
	// before and attributes are ObjectsCopy and Attributes of the model as it was.
	before     any
	attributes []any
}

// outcome is what a task has come to.
type outcome struct {
	value   any // of the action
	failure *failure
}

// execute runs a task as one program (murano/common/engine.py TaskExecutor): the model is
// loaded, what it has lost is destroyed, the action is called, and the model becomes what
// there is then, whatever became of the action. It returns an error only when the task is to
// be run again.
func (w *Worker) execute(ctx context.Context, run *Run) (*outcome, error) {
	p := &program{Run: run, timeout: w.programs.cfg.Timeout}
	p.loader = w.programs.loader(ctx, run.Environment.TenantID, run.giveUp)
	p.session = w.programs.session(run.Environment.ID, run.Caller, run.credentials)
	p.session.Owner, p.session.Resumed = ownerOf(run), run.task.Attempt > 1
	p.session.Reporter, p.session.Instances, p.session.Claim = &reporter{run: run, told: map[string]int{}}, &instances{run: run}, run.claim
	p.ex = w.programs.executor(p.loader, p.session, run.task.ID)
	p.ex.OnLoss(p.lost)

	model := run.progress.Model
	p.before, _ = model.Get(keyObjectsCopy)
	p.attributes = attributes(model)
	p.loader.fix(model)
	limited, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	out, err := p.play(limited, ctx)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	if len(p.losses) > 0 && out.failure == nil {
		out.failure = p.losses[0].failure
	}
	p.keepLost(model)
	table := p.loader.fixed
	if out.failure == nil {
		table = p.loader.used
	}
	data := yaml.NewMap(1)
	if v, _ := model.Get(keySystemData); v != nil {
		if m, ok := v.(*yaml.Map); ok {
			data = m
		}
	}
	data.Set("Packages", fixations(table))
	model.Set(keySystemData, data)
	return out, nil
}

// play goes through the phases; outer is the context without the limit of time.
func (p *program) play(ctx, outer context.Context) (*outcome, error) {
	model := p.progress.Model
	if err := unique(objects(model)); err != nil {
		return p.fail(ctx, err, phaseLoad), nil
	}
	root, err := p.ex.Load(ctx, yaql.Input(model).(*yaql.Dict))
	if err != nil {
		return p.fail(ctx, err, phaseLoad), nil
	}
	err = p.ex.Cleanup(ctx)
	if err := errors.Join(err, p.end(ctx)); err != nil {
		return p.fail(ctx, err, phaseGC), nil
	}
	v, _ := model.Get(keyObjects)
	model.Set(keyObjectsCopy, deepCopy(v))
	action, err := actionOf(p.task)
	if err != nil || action == nil {
		return &outcome{}, err
	}
	value, err := p.invoke(ctx, action)
	if err == nil {
		err = p.end(ctx)
	} else {
		_ = p.end(ctx) // the first error counts
	}
	out := &outcome{}
	if err != nil {
		out = p.fail(ctx, err, action.Method)
	}
	if outer.Err() != nil {
		return nil, context.Cause(outer)
	}
	p.ex.Grant(lastSteps)
	last, cancel := context.WithTimeout(outer, lastTime)
	defer cancel()
	err = p.finalize(last, root)
	// What was destroyed in the end has left something to be done, too.
	if err = errors.Join(err, p.end(last)); err != nil {
		if out.failure == nil {
			out = p.fail(last, err, action.Method)
		}
		return out, nil
	}
	if out.failure != nil {
		return out, nil
	}
	if value, err = p.ex.APIResult(last, value); err == nil {
		out.value, err = export(value)
	}
	if err != nil {
		return p.fail(last, err, phaseResult), nil
	}
	return out, nil
}

// invoke calls the action; one of an object that is not there does nothing.
func (p *program) invoke(ctx context.Context, a *murano.Action) (any, error) {
	o := p.ex.Object(a.ObjectID)
	if o == nil {
		return nil, nil
	}
	return p.ex.Call(ctx, o, a.Method, nil, named(a.Args))
}

// end has done what native parts have left for the end of a phase.
func (p *program) end(ctx context.Context) error { return p.ex.Do(ctx, p.session.End) }

// finalize makes the model what the objects are.
func (p *program) finalize(ctx context.Context, root *muranopl.Object) error {
	d, err := p.ex.Finalize(ctx, root)
	if err != nil {
		return err
	}
	v, err := export(d)
	if err != nil {
		return err
	}
	for key, item := range v.(*yaml.Map).All() {
		p.progress.Model.Set(key, item)
	}
	return nil
}

// fail makes the outcome of an error. That the time is over is said in words of its own.
func (p *program) fail(ctx context.Context, err error, phase string) *outcome {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = &muranopl.Error{Name: "murano.common.exceptions.TimeoutException",
			Message: fmt.Sprintf("The program has not ended after %s and was stopped in %s", p.timeout, phase)}
	}
	return &outcome{failure: failureOf(err, phase)}
}

// actionOf is what a task calls; nil for a deletion.
func actionOf(t *murano.Task) (*murano.Action, error) {
	if len(t.Action) == 0 {
		return nil, nil
	}
	a := new(murano.Action)
	return a, json.Unmarshal(t.Action, a)
}

func named(args *yaml.Map) []yaql.Kwarg {
	var out []yaql.Kwarg
	for k, v := range args.All() {
		out = append(out, yaql.Kwarg{Name: k, Value: yaql.Input(v)})
	}
	return out
}

// export turns a value of a program into what JSON is written of.
func export(v any) (any, error) {
	return yaql.Export(v, func(n int) yaql.MapBuilder { return yaml.NewMap(n) })
}

// ownerOf is who made the environment.
func ownerOf(r *Run) *core.Caller {
	user, _ := r.progress.Model.Get("user_id")
	project, _ := r.progress.Model.Get("project_id")
	owner := &core.Caller{ProjectID: r.Environment.TenantID}
	if s, ok := user.(string); ok {
		owner.UserID = s
	}
	if s, ok := project.(string); ok {
		owner.ProjectID = s
	}
	return owner
}

// unique refuses two applications of one id: what is meant by it upstream is one of them.
func unique(root *yaml.Map) error {
	seen := map[string]bool{}
	for _, app := range applications(root) {
		id := objectID(app)
		if id != "" && seen[id] {
			return &muranopl.Error{Name: "ValueError", Message: "Two objects have the id " + id}
		}
		seen[id] = true
	}
	return nil
}

// applications gives the list of an environment object as the engine has it.
func applications(root *yaml.Map) []any {
	v, _ := root.Get(keyApplications)
	list, _ := v.([]any)
	return list
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
