package v1

import (
	"hearth/core"
	"hearth/core/engine"
)

// resourceView is a resource as the API presents it (heat/api/openstack/v1/resources.py
// format_resource).
type resourceView struct {
	UpdatedTime          string   `json:"updated_time" example:"2026-01-02T03:04:05Z"`
	CreationTime         string   `json:"creation_time" example:"2026-01-02T03:04:05Z"`
	LogicalResourceID    string   `json:"logical_resource_id" example:"server"`
	ResourceName         string   `json:"resource_name" example:"server"`
	PhysicalResourceID   string   `json:"physical_resource_id"`
	ResourceStatus       string   `json:"resource_status" example:"CREATE_COMPLETE"`
	ResourceStatusReason string   `json:"resource_status_reason"`
	ResourceType         string   `json:"resource_type" example:"OS::Nova::Server"`
	Links                []link   `json:"links" doc:"self, stack, and nested where there is a nested stack."`
	RequiredBy           []string `json:"required_by" doc:"The resources that depend on it."`
	ParentResource       string   `json:"parent_resource,omitempty" doc:"In a nested stack: the resource that this stack is."`
	Description          *string  `json:"description,omitempty" doc:"With detail."`
	Attributes           *object  `json:"attributes,omitempty" doc:"With detail."`
}

func (l linker) view(r *engine.ResourceView, detail bool) resourceView {
	v := resourceView{
		UpdatedTime: date(r.UpdatedAt), CreationTime: date(r.CreatedAt), LogicalResourceID: r.Name, ResourceName: r.Name,
		PhysicalResourceID: r.PhysicalID, ResourceStatus: r.State(), ResourceStatusReason: r.StatusReason, ResourceType: r.Type,
		Links: l.resource(r.Stack, r.Name, r.Nested), RequiredBy: r.RequiredBy, ParentResource: r.Parent,
	}
	if v.RequiredBy == nil {
		v.RequiredBy = []string{}
	}
	if detail {
		v.Description, v.Attributes = &r.Description, &object{r.Attributes}
	}
	return v
}

// identity names a stack or a resource in previews.
type identity struct {
	Tenant    string `json:"tenant"`
	StackName string `json:"stack_name"`
	StackID   string `json:"stack_id"`
	Path      string `json:"path"`
}

func identityOf(id core.Identifier) identity {
	return identity{id.Tenant, id.StackName, id.StackID, id.Path}
}
