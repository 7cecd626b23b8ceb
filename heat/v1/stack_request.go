package v1

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/httpapi"
	"hearth/core/yaml"
)

// stackRequest documents the body of create, update, preview and validate. The API reads
// it by itself, and passes over other keys.
type stackRequest struct {
	_ struct{} `additionalProperties:"true"`

	StackName        string            `json:"stack_name,omitempty" example:"web" doc:"The name of the stack, for create and preview. It begins with a letter and has at most 255 letters, digits and _-."`
	Template         templateValue     `json:"template,omitempty" doc:"The template, as an object or as text in JSON or YAML."`
	TemplateURL      string            `json:"template_url,omitempty" doc:"Where to fetch the template (http or https) when none is given."`
	Environment      templateValue     `json:"environment,omitempty" doc:"The environment, as an object or as text; not read when there are environment_files."`
	EnvironmentFiles []string          `json:"environment_files,omitempty" doc:"The names of files to merge as the environment, in their order."`
	Files            map[string]string `json:"files,omitempty" doc:"The files that template and environment refer to, by name."`
	FilesContainer   string            `json:"files_container,omitempty" doc:"A container of the object store with files; those of the request win."`
	Parameters       map[string]any    `json:"parameters,omitempty" doc:"Values of the template's parameters, before those of the environment."`
	TimeoutMins      minutes           `json:"timeout_mins,omitempty" doc:"How long it may take, in minutes."`
	DisableRollback  flag              `json:"disable_rollback,omitempty" doc:"Leave what was made when the stack fails; true for create when not given."`
	Tags             string            `json:"tags,omitempty" example:"web,test" doc:"Tags, with commas between them; each at most 80 characters."`
	AdoptStackData   templateValue     `json:"adopt_stack_data,omitempty" doc:"For create: what abandon or export gave. Its template is taken, and its objects are taken over; where the server is configured for it."`
	ClearParameters  []string          `json:"clear_parameters,omitempty" doc:"For PATCH: parameters that go back to their defaults."`
	Existing         flag              `json:"existing,omitempty" doc:"For PUT, the JSON true: what the request does not name stays, as with PATCH."`
	Converge         flag              `json:"converge,omitempty" doc:"For updates: look at the real objects, too."`
}

// purpose is what a stackRequest is for.
type purpose int

const (
	forCreate purpose = iota
	forUpdate
	forPatch
)

// template reads what create, update, preview and validate have in common
// (heat/api/openstack/v1/stacks.py InstantiationData).
func (a *API) template(ctx context.Context, body *yaml.Map, p purpose) (r engine.TemplateRequest, err error) {
	if r.Template, err = a.templateOf(ctx, body, p); err != nil {
		return r, err
	}
	if r.EnvironmentFiles, err = textList(body, "environment_files"); err != nil {
		return r, err
	}
	if env := field(body, "environment"); env != nil && len(r.EnvironmentFiles) == 0 {
		if r.Environment, err = environment(env); err != nil {
			return r, err
		}
	}
	switch p := field(body, "parameters").(type) {
	case nil:
	case *yaml.Map:
		r.Parameters = p
	default:
		return r, valueError()
	}
	if r.Files, err = textMap(body, "files"); err != nil {
		return r, err
	}
	if container := field(body, "files_container"); container != nil {
		r.Files, err = a.engine.WithContainer(ctx, httpapi.CallerFrom(ctx), literal(container), r.Files, maxBody)
	}
	return r, err
}

// environment reads an environment (heat/common/environment_format.py).
func environment(v any) (*yaml.Node, error) {
	node, err := document(v)
	if err == nil && node.IsNull() {
		return nil, nil
	}
	if err == nil && node.Kind != yaml.Mapping {
		err = errors.New("The environment is not a valid YAML mapping data type.")
	}
	if err != nil {
		return nil, badRequest("Environment not in valid format: %s", err)
	}
	for _, p := range node.Pairs {
		switch p.Key {
		case "parameters", "resource_registry", "parameter_defaults", "encrypted_param_names", "event_sinks", "parameter_merge_strategies":
		default:
			return nil, badRequest(`Environment not in valid format: environment has wrong section "%s"`, p.Key)
		}
	}
	return node, nil
}

// document reads a part of a body that is an object, or text in JSON or YAML.
func document(v any) (*yaml.Node, error) {
	text, ok := v.(string)
	if !ok {
		return yaml.FromValue(v), nil
	}
	return yaml.Parse([]byte(text), yaml.Options{})
}

// versionKeys are those of which a template that came as text has one.
var versionKeys = []string{"HeatTemplateFormatVersion", "heat_template_version", "AWSTemplateFormatVersion"}

