package cfn

import (
	"context"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/yaml"
)

func (a *API) describeResource(ctx context.Context, caller *core.Caller, in *input) (any, error) {
	id, err := a.find(ctx, caller, in)
	if err != nil {
		return nil, err
	}
	name, err := in.need("LogicalResourceId")
	if err != nil {
		return nil, err
	}
	r, err := a.engine.Resource(ctx, caller, refOf(id), name, nil)
	if err != nil {
		return nil, err
	}
	metadata, err := a.engine.Metadata(ctx, caller, refOf(id), name)
	if err != nil {
		return nil, err
	}
	if metadata == nil {
		metadata = yaml.NewMap(0)
	}
	return yaml.MapOf("StackResourceDetail", yaml.MapOf(
		"Description", r.Description, "LastUpdatedTimestamp", date(r.UpdatedAt), "LogicalResourceId", r.Name, "Metadata", metadata,
		"PhysicalResourceId", r.PhysicalID, "ResourceStatusReason", r.StatusReason, "ResourceType", r.Type,
		"StackId", stackARN(r.Stack), "StackName", r.Stack.StackName, "ResourceStatus", r.State())), nil
}

// describeResources shows the resources of the stack that is named, or of the one that has
// the resource PhysicalResourceId.
func (a *API) describeResources(ctx context.Context, caller *core.Caller, in *input) (any, error) {
	if in.Get("StackName") != "" && in.Get("PhysicalResourceId") != "" {
		return nil, errCombination.with("Use `StackName` or `PhysicalResourceId` but not both")
	}
	var id core.Identifier
	var err error
	if in.Has("StackName") {
		id, err = a.find(ctx, caller, in)
	} else {
		var physical string
		if physical, err = in.need("PhysicalResourceId"); err == nil {
			id, err = a.engine.IdentifyByPhysicalID(ctx, caller, physical)
		}
	}
	if err != nil {
		return nil, err
	}
	var filter engine.ResourceFilter
	if name := in.Get("LogicalResourceId"); name != "" {
		filter.Filters = map[string][]string{"name": {name}}
	}
	resources, err := a.engine.Resources(ctx, caller, refOf(id), filter, true)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(resources))
	for i := range resources {
		r := &resources[i]
		out[i] = yaml.MapOf(
			"Description", r.Description, "LogicalResourceId", r.Name, "PhysicalResourceId", r.PhysicalID, "ResourceStatusReason", r.StatusReason,
			"ResourceType", r.Type, "StackId", stackARN(r.Stack), "StackName", r.Stack.StackName, "Timestamp", date(r.UpdatedAt), "ResourceStatus", r.State())
	}
	return yaml.MapOf("StackResources", out), nil
}

func (a *API) listResources(ctx context.Context, caller *core.Caller, in *input) (any, error) {
	id, err := a.find(ctx, caller, in)
	if err != nil {
		return nil, err
	}
	resources, err := a.engine.Resources(ctx, caller, refOf(id), engine.ResourceFilter{}, false)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(resources))
	for i := range resources {
		r := &resources[i]
		out[i] = yaml.MapOf(
			"LastUpdatedTimestamp", date(r.UpdatedAt), "LogicalResourceId", r.Name, "PhysicalResourceId", r.PhysicalID,
			"ResourceStatusReason", r.StatusReason, "ResourceType", r.Type, "ResourceStatus", r.State())
	}
	return yaml.MapOf("StackResourceSummaries", out), nil
}
