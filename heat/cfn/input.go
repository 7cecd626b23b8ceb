package cfn

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"hearth/core/httpapi"
	"hearth/core/yaml"
)

// maxBody is how large a form may be, in bytes: a template of the largest size, every
// character of it quoted, and as much again for the rest.
const maxBody = 4 << 20

// input is what a request says: the parameters of its query and its form, and its body.
type input struct {
	url.Values
	body []byte
}

type inputKey struct{}

func inputOf(ctx context.Context) *input {
	in, _ := ctx.Value(inputKey{}).(*input)
	return in
}

// bodyTimeout is how long a client may take to send a body: nobody knows yet who it is.
const bodyTimeout = time.Minute

// readInput reads a request once, for its signature and for its action; the request that it
// gives has the body again.
func readInput(w http.ResponseWriter, r *http.Request) (*http.Request, *input, error) {
	wire := http.NewResponseController(w)
	_ = wire.SetReadDeadline(time.Now().Add(bodyTimeout))
	body, err := httpapi.ReadBody(r.Context(), maxBody)
	if err != nil {
		return r, nil, err
	}
	_ = wire.SetReadDeadline(time.Time{})
	in := &input{Values: r.URL.Query(), body: body}
	if r.Method == http.MethodPost && isVersion4(r, in.Values) {
		for name := range in.Values { // signatures of version 4 say nothing of the query of a POST
			if !strings.HasPrefix(name, "X-Amz-") {
				in.Del(name)
			}
		}
	}
	if r.Method == http.MethodPost && isForm(r) {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return r, nil, errMalformedQuery
		}
		for name, values := range form {
			in.Values[name] = append(in.Values[name], values...)
		}
	}
	r = r.WithContext(context.WithValue(r.Context(), inputKey{}, in))
	r.Body = io.NopCloser(bytes.NewReader(body))
	return r, in, nil
}

func isVersion4(r *http.Request, query url.Values) bool {
	return query.Has("X-Amz-Algorithm") || strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-")
}

func isForm(r *http.Request) bool {
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && t == "application/x-www-form-urlencoded"
}

// need is a parameter that an action cannot do without.
func (in *input) need(name string) (string, error) {
	if !in.Has(name) {
		return "", errMissingParameter.with(name)
	}
	return in.Get(name), nil
}

func (in *input) wantsJSON() bool { return in != nil && in.Get("ContentType") == "JSON" }

// answer encodes v as the parameters ask for.
func (in *input) answer(v *yaml.Map) (*answer, error) {
	if !in.wantsJSON() {
		return &answer{xmlType, encodeXML(v)}, nil
	}
	body, err := yaml.EncodeJSON(v)
	return &answer{jsonType, body}, err
}

var memberName = regexp.MustCompile(`^Parameters\.member\.([0-9]+)\.Parameter(Key|Value)$`)

// parameters are the values for the template: Parameters.member.N.ParameterKey and
// Parameters.member.N.ParameterValue, in the order of N.
func (in *input) parameters() *yaml.Map {
	names, values := map[int]string{}, map[int]string{}
	for name := range in.Values {
		m := memberName.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		n, err := strconv.Atoi(m[1])
		if err != nil {
			continue
		}
		if m[2] == "Key" {
			names[n] = in.Get(name)
		} else {
			values[n] = in.Get(name)
		}
	}
	order := make([]int, 0, len(names))
	for n := range names {
		if _, ok := values[n]; ok {
			order = append(order, n)
		}
	}
	slices.Sort(order)
	out := yaml.NewMap(len(order))
	for _, n := range order {
		out.Set(names[n], values[n])
	}
	return out
}
