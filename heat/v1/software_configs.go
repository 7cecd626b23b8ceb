package v1

import (
	"context"
	"slices"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/httpapi"
	"hearth/core/yaml"
)

// configBody documents the body of a new software configuration.
type configBody struct {
	_ struct{} `additionalProperties:"true"`

	Name    string         `json:"name,omitempty" example:"install"`
	Group   string         `json:"group,omitempty" example:"script" doc:"The tool that applies it."`
	Config  any            `json:"config,omitempty" doc:"What the tool gets."`
	Inputs  []configInput  `json:"inputs,omitempty"`
	Outputs []configOutput `json:"outputs,omitempty"`
	Options map[string]any `json:"options,omitempty"`
}

type configInput struct {
	Name            string `json:"name"`
	Type            string `json:"type,omitempty" enum:"String,Number,CommaDelimitedList,Json,Boolean"`
	Description     string `json:"description,omitempty"`
	Default         any    `json:"default,omitempty"`
	ReplaceOnChange bool   `json:"replace_on_change,omitempty" doc:"Whether another value makes another deployment."`
	Value           any    `json:"value,omitempty" doc:"In a config that is derived for a deployment."`
}

type configOutput struct {
	Name        string `json:"name"`
	Type        string `json:"type,omitempty" enum:"String,Number,CommaDelimitedList,Json,Boolean"`
	Description string `json:"description,omitempty"`
	ErrorOutput bool   `json:"error_output,omitempty" doc:"A value that is not empty is a failure."`
}

// ConfigView is a configuration as the API presents it (heat/engine/api.py
// format_software_config).
type ConfigView struct {
	ID           string  `json:"id"`
	Name         *string `json:"name"`
	Group        *string `json:"group"`
	CreationTime string  `json:"creation_time" example:"2026-01-02T03:04:05Z"`
	Project      string  `json:"project,omitempty" doc:"In lists, for administrators."`
}

// configDetail is a configuration with its content.
type configDetail struct {
	ConfigView
	Config  shaped[any]            `json:"config"`
	Inputs  shaped[[]configInput]  `json:"inputs"`
	Outputs shaped[[]configOutput] `json:"outputs"`
	Options shaped[map[string]any] `json:"options"`
}

func viewOf(c *core.SoftwareConfig) ConfigView {
	return ConfigView{ID: c.ID, Name: textOrNull(c.Name), Group: textOrNull(c.Group), CreationTime: date(c.CreatedAt)}
}

func detailOf(c *core.SoftwareConfig) (configDetail, error) {
	out := configDetail{ConfigView: viewOf(c)}
	view, err := engine.ConfigView(c)
	if err != nil {
		return out, err
	}
	for name, to := range map[string]*[]byte{"config": (*[]byte)(&out.Config), "inputs": (*[]byte)(&out.Inputs),
		"outputs": (*[]byte)(&out.Outputs), "options": (*[]byte)(&out.Options)} {
		if *to, err = yaml.EncodeJSON(field(view, name)); err != nil {
			return out, err
		}
	}
	return out, nil
}

type configList struct {
	Body struct {
		SoftwareConfigs []ConfigView `json:"software_configs"`
	}
}

func (a *API) listConfigs(ctx context.Context, _ *struct {
	Limit        count  `query:"limit"`
	Marker       string `query:"marker" doc:"The id of the last one of the page before."`
	GlobalTenant truth  `query:"global_tenant" doc:"Those of all projects, for those who may."`
}) (*configList, error) {
	q := queryOf(ctx)
	limit := q.int("limit")
	global := q.bool("global_tenant", false)
	if q.err != nil {
		return nil, q.err
	}
	if global {
		if err := httpapi.Enforce(ctx, "software_configs:global_index"); err != nil {
			return nil, err
		}
	}
	out := &configList{}
	out.Body.SoftwareConfigs = []ConfigView{}
	if limit == 0 {
		return out, nil
	}
	caller := httpapi.CallerFrom(ctx)
	configs, err := a.engine.ListConfigs(ctx, caller, q.values.Get("marker"), max(limit, 0))
	if err != nil {
		return nil, err
	}
	for i := range configs {
		v := viewOf(&configs[i])
		if caller.IsAdmin() {
			v.Project = configs[i].ProjectID
		}
		out.Body.SoftwareConfigs = append(out.Body.SoftwareConfigs, v)
	}
	return out, nil
}

