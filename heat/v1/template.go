package v1

import (
	"context"

	"hearth/core/httpapi"
	"hearth/core/yaml"
)

func (a *API) stackTemplate(ctx context.Context, in *StackRef) (*jsonAnswer, error) {
	raw, _, err := a.engine.RawTemplate(ctx, httpapi.CallerFrom(ctx), in.ref())
	if err != nil {
		return nil, err
	}
	return rawJSON(raw.Template), nil
}

type files struct {
	Body map[string]string `doc:"The files by their names."`
}

func (a *API) stackFiles(ctx context.Context, in *StackRef) (*files, error) {
	_, content, err := a.engine.RawTemplate(ctx, httpapi.CallerFrom(ctx), in.ref())
	if content == nil {
		content = map[string]string{}
	}
	return &files{content}, err
}

// hidden is shown instead of the values of hidden parameters.
const hidden = "******"

// stackEnvironment shows the environment with all its sections, and without the values of
// hidden parameters (heat/engine/service.py get_environment).
func (a *API) stackEnvironment(ctx context.Context, in *StackRef) (*jsonAnswer, error) {
	raw, _, err := a.engine.RawTemplate(ctx, httpapi.CallerFrom(ctx), in.ref())
	if err != nil {
		return nil, err
	}
	stored, template := yaml.NewMap(0), yaml.NewMap(0)
	if len(raw.Environment) > 0 {
		if err := stored.UnmarshalJSON(raw.Environment); err != nil {
			return nil, err
		}
	}
	if err := template.UnmarshalJSON(raw.Template); err != nil {
		return nil, err
	}
	body, err := yaml.EncodeJSON(shownEnvironment(stored, template))
	if err != nil {
		return nil, err
	}
	return rawJSON(body), nil
}

func shownEnvironment(stored, template *yaml.Map) *yaml.Map {
	out := yaml.NewMap(stored.Len() + 1)
	registry, _ := field(stored, "resource_registry").(*yaml.Map)
	out.Set("resource_registry", wholeRegistry(registry))
	secret := hiddenParameters(template)
	for _, section := range []string{"parameters", "parameter_defaults"} {
		values := yaml.NewMap(0)
		if m, ok := field(stored, section).(*yaml.Map); ok {
			values = m.Clone()
		}
		for _, name := range secret {
			if values.Has(name) {
				values.Set(name, hidden)
			}
		}
		out.Set(section, values)
	}
	for _, section := range []string{"event_sinks", "encrypted_param_names"} {
		v := field(stored, section)
		if v == nil {
			v = []any{}
		}
		out.Set(section, v)
	}
	for k, v := range stored.All() {
		if !out.Has(k) {
			out.Set(k, v)
		}
	}
	return out
}

// wholeRegistry is a registry with its section resources, be it empty.
func wholeRegistry(m *yaml.Map) *yaml.Map {
	if m.Has("resources") {
		return m
	}
	out := yaml.MapOf("resources", yaml.NewMap(0))
	for k, v := range m.All() {
		out.Set(k, v)
	}
	return out
}

// hiddenParameters are those that a template, in HOT or CFN, does not want to be shown.
func hiddenParameters(template *yaml.Map) []string {
	var out []string
	for section, mark := range map[string]string{"parameters": "hidden", "Parameters": "NoEcho"} {
		parameters, _ := field(template, section).(*yaml.Map)
		for name, p := range parameters.All() {
			if p, ok := p.(*yaml.Map); ok {
				if is, err := toBool(mark, literal(field(p, mark))); err == nil && is {
					out = append(out, name)
				}
			}
		}
	}
	return out
}
