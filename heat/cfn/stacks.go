package cfn

import (
	"context"
	"strings"
	"time"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/yaml"
)

// find gives the stack that StackName names: by its name, its id or its ARN.
func (a *API) find(ctx context.Context, caller *core.Caller, in *input) (core.Identifier, error) {
	name, err := in.need("StackName")
	if err != nil {
		return core.Identifier{}, err
	}
	if id, ok := core.ParseARN(name); ok {
		if err := sameTenant(caller, id); err != nil {
			return core.Identifier{}, err
		}
	}
	return a.engine.Identify(ctx, caller, name)
}

// sameTenant refuses an ARN of another project.
func sameTenant(caller *core.Caller, id core.Identifier) error {
	if id.Tenant == caller.ProjectID {
		return nil
	}
	return core.Errorf(core.Forbidden, "InvalidTenant", "Searching Tenant %s from Tenant %s forbidden.", id.Tenant, caller.ProjectID)
}

func refOf(id core.Identifier) engine.StackRef {
	return engine.StackRef{Name: id.StackName, ID: id.StackID}
}

func stackARN(id core.Identifier) string {
	id.Path = ""
	return id.ARN()
}

// date is how the API writes a time: UTC, to the second.
func date(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func dateOrNull(t *time.Time) any {
	if t == nil || t.IsZero() {
		return nil
	}
	return date(*t)
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (a *API) listStacks(ctx context.Context, caller *core.Caller, _ *input) (any, error) {
	stacks, _, err := a.engine.List(ctx, caller, engine.ListOptions{})
	if err != nil {
		return nil, err
	}
	out := make([]any, len(stacks))
	for i := range stacks {
		s := &stacks[i]
		out[i] = yaml.MapOf(
			"CreationTime", date(s.CreatedAt), "LastUpdatedTime", dateOrNull(s.UpdatedAt), "StackId", stackARN(s.Identifier()), "StackName", s.Name,
			"StackStatusReason", s.StatusReason, "StackStatus", s.State(), "DeletionTime", dateOrNull(s.DeletedAt))
	}
	return yaml.MapOf("StackSummaries", out), nil
}

// describeStacks shows the stack that is named, or all.
func (a *API) describeStacks(ctx context.Context, caller *core.Caller, in *input) (any, error) {
	var refs []engine.StackRef
	if in.Has("StackName") {
		id, err := a.find(ctx, caller, in)
		if err != nil {
			return nil, err
		}
		refs = append(refs, refOf(id))
	} else {
		stacks, _, err := a.engine.List(ctx, caller, engine.ListOptions{})
		if err != nil {
			return nil, err
		}
		for i := range stacks {
			refs = append(refs, refOf(stacks[i].Identifier()))
		}
	}
	out := []any{}
	for _, ref := range refs {
		s, err := a.engine.Show(ctx, caller, ref)
		if core.ErrorCode(err) == core.NotFound && !in.Has("StackName") {
			continue // it has gone since
		}
		if err != nil {
			return nil, err
		}
		if err := a.engine.Walker.ReadOutputs(ctx, s); err != nil {
			return nil, err
		}
		view, err := showStack(s)
		if err != nil {
			return nil, err
		}
		out = append(out, view)
	}
	return yaml.MapOf("Stacks", out), nil
}

// noDescription is what Heat shows for a template without a description.
const noDescription = "No description"

// showStack is a stack as DescribeStacks shows it.
func showStack(s *core.Stack) (*yaml.Map, error) {
	description := s.Description
	if description == "" {
		description = noDescription
	}
	var timeout any
	if s.TimeoutMins != nil {
		timeout = int64(*s.TimeoutMins)
	}
	parameters, err := decodeMap(s.Parameters)
	if err != nil {
		return nil, err
	}
	values := make([]any, 0, parameters.Len())
	for name, value := range parameters.All() {
		values = append(values, yaml.MapOf("ParameterKey", name, "ParameterValue", value))
	}
	outputs, err := describeOutputs(s)
	if err != nil {
		return nil, err
	}
	out := yaml.MapOf(
		"Capabilities", []any{}, "CreationTime", date(s.CreatedAt), "Description", description, "DisableRollback", s.DisableRollback,
		"NotificationARNs", []any{}, "Parameters", values, "StackId", stackARN(s.Identifier()), "StackName", s.Name,
		"StackStatusReason", s.StatusReason, "TimeoutInMinutes", timeout)
	if at := dateOrNull(s.UpdatedAt); at != nil {
		out.Set("LastUpdatedTime", at)
	}
	out.Set("StackStatus", s.State())
	out.Set("Outputs", outputs)
	return out, nil
}

func describeOutputs(s *core.Stack) ([]any, error) {
	out := []any{}
	if len(s.Outputs) == 0 || s.Action == core.Delete && s.Status == core.Complete {
		return out, nil
	}
	v, err := yaml.DecodeJSON(s.Outputs)
	if err != nil {
		return nil, err
	}
	outputs, _ := v.([]any)
	for _, o := range outputs {
		o, _ := o.(*yaml.Map)
		view := yaml.NewMap(3)
		for _, key := range []struct{ from, to string }{{"description", "Description"}, {"output_key", "OutputKey"}, {"output_value", "OutputValue"}} {
			if value, ok := o.Get(key.from); ok {
				view.Set(key.to, dotted(value))
			}
		}
		out = append(out, view)
	}
	return out, nil
}

// dotted has dots for the colons in the names of a map, which XML would take for namespaces.
func dotted(v any) any {
	m, ok := v.(*yaml.Map)
	if !ok {
		return v
	}
	out := yaml.NewMap(m.Len())
	for name, value := range m.All() {
		out.Set(strings.ReplaceAll(name, ":", "."), dotted(value))
	}
	return out
}

// decodeMap reads a stored object; there may be none.
func decodeMap(raw []byte) (*yaml.Map, error) {
	out := yaml.NewMap(0)
	if len(raw) == 0 {
		return out, nil
	}
	return out, out.UnmarshalJSON(raw)
}

func (a *API) cancelUpdate(ctx context.Context, caller *core.Caller, in *input) (any, error) {
	id, err := a.find(ctx, caller, in)
	if err != nil {
		return nil, err
	}
	return yaml.NewMap(0), a.engine.Act(ctx, caller, refOf(id), "cancel_update")
}

func (a *API) deleteStack(ctx context.Context, caller *core.Caller, in *input) (any, error) {
	id, err := a.find(ctx, caller, in)
	if err != nil {
		return nil, err
	}
	return "", a.engine.Delete(ctx, caller, refOf(id))
}
