package api

import (
	"context"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/catalog"
	"hearth/murano/environment"
	"hearth/murano/patch"
)

// The media types that requests may have (murano/common/wsgi.py Request).
const (
	typeJSON         = "application/json"
	typePackagePatch = "application/murano-packages-json-patch"
	typeModelPatch   = "application/env-model-json-patch"
	typeForm         = "multipart/form-data"
)

// request is what every handler gets beside the parameters of its path.
type request struct {
	*http.Request
	caller  *core.Caller
	session string // X-Configuration-Session

	mediaType string // of the body; "" when there is none, or no header
	body      any    // JSON, []patch.Operation or form, by mediaType
	hasBody   bool
}

// query gives the parameters of the request. A semicolon is a character like any other, as
// in Python; Go's own reading drops what holds one.
func (r *request) query() url.Values {
	v, err := url.ParseQuery(strings.ReplaceAll(r.URL.RawQuery, ";", "%3B"))
	if err != nil {
		return url.Values{}
	}
	return v
}

// maxBody is what is read of a request at most; packages have a limit of their own.
const maxBody = 32 << 20

// readRequest reads the body as upstream does: it is ignored without a type, refused with
// one that is not known, and a patch is checked before anything else.
func readRequest(ctx context.Context) (*request, error) {
	r := &request{Request: httpapi.Request(ctx), caller: httpapi.CallerFrom(ctx)}
	r.session = r.Header.Get(sessionHeader)
	raw, err := httpapi.ReadBody(ctx, maxBody)
	if err != nil {
		return nil, err
	}
	header := r.Header.Get("Content-Type")
	if len(raw) == 0 || header == "" {
		return r, nil
	}
	mediaType, params, err := mime.ParseMediaType(header)
	if err != nil {
		return nil, &httpapi.Problem{Status: http.StatusUnsupportedMediaType}
	}
	switch mediaType {
	case typeJSON:
		r.body, err = decode(raw)
	case typePackagePatch:
		r.body, err = operations(raw, catalog.PackageRules)
	case typeModelPatch:
		r.body, err = operations(raw, environment.ModelRules)
	case typeForm:
		r.body, err = readForm(raw, params["boundary"])
	default:
		err = &httpapi.Problem{Status: http.StatusUnsupportedMediaType}
	}
	r.mediaType, r.hasBody = mediaType, true
	return r, err
}

func decode(raw []byte) (any, error) {
	v, err := yaml.DecodeJSON(raw)
	if err != nil {
		return nil, murano.Explain(core.Invalid, "Malformed request body")
	}
	return v, nil
}

func operations(raw []byte, rules patch.Rules) (any, error) {
	v, err := decode(raw)
	if err != nil {
		return nil, err
	}
	return rules.Parse(v)
}

// malformed is what becomes of a body that is missing where it must be, or is where none
// may be.
func malformed() error { return murano.Explain(core.Invalid, "") }
