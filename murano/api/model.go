package api

import (
	"context"
	"strings"

	"hearth/core"
	"hearth/murano"
	"hearth/murano/patch"
)

type modelRef struct {
	ID   string `path:"environment_id" doc:"The environment's id."`
	Path string `path:"path" doc:"The path in the object model: keys, ids of objects in lists, indices."`
}

func (a *API) showModel(ctx context.Context, r *request, in *modelRef) (any, error) {
	return a.environments.Model(ctx, r.caller, in.ID, r.session, in.Path)
}

// showWholeModel is /model/; /model is no route.
func (a *API) showWholeModel(ctx context.Context, r *request, in *environmentRef) (any, error) {
	if !strings.HasSuffix(r.URL.Path, "/") {
		return nil, murano.Explain(core.NotFound, "")
	}
	return a.environments.Model(ctx, r.caller, in.ID, r.session, "")
}

// patchModel takes a list of JSON that is no patch for one whose paths lead nowhere, as
// upstream.
func (a *API) patchModel(ctx context.Context, r *request, in *environmentRef) (any, error) {
	if !strings.HasSuffix(r.URL.Path, "/") {
		return nil, murano.Explain(core.NotFound, "")
	}
	ops, ok := r.body.([]patch.Operation)
	if list, isList := r.body.([]any); isList && len(list) > 0 {
		return nil, murano.Raise(core.Internal, "JsonPointerException", "member '' not found: the request is not of type %s", typeModelPatch)
	}
	if r.hasBody && !ok && r.body != nil {
		return nil, malformed()
	}
	return a.environments.PatchModel(ctx, r.caller, in.ID, r.session, ops)
}
