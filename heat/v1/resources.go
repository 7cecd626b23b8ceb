package v1

import (
	"context"
	"maps"
	"slices"

	"hearth/core/engine"
	"hearth/core/httpapi"
	"hearth/core/yaml"
)

// ResourceRef is a resource of a stack in a path.
type ResourceRef struct {
	StackRef
	Resource string `path:"resource_name" example:"server"`
}

// resourceQuery documents the query of the list. Any other parameter is refused.
type resourceQuery struct {
	StackRef
	NestedDepth count    `query:"nested_depth" doc:"With the resources of nested stacks, so many levels down."`
	WithDetail  truth    `query:"with_detail" doc:"With description and attributes."`
	Type        []string `query:"type,explode" doc:"A part of the type."`
	Status      []string `query:"status,explode"`
	Name        []string `query:"name,explode"`
	Action      []string `query:"action,explode"`
	ID          []string `query:"id,explode"`
	PhysicalID  []string `query:"physical_resource_id,explode"`
}

var resourceFilters = []string{"type", "status", "name", "action", "id", "physical_resource_id"}

type resourceList struct {
	Body struct {
		Resources []resourceView `json:"resources"`
	}
}

func (a *API) listResources(ctx context.Context, in *resourceQuery) (*resourceList, error) {
	q := queryOf(ctx)
	depth := max(q.int("nested_depth"), 0)
	detail := q.bool("with_detail", false)
	if q.err != nil {
		return nil, q.err
	}
	var unknown []any
	for _, name := range slices.Sorted(maps.Keys(q.values)) {
		if name != "nested_depth" && name != "with_detail" && !slices.Contains(resourceFilters, name) {
			unknown = append(unknown, name)
		}
	}
	if unknown != nil {
		return nil, badRequest("Invalid filter parameters %s", yaml.Repr(unknown))
	}
	filter := engine.ResourceFilter{NestedDepth: depth, Filters: q.filters(resourceFilters...)}
	resources, err := a.engine.Resources(ctx, httpapi.CallerFrom(ctx), in.ref(), filter, detail)
	if err != nil {
		return nil, err
	}
	l := links(ctx)
	out := &resourceList{}
	out.Body.Resources = make([]resourceView, len(resources))
	for i := range resources {
		out.Body.Resources[i] = l.view(&resources[i], detail)
	}
	return out, nil
}

type shownResource struct {
	Body struct {
		Resource resourceView `json:"resource"`
	}
}

func (a *API) showResource(ctx context.Context, in *struct {
	ResourceRef
	WithAttr []string `query:"with_attr,explode" doc:"Attributes to show beside those of the type."`
}) (*shownResource, error) {
	with := httpapi.Request(ctx).URL.Query()["with_attr"]
	r, err := a.engine.Resource(ctx, httpapi.CallerFrom(ctx), in.ref(), in.Resource, with)
	if err != nil {
		return nil, err
	}
	out := &shownResource{}
	out.Body.Resource = links(ctx).view(r, true)
	return out, nil
}

type metadata struct {
	Body struct {
		Metadata object `json:"metadata"`
	}
}

func (a *API) resourceMetadata(ctx context.Context, in *ResourceRef) (*metadata, error) {
	m, err := a.engine.Metadata(ctx, httpapi.CallerFrom(ctx), in.ref(), in.Resource)
	if err != nil {
		return nil, err
	}
	out := &metadata{}
	out.Body.Metadata = object{m}
	return out, nil
}

// signalBody documents the body of a signal: any object, of which the type makes sense.
type signalBody map[string]any

func (a *API) signalResource(ctx context.Context, in *ResourceRef) (*null, error) {
	body, err := readObject(ctx)
	if err != nil {
		return nil, err
	}
	var details any
	if body != nil {
		details = body
	}
	return &null{}, a.engine.Signal(ctx, httpapi.CallerFrom(ctx), in.ref(), in.Resource, details)
}

// unhealthyBody documents the body of mark unhealthy.
type unhealthyBody struct {
	MarkUnhealthy        bool   `json:"mark_unhealthy" doc:"true: the next update replaces the resource; false: it is well again."`
	ResourceStatusReason string `json:"resource_status_reason,omitempty" example:"the disk is broken"`
}

func (a *API) markResource(ctx context.Context, in *ResourceRef) (*null, error) {
	body, err := needObject(ctx)
	if err != nil {
		return nil, err
	}
	for _, key := range body.Keys() {
		if key != "mark_unhealthy" && key != "resource_status_reason" {
			return nil, badRequest("Invalid keys in resource mark unhealthy {%s}", yaml.Repr(key))
		}
	}
	v := field(body, "mark_unhealthy")
	if v == nil {
		return nil, badRequest("Missing mandatory (mark_unhealthy) key from mark unhealthy request")
	}
	unhealthy, err := toBool("mark_unhealthy", literal(v))
	if err != nil {
		return nil, err
	}
	reason, _ := field(body, "resource_status_reason").(string)
	return &null{}, a.engine.MarkUnhealthy(ctx, httpapi.CallerFrom(ctx), in.ref(), in.Resource, unhealthy, reason)
}
