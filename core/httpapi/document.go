package httpapi

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
)

// DocumentOperation puts an operation into the document as clients see it: with the
// parameters of the API's prefix, its body, its rules and the API's own errors.
func (a *API) DocumentOperation(op *huma.Operation) {
	s := op.Metadata[settingsKey].(*settings)
	d := *op
	d.Path = strings.ReplaceAll(d.Path, "...}", "}")
	d.Description, d.Security = s.description, s.security
	d.Parameters = append(a.pathParameters(&d), restOfPath(op)...)
	d.Parameters = append(d.Parameters, s.parameters...)
	if len(s.body) > 0 {
		d.RequestBody = &huma.RequestBody{Required: !s.optional, Content: map[string]*huma.MediaType{}}
		for _, ct := range keys(s.body) {
			d.RequestBody.Content[ct] = &huma.MediaType{Schema: s.body[ct](a.OpenAPI().Components.Schemas)}
		}
	}
	d.Responses = map[string]*huma.Response{}
	for status, r := range op.Responses {
		if status != "default" && status < "400" {
			d.Responses[status] = s.empty.response(a.withHeaders(r))
		}
	}
	statuses := append([]int{http.StatusBadRequest, http.StatusInternalServerError}, s.errors...)
	if a.cfg.Authenticate != nil {
		statuses = append(statuses, http.StatusUnauthorized, http.StatusForbidden, http.StatusServiceUnavailable)
	}
	for _, status := range statuses {
		d.Responses[strconv.Itoa(status)] = a.faultResponse(status)
	}
	if slices.Contains(s.errors, http.StatusUnauthorized) {
		d.Responses[strconv.Itoa(http.StatusUnauthorized)] = a.refusedResponse()
	}
	if rules := strings.Join(s.rules, " "); strings.TrimSpace(rules) != "" {
		d.Extensions = map[string]any{"x-policy-rules": strings.Fields(rules)}
	}
	a.illustrate(&d)
	a.OpenAPI().AddOperation(&d)
	for method, scheme := range s.also {
		other := d
		other.Method, other.OperationID = method, d.OperationID+"_"+strings.ToLower(method)
		other.Security = []map[string][]string{{scheme: {}}}
		other.Responses = maps.Clone(d.Responses)
		other.Responses[strconv.Itoa(http.StatusMethodNotAllowed)] = a.faultResponse(http.StatusMethodNotAllowed)
		a.OpenAPI().AddOperation(&other)
	}
}

// restOfPath gives the parameters of an operation; one that takes the rest of the path has
// the extension x-multi-segment, which is nothing that OpenAPI knows.
func restOfPath(op *huma.Operation) []*huma.Param {
	out := slices.Clone(op.Parameters)
	head, ok := strings.CutSuffix(op.Path, "...}")
	if !ok {
		return out
	}
	name := head[strings.LastIndexByte(head, '{')+1:]
	for i, p := range out {
		if p.In == "path" && p.Name == name {
			rest := *p
			rest.Extensions = map[string]any{"x-multi-segment": true}
			out[i] = &rest
		}
	}
	return out
}

// response gives the description of a success as its body is: there, perhaps, or never.
func (e emptiness) response(r *huma.Response) *huma.Response {
	switch e {
	case alwaysEmpty:
		r.Content = nil
	case sometimesEmpty:
		r.Extensions = map[string]any{"x-may-be-empty": true}
	}
	return r
}

// refusedResponse describes 401 where it may be of the identity service or the operation's.
func (a *API) refusedResponse() *huma.Response {
	a.faultResponse(http.StatusUnauthorized) // is there
	const name = "Refused"
	shared := a.OpenAPI().Components
	if shared.Responses[name] == nil {
		r := unauthorizedResponse()
		r.Headers["WWW-Authenticate"] = &huma.Header{Schema: text}
		for t, ref := range a.faultRefs {
			own := *ref
			if t == jsonType {
				own = huma.Schema{OneOf: []*huma.Schema{r.Content[t].Schema, ref}}
			}
			r.Content[t] = &huma.MediaType{Schema: &own}
		}
		shared.Responses[name] = a.withHeaders(r)
	}
	return &huma.Response{Ref: "#/components/responses/" + name}
}

