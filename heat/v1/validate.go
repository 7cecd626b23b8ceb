package v1

import (
	"context"
	"errors"
	"strings"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/httpapi"
	"hearth/core/schema"
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
	Label       string   `json:"label"`
	Description string   `json:"description"`
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
	out := describe(v.Description, v.Template, v.Environment, v.Nested)
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

// describe is the interface of a template.
func describe(about string, t *template.Template, env *template.Environment, nested []engine.NestedValidation) *yaml.Map {
	parameters := yaml.NewMap(len(t.Parameters))
	for _, p := range t.Parameters {
		parameters.Set(p.Name, describeParameter(p, env))
	}
	out := yaml.MapOf("Description", about, "Parameters", parameters)
	if len(t.ParameterGroups) > 0 {
		groups := make([]any, len(t.ParameterGroups))
		for i, g := range t.ParameterGroups {
			names := make([]any, len(g.Parameters))
			for j, name := range g.Parameters {
				names[j] = name
			}
			groups[i] = yaml.MapOf("label", g.Label, "description", g.Description, "parameters", names)
		}
		out.Set("ParameterGroups", groups)
	}
	if len(nested) > 0 {
		inner := yaml.NewMap(len(nested))
		for _, n := range nested {
			child := yaml.MapOf("Type", n.Type)
			for k, v := range describe(n.Description, n.Template, nil, n.Nested).All() {
				child.Set(k, v)
			}
			inner.Set(n.Name, child)
		}
		out.Set("NestedParameters", inner)
	}
	return out
}

// apiTypes are the parameter types in the words of validate.
var apiTypes = map[string]string{
	template.TypeString: "String", template.TypeNumber: "Number", template.TypeList: "CommaDelimitedList",
	template.TypeJSON: "Json", template.TypeBoolean: "Boolean",
}

// describeParameter follows heat/engine/api.py format_validate_parameter.
func describeParameter(p *template.Parameter, env *template.Environment) *yaml.Map {
	noEcho := "false"
	if p.Hidden {
		noEcho = "true"
	}
	out := yaml.MapOf("Type", apiTypes[p.Type], "Description", p.Description, "NoEcho", noEcho, "Label", p.Label)
	if p.HasDefault {
		out.Set("Default", p.Default)
	}
	if env != nil {
		if v, ok := env.ParameterDefaults.Get(p.Name); ok {
			out.Set("Default", v)
		}
		if v, _ := env.Parameters.Get(p.Name); v != nil && v != "" {
			out.Set("Value", v)
		}
	}
	if len(p.Tags) > 0 {
		tags := make([]any, len(p.Tags))
		for i, tag := range p.Tags {
			tags[i] = tag
		}
		out.Set("Tags", tags)
	}
	var about []string
	for _, c := range p.Constraints {
		if text := describeConstraint(c, out); text != "" {
			about = append(about, text)
		}
	}
	if len(about) > 0 {
		out.Set("ConstraintDescription", strings.Join(about, " "))
	}
	return out
}

// describeConstraint adds a constraint in the words of CFN, and gives its description.
func describeConstraint(c schema.Constraint, out *yaml.Map) string {
	set := func(name string, v any) {
		if v != nil {
			out.Set(name, v)
		}
	}
	switch c := c.(type) {
	case schema.Length:
		set("MinLength", c.Min)
		set("MaxLength", c.Max)
		return c.Description
	case schema.Range:
		set("MinValue", c.Min)
		set("MaxValue", c.Max)
		return c.Description
	case schema.Modulo:
		set("Step", c.Step)
		set("Offset", c.Offset)
		return c.Description
	case schema.AllowedValues:
		set("AllowedValues", c.Values)
		return c.Description
	case schema.AllowedPattern:
		set("AllowedPattern", c.Pattern)
		return c.Description
	case schema.Custom:
		set("CustomConstraint", c.Name)
		return c.Description
	}
	return ""
}
