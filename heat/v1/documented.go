package v1

import (
	_ "embed"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"hearth/core/engine"
)

// examples are those of the document, made of testdata by the test of exchanges.
//
//go:embed examples.json
var examples []byte

// The shapes of answers whose JSON is made of what is stored, for the document alone.

// documentedEnvironment is the environment of a stack, with all its sections.
type documentedEnvironment struct {
	ResourceRegistry  map[string]any `json:"resource_registry" doc:"Types and files by the names that they replace; under resources by resources."`
	Parameters        map[string]any `json:"parameters" doc:"Values of parameters; hidden ones are ******."`
	ParameterDefaults map[string]any `json:"parameter_defaults"`
	EventSinks        []any          `json:"event_sinks"`
	EncryptedParams   []string       `json:"encrypted_param_names"`
	MergeStrategies   map[string]any `json:"parameter_merge_strategies,omitempty"`
}

// exportedStack is a stack as abandon and export tell it, and adopt takes it.
type exportedStack struct {
	Name               string                      `json:"name" example:"web"`
	ID                 string                      `json:"id"`
	Action             string                      `json:"action" example:"CREATE"`
	Status             string                      `json:"status" example:"COMPLETE"`
	Environment        map[string]any              `json:"environment"`
	Files              map[string]string           `json:"files"`
	Template           map[string]any              `json:"template"`
	Resources          map[string]exportedResource `json:"resources" doc:"By name."`
	ProjectID          string                      `json:"project_id"`
	StackUserProjectID *string                     `json:"stack_user_project_id"`
	Tags               []string                    `json:"tags"`
}

// exportedResource is a resource, the stack that it is, or nothing of one that a nested
// stack keeps.
type exportedResource struct{}

// Schema implements huma.SchemaProvider.
func (exportedResource) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		r.Schema(reflect.TypeFor[plainResource](), true, ""),
		{Ref: "#/components/schemas/ExportedStack"}, // by its name: it is what is being described
		r.Schema(reflect.TypeFor[keptElsewhere](), true, ""),
	}}
}

// plainResource is a resource of an exported stack.
type plainResource struct {
	Name         string            `json:"name" example:"server"`
	ResourceID   *string           `json:"resource_id" doc:"Of the object."`
	Type         string            `json:"type" example:"OS::Nova::Server"`
	Action       string            `json:"action" example:"CREATE"`
	Status       string            `json:"status" example:"COMPLETE"`
	Metadata     map[string]any    `json:"metadata"`
	ResourceData map[string]string `json:"resource_data" doc:"What the type keeps of it, secrets included."`
}

// keptElsewhere is {}.
type keptElsewhere struct{}

// listedType is an entry of the list of resource types: a name, or a typeEntry.
type listedType struct{ value any }

// MarshalJSON implements json.Marshaler.
func (l listedType) MarshalJSON() ([]byte, error) { return json.Marshal(l.value) }

// Schema implements huma.SchemaProvider.
func (listedType) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		{Type: huma.TypeString, Examples: []any{"OS::Nova::Server"}},
		r.Schema(reflect.TypeFor[typeEntry](), true, ""),
	}}
}

// signatureScheme is the security scheme of signed addresses.
const signatureScheme = "signature"

var security = map[string]*huma.SecurityScheme{signatureScheme: {
	Type: "apiKey", In: "query", Name: engine.SignatureParam,
	Description: "The signature of an address that is good for signals to one resource, and needs no token.",
}}

// Texts of operations that a line of summary does not do justice.
const (
	aboutLookup = "The answer leads to the path of name and id, where the client repeats method, query and body."
	aboutUpdate = "The template takes the place of the one there is; parameters that the request does not name go back to their defaults. What is changed, replaced, added and removed follows from the two templates: PUT …/preview tells it beforehand."
	aboutPatch  = "What the request does not name stays: the template, the environment, the files and the values of parameters."
	aboutCreate = "The stack is made in the background: follow stack_status, or the events. A stack with adopt_stack_data takes over the objects of an abandoned one."
	aboutAction = "The body has one key, the action; its value does not matter."
	aboutSignal = "The body is any JSON object, or none: what it means is up to the type of the resource. Wait conditions take status, reason, id and data; deployments their outputs. It is JSON even where its sender calls it a form."
	aboutDelete = "The stack is removed in the background, and then shown no more."
)
