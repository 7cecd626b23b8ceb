package v1

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/httpapi"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// noID stands for the id of what is not stored.
const noID = "None"

// previewResource is a resource that does not exist yet, or as an update would find it
// (heat/engine/api.py format_stack_resource). In a preview of a create, a resource with a
// nested stack is the list of the nested resources.
type previewResource struct {
	UpdatedTime          *string   `json:"updated_time"`
	CreationTime         *string   `json:"creation_time"`
	ResourceName         string    `json:"resource_name" example:"server"`
	PhysicalResourceID   string    `json:"physical_resource_id"`
	ResourceAction       string    `json:"resource_action" example:"INIT"`
	ResourceStatus       string    `json:"resource_status" example:"COMPLETE"`
	ResourceStatusReason string    `json:"resource_status_reason"`
	ResourceType         string    `json:"resource_type" example:"OS::Nova::Server"`
	ResourceIdentity     identity  `json:"resource_identity"`
	StackIdentity        identity  `json:"stack_identity"`
	StackName            string    `json:"stack_name"`
	RequiredBy           []string  `json:"required_by"`
	ParentResource       string    `json:"parent_resource,omitempty"`
	NestedStackID        *identity `json:"nested_stack_id,omitempty"`
	Description          string    `json:"description"`
	Metadata             object    `json:"metadata"`
	Attributes           object    `json:"attributes"`
	Properties           *object   `json:"properties,omitempty" doc:"In a preview of a create."`
}

type previewedStack struct {
	Body struct {
		Stack previewStack `json:"stack"`
	}
}

// previewStack is a stack that is not stored: without status, with its resources.
type previewStack struct {
	StackShow
	Resources []previewItem `json:"resources"`
}

// previewItem is a resource or a list of nested ones.
type previewItem struct {
	resource *previewResource
	nested   []previewItem
}

// MarshalJSON implements json.Marshaler.
func (p previewItem) MarshalJSON() ([]byte, error) {
	if p.resource == nil {
		return json.Marshal(p.nested)
	}
	return json.Marshal(p.resource)
}

// Schema implements huma.SchemaProvider.
func (previewItem) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		r.Schema(reflect.TypeFor[previewResource](), true, ""),
		{Type: huma.TypeArray, Items: &huma.Schema{}, Description: "The resources of a nested stack, in the same form."},
	}}
}

func (a *API) previewStack(ctx context.Context, _ *struct{}) (*previewedStack, error) {
	req, err := a.createRequest(ctx)
	if err != nil {
		return nil, err
	}
	preview, err := a.engine.PreviewCreate(ctx, httpapi.CallerFrom(ctx), req)
	if err != nil {
		return nil, err
	}
	stack := preview.Stack
	stack.ID, stack.StackUserProjectID = noID, ""
	if stack.CreatedAt.IsZero() {
		stack.CreatedAt = time.Now()
	}
	v := links(ctx).show(&stack, true)
	v.StackStatus, v.StackStatusReason = "", nil
	parameters := preview.Parameters.Clone()
	parameters.Set("OS::stack_id", noID)
	if v.Parameters, err = yaml.EncodeJSON(parameters); err != nil {
		return nil, err
	}
	if v.Outputs, err = yaml.EncodeJSON(previewOutputs(req.Template)); err != nil {
		return nil, err
	}
	out := &previewedStack{}
	out.Body.Stack = previewStack{v, a.previewItems(stack.ProjectID, preview.Resources)}
	return out, nil
}

// previewOutputs are the outputs that a template in HOT or CFN declares, without values.
func previewOutputs(template *yaml.Node) []any {
	out := []any{}
	for _, words := range [][2]string{{"outputs", "description"}, {"Outputs", "Description"}} {
		section := template.Get(words[0])
		if section == nil {
			continue
		}
		for _, p := range section.Pairs {
			about := "No description given"
			if d := p.Value.Get(words[1]); !d.IsNull() {
				about = yaml.Str(d.Plain())
			}
			out = append(out, yaml.MapOf("output_key", p.Key, "description", about, "output_value", nil))
		}
	}
	return out
}

func (a *API) previewItems(project string, resources []engine.PreviewResource) []previewItem {
	out := make([]previewItem, len(resources))
	for i := range resources {
		r := &resources[i]
		if r.Nested {
			out[i].nested = a.previewItems(project, r.Children)
			continue
		}
		r.StackID = noID
		v := previewOf(project, r)
		v.Properties = &object{a.allProperties(r)}
		out[i].resource = &v
	}
	return out
}

// allProperties adds null for what has no value. What is not known yet is the default, or
// the nothing of its kind (heat/engine/properties.py Property.get_value).
func (a *API) allProperties(r *engine.PreviewResource) *yaml.Map {
	m := r.Properties.Clone()
	if t := a.engine.Registry().Lookup(r.Type); t != nil {
		for _, name := range slices.Sorted(maps.Keys(t.Properties)) {
			p := t.Properties[name]
			v, given := m.Get(name)
			switch {
			case v != nil:
			case given && p.Default != nil:
				m.Set(name, p.Default)
			case given:
				m.Set(name, nothing[p.Kind])
			default:
				m.Set(name, nil)
			}
		}
	}
	return m
}

// nothing is what Heat makes of null, by kind.
var nothing = map[schema.Kind]any{
	schema.String: "", schema.Any: "", schema.Integer: int64(0), schema.Number: int64(0), schema.Boolean: false,
	schema.List: []any{}, schema.Map: yaml.NewMap(0),
}

func previewOf(project string, r *engine.PreviewResource) previewResource {
	stack := core.Identifier{Tenant: project, StackName: r.StackName, StackID: r.StackID}
	if stack.StackID == "" {
		stack.StackID = noID
	}
	v := previewResource{
		ResourceName: r.Name, PhysicalResourceID: r.PhysicalID, ResourceAction: string(core.Init), ResourceStatus: string(core.Complete),
		ResourceType: r.Type, ResourceIdentity: identityOf(stack.Resource(r.Name)), StackIdentity: identityOf(stack), StackName: r.StackName,
		RequiredBy: r.RequiredBy, ParentResource: r.ParentName, Description: r.Description,
		Metadata: object{r.Metadata}, Attributes: object{r.Attributes},
	}
	if v.RequiredBy == nil {
		v.RequiredBy = []string{}
	}
	return v
}
