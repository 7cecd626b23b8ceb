package cfn

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/yaml"
)

// action answers one action with what stands in its result: a map, or "" for nothing.
type action func(context.Context, *core.Caller, *input) (any, error)

// routes lists the actions (heat/api/cfn/v1/__init__.py) and the paths.
func (a *API) routes() {
	a.actions = map[string]action{
		"ListStacks":             a.listStacks,
		"CreateStack":            a.createStack,
		"DescribeStacks":         a.describeStacks,
		"DeleteStack":            a.deleteStack,
		"UpdateStack":            a.updateStack,
		"CancelUpdateStack":      a.cancelUpdate,
		"DescribeStackEvents":    a.describeEvents,
		"ValidateTemplate":       a.validateTemplate,
		"GetTemplate":            a.getTemplate,
		"EstimateTemplateCost":   estimateCost,
		"DescribeStackResource":  a.describeResource,
		"DescribeStackResources": a.describeResources,
		"ListStackResources":     a.listResources,
	}
	var decides []string
	for _, name := range slices.Sorted(maps.Keys(a.actions)) {
		decides = append(decides, ruleOf(name))
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		httpapi.Register(a.API, method, "/", "", "Do what the parameter Action names", a.act,
			httpapi.ID("cloudformation_action"), httpapi.Tag("cloudformation"), httpapi.Decides(decides...))
	}
	httpapi.Register(a.API, "PUT", "/waitcondition/{arn...}", "", "Signal a wait condition", a.signalWaitCondition,
		httpapi.ID("cloudformation_waitcondition"), httpapi.Tag("signals"))
	httpapi.Register(a.API, "POST", "/signal/{arn...}", "", "Signal a resource", a.signalResource,
		httpapi.ID("cloudformation_signal"), httpapi.Tag("signals"), httpapi.Status(http.StatusOK))
}

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
