package api

import (
	"context"
	"strings"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/environment"
	"hearth/murano/muranopl"
)

type actionRef struct {
	EnvironmentID string `path:"environment_id" doc:"The environment's id."`
	ActionID      string `path:"action_id" doc:"The action as the object names it in its header, or the task that it has become."`
}

type begunAction struct {
	TaskID string `json:"task_id" doc:"What the result is asked for by."`
}

// actionArguments are the body of an action.
type actionArguments struct {
	_ struct{} `additionalProperties:"true"`
}

// actionResult is empty until the action has ended.
type actionResult struct {
	IsException *bool `json:"isException,omitempty"`
	Result      any   `json:"result,omitempty" doc:"What the method returned, or the message and the details of an exception."`
}

type staticAction struct {
	ClassName    string          `json:"className"`
	MethodName   string          `json:"methodName"`
	PackageName  *string         `json:"packageName,omitempty" nullable:"true" doc:"The package of the class; any that has it, when not said."`
	ClassVersion string          `json:"classVersion,omitempty" doc:"A specification of versions; =0 when not said."`
	Parameters   actionArguments `json:"parameters,omitempty"`
}

type schemaRef struct {
	Class string `path:"class_name" doc:"The full name of the class."`
}

type methodSchemaRef struct {
	Class   string `path:"class_name" doc:"The full name of the class."`
	Methods string `path:"method_names" doc:"Methods with commas between."`
}

// schemaSet is a JSON schema by the name of each method, and that of the class under "".
type schemaSet struct {
	_ struct{} `additionalProperties:"true"`
}

// programRoutes are the operations that run programs of packages.
func (a *API) programRoutes() {
	const action = "/environments/{environment_id}/actions/{action_id}"
	actions := httpapi.Tag("actions")
	schemas := []httpapi.Option{httpapi.Tag("schemas"), httpapi.Query(query("classVersion", "A specification of versions.", text), query("packageName", "The package of the class.", text))}

	register[actionRef, begunAction](a, "POST", action, "execute_action", "Run an action of an application", a.runAction, actions, httpapi.ID("run_action"), httpapi.Body[actionArguments]())
	register[actionRef, actionResult](a, "GET", action, "execute_action", "Show the result of an action", a.showActionResult, actions, httpapi.ID("show_action_result"))
	register[none, any](a, "POST", "/actions", "execute_action", "Run a static method of a class", a.runStaticAction, actions, httpapi.ID("run_static_action"),
		httpapi.Body[staticAction](), httpapi.Errors(503))
	register[schemaRef, schemaSet](a, "GET", "/schemas/{class_name}", "get_schema", "Show the schemas of a class", a.showSchemas, append(schemas, httpapi.ID("show_schemas"))...)
	register[methodSchemaRef, schemaSet](a, "GET", "/schemas/{class_name}/{method_names}", "get_schema", "Show the schemas of methods of a class", a.showMethodSchemas,
		append(schemas, httpapi.ID("show_method_schemas"))...)
}

func (a *API) runAction(ctx context.Context, r *request, in *actionRef) (any, error) {
	args, ok := r.body.(*yaml.Map)
	if !ok {
		return nil, malformed()
	}
	id, err := a.environments.Act(ctx, r.caller, in.EnvironmentID, in.ActionID, args)
	if err != nil {
		return nil, err
	}
	return begunAction{id}, nil
}

func (a *API) showActionResult(ctx context.Context, r *request, in *actionRef) (any, error) {
	result, err := a.environments.ActionResult(ctx, r.caller, in.EnvironmentID, in.ActionID)
	if err != nil {
		return nil, err
	}
	return result, nil
}

func (a *API) runStaticAction(ctx context.Context, r *request, _ *none) (any, error) {
	body, ok := r.body.(*yaml.Map)
	if !ok {
		return nil, malformed()
	}
	text := func(key, instead string) string {
		v, _ := body.Get(key)
		if v == nil {
			return instead
		}
		return yaml.Str(v)
	}
	act := environment.StaticAction{Class: text("className", ""), Method: text("methodName", ""), Package: text("packageName", ""), Version: text("classVersion", "=0")}
	if act.Class == "" || act.Method == "" {
		return nil, murano.Detail(core.Invalid, "Class name and method name must be specified for static action")
	}
	v, _ := body.Get("parameters")
	if act.Args, ok = v.(*yaml.Map); v != nil && !ok {
		return nil, malformed()
	}
	return a.environments.CallStatic(ctx, r.caller, act)
}

func (a *API) showSchemas(ctx context.Context, r *request, in *schemaRef) (any, error) {
	return a.schemas(ctx, r, in.Class, nil)
}

func (a *API) showMethodSchemas(ctx context.Context, r *request, in *methodSchemaRef) (any, error) {
	methods := strings.Split(in.Methods, ",")
	for i := range methods {
		methods[i] = strings.TrimSpace(methods[i])
	}
	return a.schemas(ctx, r, in.Class, methods)
}

func (a *API) schemas(ctx context.Context, r *request, class string, methods []string) (any, error) {
	q := r.query()
	return a.environments.Schemas(ctx, r.caller, muranopl.SchemaRequest{Class: class, Version: q.Get("classVersion"), Package: q.Get("packageName"), Methods: methods})
}
