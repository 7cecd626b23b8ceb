package engine

import (
	"context"
	"slices"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/diag"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/template"
	"hearth/core/yaml"
)

// errNoTemplate is the answer to a request without a template.
func errNoTemplate() error {
	return core.Errorf(core.Invalid, "HTTPBadRequest", "No template specified")
}

// source reads the environment of a request and joins it with the template.
func (e *Engine) source(r TemplateRequest, p template.Pseudo) (plan.Source, error) {
	if r.Template == nil {
		return plan.Source{}, errNoTemplate()
	}
	env, err := e.environment(r)
	if err != nil {
		return plan.Source{}, err
	}
	return plan.Source{Template: r.Template, Environment: env, Files: r.Files, Pseudo: p}, nil
}

// environment is the request's environment with its parameters: those given apart win
// over those of the environment.
func (e *Engine) environment(r TemplateRequest) (*template.Environment, error) {
	if len(r.EnvironmentFiles) > 0 {
		given := &template.Environment{Parameters: r.Parameters}
		known, err := e.declarations(r)
		if err != nil {
			return nil, err
		}
		env, problems := given.MergeFiles(r.EnvironmentFiles, r.Files, known)
		return env, problems.Err()
	}
	env := &template.Environment{}
	if r.Environment != nil {
		parsed, problems := template.ParseEnvironment(r.Environment)
		if err := problems.Err(); err != nil {
			return nil, err
		}
		env = parsed
	}
	if r.Parameters.Len() > 0 {
		env = env.Clone()
		if env.Parameters == nil {
			env.Parameters = yaml.NewMap(r.Parameters.Len())
		}
		for name, v := range r.Parameters.All() {
			env.Parameters.Set(name, v)
		}
	}
	return env, nil
}

// declarations finds the declaration of a parameter in the template or in any template
// among the files.
func (e *Engine) declarations(r TemplateRequest) (func(name string) *template.Parameter, error) {
	root, problems := template.Parse(r.Template, template.Options{Yaql: e.Types.Yaql})
	if root == nil {
		return nil, problems.Err()
	}
	known, problems := root.KnownParameters(r.Files)
	return known, problems.Err()
}

// load understands a source and checks everything about it that can be checked before
// anything exists: all problems at once. The first is the error.
func (e *Engine) load(ctx context.Context, caller *core.Caller, src plan.Source, s *core.Stack, depth int) (*plan.Target, error) {
	target, problems := e.understand(ctx, caller, src, s, depth)
	if err := problems.Err(); err != nil {
		e.logProblems(ctx, caller, s, problems)
		return nil, err
	}
	return target, nil
}

// loadUpdate is load for a stack that is there. Of several problems Heat names another one
// first then, and a section that no template has by its own name.
func (e *Engine) loadUpdate(ctx context.Context, caller *core.Caller, src plan.Source, s *core.Stack) (*plan.Target, error) {
	target, problems := e.understand(ctx, caller, src, s, s.NestedDepth)
	slices.SortStableFunc(problems, func(a, b diag.Diagnostic) int {
		missing := func(d diag.Diagnostic) int {
			if d.Type == "UserParameterMissing" {
				return 0
			}
			return 1
		}
		return missing(a) - missing(b)
	})
	for i := range problems {
		if problems[i].Code == diag.UnknownSection && problems[i].Kind == "" {
			problems[i].Type = "InvalidTemplateSection"
		}
	}
	if err := problems.Err(); err != nil {
		e.logProblems(ctx, caller, s, problems)
		return nil, err
	}
	return target, nil
}

// understand gives what a source means, and every problem of it.
func (e *Engine) understand(ctx context.Context, caller *core.Caller, src plan.Source, s *core.Stack, depth int) (*plan.Target, diag.List) {
	v := e.validation(ctx, caller)
	src.Checker = v.Checker
	target, problems := plan.Load(src, e.Types)
	if target != nil {
		problems = append(problems, v.Check(ctx, target, stackOf(s), depth)...)
	}
	return target, problems
}

