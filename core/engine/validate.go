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
		v.TemplateOnly = true
		if o.IgnoreUnavailable {
			v.Available = nil
		}
		problems = append(problems, plan.WithoutMissing(v.Check(ctx, target, stackOf(s), 0))...)
	}
	if err := problems.Err(); err != nil {
		e.logProblems(ctx, caller, s, problems)
		return &Validation{Problems: problems}, err
	}
	v := &Validation{Template: target.Parsed, Environment: target.Environment.Naming(typeNames(target)), Values: target.Values, Problems: problems}
	if o.ShowNested {
		v.Nested = e.nestedValidations(ctx, target, s)
	}
	return v, nil
}

// typeNames are the types of the template's resources, as it writes them.
func typeNames(t *plan.Target) []string {
	var types []string
	for _, name := range t.Names() {
		types = append(types, t.Definition(name).Type)
	}
	return types
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
		out = append(out, NestedValidation{Name: name, Type: t.Definition(name).Type,
			Template: child.Parsed, Values: child.Values, Nested: e.nestedValidations(ctx, child, s)})
	}
	return out
}

func (e *Engine) childTarget(ctx context.Context, t *plan.Target, name string, parent resource.Parent, s *core.Stack) *plan.Target {
	_, props, problems := t.CheckProperties(name, nil, nil)
	if props == nil && problems.HasErrors() {
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
	src.Lenient = true
	child, _ := plan.Read(src, e.Types)
	if child == nil || child.Values == nil {
		return nil
	}
	return child
}
