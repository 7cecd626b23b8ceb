package cfn

import (
	"context"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/yaml"
)

// describeEvents lists the events of the stack that is named, or of all.
func (a *API) describeEvents(ctx context.Context, caller *core.Caller, in *input) (any, error) {
	var ids []core.Identifier
	if in.Get("StackName") != "" {
		id, err := a.find(ctx, caller, in)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	} else {
		stacks, _, err := a.engine.List(ctx, caller, engine.ListOptions{})
		if err != nil {
			return nil, err
		}
		for i := range stacks {
			ids = append(ids, stacks[i].Identifier())
		}
	}
	out := []any{}
	for _, id := range ids {
		events, err := a.engine.Events(ctx, caller, refOf(id), engine.EventFilter{Properties: true})
		if err != nil {
			return nil, err
		}
		for i := range events {
			view, err := describeEvent(&events[i])
			if err != nil {
				return nil, err
			}
			out = append(out, view)
		}
	}
	return yaml.MapOf("StackEvents", out), nil
}

func describeEvent(e *engine.EventView) (*yaml.Map, error) {
	properties, err := decodeMap(e.Properties)
	if err != nil {
		return nil, err
	}
	return yaml.MapOf(
		"EventId", e.ID, "LogicalResourceId", e.ResourceName, "PhysicalResourceId", textOrNull(e.PhysicalID), "ResourceProperties", yaml.Dumps(properties, false),
		"ResourceStatusReason", e.StatusReason, "ResourceType", e.ResourceType, "StackId", stackARN(e.Stack), "StackName", e.Stack.StackName,
		"Timestamp", date(e.CreatedAt), "ResourceStatus", core.State(e.Action, e.Status)), nil
}
