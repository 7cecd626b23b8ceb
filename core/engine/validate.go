package engine

import (
	"context"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/resource"
)

// Validate checks a template and describes its interface. Every problem is in the answer's
// Problems; the error is the first that Heat would refuse the template for.
func (e *Engine) Validate(ctx context.Context, caller *core.Caller, r TemplateRequest, o ValidateOptions) (*Validation, error) {
	s := &core.Stack{Name: "validate", ProjectID: caller.ProjectID, UserID: caller.UserID}
	src, err := e.source(r, e.pseudo(s))
	if err != nil {
		return nil, err
	}
	// A template is judged by itself here: its parameters need not have values.
	src.Lenient = true
	target, problems := plan.Read(src, e.Types)
	problems = plan.WithoutMissing(problems)
	if target != nil && !problems.HasErrors() {
		v := e.validation(ctx, caller)
		if o.IgnoreUnavailable {
			v.Available = nil
		}
		problems = append(problems, plan.WithoutMissing(v.Check(ctx, target, stackOf(s), 0))...)
	}
	if err := problems.Err(); err != nil {
		e.logProblems(ctx, caller, s, problems)
		return &Validation{Problems: problems}, err
	}
	v := &Validation{Description: target.Parsed.Description, Template: target.Parsed, Environment: src.Environment,
		Values: given(target), Problems: problems}
	if o.ShowNested {
		v.Nested = e.nestedValidations(ctx, target, s)
	}
	return v, nil
}

// given are the values of the parameters that have one.
func given(t *plan.Target) map[string]any {
	out := map[string]any{}
	for _, p := range t.Parsed.Parameters {
		if v, ok := t.Values.Get(p.Name); ok {
			out[p.Name] = v
		}
	}
	return out
}

// nestedValidations describes the nested templates that could be understood.
func (e *Engine) nestedValidations(ctx context.Context, t *plan.Target, s *core.Stack) []NestedValidation {
	var out []NestedValidation
	for _, name := range t.Names() {
		parent, ok := t.Type(name).New().(resource.Parent)
		if !ok {
			continue
		}
		child := e.childTarget(ctx, t, name, parent, s)
		if child == nil {
			continue
		}
		out = append(out, NestedValidation{Name: name, Type: t.Definition(name).Type, Description: child.Parsed.Description,
			Template: child.Parsed, Values: given(child), Nested: e.nestedValidations(ctx, child, s)})
	}
	return out
}

func (e *Engine) childTarget(ctx context.Context, t *plan.Target, name string, parent resource.Parent, s *core.Stack) *plan.Target {
	raw, err := t.Properties(name, nil)
	if err != nil {
		return nil
	}
	props, problems := plan.CheckProperties(t.Type(name), raw, "", nil)
	if problems.HasErrors() {
		return nil
	}
	c := &resource.Context{Name: name, Type: t.Type(name).Name, Stack: stackOf(s), Properties: resource.NewValues(props), Data: map[string]string{}}
	spec, err := parent.Child(ctx, c)
	if err != nil || spec == nil {
		return nil
	}
	src, err := plan.ChildSource(t, name, spec, t.Pseudo)
	if err != nil {
		return nil
	}
	child, _ := plan.Load(src, e.Types)
	return child
}
