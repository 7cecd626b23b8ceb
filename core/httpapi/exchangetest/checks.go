package exchangetest

import (
	"bytes"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// beside are the paths of a service that are no operations of its API.
var beside = []string{"/", "/versions", "/healthcheck", "/openapi.json", "/openapi.yaml"}

// passedOver is what the tests call a parameter that an API is to pass over.
const passedOver = "unknown"

// check tells what of an exchange is not as the document says.
func (d *Document) check(x *Exchange) (out []error) {
	path := x.Request.URL.EscapedPath()
	if slices.Contains(beside, path) || x.Request.Method == http.MethodHead || x.Request.Method == http.MethodOptions {
		return nil
	}
	r, known := d.find(x.Request.Method, path)
	failed := func(what string, args ...any) {
		out = append(out, fmt.Errorf("%s %s: %d: "+what, append([]any{x.Request.Method, x.Request.URL, x.Status}, args...)...))
	}
	if r == nil {
		if x.Status < 300 {
			failed("a success of what is not documented (the path is: %v)", known)
		}
		return out
	}
	response := d.child(d.child(r.at, "responses"), strconv.Itoa(x.Status))
	if response.value == nil {
		failed("%s has no such answer: %s", r, shorten(x.Answer))
		return out
	}
	if err := d.checkHeaders(response, x.Header); err != nil {
		failed("%w", err)
	}
	empty := len(x.Answer) == 0 && response.value["x-may-be-empty"] == true
	if err := d.checkBody(d.child(response, "content"), x.Header.Get("Content-Type"), x.Answer); err != nil && !empty {
		failed("%s: %w: %s", r, err, shorten(x.Answer))
	}
	if x.Status < 300 {
		if err := d.checkRequest(r, x); err != nil {
			failed("%s: the request: %w", r, err)
		}
	}
	return out
}

func shorten(b []byte) string { return string(b[:min(len(b), 2000)]) }

func (d *Document) checkHeaders(response node, header http.Header) error {
	declared := d.child(response, "headers")
	for name := range declared.value {
		h := d.child(declared, name)
		values := header.Values(name)
		if len(values) == 0 {
			if h.value["required"] == true {
				return fmt.Errorf("the header %s is missing", name)
			}
			continue
		}
		schema := d.child(h, "schema")
		if err := d.valid(schema, d.fromText(schema, values[0])); err != nil {
			return fmt.Errorf("the header %s: %w", name, err)
		}
	}
	for _, name := range []string{"Location", "Www-Authenticate"} {
		if header.Get(name) != "" && !slices.ContainsFunc(slices.Collect(maps.Keys(declared.value)), func(n string) bool { return strings.EqualFold(n, name) }) {
			return fmt.Errorf("the header %s is not documented", name)
		}
	}
	return nil
}

// checkBody holds a body to the content that is declared for its type.
func (d *Document) checkBody(content node, contentType string, body []byte) error {
	if len(content.value) == 0 {
		if len(body) > 0 {
			return fmt.Errorf("a body is not documented")
		}
		return nil
	}
	t, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("the Content-Type %q: %w", contentType, err)
	}
	media := d.child(content, t)
	if media.value == nil {
		return fmt.Errorf("the Content-Type %s is not documented", t)
	}
	schema := d.child(media, "schema")
	if schema.value == nil {
		return fmt.Errorf("%s has no schema", t)
	}
	v, err := d.decode(t, schema, body)
	if err != nil {
		return err
	}
	return d.valid(schema, v)
}

// decode reads a body as its type wants: what is neither JSON, XML nor a form is a text. An
// object in JSON is one whatever its type: signals come like that.
func (d *Document) decode(mediaType string, schema node, body []byte) (any, error) {
	switch {
	case mediaType == "application/json" || bytes.HasPrefix(body, []byte("{")) || strings.HasSuffix(mediaType, "json-patch"):
		return jsonschema.UnmarshalJSON(bytes.NewReader(body))
	case mediaType == "application/xml":
		return d.fromXML(schema, body)
	case mediaType == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		return d.fromForm(schema, form), nil
	}
	return string(body), nil
}

// checkRequest holds a request to the parameters and the body that are declared.
func (d *Document) checkRequest(r *route, x *Exchange) error {
	query := x.Request.URL.Query()
	parameters, _ := r.at.value["parameters"].([]any)
	for i := range parameters {
		p := d.item(r.at, "parameters", i)
		if p.text("in") != "query" {
			continue
		}
		name := p.text("name")
		values, given := query[name]
		delete(query, name)
		if !given {
			if p.value["required"] == true {
				return fmt.Errorf("the parameter %s is missing", name)
			}
			continue
		}
		schema := d.child(p, "schema")
		v := d.fromText(schema, values[0])
		if schema.value["type"] == "array" {
			list := make([]any, len(values))
			for i := range values {
				list[i] = d.fromText(d.child(schema, "items"), values[i])
			}
			v = list
		}
		if err := d.valid(schema, v); err != nil {
			return fmt.Errorf("the parameter %s: %w", name, err)
		}
	}
	delete(query, passedOver)
	schemes := d.child(d.child(node{"", d.root}, "components"), "securitySchemes")
	for name := range schemes.value {
		if scheme := d.child(schemes, name); scheme.text("in") == "query" {
			query.Del(scheme.text("name"))
		}
	}
	for name := range query {
		return fmt.Errorf("the parameter %s is not documented", name)
	}
	body := d.child(r.at, "requestBody")
	contentType := x.Request.Header.Get("Content-Type")
	if contentType == "" {
		contentType = "application/json"
	}
	switch {
	case body.value == nil || strings.HasPrefix(contentType, "multipart/"):
		return nil
	case len(x.Sent) == 0:
		if body.value["required"] == true {
			return fmt.Errorf("the body is missing")
		}
		return nil
	}
	return d.checkBody(d.child(body, "content"), contentType, x.Sent)
}
