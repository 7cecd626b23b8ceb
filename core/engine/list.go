package engine

import (
	"context"
	"errors"

	"hearth/core"
	"hearth/core/store"
)

// sortColumns are the sort keys of stack lists and their columns.
var sortColumns = map[string]string{
	"stack_name": "name", "name": "name", "stack_status": "status", "status": "status",
	"creation_time": "created_at", "created_at": "created_at", "updated_time": "updated_order", "updated_at": "updated_order",
}

// filterColumns are the filters of stack lists and their columns.
var filterColumns = map[string]string{
	"id": "id", "stack_id": "id", "name": "name", "stack_name": "name", "status": "status", "stack_status": "status",
	"action": "action", "stack_action": "action", "username": "username", "stack_owner": "username",
	"owner_id": "owner_id", "tenant": "project_id",
}

// List gives the stacks that o selects, without their contents (parameters, outputs,
// failures), and how many there are in all when o asks for it.
func (e *Engine) List(ctx context.Context, caller *core.Caller, o ListOptions) (stacks []core.Stack, total int, err error) {
	f := store.StackFilter{Project: caller.ProjectID, Deleted: o.ShowDeleted, Nested: o.ShowNested, Marker: o.Marker, Limit: o.Limit,
		Tags: store.TagFilter{All: o.Tags, Any: o.TagsAny, NotAll: o.NotTags, NotAny: o.NotTagsAny}}
	if o.AllProjects {
		f.Project = ""
	}
	if !o.ShowHidden {
		f.HideTags = e.HiddenTags
	}
	f.Columns = stackColumns(o.Filters)
	for _, key := range o.SortKeys {
		if column, ok := sortColumns[key]; ok {
			f.Order, f.Desc = append(f.Order, column), o.SortDesc
		}
	}
	if len(f.Order) == 0 && o.SortGiven {
		f.Order, f.Desc = []string{"created_at"}, o.SortDesc
	}
	if stacks, err = e.Store.ListStacks(ctx, f); err != nil {
		if errors.Is(err, store.ErrMarker) {
			return nil, 0, core.EntityNotFound("Stack", o.Marker)
		}
		return nil, 0, err
	}
	for i := range stacks {
		stacks[i].StatusReason = listed(stacks[i].StatusReason)
	}
	if o.WithCount {
		total, err = e.Store.CountStacksBy(ctx, f)
	}
	return stacks, total, err
}

// stackColumns turns filters into columns; a status may be given as ACTION_STATUS.
func stackColumns(filters map[string][]string) map[string][]string {
	out := map[string][]string{}
	for name, values := range filters {
		column, ok := filterColumns[name]
		if !ok {
			continue
		}
		if column == "status" {
			var actions, statuses []string
			for _, v := range values {
				if a, st, ok := core.ParseState(v); ok {
					actions, statuses = append(actions, string(a)), append(statuses, string(st))
				} else {
					statuses = append(statuses, v)
				}
			}
			if len(actions) == len(values) {
				out["action"] = actions
			}
			values = statuses
		}
		out[column] = values
	}
	return out
}
