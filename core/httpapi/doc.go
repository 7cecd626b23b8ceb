// Package httpapi is what the HTTP APIs share: a thin layer over huma and chi in which
// each product API is a value of its own, with its own error bodies, rules and document.
//
//	listener → Outer (request id, log, metrics, panics, CORS)
//	         → chi routers of cmd: prefixes, health, documents
//	         → API (token → caller, 404, 405, OPTIONS)
//	         → operation (rule, input, handler, answer)
//
// An operation is one line, from which the route, the check of its rule and its place in
// the OpenAPI document follow:
//
//	httpapi.Register(api, "GET", "/stacks/{stack_name}/{stack_id}", "stacks:show", "Show a stack", a.showStack)
//
// A handler gets its input as a struct and returns one; what is not declared there (the
// body of an operation that reads it itself, the caller, links) it asks of its context:
// CallerFrom, Request, ReadBody, BaseURL, Enforce. Its errors become answers in one
// place, the API's Faults.
package httpapi
