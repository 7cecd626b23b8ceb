package cfn

import (
	"context"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/template"
	"hearth/core/yaml"
)

func (a *API) getTemplate(ctx context.Context, caller *core.Caller, in *input) (any, error) {
	id, err := a.find(ctx, caller, in)
	if err != nil {
		return nil, err
	}
	raw, _, err := a.engine.RawTemplate(ctx, caller, refOf(id))
	if err != nil {
		return nil, err
	}
	m, err := decodeMap(raw.Template)
	return yaml.MapOf("TemplateBody", m), err
}

// estimateCost tells what upstream does: nothing costs anything.
func estimateCost(context.Context, *core.Caller, *input) (any, error) {
	return yaml.MapOf("Url", "http://en.wikipedia.org/wiki/Gratis"), nil
}

func (a *API) validateTemplate(ctx context.Context, caller *core.Caller, in *input) (any, error) {
	node, err := a.template(ctx, in)
	if err != nil {
		return nil, err
	}
	v, err := a.engine.Validate(ctx, caller, engine.TemplateRequest{Template: node}, engine.ValidateOptions{})
	if err != nil {
		return nil, err
	}
	out := v.Describe()
	declared, _ := out.Get("Parameters")
	parameters := []any{}
	if m, ok := declared.(*yaml.Map); ok {
		for name, p := range m.All() {
			parameters = append(parameters, validatedParameter(name, p))
		}
	}
	out.Set("Parameters", parameters)
	out.Set("Environment", environmentOf(v.Environment))
	return out, nil
}

func validatedParameter(name string, declared any) *yaml.Map {
	p, _ := declared.(*yaml.Map)
	or := func(key, otherwise string) any {
		if v, ok := p.Get(key); ok {
			return v
		}
		return otherwise
	}
	return yaml.MapOf("ParameterKey", name, "DefaultValue", or("Default", ""), "Description", or("Description", ""), "NoEcho", or("NoEcho", "false"))
}

// environmentOf is an environment in upstream's order, with the section resources of its
// registry even where that is empty.
func environmentOf(env *template.Environment) *yaml.Map {
	if env == nil {
		env = &template.Environment{}
	}
	m := env.UserMap()
	registry := yaml.MapOf("resources", yaml.NewMap(0))
	if v, ok := m.Get("resource_registry"); ok {
		given, _ := v.(*yaml.Map)
		for key, value := range given.All() {
			registry.Set(key, value)
		}
	}
	out := yaml.MapOf("resource_registry", registry)
	for key, value := range m.All() {
		if key != "resource_registry" {
			out.Set(key, value)
		}
	}
	return out
}
