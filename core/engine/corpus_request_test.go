package engine_test

import (
	"strings"

	"hearth/core"
	"hearth/core/diag"
	"hearth/core/engine"
	"hearth/core/schema"
	"hearth/core/template"
	"hearth/core/yaml"
)

// corpusRefused is an answer of the API, before the engine has heard of the request.
func corpusRefused(prefix string, found diag.List) error {
	err := found.Err()
	if e, ok := err.(*core.Error); ok && (e.Type == "ValueError" || e.Type == "") {
		return core.Errorf(core.Invalid, "HTTPBadRequest", "%s%s", prefix, e.Message)
	}
	return err
}

// templateRequest reads a request as the API does: texts become trees.
func (c corpusCase) templateRequest() (r engine.TemplateRequest, err error) {
	if v, ok := c.Get("template"); ok {
		var found diag.List
		if r.Template, found = template.Read([]byte(yaml.Str(v)), "", yaml.Options{}); found.HasErrors() {
			return r, corpusRefused("Template not in valid format: ", found)
		}
	}
	if v, _ := c.Get("environment_files"); v != nil {
		for _, name := range v.([]any) {
			r.EnvironmentFiles = append(r.EnvironmentFiles, yaml.Str(name))
		}
	}
	if v, _ := c.Get("environment"); v != nil && r.EnvironmentFiles == nil {
		r.Environment = yaml.FromValue(v)
		if text, ok := v.(string); ok {
			if r.Environment, err = yaml.ParseYAML([]byte(text), yaml.Options{}); err != nil {
				return r, core.Errorf(core.Invalid, "HTTPBadRequest", "Environment not in valid format: %s", err)
			}
		}
		if r.Environment.IsNull() {
			r.Environment = nil
		}
		if _, found := template.ParseEnvironment(r.Environment); found.HasErrors() {
			return r, corpusRefused("Environment not in valid format: ", found)
		}
	}
	r.Files = map[string]string{}
	for name, v := range c.sub("files").All() {
		text, ok := v.(string)
		if !ok {
			return r, core.Errorf(core.Invalid, "HTTPBadRequest", "files must be texts")
		}
		r.Files[name] = text
	}
	r.Parameters = c.sub("parameters").Map
	return r, nil
}

func (c corpusCase) tags() *[]string {
	v, _ := c.Get("tags")
	text, ok := v.(string)
	if !ok {
		return nil
	}
	tags := strings.Split(text, ",")
	return &tags
}

func (c corpusCase) rollback() (bool, error) {
	switch v, ok := c.Get("disable_rollback"); {
	case !ok:
		return true, nil
	case strings.EqualFold(yaml.Str(v), "true"):
		return true, nil
	case strings.EqualFold(yaml.Str(v), "false"):
		return false, nil
	default:
		return false, core.Errorf(core.Invalid, "ValueError", `Unrecognized value "%s" for "disable_rollback", acceptable values are: true, false.`, yaml.Str(v))
	}
}

func (c corpusCase) createRequest() (r engine.CreateRequest, err error) {
	if r.TemplateRequest, err = c.templateRequest(); err != nil {
		return r, err
	}
	if v, _ := c.Get("tags"); v != nil && c.tags() == nil {
		return r, core.Errorf(core.Invalid, "HTTPBadRequest", "tags must be a text")
	}
	if tags := c.tags(); tags != nil {
		r.Tags = *tags
	}
	r.StackName = "teststack"
	if v, ok := c.Get("stack_name"); ok {
		r.StackName = yaml.Str(v)
	}
	if v, _ := c.Get("timeout_mins"); v != nil {
		n, err := schema.ToInteger(v)
		minutes, ok := n.(int64)
		if err != nil || !ok || minutes < 0 {
			return r, core.Errorf(core.Invalid, "HTTPBadRequest", "timeout_mins must be a number")
		}
		if m := int(minutes); m > 0 {
			r.TimeoutMins = &m
		}
	}
	r.DisableRollback, err = c.rollback()
	return r, err
}

func (c corpusCase) updateRequest() (r engine.UpdateRequest, err error) {
	if r.TemplateRequest, err = c.templateRequest(); err != nil {
		return r, err
	}
	existing, _ := c.Get("existing")
	r.Existing = existing == true
	r.Tags = c.tags()
	if v, _ := c.Get("clear_parameters"); v != nil {
		for _, name := range v.([]any) {
			r.ClearParameters = append(r.ClearParameters, yaml.Str(name))
		}
	}
	if c.Has("disable_rollback") {
		b, err := c.rollback()
		if err != nil {
			return r, err
		}
		r.DisableRollback = &b
	}
	return r, nil
}
