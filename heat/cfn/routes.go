package cfn

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/yaml"
)

// action is one action of the API: its parameters and its result, as the document shows
// them, and how it is answered.
type action struct {
	name, summary string
	form, result  reflect.Type
	do            answerer
}

// answerer answers an action with what stands in its result: a map, or "" for nothing.
type answerer func(context.Context, *core.Caller, *input) (any, error)

func actionOf[Form, Result any](name, summary string, do answerer) action {
	return action{name, summary, reflect.TypeFor[Form](), reflect.TypeFor[Result](), do}
}

// routes lists the actions (heat/api/cfn/v1/__init__.py) and the paths.
func (a *API) routes() {
	actions := []action{
		actionOf[listForm, stackSummaries]("ListStacks", "List the stacks", a.listStacks),
		actionOf[launchForm, stackID]("CreateStack", "Create a stack", a.createStack),
		actionOf[anyStackForm, describedStacks]("DescribeStacks", "Show a stack or all", a.describeStacks),
		actionOf[stackForm, nothingText]("DeleteStack", "Delete a stack", a.deleteStack),
		actionOf[launchForm, stackID]("UpdateStack", "Update a stack", a.updateStack),
		actionOf[stackForm, nothingObject]("CancelUpdateStack", "Cancel the update of a stack", a.cancelUpdate),
		actionOf[anyStackForm, stackEvents]("DescribeStackEvents", "List the events of a stack or of all", a.describeEvents),
		actionOf[templateForm, validated]("ValidateTemplate", "Validate a template", a.validateTemplate),
		actionOf[stackForm, templateBody]("GetTemplate", "Read the template of a stack", a.getTemplate),
		actionOf[noForm, costs]("EstimateTemplateCost", "Say what a template costs", estimateCost),
		actionOf[resourceForm, describedResource]("DescribeStackResource", "Show a resource", a.describeResource),
		actionOf[resourcesForm, describedResources]("DescribeStackResources", "Show the resources of a stack", a.describeResources),
		actionOf[stackForm, resourceSummaries]("ListStackResources", "List the resources of a stack", a.listResources),
	}
	a.actions = make(map[string]answerer, len(actions))
	var decides []string
	for _, x := range actions {
		a.actions[x.name] = x.do
		decides = append(decides, ruleOf(x.name))
	}
	slices.Sort(decides)
	get, post := documented(actions)
	for method, options := range map[string][]httpapi.Option{http.MethodGet: get, http.MethodPost: post} {
		options = append(options, httpapi.ID("cloudformation_action_"+strings.ToLower(method)), httpapi.Tag("cloudformation"), httpapi.Decides(decides...))
		httpapi.Register(a.API, method, "/", "", "Do what the parameter Action names", a.act, options...)
	}
	signals := []httpapi.Option{httpapi.Tag("signals"), httpapi.Body[waitSignal](jsonType, formType, "text/plain"), httpapi.BodyIsOptional(),
		httpapi.Security(httpapi.TokenScheme, signatureV2, signatureV4), httpapi.Description(aboutSignals), httpapi.Query(ofSignals()...)}
	httpapi.Register(a.API, "PUT", "/waitcondition/{arn...}", "", "Signal a wait condition", a.signalWaitCondition,
		append(signals, httpapi.ID("cloudformation_waitcondition"), httpapi.Content(http.StatusOK, map[string]httpapi.SchemaOf{
			jsonType: httpapi.Shape[signalledCondition], xmlMediaType: httpapi.Shape[conditionName]}))...)
	httpapi.Register(a.API, "POST", "/signal/{arn...}", "", "Signal a resource", a.signalResource,
		append(signals, httpapi.ID("cloudformation_signal"), httpapi.Status(http.StatusOK))...)
}

const aboutSignals = "The slashes of the ARN may stand in the path as they are. The body is JSON whatever its Content-Type says, or missing."

func ruleOf(action string) string { return "cloudformation:" + action }

// answer is XML, or JSON where the parameters ask for it.
type answer struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// act runs the action that the parameters name.
func (a *API) act(ctx context.Context, _ *struct{}) (*answer, error) {
	in := inputOf(ctx)
	name := in.Get("Action")
	do, ok := a.actions[name]
	if !ok {
		return nil, errInvalidAction
	}
	if err := httpapi.Enforce(ctx, ruleOf(name)); err != nil {
		if core.ErrorCode(err) == core.Forbidden {
			return nil, errAccessDenied.with("Action " + name + " not allowed for user")
		}
		return nil, err
	}
	result, err := do(ctx, httpapi.CallerFrom(ctx), in)
	if err != nil {
		return nil, err
	}
	return in.answer(yaml.MapOf(name+"Response", yaml.MapOf(name+"Result", result)))
}
