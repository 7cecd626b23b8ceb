package v1

import (
	"context"
	"slices"

	"hearth/core/httpapi"
)

// stackActions are the names of what can be done to a stack (heat/api/openstack/v1/actions.py);
// retry is ours.
var stackActions = []string{"suspend", "resume", "check", "cancel_update", "cancel_without_rollback", "retry"}

// actionRules are the rules of the actions, one each.
func actionRules() []string {
	out := make([]string, len(stackActions))
	for i, name := range stackActions {
		out[i] = "actions:" + name
	}
	return out
}

// actionBody documents the body of an action: exactly one key, whose value does not matter.
type actionBody struct {
	Suspend               any `json:"suspend,omitempty"`
	Resume                any `json:"resume,omitempty"`
	Check                 any `json:"check,omitempty"`
	CancelUpdate          any `json:"cancel_update,omitempty"`
	CancelWithoutRollback any `json:"cancel_without_rollback,omitempty"`
	Retry                 any `json:"retry,omitempty" doc:"Go on with an action that has failed."`
}

func (a *API) actOnStack(ctx context.Context, in *StackRef) (*null, error) {
	body, err := readObject(ctx)
	if err != nil {
		return nil, err
	}
	keys := body.Keys()
	switch {
	case len(keys) == 0:
		return nil, badRequest("No action specified")
	case len(keys) > 1:
		return nil, badRequest("Multiple actions specified")
	case !slices.Contains(stackActions, keys[0]):
		return nil, badRequest("Invalid action %s specified", keys[0])
	}
	if err := httpapi.Enforce(ctx, "actions:"+keys[0]); err != nil {
		return nil, err
	}
	return &null{}, a.engine.Act(ctx, httpapi.CallerFrom(ctx), in.ref(), keys[0])
}
