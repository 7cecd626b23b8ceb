package httpapi

import (
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// Option says more of an operation than its line.
type Option func(*settings)

type settings struct {
	id, tag     string
	description string
	status      int
	errors      []int
	rules       []string
	sole        bool
	security    []map[string][]string
	also        map[string]string // methods, with the security scheme of each
	parameters  []*huma.Param
	body        map[string]SchemaOf
	optional    bool // the body
	response    func(huma.Registry) *huma.Response
	empty       emptiness
}

// emptiness is whether a success may have no body where its type has one.
type emptiness int

const (
	neverEmpty emptiness = iota
	sometimesEmpty
	alwaysEmpty
)

// ID names the operation in the document, where its rule does not.
func ID(id string) Option { return func(s *settings) { s.id = id } }

// Tag groups the operation in the document.
func Tag(tag string) Option { return func(s *settings) { s.tag = tag } }

// Description says what the line of summary cannot.
func Description(text string) Option { return func(s *settings) { s.description = text } }

// Security names the schemes (Config.Security) of which one must be met, where they are not
// those of the whole API.
func Security(schemes ...string) Option {
	return func(s *settings) {
		for _, name := range schemes {
			s.security = append(s.security, map[string][]string{name: {}})
		}
	}
}

// AlsoBy documents that the operation is served by another method, too, to who comes with
// that security scheme.
func AlsoBy(method, scheme string) Option {
	return func(s *settings) { s.also = map[string]string{method: scheme} }
}

// Query documents parameters of the query that the input does not declare.
func Query(parameters ...*huma.Param) Option {
	return func(s *settings) { s.parameters = append(s.parameters, parameters...) }
}

// Status is that of success: 200, or 204 for an output without a body, when not said.
func Status(status int) Option { return func(s *settings) { s.status = status } }

// Errors are the statuses of failure beside 400, 401, 403, 500 and 503, which every operation
// has. With 401 the operation itself refuses callers, too, in the API's own shape.
func Errors(statuses ...int) Option {
	return func(s *settings) { s.errors = append(s.errors, statuses...) }
}

// Empty documents that a success has no body, whatever the output's type.
func Empty() Option { return func(s *settings) { s.empty = alwaysEmpty } }

// MayBeEmpty documents that a success may have no body, which JSON does not know: in the
// document it is the extension x-may-be-empty.
func MayBeEmpty() Option { return func(s *settings) { s.empty = sometimesEmpty } }

// Decides names rules that the handler itself asks (Enforce).
func Decides(rules ...string) Option {
	return func(s *settings) { s.rules = append(s.rules, rules...) }
}

// Sole makes other methods of the path, but OPTIONS, as unknown as a path that is not there:
// 404, not 405.
func Sole() Option { return func(s *settings) { s.sole = true } }

// Body documents the body of an operation that reads it by itself, in the shape of T; the
// type is JSON when none is given.
func Body[T any](contentTypes ...string) Option {
	if len(contentTypes) == 0 {
		contentTypes = []string{jsonType}
	}
	return func(s *settings) {
		if s.body == nil {
			s.body = map[string]SchemaOf{}
		}
		for _, ct := range contentTypes {
			s.body[ct] = Shape[T]
		}
	}
}

// BodyOf documents the body of an operation that reads it by itself, in a shape that is no
// type.
func BodyOf(contentType string, schema SchemaOf) Option {
	return func(s *settings) { s.body = map[string]SchemaOf{contentType: schema} }
}

// BodyIsOptional documents that the body may be left out.
func BodyIsOptional() Option { return func(s *settings) { s.optional = true } }

// SchemaOf gives a schema, whose parts it may put into the registry.
type SchemaOf func(huma.Registry) *huma.Schema

// Shape is the schema of the type T.
func Shape[T any](r huma.Registry) *huma.Schema { return r.Schema(reflect.TypeFor[T](), true, "Body") }

// Response documents an answer whose type the output does not tell, with the status of
// success: text or bytes of contentType in the shape of T.
func Response[T any](status int, contentType string) Option {
	return Content(status, map[string]SchemaOf{contentType: Shape[T]})
}

// Content documents an answer that has several types, with the status of success.
func Content(status int, types map[string]SchemaOf) Option {
	return func(s *settings) {
		s.status = status
		s.response = func(r huma.Registry) *huma.Response {
			out := &huma.Response{Description: http.StatusText(status), Content: map[string]*huma.MediaType{}}
			for t, schema := range types {
				out.Content[t] = &huma.MediaType{Schema: schema(r)}
			}
			return out
		}
	}
}

// keys gives the keys of a map in order.
func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
