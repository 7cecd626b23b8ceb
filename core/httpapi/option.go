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
	id, tag  string
	status   int
	errors   []int
	rules    []string
	sole     bool
	body     map[string]bodyDoc
	response func(huma.Registry) *huma.Response
}

// ID names the operation in the document, where its rule does not.
func ID(id string) Option { return func(s *settings) { s.id = id } }

// Tag groups the operation in the document.
func Tag(tag string) Option { return func(s *settings) { s.tag = tag } }

// Status is that of success: 200, or 204 for an output without a body, when not said.
func Status(status int) Option { return func(s *settings) { s.status = status } }

// Errors are the statuses of failure beside 400, 401, 403 and 500, which every operation has.
func Errors(statuses ...int) Option { return func(s *settings) { s.errors = statuses } }

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
			s.body = map[string]bodyDoc{}
		}
		for _, ct := range contentTypes {
			s.body[ct] = func(r huma.Registry) *huma.Schema {
				return r.Schema(reflect.TypeFor[T](), true, "Body")
			}
		}
	}
}

type bodyDoc func(huma.Registry) *huma.Schema

// Response documents an answer whose type the output does not tell, with the status of
// success: text or bytes of contentType in the shape of T.
func Response[T any](status int, contentType string) Option {
	return func(s *settings) {
		s.status = status
		s.response = func(r huma.Registry) *huma.Response {
			schema := r.Schema(reflect.TypeFor[T](), true, "Answer")
			return &huma.Response{Description: http.StatusText(status), Content: map[string]*huma.MediaType{contentType: {Schema: schema}}}
		}
	}
}

// keys gives the keys of a map in order.
func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
