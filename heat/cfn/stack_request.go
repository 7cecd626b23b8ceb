package cfn

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/yaml"
)

// maxTemplate is Heat's max_template_size, in bytes.
const maxTemplate = 524288

// versionKeys are those of which a template has one.
var versionKeys = []string{"HeatTemplateFormatVersion", "heat_template_version", "AWSTemplateFormatVersion"}

// template reads TemplateBody, or what is at TemplateUrl.
func (a *API) template(ctx context.Context, in *input) (*yaml.Node, error) {
	text := in.Get("TemplateBody")
	switch {
	case in.Has("TemplateBody"):
	case in.Has("TemplateUrl"):
		var err error
		if text, err = engine.FetchTemplate(ctx, a.client, in.Get("TemplateUrl"), maxTemplate); err != nil {
			return nil, errInvalidParameter.with("Failed to fetch template: " + err.Error())
		}
	default:
		return nil, errMissingParameter.with("TemplateBody or TemplateUrl were not given.")
	}
	if n := utf8.RuneCountInString(text); n > maxTemplate {
		return nil, core.RequestLimitExceeded("Template size (%d bytes) exceeds maximum allowed size (%d bytes).", n, maxTemplate)
	}
	node, err := yaml.Parse([]byte(text), yaml.Options{})
	if err == nil && node.Kind == yaml.Mapping {
		for _, key := range versionKeys {
			if node.Get(key) != nil {
				return node, nil
			}
		}
	}
	return nil, errInvalidParameter.with("The Template must be a JSON or YAML document.")
}

// arguments are what create and update take beside the template.
type arguments struct {
	timeoutMins     *int
	disableRollback *bool
}

func (in *input) arguments() (out arguments, err error) {
	rollback := in.Get("DisableRollback")
	if in.Has("OnFailure") {
		if in.Has("DisableRollback") {
			return out, errCombination.with("DisableRollback and OnFailure may not be used together")
		}
		switch in.Get("OnFailure") {
		case "DO_NOTHING":
			rollback = "true"
		case "ROLLBACK", "DELETE":
			rollback = "false"
		}
	}
	switch strings.ToLower(rollback) {
	case "true", "false":
		b := strings.EqualFold(rollback, "true")
		out.disableRollback = &b
	case "":
	default:
		return out, errInvalidParameter.with(`Unrecognized value "` + rollback + `" for "disable_rollback", acceptable values are: true, false.`)
	}
	if text := in.Get("TimeoutInMinutes"); text != "" {
		n, err := strconv.Atoi(text)
		switch {
		case err != nil:
			return out, errInvalidParameter.with("Only integer is acceptable by 'timeout_mins'.")
		case n == 0:
			return out, errInvalidParameter.with("Only non-zero integer is acceptable by 'timeout_mins'.")
		case n < 0:
			return out, errInvalidParameter.with("Value '" + text + "' is invalid for 'timeout_mins' which only accepts non-negative integer.")
		}
		out.timeoutMins = &n
	}
	return out, nil
}

func (a *API) createStack(ctx context.Context, caller *core.Caller, in *input) (any, error) {
	args, err := in.arguments()
	if err != nil {
		return nil, err
	}
	node, err := a.template(ctx, in)
	if err != nil {
		return nil, err
	}
	name, err := in.need("StackName")
	if err != nil {
		return nil, err
	}
	s, err := a.engine.Create(ctx, caller, engine.CreateRequest{
		TemplateRequest: engine.TemplateRequest{Template: node, Parameters: in.parameters()},
		StackName:       name, TimeoutMins: args.timeoutMins, DisableRollback: args.disableRollback == nil || *args.disableRollback,
	})
	if err != nil {
		return nil, err
	}
	return yaml.MapOf("StackId", stackARN(s.Identifier())), nil
}

func (a *API) updateStack(ctx context.Context, caller *core.Caller, in *input) (any, error) {
	args, err := in.arguments()
	if err != nil {
		return nil, err
	}
	node, err := a.template(ctx, in)
	if err != nil {
		return nil, err
	}
	id, err := a.find(ctx, caller, in)
	if err != nil {
		return nil, err
	}
	err = a.engine.Update(ctx, caller, refOf(id), engine.UpdateRequest{
		TemplateRequest: engine.TemplateRequest{Template: node, Parameters: in.parameters()},
		TimeoutMins:     args.timeoutMins, DisableRollback: args.disableRollback,
	})
	if err != nil {
		return nil, err
	}
	return yaml.MapOf("StackId", stackARN(id)), nil
}
