package v1

import (
	"context"
	"strings"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/httpapi"
)

// stackQuery documents the query of the lists; stackFilters reads it. What it does not
// name is passed over.
type stackQuery struct {
	Limit        count    `query:"limit" doc:"At most so many stacks."`
	Marker       string   `query:"marker" doc:"The id of the last stack of the page before."`
	SortKeys     []string `query:"sort_keys,explode" doc:"stack_name, stack_status, creation_time, updated_time; newest first when not given."`
	SortDir      string   `query:"sort_dir" enum:"asc,desc"`
	ShowDeleted  truth    `query:"show_deleted"`
	ShowNested   truth    `query:"show_nested"`
	ShowHidden   truth    `query:"show_hidden" doc:"With stacks that carry a tag of hidden_stack_tags."`
	GlobalTenant truth    `query:"global_tenant" doc:"The stacks of all projects, for those who may."`
	WithCount    truth    `query:"with_count" doc:"With the number of stacks that match."`
	Tags         string   `query:"tags" doc:"With all of these tags, commas between them."`
	TagsAny      string   `query:"tags_any" doc:"With any of these tags."`
	NotTags      string   `query:"not_tags" doc:"Without all of these tags."`
	NotTagsAny   string   `query:"not_tags_any" doc:"Without any of these tags."`
	ID           []string `query:"id,explode"`
	Name         []string `query:"name,explode"`
	Status       []string `query:"status,explode" doc:"COMPLETE, or with the action CREATE_COMPLETE."`
	Action       []string `query:"action,explode"`
	Username     []string `query:"username,explode"`
	OwnerID      []string `query:"owner_id,explode"`

	Tenant             []string `query:"tenant,explode"`
	StackName          []string `query:"stack_name,explode" doc:"Another name of name."`
	StackStatus        []string `query:"stack_status,explode" doc:"Another name of status."`
	StackAction        []string `query:"stack_action,explode" doc:"Another name of action."`
	StackOwner         []string `query:"stack_owner,explode" doc:"Another name of username."`
	Parent             []string `query:"parent,explode" doc:"Another name of owner_id."`
	StackStatusReason  []string `query:"stack_status_reason,explode"`
	StackUserProjectID []string `query:"stack_user_project_id,explode"`
	DisableRollback    []string `query:"disable_rollback,explode"`
	TimeoutMins        []string `query:"timeout_mins,explode"`
}

// filterNames are the filters of the lists under all their names, with the engine's name
// (heat/api/openstack/v1/stacks.py _index).
var filterNames = map[string]string{
	"id": "id", "status": "status", "name": "name", "action": "action", "tenant": "tenant", "username": "username", "owner_id": "owner_id",
	"stack_name": "name", "stack_status": "status", "stack_action": "action", "stack_owner": "username", "parent": "owner_id",
	"stack_status_reason": "stack_status_reason", "stack_user_project_id": "stack_user_project_id",
	"disable_rollback": "disable_rollback", "timeout_mins": "timeout_mins",
}

// stackFilters reads the query of a list.
func stackFilters(q *query) engine.ListOptions {
	o := engine.ListOptions{
		Marker: q.values.Get("marker"), SortKeys: q.values["sort_keys"],
		ShowDeleted: q.bool("show_deleted", false), ShowNested: q.bool("show_nested", false), ShowHidden: q.bool("show_hidden", false),
		Tags: q.tags("tags"), TagsAny: q.tags("tags_any"), NotTags: q.tags("not_tags"), NotTagsAny: q.tags("not_tags_any"),
	}
	if dir := q.values.Get("sort_dir"); dir != "" {
		o.SortGiven, o.SortDesc = true, dir == "desc"
		if dir != "asc" && dir != "desc" && q.err == nil {
			q.err = badRequest("Invalid value for 'sort_dir': asc or desc is expected.")
		}
	}
	for name, values := range q.values {
		if filter, ok := filterNames[name]; ok {
			if o.Filters == nil {
				o.Filters = map[string][]string{}
			}
			o.Filters[filter] = append(o.Filters[filter], values...)
		}
	}
	return o
}

type stackList struct {
	Body struct {
		Stacks []stackEntry `json:"stacks"`
		Links  []link       `json:"links,omitempty" doc:"To the next page, when this one is full."`
		Count  *int         `json:"count,omitempty"`
	}
}

func (a *API) listStacks(ctx context.Context, _ *stackQuery) (*stackList, error) {
	q := queryOf(ctx)
	global := q.bool("global_tenant", false)
	if q.err == nil && global {
		if err := httpapi.Enforce(ctx, "stacks:global_index"); err != nil {
			return nil, err
		}
	}
	return a.list(ctx, q, global, httpapi.CallerFrom(ctx).IsAdmin())
}

func (a *API) detailStacks(ctx context.Context, _ *stackQuery) (*stackList, error) {
	return a.list(ctx, queryOf(ctx), false, false)
}

func (a *API) list(ctx context.Context, q *query, global, project bool) (*stackList, error) {
	o := stackFilters(q)
	o.AllProjects = global
	if strings.TrimSpace(q.values.Get("with_count")) != "" {
		o.WithCount = q.bool("with_count", false)
	}
	limit := q.int("limit")
	if q.err != nil {
		return nil, q.err
	}
	out := &stackList{}
	out.Body.Stacks = []stackEntry{}
	if limit == 0 && !o.WithCount {
		return out, nil
	}
	o.Limit = max(limit, 0)
	caller := httpapi.CallerFrom(ctx)
	stacks, total, err := a.engine.List(ctx, caller, o)
	if core.ErrorCode(err) == core.NotFound && o.Marker != "" {
		o.Marker = "" // Heat passes over a marker that it does not know
		stacks, total, err = a.engine.List(ctx, caller, o)
	}
	if err != nil {
		return nil, err
	}
	if o.WithCount {
		out.Body.Count = &total
	}
	if limit == 0 {
		return out, nil
	}
	l := links(ctx)
	for i := range stacks {
		out.Body.Stacks = append(out.Body.Stacks, l.entry(&stacks[i], project))
	}
	if n := len(stacks); n > 0 && n == limit {
		out.Body.Links = next(ctx, stacks[n-1].ID)
	}
	return out, nil
}
