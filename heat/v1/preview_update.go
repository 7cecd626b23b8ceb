package v1

import (
	"context"
	"slices"

	"hearth/core/engine"
	"hearth/core/httpapi"
)

type changes struct {
	Body struct {
		ResourceChanges resourceChanges `json:"resource_changes"`
	}
}

// resourceChanges is what an update would do.
type resourceChanges struct {
	Unchanged []previewResource `json:"unchanged"`
	Updated   []previewResource `json:"updated"`
	Replaced  []previewResource `json:"replaced"`
	Added     []previewResource `json:"added"`
	Deleted   []previewResource `json:"deleted"`
}

// previewQuery documents the query of the previews of updates.
type previewQuery struct {
	StackRef
	ShowNested truth `query:"show_nested" doc:"With the resources of nested stacks."`
}

// previewUpdate gives the previews of PUT and PATCH.
func (a *API) previewUpdate(p purpose) func(context.Context, *previewQuery) (*changes, error) {
	return func(ctx context.Context, in *previewQuery) (*changes, error) {
		q := queryOf(ctx)
		nested := q.bool("show_nested", false)
		if q.err != nil {
			return nil, q.err
		}
		req, _, err := a.updateRequest(ctx, p)
		if err != nil {
			return nil, err
		}
		caller := httpapi.CallerFrom(ctx)
		c, err := a.engine.PreviewUpdate(ctx, caller, in.ref(), req, nested)
		if err != nil {
			return nil, err
		}
		requiredBy(c)
		updateNested(c)
		found, err := a.realResources(ctx, in, c, nested)
		if err != nil {
			return nil, err
		}
		present := func(resources []engine.PreviewResource, real bool) []previewResource {
			out := make([]previewResource, len(resources))
			for i := range resources {
				r := &resources[i]
				if real {
					out[i] = previewOf(caller.ProjectID, r)
					found[resourceKey{r.StackName, r.Name}].add(&out[i])
					continue
				}
				r.PhysicalID = ""
				out[i] = previewOf(caller.ProjectID, r)
			}
			return out
		}
		out := &changes{}
		out.Body.ResourceChanges = resourceChanges{
			present(c.Unchanged, false), present(c.Updated, true), present(c.Replaced, false), present(c.Added, false), present(c.Deleted, true),
		}
		return out, nil
	}
}

// updateNested counts nested stacks among what is updated: Heat always looks into them,
// and lets their resources decide (heat/engine/resources/stack_resource.py _needs_update).
func updateNested(c *engine.Changes) {
	isNested := func(r engine.PreviewResource) bool { return r.Nested }
	for _, r := range c.Unchanged {
		if isNested(r) {
			c.Updated = append(c.Updated, r)
		}
	}
	c.Unchanged = slices.DeleteFunc(c.Unchanged, isNested)
}

type resourceKey struct{ stack, name string }

// real is a resource as it is now; nil when it is not there.
type real struct{ *engine.ResourceView }

// add shows the real state in a preview.
func (r real) add(v *previewResource) {
	if r.ResourceView == nil {
		return
	}
	v.UpdatedTime, v.CreationTime = dateOrNull(&r.UpdatedAt), dateOrNull(&r.CreatedAt)
	v.ResourceAction, v.ResourceStatus, v.ResourceStatusReason = string(r.Action), string(r.Status), r.StatusReason
	v.Description, v.Attributes = r.Description, object{r.Attributes}
	if r.Nested != nil {
		id := identityOf(*r.Nested)
		v.NestedStackID = &id
	}
}

// realResources finds what an update would change or delete: Heat shows those as they
// are, and all others as they will be.
func (a *API) realResources(ctx context.Context, in *previewQuery, c *engine.Changes, nested bool) (map[resourceKey]real, error) {
	if len(c.Updated)+len(c.Deleted) == 0 {
		return nil, nil
	}
	filter := engine.ResourceFilter{}
	if nested {
		filter.NestedDepth = a.engine.Limits.NestedDepth
	}
	views, err := a.engine.Resources(ctx, httpapi.CallerFrom(ctx), in.ref(), filter, true)
	out := make(map[resourceKey]real, len(views))
	for i := range views {
		out[resourceKey{views[i].Stack.StackName, views[i].Name}] = real{&views[i]}
	}
	return out, err
}

// requiredBy turns the requirements of resources around.
func requiredBy(c *engine.Changes) {
	by := map[resourceKey][]string{}
	lists := [][]engine.PreviewResource{c.Unchanged, c.Updated, c.Replaced, c.Added, c.Deleted}
	for _, list := range lists {
		for _, r := range list {
			for _, name := range r.Requires {
				key := resourceKey{r.StackName, name}
				by[key] = append(by[key], r.Name)
			}
		}
	}
	for _, list := range lists {
		for i := range list {
			list[i].RequiredBy = by[resourceKey{list[i].StackName, list[i].Name}]
			slices.Sort(list[i].RequiredBy)
		}
	}
}
