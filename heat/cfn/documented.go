package cfn

import (
	_ "embed"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"hearth/core/httpapi"
)

// examples are those of the document, made of testdata by the test of exchanges.
//
//go:embed examples.json
var examples []byte

// The document of the actions, made from their table. All of them are one path and two
// methods: OpenAPI allows no query in a path, and paths with made-up fragments give clients
// that send them. So GET has the parameters of all actions, and POST a form that is one of
// several shapes, told apart by Action: generators make a tagged union of it. An answer has
// a shape for each action, too.

const (
	formType     = "application/x-www-form-urlencoded"
	xmlMediaType = "application/xml"
)

// The security schemes beside the token, which counts together with the header X-Auth-User.
const (
	signatureV2 = "ec2_v2"
	signatureV4 = "ec2_v4"
)

var security = map[string]*huma.SecurityScheme{
	signatureV2: {Type: "apiKey", In: "query", Name: "Signature", Description: "Version 2 of the signatures of AWS with an EC2 credential, in the query or the form."},
	signatureV4: {Type: "apiKey", In: "header", Name: "Authorization", Description: "Version 4 (AWS4-HMAC-SHA256) of the signatures of AWS with an EC2 credential; it may stand in the query as well."},
}

// documented gives the options that describe the actions for GET and for POST.
func documented(actions []action) (get, post []httpapi.Option) {
	anyOf := httpapi.Security(httpapi.TokenScheme, signatureV2, signatureV4)
	answers := httpapi.Content(http.StatusOK, map[string]httpapi.SchemaOf{
		jsonType:     oneOf(actions, action.answer),
		xmlMediaType: oneOf(actions, action.response),
	})
	inQuery := parameters(actions) // a POST may have them there, too, but nobody should
	for i, p := range inQuery {
		second := *p
		second.Required, second.Deprecated = false, true
		inQuery[i] = &second
	}
	get = []httpapi.Option{anyOf, answers, httpapi.Query(parameters(actions)...)}
	post = []httpapi.Option{anyOf, answers, httpapi.Errors(http.StatusNotFound), httpapi.Query(inQuery...), httpapi.BodyIsOptional(), httpapi.BodyOf(formType, func(r huma.Registry) *huma.Schema {
		s := oneOf(actions, action.inForm)(r)
		s.Discriminator = &huma.Discriminator{PropertyName: "Action", Mapping: map[string]string{}}
		for i := range actions {
			s.Discriminator.Mapping[actions[i].name] = s.OneOf[i].Ref
		}
		return s
	})}
	return get, post
}

func oneOf(actions []action, schema func(action, huma.Registry) *huma.Schema) httpapi.SchemaOf {
	return func(r huma.Registry) *huma.Schema {
		out := &huma.Schema{}
		for _, a := range actions {
			out.OneOf = append(out.OneOf, schema(a, r))
		}
		return out
	}
}

// named puts a schema into the registry and refers to it.
func named(r huma.Registry, name string, s *huma.Schema) *huma.Schema {
	r.Map()[name] = s
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

// inForm is the shape of a form that asks for the action; other keys are what the signature
// wants, and the parameters of templates from the second on.
func (a action) inForm(r huma.Registry) *huma.Schema {
	s := a.fields(r)
	s.AdditionalProperties = &huma.Schema{Type: huma.TypeString}
	return named(r, a.name+"Form", s)
}

// fields are the parameters of the action.
func (a action) fields(r huma.Registry) *huma.Schema {
	s := huma.SchemaFromType(r, a.form)
	s.Description = a.summary
	s.Properties["Action"] = &huma.Schema{Type: huma.TypeString, Enum: []any{a.name}}
	s.Properties["ContentType"] = contentType()
	s.Required = append([]string{"Action"}, s.Required...)
	return s
}

// response is the answer behind its first key, the root in XML.
func (a action) response(r huma.Registry) *huma.Schema {
	name := a.name + "Response"
	result := r.Schema(a.result, true, a.name+"Result")
	listsOfMembers(r)
	return named(r, name, &huma.Schema{Type: huma.TypeObject, Description: a.summary, AdditionalProperties: false,
		Properties: map[string]*huma.Schema{a.name + "Result": result}, Required: []string{a.name + "Result"}, Extensions: inXML("name", name)})
}

// answer is the answer in JSON.
func (a action) answer(r huma.Registry) *huma.Schema {
	name := a.name + "Response"
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false,
		Properties: map[string]*huma.Schema{name: a.response(r)}, Required: []string{name}}
}

func inXML(key string, value any) map[string]any {
	return map[string]any{"xml": map[string]any{key: value}}
}

// listsOfMembers says how XML shows the lists of the results: each item is a member.
func listsOfMembers(r huma.Registry) {
	for _, s := range r.Map() {
		for _, p := range s.Properties {
			if p.Type == huma.TypeArray {
				p.Extensions, p.Items.Extensions = inXML("wrapped", true), inXML("name", "member")
			}
		}
	}
}

// parameters are those of the query: of all actions, and of signatures.
func parameters(actions []action) []*huma.Param {
	r := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	schemas, of, needed := map[string]*huma.Schema{}, map[string][]string{}, map[string]bool{}
	for _, a := range actions {
		s := a.fields(r)
		for name, p := range s.Properties {
			schemas[name], of[name] = p, append(of[name], a.name)
			if slices.Contains(s.Required, name) {
				needed[name] = true
			}
		}
	}
	names := make([]any, len(actions))
	for i := range actions {
		names[i] = actions[i].name
	}
	schemas["Action"] = &huma.Schema{Type: huma.TypeString, Enum: names}
	var out []*huma.Param
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		s := *schemas[name]
		about := s.Description
		s.Description = ""
		if len(of[name]) < len(actions) {
			about = strings.TrimSpace(about + " For " + strings.Join(of[name], ", ") + ".")
		}
		out = append(out, &huma.Param{Name: name, In: "query", Description: about, Required: name == "Action", Schema: &s})
	}
	return append(out, signing(r)...)
}

// signing are the parameters of signatures in the query.
func signing(r huma.Registry) []*huma.Param {
	s := huma.SchemaFromType(r, reflect.TypeFor[signingParameters]())
	var out []*huma.Param
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		out = append(out, &huma.Param{Name: name, In: "query", Description: "Of the signature.", Schema: s.Properties[name]})
	}
	return out
}

// ofSignals are the parameters of the query of signals.
func ofSignals() []*huma.Param {
	r := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	return append(signing(r), &huma.Param{Name: "ContentType", In: "query", Description: "Of the answer.", Schema: contentType()})
}

func contentType() *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: []any{"XML", "JSON"}, Default: "XML", Description: "Of the answer."}
}

// signingParameters are those of signatures of version 2, and of version 4 in a query.
type signingParameters struct {
	AWSAccessKeyID   string `json:"AWSAccessKeyId,omitempty"`
	SignatureMethod  string `json:"SignatureMethod,omitempty" example:"HmacSHA256"`
	SignatureVersion string `json:"SignatureVersion,omitempty" example:"2"`
	Timestamp        string `json:"Timestamp,omitempty"`
	Version          string `json:"Version,omitempty" example:"2010-05-15"`
	Algorithm        string `json:"X-Amz-Algorithm,omitempty" example:"AWS4-HMAC-SHA256"`
	Credential       string `json:"X-Amz-Credential,omitempty"`
	Date             string `json:"X-Amz-Date,omitempty"`
	Expires          string `json:"X-Amz-Expires,omitempty"`
	SignedHeaders    string `json:"X-Amz-SignedHeaders,omitempty"`
	Signature        string `json:"X-Amz-Signature,omitempty"`
}
