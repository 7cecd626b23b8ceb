package api

import (
	_ "embed"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"hearth/core/httpapi"
)

// examples are those of the document, made of testdata by the test of exchanges.
//
//go:embed examples.json
var examples []byte

// The shapes of answers and parameters for the document alone.

// faultModels are the shapes of errors by media type.
var faultModels = map[string]any{
	typeJSON:     faults{}.Model(),
	"text/html":  htmlFault{},
	"text/plain": "",
}

// htmlFault is what goes by the name of HTML: a page, or the JSON of an exception.
type htmlFault struct{}

// Schema implements huma.SchemaProvider.
func (htmlFault) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		r.Schema(reflect.TypeFor[wrapped](), true, ""),
		{Type: huma.TypeString, Description: "A page."},
	}}
}

// application is an object of the model; what else it has is its class's.
type application struct {
	_      struct{}       `additionalProperties:"true"`
	Header map[string]any `json:"?,omitempty" doc:"id, type and name of the object."`
	Name   any            `json:"name,omitempty"`
}

// applications is an application or a list of them.
type applications struct{}

// Schema implements huma.SchemaProvider.
func (applications) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		r.Schema(reflect.TypeFor[application](), true, ""),
		r.Schema(reflect.TypeFor[[]application](), true, ""),
	}}
}

// binary is the body of a file.
func binary(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "binary"}
}

// Types of parameters.
var (
	boolean = huma.Schema{Type: huma.TypeBoolean}
	text    = huma.Schema{Type: huma.TypeString}
	number  = huma.Schema{Type: huma.TypeInteger, Minimum: new(1.0)}
)

// list is a parameter that may stand several times.
func list(of huma.Schema) huma.Schema { return huma.Schema{Type: huma.TypeArray, Items: &of} }

func oneOf(values ...any) huma.Schema { return huma.Schema{Type: huma.TypeString, Enum: values} }

// query describes a parameter of the query.
func query(name, about string, schema huma.Schema) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: about, Schema: &schema}
}

// inSession documents that a request may say as which session it sees the environment.
func inSession(required bool) httpapi.Option {
	return httpapi.Query(&huma.Param{Name: sessionHeader, In: "header", Required: required, Description: "The session whose changes count.", Schema: &text})
}

const sessionHeader = "X-Configuration-Session"

// packageSearch are the parameters of a search for packages; others are passed over.
var packageSearch = []*huma.Param{
	query("id", "Any of these, or in:a,b,\"c,d\".", list(text)),
	query("category", "Any of these, or in:a,b.", list(text)),
	query("tag", "Any of these, or in:a,b.", list(text)),
	query("class_name", "A class of the package.", text),
	query("fqn", "The full name.", text),
	query("name", "The name.", text),
	query("type", "Application or Library, in any case of letters.", text),
	query("owned", "Only those of the project.", boolean),
	query("include_disabled", "Those that are disabled, too.", boolean),
	query("search", "Words, between commas or semicolons, anywhere in the package's texts. What matches in the name comes first.", text),
	query("order_by", "fqn, name or created; others are passed over.", list(text)),
	query("sort_dir", "The direction.", oneOf("asc", "desc")),
	query("limit", "How many at most: 20 when not said, never more than 100.", number),
	query("marker", "The id of the last package of the page before.", text),
	query("version", "Changes nothing: muranoclient says it when a package is in the way of an import.", text),
	query("catalog", "Only those that the project can deploy, for administrators, too.", boolean),
}

// categoryOrder are the parameters of a list of categories.
var categoryOrder = []*huma.Param{
	query("sort_keys", "A list of name, created, updated, package_count and id, between commas.", text),
	query("sort_dir", "The direction.", oneOf("asc", "desc")),
	query("limit", "How many at most.", number),
	query("marker", "The id of the last category of the page before.", text),
}
