package engine

import (
	"context"
	"errors"

	"hearth/core"
	"hearth/core/store"
)

var eventColumns = map[string]string{
	"resource_action": "action", "resource_status": "status", "resource_name": "resource_name", "resource_type": "resource_type",
}

var eventSort = map[string]string{"event_time": "created_at", "created_at": "created_at", "resource_type": "resource_type"}

// Events gives the events of a stack, and of the stacks nested in it down to the depth
// asked for, newest first unless the filter says otherwise.
func (e *Engine) Events(ctx context.Context, caller *core.Caller, ref StackRef, f EventFilter) ([]EventView, error) {
	s, err := e.findIdentity(ctx, caller, ref)
	if err != nil {
		return nil, err
	}
	stacks, err := e.within(ctx, s, min(f.NestedDepth, e.Limits.NestedDepth))
	if err != nil {
		return nil, err
	}
	names := map[string]core.Identifier{}
	q := store.EventFilter{Columns: map[string][]string{}, Desc: f.SortDir == "desc", Marker: f.Marker, Limit: f.Limit, Properties: f.Properties}
	for i := range stacks {
		q.Stacks = append(q.Stacks, stacks[i].ID)
		names[stacks[i].ID] = stacks[i].Identifier()
	}
	for name, values := range f.Filters {
		if column, ok := eventColumns[name]; ok {
			q.Columns[column] = values
		}
	}
	if f.Resource != "" {
		q.Columns["resource_name"] = []string{f.Resource}
	}
	if q.Order, err = eventOrder(f); err != nil {
		return nil, err
	}
	list, err := e.Store.ListEvents(ctx, q)
	if errors.Is(err, store.ErrMarker) {
		return nil, core.EntityNotFound("Event", f.Marker)
	}
	if err != nil {
		return nil, err
	}
	if f.Resource != "" && len(list) == 0 {
		return nil, errNoResource(s, f.Resource)
	}
	root, err := e.rootOf(ctx, s)
	if err != nil {
		return nil, err
	}
	out := make([]EventView, len(list))
	for i := range list {
		list[i].StatusReason = listed(list[i].StatusReason)
		out[i] = EventView{Event: &list[i], Stack: names[list[i].StackID], Root: root}
	}
	return out, nil
}

func eventOrder(f EventFilter) ([]string, error) {
	var order []string
	for _, key := range f.SortKeys {
		column, ok := eventSort[key]
		if !ok {
			return nil, core.Errorf(core.Invalid, "Invalid", "Sort key %s is not one of event_time, resource_type.", key)
		}
		order = append(order, column)
	}
	if len(order) == 0 && f.SortDir != "" {
		order = []string{"created_at"}
	}
	return order, nil
}

// Event gives one event of a resource.
func (e *Engine) Event(ctx context.Context, caller *core.Caller, ref StackRef, resource, id string) (*EventView, error) {
	s, err := e.find(ctx, caller, ref)
	if err != nil {
		return nil, err
	}
	ev, err := e.Store.FindEvent(ctx, id)
	if err != nil {
		return nil, err
	}
	if ev == nil || ev.StackID != s.ID || ev.ResourceName != resource {
		return nil, core.EntityNotFound("Event", id)
	}
	root, err := e.rootOf(ctx, s)
	return &EventView{Event: ev, Stack: s.Identifier(), Root: root}, err
}

func (e *Engine) rootOf(ctx context.Context, s *core.Stack) (core.Identifier, error) {
	if s.RootID == s.ID {
		return s.Identifier(), nil
	}
	root, err := e.Store.FindStack(ctx, s.RootID)
	if err != nil || root == nil {
		return s.Identifier(), err
	}
	return root.Identifier(), nil
}
