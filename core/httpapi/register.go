package httpapi

import (
	"context"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
)

// Operation is one line of an API's route table, as tests and documents read it.
type Operation struct {
	Method, Path, ID string
	// Rules are those that it asks: the first before its handler, unless that is "".
	Rules  []string
	Status int
}

// Operations gives the route table in the order of registration.
func (a *API) Operations() []Operation { return slices.Clone(a.operations) }

// Register adds an operation: its path behind the API's prefix, the rule that is checked
// before its handler ("" for none), and one line of summary. Input and output are structs
// with huma's tags (path, query, header; Status, Body); what they embed must have an
// exported name. {name...} at the end of a path takes the rest of it.
//
// It panics when the rule does not exist or the operation id is taken: both are mistakes
// in a route table, found by any start.
func Register[I, O any](a *API, method, path, rule, summary string, handler func(context.Context, *I) (*O, error), opts ...Option) {
	s := settings{rules: []string{rule}}
	for _, o := range opts {
		o(&s)
	}
	for _, r := range s.rules {
		if r != "" && (a.cfg.Rules == nil || !a.cfg.Rules.Has(r)) {
			panic("httpapi: no policy rule " + r)
		}
	}
	op := huma.Operation{
		OperationID: a.operationID(s.id, rule, method, path), Method: method, Path: a.cfg.Prefix + path,
		Summary: summary, Tags: []string{tag(s.tag, rule, path)},
		DefaultStatus: s.status, Errors: s.errors, BodyReadTimeout: bodyTimeout,
		SkipValidateParams: !a.cfg.Strict, SkipValidateBody: !a.cfg.Strict, RejectUnknownQueryParameters: a.cfg.Strict,
		Metadata:    map[string]any{metadataKey: a, settingsKey: &s},
		Middlewares: huma.Middlewares{a.guard(rule)},
	}
	if s.response != nil {
		op.Responses = map[string]*huma.Response{strconv.Itoa(s.status): s.response(a.OpenAPI().Components.Schemas)}
	}
	if s.sole {
		a.sole[op.Path] = true
	}
	huma.Register(a, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, a.fault(Request(ctx), err)
		}
		return out, nil
	})
	a.operations = append(a.operations, Operation{Method: method, Path: op.Path, ID: op.OperationID, Rules: s.rules, Status: s.status})
}

const (
	metadataKey = "httpapi"
	settingsKey = "settings"
)

// operationID is the one asked for, or the rule's name; with the method and then a number
// when several operations share a rule.
func (a *API) operationID(id, rule, method, path string) string {
	if id == "" {
		id = strings.ReplaceAll(rule, ":", "_")
	}
	if id == "" {
		panic("httpapi: " + method + " " + path + " has neither a rule nor an id")
	}
	base := id
	if a.ids[id] {
		id = base + "_" + strings.ToLower(method)
		base = id
	}
	for n := 2; a.ids[id]; n++ {
		id = base + "_" + strconv.Itoa(n)
	}
	a.ids[id] = true
	return id
}

// tag is the one asked for, the noun of the rule (stacks:show), or of the path.
func tag(tag, rule, path string) string {
	if tag != "" {
		return tag
	}
	if noun, _, ok := strings.Cut(rule, ":"); ok {
		return noun
	}
	for segment := range strings.SplitSeq(path, "/") {
		if segment != "" && segment[0] != '{' {
			return segment
		}
	}
	return "api"
}

// guard refuses an operation to callers that may not use it, before its input is read.
func (a *API) guard(rule string) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		caller := CallerFrom(ctx.Context())
		var err error
		if a.cfg.Check != nil {
			err = a.cfg.Check(caller, ctx.Param)
		}
		if err == nil && rule != "" {
			err = a.enforce(caller, rule)
		}
		if err == nil {
			err = mediaType(ctx)
		}
		if err != nil {
			r, w := humachi.Unwrap(ctx)
			a.write(w, r, err)
			return
		}
		next(ctx)
	}
}

// mediaType refuses a body of a type that a typed input does not declare: huma would take
// any for which the API has a format.
func mediaType(ctx huma.Context) error {
	body := ctx.Operation().RequestBody
	sent := ctx.Header("Content-Type")
	if body == nil || sent == "" {
		return nil
	}
	t, _, err := mime.ParseMediaType(sent)
	if _, ok := body.Content[t]; err == nil && ok {
		return nil
	}
	return &Problem{Status: http.StatusUnsupportedMediaType, Message: "Unsupported Content-Type"}
}

// adapter routes huma's operations on the API's router.
type adapter struct{ api *API }

func (ad *adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { ad.api.ServeHTTP(w, r) }

// Handle maps {name...} to chi's *, and tells the call which operation it is.
func (ad *adapter) Handle(op *huma.Operation, handle func(huma.Context)) {
	path, rest := op.Path, ""
	if head, ok := strings.CutSuffix(path, "...}"); ok {
		i := strings.LastIndexByte(head, '{')
		path, rest = head[:i]+"*", head[i+1:]
	}
	ad.api.router.MethodFunc(op.Method, path, func(w http.ResponseWriter, r *http.Request) {
		if rest != "" {
			r.SetPathValue(rest, r.PathValue("*"))
		}
		if r.ContentLength != 0 {
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
		}
		c := callFrom(r.Context())
		c.request, c.route = r, op.Path
		handle(humachi.NewContext(op, r, w))
	})
}