// faultResponse refers to the description of an error, which all operations share.
func (a *API) faultResponse(status int) *huma.Response {
	name := strings.ReplaceAll(http.StatusText(status), " ", "")
	shared := a.OpenAPI().Components
	if shared.Responses == nil {
		shared.Responses = map[string]*huma.Response{"Unauthorized": a.withHeaders(unauthorizedResponse())}
	}
	if shared.Responses[name] == nil {
		r := &huma.Response{Description: http.StatusText(status), Content: map[string]*huma.MediaType{}}
		for t, ref := range a.faultRefs {
			own := *ref
			r.Content[t] = &huma.MediaType{Schema: &own}
		}
		if x, ok := a.examples.Faults[strconv.Itoa(status)]; ok {
			x.show(r.Content[x.Type], x.Answer)
		}
		shared.Responses[name] = a.withHeaders(r)
	}
	return &huma.Response{Ref: "#/components/responses/" + name}
}

// withHeaders adds the headers that every answer has; the type of the body is none of them,
// for the content says it.
func (a *API) withHeaders(r *huma.Response) *huma.Response {
	shared := a.OpenAPI().Components
	if shared.Headers == nil {
		shared.Headers = map[string]*huma.Header{"RequestID": {
			Description: "The id of the request, as the log has it.", Required: true,
			Schema: &huma.Schema{Type: huma.TypeString, Pattern: "^req-[0-9a-f-]{36}$"},
		}}
	}
	out := *r
	out.Headers = map[string]*huma.Header{}
	for name, h := range r.Headers {
		if name != "Content-Type" {
			out.Headers[name] = h
		}
	}
	out.Headers["X-Openstack-Request-Id"] = &huma.Header{Ref: "#/components/headers/RequestID"}
	return &out
}

// unauthorizedResponse is the same for every API: keystonemiddleware's.
func unauthorizedResponse() *huma.Response {
	return &huma.Response{
		Description: http.StatusText(http.StatusUnauthorized),
		Headers:     map[string]*huma.Header{"WWW-Authenticate": {Required: true, Schema: text}},
		Content: map[string]*huma.MediaType{jsonType: {
			Schema:  object("error", object("code", &huma.Schema{Type: huma.TypeInteger}, "title", text, "message", text)),
			Example: json.RawMessage(unauthorized),
		}},
	}
}

var text = &huma.Schema{Type: huma.TypeString}

// object is the schema of an object, of name, schema, name, schema…: all of them required.
func object(properties ...any) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for i := 0; i < len(properties); i += 2 {
		name := properties[i].(string)
		s.Properties[name] = properties[i+1].(*huma.Schema)
		s.Required = append(s.Required, name)
	}
	return s
}

// pathParameters are those of the path that the input does not declare.
func (a *API) pathParameters(op *huma.Operation) []*huma.Param {
	var out []*huma.Param
	rest := op.Path
	for {
		_, after, found := strings.Cut(rest, "{")
		if !found {
			return out
		}
		name, after, _ := strings.Cut(after, "}")
		rest = after
		declared := false
		for _, p := range op.Parameters {
			declared = declared || p.In == "path" && p.Name == name
		}
		if !declared {
			p := &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}
			if name == "tenant_id" {
				p.Description = "The project of the token."
			}
			out = append(out, p)
		}
	}
}

// Transform passes faults through as they are.
func (a *API) Transform(ctx huma.Context, status string, v any) (any, error) {
	if _, ok := v.(*fault); ok {
		return v, nil
	}
	return a.API.Transform(ctx, status, v)
}

// Marshal writes a fault as the API rendered it, and anything else in its format.
func (a *API) Marshal(w io.Writer, contentType string, v any) error {
	if f, ok := v.(*fault); ok {
		_, err := w.Write(f.body)
		return err
	}
	return a.API.Marshal(w, contentType, v)
}

// JSON gives the OpenAPI 3.1 document. No operation may be added afterwards.
func (a *API) JSON() []byte {
	a.render()
	return a.json
}

// YAML gives the OpenAPI 3.1 document. No operation may be added afterwards.
func (a *API) YAML() []byte {
	a.render()
	return a.yaml
}

func (a *API) render() {
	a.documents.Do(func() {
		var err error
		if a.json, err = json.Marshal(a.OpenAPI()); err == nil {
			a.yaml, err = a.OpenAPI().YAML()
		}
		if err != nil {
			panic(err) // a schema that is no JSON: a mistake in a route table
		}
	})
}

// Documents serves the document at /openapi.json and /openapi.yaml of r, without a token.
func (a *API) Documents(r chi.Router) {
	serve := func(contentType string, document func() []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write(document())
		}
	}
	r.Get("/openapi.json", serve("application/openapi+json", a.JSON))
	r.Get("/openapi.yaml", serve("application/openapi+yaml", a.YAML))
}