// logProblems notes every problem of a refused request, not only the one in the answer.
func (e *Engine) logProblems(ctx context.Context, caller *core.Caller, s *core.Stack, problems diag.List) {
	for _, p := range problems {
		e.Log.InfoContext(ctx, "template refused", "request_id", caller.RequestID, "project", caller.ProjectID, "stack", s.Name,
			"code", p.Code, "path", p.Path, "file", p.File, "line", p.Line, "column", p.Column, "hint", p.Hint)
	}
}

// validation checks resources with the caller's own eyes on the cloud.
func (e *Engine) validation(ctx context.Context, caller *core.Caller) *plan.Validation {
	v := &plan.Validation{Types: e.Types, MaxDepth: e.Limits.NestedDepth, MaxResources: e.Limits.Resources}
	v.Available = func(t *resource.Type) *core.Error {
		if !e.Allows(caller, t) {
			return errTypeForbidden(t.Name)
		}
		return e.unavailable(ctx, caller, t)
	}
	if e.Cloud == nil {
		var nobody *cloud.Client // knows what can be told without a cloud
		v.Checker = func(constraint string, value any) string { return nobody.CheckConstraint(ctx, constraint, value) }
		return v
	}
	asked := map[string]string{} // equal questions are asked once
	v.Checker = func(constraint string, value any) string {
		client, err := e.Cloud.Client(ctx, credentials(caller))
		if err != nil {
			return err.Error()
		}
		text, isText := value.(string)
		key := constraint + "\x00" + text
		if answer, ok := asked[key]; ok && isText {
			return answer
		}
		answer := client.CheckConstraint(ctx, constraint, value)
		if isText {
			asked[key] = answer
		}
		return answer
	}
	v.Equip = func(c *resource.Context) {
		c.OpenCloud = func(ctx context.Context) (*cloud.Client, error) { return e.Cloud.Client(ctx, credentials(caller)) }
	}
	return v
}

// Allows reports whether the caller may use a resource type.
func (e *Engine) Allows(caller *core.Caller, t *resource.Type) bool {
	return e.MayUse == nil || e.MayUse(caller, t.Name)
}

func errTypeForbidden(name string) *core.Error {
	return core.Errorf(core.Forbidden, "Forbidden", "You are not authorized to use %s.", name)
}

// FindType gives a resource type that the caller may use. It returns EntityNotFound, Forbidden.
func (e *Engine) FindType(caller *core.Caller, name string) (*resource.Type, error) {
	t := e.Registry().Lookup(name)
	switch {
	case t == nil:
		return nil, core.EntityNotFound("Resource Type", name)
	case !e.Allows(caller, t):
		return nil, errTypeForbidden(name)
	}
	return t, nil
}

// unavailable says why the caller's cloud does not offer a type; nil when it does.
func (e *Engine) unavailable(ctx context.Context, caller *core.Caller, t *resource.Type) *core.Error {
	if e.Offers(ctx, caller, t) {
		return nil
	}
	name := serviceNames[t.Service]
	return core.Errorf(core.Invalid, "ResourceTypeUnavailable",
		"HEAT-E99001 Service %s is not available for resource type %s, reason: %s %s endpoint is not in service catalog.",
		name[0], t.Name, name[0], name[1])
}

// Offers reports whether the caller's catalogue has the service that a type needs.
func (e *Engine) Offers(ctx context.Context, caller *core.Caller, t *resource.Type) bool {
	if t.Service == "" || e.Cloud == nil {
		return true
	}
	client, err := e.Cloud.Client(ctx, credentials(caller))
	return err == nil && client.HasService(t.Service)
}

// serviceNames are a service type's client name and its word in Heat's message.
var serviceNames = map[string][2]string{
	"compute": {"nova", "compute"}, "network": {"neutron", "network"}, "volumev3": {"cinder", "volumev3"},
	"image": {"glance", "image"}, "identity": {"keystone", "identity"}, "object-store": {"swift", "object-store"},
	"key-manager": {"barbican", "key-manager"}, "messaging": {"zaqar", "messaging"}, "dns": {"designate", "dns"},
}

func stackOf(s *core.Stack) resource.Stack {
	return resource.Stack{ID: s.ID, Name: s.Name, ProjectID: s.ProjectID, UserID: s.UserID}
}