type shownConfig struct {
	Body struct {
		SoftwareConfig configDetail `json:"software_config"`
	}
}

func (a *API) createConfig(ctx context.Context, _ *struct{}) (*shownConfig, error) {
	body, err := needObject(ctx)
	if err != nil {
		return nil, err
	}
	c := &core.SoftwareConfig{}
	c.Name, _ = field(body, "name").(string)
	c.Group, _ = field(body, "group").(string)
	inputs, err := declared(field(body, "inputs"), "default", "replace_on_change", "value")
	if err != nil {
		return nil, err
	}
	outputs, err := declared(field(body, "outputs"), "error_output")
	if err != nil {
		return nil, err
	}
	for _, o := range outputs {
		if m := o.(*yaml.Map); field(m, "error_output") == nil {
			m.Set("error_output", false)
		}
	}
	options := field(body, "options")
	if options == nil {
		options = yaml.NewMap(0)
	}
	if c.Config, err = yaml.EncodeJSON(yaml.MapOf("config", field(body, "config"), "inputs", inputs, "outputs", outputs, "options", options)); err != nil {
		return nil, err
	}
	if err := a.engine.CreateConfig(ctx, httpapi.CallerFrom(ctx), c); err != nil {
		return nil, err
	}
	return shown(c)
}

// declared checks and completes the inputs or outputs of a configuration
// (heat/engine/software_config_io.py); more are keys beside those that both have.
func declared(v any, more ...string) ([]any, error) {
	if v == nil {
		return []any{}, nil
	}
	items, ok := v.([]any)
	if !ok {
		return nil, valueError()
	}
	out := make([]any, len(items))
	for i, item := range items {
		m, ok := item.(*yaml.Map)
		if !ok {
			return nil, valueError()
		}
		name, isText := field(m, "name").(string)
		typ := "String"
		if t := field(m, "type"); t != nil {
			typ = literal(t)
		}
		if !isText || name == "" || !slices.Contains([]string{"String", "Number", "CommaDelimitedList", "Json", "Boolean"}, typ) {
			return nil, valueError()
		}
		full := yaml.MapOf("name", name, "type", typ)
		for key, v := range m.All() {
			switch {
			case key == "name" || key == "type" || v == nil && key != "value" || key == "replace_on_change" && v == false:
			case key == "description" || slices.Contains(more, key):
				full.Set(key, v)
			default:
				return nil, valueError()
			}
		}
		out[i] = full
	}
	return out, nil
}

// ConfigRef is a software configuration in a path.
type ConfigRef struct {
	ID string `path:"config_id" format:"uuid"`
}

func (a *API) showConfig(ctx context.Context, in *ConfigRef) (*shownConfig, error) {
	c, err := a.engine.FindConfig(ctx, httpapi.CallerFrom(ctx), in.ID)
	if err != nil {
		return nil, noConfig(err, in.ID)
	}
	return shown(c)
}

func (a *API) deleteConfig(ctx context.Context, in *ConfigRef) (*struct{}, error) {
	return nil, noConfig(a.engine.DeleteConfig(ctx, httpapi.CallerFrom(ctx), in.ID), in.ID)
}

func shown(c *core.SoftwareConfig) (*shownConfig, error) {
	out := &shownConfig{}
	var err error
	out.Body.SoftwareConfig, err = detailOf(c)
	return out, err
}

// noConfig puts "not found" into the words that Heat has for it.
func noConfig(err error, id string) error {
	if core.ErrorCode(err) == core.NotFound {
		return core.Errorf(core.NotFound, "NotFound", "Software config with id %s not found", id)
	}
	return err
}
