package v1

import (
	"context"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/httpapi"
)

// EventQuery documents the query of the lists; other parameters are passed over.
type EventQuery struct {
	Limit          count    `query:"limit" doc:"At most so many events."`
	Marker         string   `query:"marker" doc:"The id of the last event of the page before."`
	SortKeys       []string `query:"sort_keys,explode" doc:"event_time, resource_type; newest first when not given."`
	SortDir        string   `query:"sort_dir" enum:"asc,desc"`
	NestedDepth    count    `query:"nested_depth" doc:"With the events of nested stacks, so many levels down."`
	ResourceAction []string `query:"resource_action,explode"`
	ResourceStatus []string `query:"resource_status,explode"`
	ResourceName   []string `query:"resource_name,explode"`
	ResourceType   []string `query:"resource_type,explode"`
}

// eventView is an event as the API presents it (heat/api/openstack/v1/events.py
// format_event).
type eventView struct {
	ID                   string                 `json:"id"`
	Links                []link                 `json:"links" doc:"self, resource, stack, and root_stack when nested_depth is given."`
	EventTime            string                 `json:"event_time" example:"2026-01-02T03:04:05Z"`
	LogicalResourceID    string                 `json:"logical_resource_id" example:"server"`
	ResourceName         string                 `json:"resource_name" example:"server"`
	PhysicalResourceID   *string                `json:"physical_resource_id"`
	ResourceStatus       string                 `json:"resource_status" example:"CREATE_COMPLETE"`
	ResourceStatusReason string                 `json:"resource_status_reason" example:"state changed"`
	ResourceType         string                 `json:"resource_type,omitempty" doc:"Of a single event."`
	ResourceProperties   shaped[map[string]any] `json:"resource_properties,omitempty" doc:"Of a single event."`
}

func (l linker) event(e *engine.EventView, nested, detail bool) eventView {
	resource := e.Stack.Resource(e.ResourceName)
	self := resource
	self.Path += "/events/" + e.ID
	v := eventView{
		ID: e.ID, Links: append(make([]link, 0, 4), link{l.to(self), "self"}, link{l.to(resource), "resource"}, link{l.to(e.Stack), "stack"}),
		EventTime: date(e.CreatedAt), LogicalResourceID: e.ResourceName, ResourceName: e.ResourceName, PhysicalResourceID: textOrNull(e.PhysicalID),
		ResourceStatus: core.State(e.Action, e.Status), ResourceStatusReason: e.StatusReason,
	}
	if nested {
		v.Links = append(v.Links, link{l.to(e.Root), "root_stack"})
	}
	if detail {
		v.ResourceType, v.ResourceProperties = e.ResourceType, shaped[map[string]any](e.Properties)
		if len(v.ResourceProperties) == 0 {
			v.ResourceProperties = []byte("{}")
		}
	}
	return v
}

type eventList struct {
	Body struct {
		Events []eventView `json:"events"`
	}
}

func (a *API) listEvents(ctx context.Context, in *struct {
	StackRef
	EventQuery
}) (*eventList, error) {
	return a.events(ctx, in.ref(), nil)
}

func (a *API) listResourceEvents(ctx context.Context, in *struct {
	ResourceRef
	EventQuery
}) (*eventList, error) {
	out, err := a.events(ctx, in.ref(), []string{in.Resource})
	if err == nil && len(out.Body.Events) == 0 {
		return nil, core.Errorf(core.NotFound, "HTTPNotFound", "No events found for resource %s", in.Resource)
	}
	return out, err
}

// events lists the events of a stack, or of the resources of it that are named.
func (a *API) events(ctx context.Context, stack engine.StackRef, resources []string) (*eventList, error) {
	q := queryOf(ctx)
	limit, depth := q.int("limit"), q.int("nested_depth")
	if q.err != nil {
		return nil, q.err
	}
	out := &eventList{}
	out.Body.Events = []eventView{}
	filter := engine.EventFilter{
		Limit: max(limit, 0), Marker: q.values.Get("marker"), SortKeys: q.values["sort_keys"], SortDir: q.values.Get("sort_dir"),
		NestedDepth: max(depth, 0), Filters: q.filters("resource_action", "resource_status", "resource_name", "resource_type"),
	}
	if resources != nil {
		if filter.Filters == nil {
			filter.Filters = map[string][]string{}
		}
		filter.Filters["resource_name"] = resources
	}
	caller := httpapi.CallerFrom(ctx)
	events, err := a.engine.Events(ctx, caller, stack, filter)
	if core.ErrorCode(err) == core.NotFound && filter.Marker != "" {
		filter.Marker = "" // Heat passes over a marker that it does not know
		events, err = a.engine.Events(ctx, caller, stack, filter)
	}
	if err != nil || limit == 0 {
		return out, err
	}
	l := links(ctx)
	for i := range events {
		out.Body.Events = append(out.Body.Events, l.event(&events[i], depth > 0, false))
	}
	return out, nil
}

type shownEvent struct {
	Body struct {
		Event eventView `json:"event"`
	}
}

func (a *API) showEvent(ctx context.Context, in *struct {
	ResourceRef
	Event string `path:"event_id" format:"uuid"`
}) (*shownEvent, error) {
	caller := httpapi.CallerFrom(ctx)
	e, err := a.engine.Event(ctx, caller, in.ref(), in.Resource, in.Event)
	if core.ErrorCode(err) == core.NotFound {
		if _, err := a.engine.Show(ctx, caller, in.ref()); err != nil {
			return nil, err
		}
		return nil, core.Errorf(core.NotFound, "HTTPNotFound", "No event %s found", in.Event)
	}
	if err != nil {
		return nil, err
	}
	out := &shownEvent{}
	out.Body.Event = links(ctx).event(e, false, true)
	return out, nil
}