// templateOf finds the template of a body: an object, a text, or a URL. nil stands for
// none, which only a PATCH may do.
func (a *API) templateOf(ctx context.Context, body *yaml.Map, p purpose) (*yaml.Node, error) {
	if p == forCreate {
		if data, err := adoptData(body); err != nil {
			return nil, err
		} else if data != nil {
			return adoptedTemplate(data)
		}
	}
	given, has := body.Get("template")
	if m, ok := given.(*yaml.Map); ok {
		return templateObject(m)
	}
	if url := field(body, "template_url"); !has && url != nil {
		text, err := engine.FetchTemplate(ctx, a.client, literal(url), maxTemplate)
		if err != nil {
			return nil, badRequest("Could not retrieve template: %s", err)
		}
		given = text
	}
	if given == nil {
		if p == forPatch {
			return nil, nil
		}
		return nil, badRequest("No template specified")
	}
	return templateText(literal(given))
}

// templateObject measures a template as Heat does: as Python shows it. That is never more
// than four times its JSON, which spares small ones the measuring.
func templateObject(m *yaml.Map) (*yaml.Node, error) {
	if raw, err := yaml.EncodeJSON(m); err == nil && len(raw) > maxTemplate/4 {
		if n := utf8.RuneCountInString(yaml.Repr(m)); n > maxTemplate {
			return nil, templateSize(n)
		}
	}
	return yaml.FromValue(m), nil
}

func templateText(text string) (*yaml.Node, error) {
	if n := utf8.RuneCountInString(text); n > maxTemplate {
		return nil, templateSize(n)
	}
	node, err := yaml.Parse([]byte(text), yaml.Options{})
	switch {
	case err != nil:
		err = fmt.Errorf("Error parsing template [root stack] %w", err)
	case !node.IsNull() && node.Kind != yaml.Mapping:
		err = errors.New("The template is not a JSON object or YAML mapping.")
	default:
		for _, key := range versionKeys {
			if node.Get(key) != nil {
				return node, nil
			}
		}
		err = errors.New("Template format version not found.")
	}
	return nil, badRequest("Template not in valid format: %s", err)
}

// arguments are what create and update take beside the template.
type arguments struct {
	timeoutMins     *int
	disableRollback *bool
	tags            *[]string
	converge        bool
}

func argumentsOf(body *yaml.Map, p purpose) (out arguments, err error) {
	if v := field(body, "timeout_mins"); v != nil {
		n, err := toInt("timeout_mins", literal(v), false)
		if err != nil {
			return out, err
		}
		out.timeoutMins = &n
	}
	if v := field(body, "tags"); v != nil {
		text, ok := v.(string)
		if !ok {
			return out, &core.Error{Code: core.Invalid, Type: "AttributeError"}
		}
		tags, err := toTags(text)
		if err != nil {
			return out, err
		}
		out.tags = &tags
	}
	if v, has := body.Get("converge"); has {
		if p == forCreate {
			return out, badRequest("converge flag only supported in stack update (or update preview) request.")
		}
		if out.converge, err = toBool("converge", literal(v)); err != nil {
			return out, valueError()
		}
	}
	if v, has := body.Get("disable_rollback"); has {
		b, err := toBool("disable_rollback", literal(v))
		if err != nil {
			return out, valueError()
		}
		out.disableRollback = &b
	}
	return out, nil
}

// createRequest reads the body of create and preview.
func (a *API) createRequest(ctx context.Context) (r engine.CreateRequest, err error) {
	body, err := needObject(ctx)
	if err != nil {
		return r, err
	}
	args, err := argumentsOf(body, forCreate)
	if err != nil {
		return r, err
	}
	name := field(body, "stack_name")
	if name == nil {
		return r, badRequest("No stack name specified")
	}
	r.StackName = literal(name)
	if r.TemplateRequest, err = a.template(ctx, body, forCreate); err != nil {
		return r, err
	}
	if r.Adopt, err = adoptData(body); err != nil {
		return r, err
	}
	if r.Adopt != nil && !a.adopts {
		return r, core.NotSupported("Stack Adopt")
	}
	r.TimeoutMins = args.timeoutMins
	r.DisableRollback = args.disableRollback == nil || *args.disableRollback
	if args.tags != nil {
		r.Tags = *args.tags
	}
	return r, nil
}

// updateRequest reads the body of an update and its preview. changes reports whether it
// asks for anything at all.
func (a *API) updateRequest(ctx context.Context, p purpose) (r engine.UpdateRequest, changes bool, err error) {
	body, err := needObject(ctx)
	if err != nil {
		return r, false, err
	}
	args, err := argumentsOf(body, p)
	if err != nil {
		return r, false, err
	}
	if r.TemplateRequest, err = a.template(ctx, body, p); err != nil {
		return r, false, err
	}
	if r.ClearParameters, err = textList(body, "clear_parameters"); err != nil {
		return r, false, err
	}
	r.Existing = p == forPatch || field(body, "existing") == true
	r.TimeoutMins, r.DisableRollback, r.Tags, r.Converge = args.timeoutMins, args.disableRollback, args.tags, args.converge
	changes = r.Template != nil || r.Environment != nil || r.Parameters.Len() > 0 || len(r.Files) > 0 || len(r.EnvironmentFiles) > 0
	for _, key := range body.Keys() {
		switch key {
		case "existing", "template", "template_url", "environment", "parameters", "files", "environment_files", "stack_name":
		default:
			changes = true
		}
	}
	return r, changes, nil
}
