package v1

import (
	"context"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/httpapi"
)

// StackRef is a stack in a path: both parts must match.
type StackRef struct {
	Name string `path:"stack_name" example:"web"`
	ID   string `path:"stack_id" format:"uuid"`
}

func (r *StackRef) ref() engine.StackRef { return engine.StackRef{Name: r.Name, ID: r.ID} }

type createdStack struct {
	Location string `header:"Location"`
	Body     struct {
		Stack stackIdentity `json:"stack"`
	}
}

func (a *API) createStack(ctx context.Context, _ *struct{}) (*createdStack, error) {
	req, err := a.createRequest(ctx)
	if err != nil {
		return nil, err
	}
	stack, err := a.engine.Create(ctx, httpapi.CallerFrom(ctx), req)
	if err != nil {
		return nil, err
	}
	l := links(ctx)
	out := &createdStack{Location: l.to(stack.Identifier())}
	out.Body.Stack = stackIdentity{stack.ID, l.stackSelf(stack.Identifier())}
	return out, nil
}

type shownStack struct {
	Body struct {
		Stack StackShow `json:"stack"`
	}
}

func (a *API) showStack(ctx context.Context, in *struct {
	StackRef
	ResolveOutputs untruth `query:"resolve_outputs" doc:"With the outputs."`
	WithFailures   truth   `query:"with_failures" doc:"With why the last action failed: the resource at the root, however deep in nested stacks."`
}) (*shownStack, error) {
	q := queryOf(ctx)
	outputs := q.bool("resolve_outputs", true)
	failures := q.bool("with_failures", false)
	if q.err != nil {
		return nil, q.err
	}
	stack, err := a.engine.Show(ctx, httpapi.CallerFrom(ctx), in.ref())
	if err != nil {
		return nil, err
	}
	if outputs {
		if err := a.engine.Walker.ReadOutputs(ctx, stack); err != nil {
			return nil, err
		}
	}
	out := &shownStack{}
	out.Body.Stack = links(ctx).show(stack, outputs)
	if failures {
		out.Body.Stack.Failures = append([]core.Failure{}, stack.Failures()...)
	}
	return out, nil
}

func (a *API) updateStack(ctx context.Context, in *StackRef) (*accepted, error) {
	req, _, err := a.updateRequest(ctx, forUpdate)
	if err != nil {
		return nil, err
	}
	if err := a.engine.Update(ctx, httpapi.CallerFrom(ctx), in.ref(), req); err != nil {
		return nil, err
	}
	return acceptedAnswer(), nil
}

func (a *API) patchStack(ctx context.Context, in *StackRef) (*accepted, error) {
	req, changes, err := a.updateRequest(ctx, forPatch)
	if err != nil {
		return nil, err
	}
	rule := "stacks:update_patch"
	if !changes {
		rule = "stacks:update_no_change"
	}
	if err := httpapi.Enforce(ctx, rule); err != nil {
		return nil, err
	}
	if err := a.engine.Update(ctx, httpapi.CallerFrom(ctx), in.ref(), req); err != nil {
		return nil, err
	}
	return acceptedAnswer(), nil
}

func (a *API) deleteStack(ctx context.Context, in *struct {
	StackRef
	Force truth `query:"force" doc:"Leave behind what cannot be removed, instead of failing."`
}) (*struct{}, error) {
	q := queryOf(ctx)
	force := q.bool("force", false)
	switch {
	case q.err != nil:
		return nil, q.err
	case force:
		return nil, a.engine.ForceDelete(ctx, httpapi.CallerFrom(ctx), in.ref())
	}
	return nil, a.engine.Delete(ctx, httpapi.CallerFrom(ctx), in.ref())
}
