package v1

import (
	"context"
	"errors"
	"strings"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/httpapi"
	"hearth/core/template"
	"hearth/core/yaml"
)

// validation documents the answer of validate.
type validation struct {
	Description      string                        `json:"Description"`
	Parameters       map[string]validatedParameter `json:"Parameters" doc:"The parameters of the template, by name."`
	ParameterGroups  []validatedGroup              `json:"ParameterGroups,omitempty"`
	NestedParameters map[string]map[string]any     `json:"NestedParameters,omitempty" doc:"With show_nested: the same of nested templates, by resource."`
	Environment      map[string]any                `json:"Environment" doc:"The merged environment."`
}

type validatedParameter struct {
	Type                  string   `json:"Type" enum:"String,Number,CommaDelimitedList,Json,Boolean"`
	Description           string   `json:"Description"`
	NoEcho                string   `json:"NoEcho" enum:"true,false"`
	Label                 string   `json:"Label"`
	Default               any      `json:"Default,omitempty"`
	Value                 any      `json:"Value,omitempty"`
	Tags                  []string `json:"Tags,omitempty"`
	MinLength             int      `json:"MinLength,omitempty"`
	MaxLength             int      `json:"MaxLength,omitempty"`
	MinValue              float64  `json:"MinValue,omitempty"`
	MaxValue              float64  `json:"MaxValue,omitempty"`
	Step                  int      `json:"Step,omitempty"`
	Offset                int      `json:"Offset,omitempty"`
	AllowedValues         []any    `json:"AllowedValues,omitempty"`
	AllowedPattern        string   `json:"AllowedPattern,omitempty"`
	CustomConstraint      string   `json:"CustomConstraint,omitempty"`
	ConstraintDescription string   `json:"ConstraintDescription,omitempty"`
}

type validatedGroup struct {
	Label       string   `json:"label,omitempty"`
	Description string   `json:"description,omitempty"`
	Parameters  []string `json:"parameters"`
}

// ignorable is the one code that ignore_errors knows: that of a type whose service the
// user's catalogue does not have (heat/common/exception.py ResourceTypeUnavailable).
const ignorable = "99001"

func (a *API) validateTemplate(ctx context.Context, _ *struct {
	ShowNested   truth  `query:"show_nested" doc:"With the parameters of nested templates."`
	IgnoreErrors string `query:"ignore_errors" example:"99001" doc:"Codes of errors to pass over, commas between them: 99001, a type whose service is missing."`
}) (*jsonAnswer, error) {
	q := queryOf(ctx)
	options := engine.ValidateOptions{ShowNested: q.bool("show_nested", false)}
	for code := range strings.SplitSeq(q.values.Get("ignore_errors"), ",") {
		if code = strings.TrimSpace(code); code == ignorable {
			options.IgnoreUnavailable = true
		} else if code != "" && q.err == nil {
			q.err = badRequest("Invalid codes in ignore_errors : ['%s']", code)
		}
	}
	if q.err != nil {
		return nil, q.err
	}
	body, err := needObject(ctx)
	if err != nil {
		return nil, err
	}
	req, err := a.template(ctx, body, forCreate)
	if err != nil {
		return nil, err
	}
	v, err := a.engine.Validate(ctx, httpapi.CallerFrom(ctx), req, options)
	if err != nil {
		return nil, validationError(err)
	}
	out := v.Describe()
	out.Set("Environment", validatedEnvironment(v.Environment))
	raw, err := yaml.EncodeJSON(out)
	if err != nil {
		return nil, err
	}
	return rawJSON(raw), nil
}

// validationError is how Heat tells what is wrong with a template: a version that it does
// not know under its own name, everything else as a bad request.
func validationError(err error) error {
	e, ok := errors.AsType[*core.Error](err)
	if !ok || e.Code != core.Invalid || e.Type == "InvalidTemplateVersion" {
		return err
	}
	return &core.Error{Code: core.Invalid, Type: "HTTPBadRequest", Message: e.Message, Err: err}
}

func validatedEnvironment(env *template.Environment) *yaml.Map {
	if env == nil {
		env = &template.Environment{}
	}
	m := env.Map()
	m.Delete("encrypted_param_names")
	registry, _ := field(m, "resource_registry").(*yaml.Map)
	m.Set("resource_registry", wholeRegistry(registry))
	return m
}
