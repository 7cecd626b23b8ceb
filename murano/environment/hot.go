package environment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/catalog"
	"hearth/murano/store"
)

// HOTRunner deploys the objects of HOT packages, each as a stack of its own. It does what
// the class does that upstream generates (murano/packages/hot_package.py
// _generate_workflow).
type HOTRunner struct{ Engine *engine.Engine }

var _ Runner = (*HOTRunner)(nil)

// attributeStackName is where the class keeps the name of the object's stack.
const attributeStackName = "generatedHeatStackName"

// stackTag marks the stacks of applications (heat/stack_tags of upstream's configuration).
const stackTag = "murano"

// Check wants a name, a mapping of parameters, and an environment file that is there.
func (h *HOTRunner) Check(pkg *catalog.Package, object *yaml.Map) error {
	_, err := readHOT(pkg, object)
	return err
}

// Deploy creates the object's stack or, when it has one, updates it, and waits for the end.
func (h *HOTRunner) Deploy(ctx context.Context, run *Run, pkg *catalog.Package, object *yaml.Map) error {
	in, err := readHOT(pkg, object)
	if err != nil {
		return err
	}
	id := objectID(object)
	name, ok := run.progress.attribute(id, attributeStackName)
	if !ok {
		name = stackName(run.Environment.ID, id)
		run.progress.setAttribute(id, pkg.FullName, attributeStackName, name)
	}
	before := run.progress.mark(id, store.Now())
	if err := run.save(ctx); err != nil {
		return err
	}
	for _, r := range []struct{ step, text string }{
		{"deploying", "Application deployment has started"},
		{"pushing", "Stack creation has started"},
	} {
		if err := run.Report(ctx, id, r.step, murano.Info, r.text); err != nil {
			return err
		}
	}
	stack, err := h.push(ctx, run.Caller, name, in, before)
	if err != nil {
		return reported(ctx, run, id, err)
	}
	run.progress.change(func() { in.finish(object, stack) })
	for _, r := range []struct{ step, text string }{
		{"pushed", "Stack was successfully created"},
		{"deployed", "Application deployment has finished"},
	} {
		if err := run.Report(ctx, id, r.step, murano.Info, r.text); err != nil {
			return err
		}
	}
	return nil
}

// push makes the stack what the package and the parameters say, and gives it when it is.
// before is set when a process before this one was about to do so: a stack that has been
// changed since is only waited for.
func (h *HOTRunner) push(ctx context.Context, caller *core.Caller, name string, in *hotInput, before *pushMark) (*core.Stack, error) {
	stack, err := h.find(ctx, caller, name)
	if err != nil {
		return nil, err
	}
	request := engine.TemplateRequest{Template: in.hot.Template, Environment: in.environment, Files: in.hot.Files, Parameters: in.sent()}
	switch {
	case stack == nil:
		stack, err = h.Engine.Create(ctx, caller, engine.CreateRequest{TemplateRequest: request, StackName: name, DisableRollback: true, Tags: []string{stackTag}})
	case before == nil || changedAt(stack).Before(before.At):
		disableRollback, tags := true, []string{stackTag}
		err = h.Engine.Update(ctx, caller, engine.StackRef{ID: stack.ID},
			engine.UpdateRequest{TemplateRequest: request, DisableRollback: &disableRollback, Tags: &tags})
	}
	if err != nil {
		return nil, err
	}
	if stack, err = h.Engine.Await(ctx, stack.ID); err != nil {
		return nil, err
	}
	if stack == nil || stack.DeletedAt != nil {
		return nil, core.Errorf(core.Conflict, "EnvironmentError", "Unexpected stack state NOT_FOUND")
	}
	if stack.Status != core.Complete || stack.Action != core.Create && stack.Action != core.Update {
		return nil, core.Errorf(core.Conflict, "EnvironmentError", "Unexpected stack state %s: %s", stack.State(), stack.StatusReason)
	}
	return stack, nil
}

// find gives the stack of that name once nothing is being done to it but what a push may
// have begun; nil when there is none.
func (h *HOTRunner) find(ctx context.Context, caller *core.Caller, name string) (*core.Stack, error) {
	stack, err := h.Engine.Show(ctx, caller, engine.StackRef{Name: name})
	if core.ErrorCode(err) == core.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if stack.Action != core.Delete || stack.Status != core.InProgress {
		return stack, nil
	}
	if stack, err = h.Engine.Await(ctx, stack.ID); err != nil || stack == nil || stack.DeletedAt != nil {
		return nil, err
	}
	return stack, nil
}

func changedAt(s *core.Stack) time.Time {
	if s.UpdatedAt != nil {
		return *s.UpdatedAt
	}
	return s.CreatedAt
}

// Owns reports whether the object has a stack: it has one once it has a name for it.
func (h *HOTRunner) Owns(run *Run, object *yaml.Map) bool {
	_, ok := run.progress.attribute(objectID(object), attributeStackName)
	return ok
}

// Destroy deletes the object's stack and waits until it is gone.
func (h *HOTRunner) Destroy(ctx context.Context, run *Run, object *yaml.Map) error {
	id := objectID(object)
	name, _ := run.progress.attribute(id, attributeStackName)
	stack, err := h.find(ctx, run.Caller, name)
	if err == nil && stack != nil {
		err = h.Engine.Delete(ctx, run.Caller, engine.StackRef{ID: stack.ID})
		if err == nil {
			stack, err = h.Engine.Await(ctx, stack.ID)
		}
		if err == nil && stack != nil && stack.DeletedAt == nil {
			err = core.Errorf(core.Conflict, "EnvironmentError", "Unexpected stack state %s: %s", stack.State(), stack.StatusReason)
		}
		if core.ErrorCode(err) == core.NotFound {
			err = nil
		}
	}
	if err != nil {
		return reported(ctx, run, id, err)
	}
	run.progress.forget(id)
	return run.save(ctx)
}

// reported tells the users of an error about an object, unless the error is that this
// process has to stop.
func reported(ctx context.Context, run *Run, objectID string, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if rerr := run.Report(ctx, objectID, "failed", murano.Error, problemText(err)); rerr != nil {
		return rerr
	}
	return err
}

// stackName is the same for an object whenever it is asked for, so that a stack is found
// again. Upstream draws its first part at random.
func stackName(environmentID, objectID string) string {
	sum := sha256.Sum256([]byte(environmentID + "/" + objectID))
	return "m" + hex.EncodeToString(sum[:])[:15] + "_" + environmentID
}

// outputsOf gives the stack's outputs by name.
func outputsOf(s *core.Stack) map[string]core.Output {
	var list []core.Output
	if err := json.Unmarshal(s.Outputs, &list); err != nil {
		return nil
	}
	out := make(map[string]core.Output, len(list))
	for _, o := range list {
		out[o.Key] = o
	}
	return out
}
