package v1

import (
	"bytes"
	"context"
	"errors"
	"mime"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/yaml"
)

// maxBody is Heat's max_json_body_size, in bytes.
const maxBody = 1 << 20

// readObject reads a body as Heat does (heat/common/wsgi.py): JSON when the media type says
// so or says nothing and it begins with a brace; otherwise there is no body, nil.
func readObject(ctx context.Context) (*yaml.Map, error) {
	body, err := httpapi.ReadBody(ctx, maxBody)
	if err != nil || len(body) == 0 || body[0] != '{' || !isJSON(httpapi.Request(ctx).Header.Get("Content-Type")) {
		return nil, err
	}
	v, err := yaml.DecodeJSON(body)
	if je, ok := errors.AsType[*yaml.JSONError](err); ok {
		return nil, badRequest("%s", je.Error())
	}
	if bytes.Contains(body, []byte(`\u0000`)) && hasNUL(v) {
		return nil, badRequest(withNUL)
	}
	m, _ := v.(*yaml.Map)
	return m, err
}

// withNUL refuses what PostgreSQL cannot store.
const withNUL = "A text must not have a NUL character."

// hasNUL reports whether a text in a value has a NUL character.
func hasNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		return slices.ContainsFunc(v, hasNUL)
	case *yaml.Map:
		for key, value := range v.All() {
			if hasNUL(key) || hasNUL(value) {
				return true
			}
		}
	}
	return false
}

func isJSON(contentType string) bool {
	if contentType == "" || strings.HasPrefix(contentType, "text/plain") {
		return true
	}
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && (t == "application/json" || t == "json")
}

// needObject is readObject for operations that cannot do without.
func needObject(ctx context.Context) (*yaml.Map, error) {
	m, err := readObject(ctx)
	if err == nil && m == nil {
		err = badRequest(malformed)
	}
	return m, err
}

// field reads a value of a body; null is as good as absent.
func field(m *yaml.Map, name string) any {
	v, _ := m.Get(name)
	return v
}

// textList reads a list of texts from a body.
func textList(m *yaml.Map, name string) ([]string, error) {
	v := field(m, name)
	if v == nil {
		return nil, nil
	}
	items, ok := v.([]any)
	if !ok {
		return nil, badRequest("Invalid value for '%s': a list is expected.", name)
	}
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = yaml.Str(item)
	}
	return out, nil
}

// textMap reads a map of texts from a body; what is no text is kept as JSON.
func textMap(m *yaml.Map, name string) (map[string]string, error) {
	v := field(m, name)
	if v == nil {
		return nil, nil
	}
	items, ok := v.(*yaml.Map)
	if !ok {
		return nil, badRequest("Invalid value for '%s': a map is expected.", name)
	}
	out := make(map[string]string, items.Len())
	for k, v := range items.All() {
		if text, ok := v.(string); ok {
			out[k] = text
		} else {
			out[k] = yaml.Dumps(v, false)
		}
	}
	return out, nil
}

// maxTemplate is Heat's max_template_size, in bytes.
const maxTemplate = 524288

// templateSize is the error of a template that is too large.
func templateSize(n int) error {
	return core.RequestLimitExceeded("Template size (%d bytes) exceeds maximum allowed size (%d bytes).", n, maxTemplate)
}
