package v1

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"hearth/core/yaml"
)

// The types of values whose JSON is made elsewhere, with what the document says of them.

// shaped is JSON as it is stored, of the shape of T.
type shaped[T any] []byte

// MarshalJSON implements json.Marshaler.
func (s shaped[T]) MarshalJSON() ([]byte, error) {
	if len(s) == 0 {
		return []byte("null"), nil
	}
	return s, nil
}

// Schema implements huma.SchemaProvider.
func (shaped[T]) Schema(r huma.Registry) *huma.Schema {
	return huma.SchemaFromType(r, reflect.TypeFor[T]())
}

// object is a map in its own order; a nil one is {}.
type object struct{ m *yaml.Map }

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	if o.m == nil {
		return []byte("{}"), nil
	}
	return yaml.EncodeJSON(o.m)
}

// Schema implements huma.SchemaProvider.
func (object) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// templateValue documents what is an object or a text.
type templateValue struct{}

// Schema implements huma.SchemaProvider.
func (templateValue) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		{Type: huma.TypeObject, AdditionalProperties: true},
		{Type: huma.TypeString},
		{Type: "null"}, // as good as nothing: python-heatclient sends it with --existing
	}}
}

// truth is a boolean in a query: true or false in any case, read by the handler.
type truth string

// Schema implements huma.SchemaProvider.
func (truth) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeBoolean, Default: false}
}

// untruth is a truth that is true when it is not given.
type untruth string

// Schema implements huma.SchemaProvider.
func (untruth) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeBoolean, Default: true}
}

// flag documents a boolean of a body, which may come as text, too.
type flag struct{}

// Schema implements huma.SchemaProvider.
func (flag) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{AnyOf: []*huma.Schema{
		{Type: huma.TypeBoolean},
		{Type: huma.TypeString, Pattern: "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$"},
	}}
}

// minutes documents a number of a body above 0, which may come as text, too.
type minutes struct{}

// Schema implements huma.SchemaProvider.
func (minutes) Schema(huma.Registry) *huma.Schema {
	one := 1.0
	return &huma.Schema{AnyOf: []*huma.Schema{
		{Type: huma.TypeInteger, Minimum: &one},
		{Type: huma.TypeString, Pattern: "^[1-9][0-9]*$"},
	}}
}

// count is an integer in a query, read by the handler.
type count string

// Schema implements huma.SchemaProvider.
func (count) Schema(huma.Registry) *huma.Schema {
	zero := 0.0
	return &huma.Schema{Type: huma.TypeInteger, Minimum: &zero}
}

// jsonAnswer is an answer whose JSON exists already.
type jsonAnswer struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func rawJSON(b []byte) *jsonAnswer { return &jsonAnswer{"application/json", b} }

// null is an answer of 200 without content: the JSON null.
type null struct{ Body jsonNull }

// jsonNull is null.
type jsonNull struct{}

// MarshalJSON implements json.Marshaler.
func (jsonNull) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// Schema implements huma.SchemaProvider.
func (jsonNull) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Type: "null"} }

// accepted is webob's answer of 202.
type accepted struct{ Body webobBody }

func acceptedAnswer() *accepted {
	return &accepted{webob(202, "The request is accepted for processing.<br /><br />\n\n\n")}
}
