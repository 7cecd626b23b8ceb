package api

import "context"

// servicesRef is a path below the services of an environment; Path is "" for all of them.
type servicesRef struct {
	ID   string `path:"environment_id" doc:"The environment's id."`
	Path string `path:"path" doc:"The id of a service, or a path in it."`
}

func (a *API) getServices(ctx context.Context, r *request, in *servicesRef) (any, error) {
	return a.environments.Services(ctx, r.caller, in.ID, r.session, in.Path)
}

func (a *API) addServices(ctx context.Context, r *request, in *servicesRef) (any, error) {
	return a.environments.AddServices(ctx, r.caller, in.ID, r.session, in.Path, r.body)
}

func (a *API) putServices(ctx context.Context, r *request, in *servicesRef) (any, error) {
	return a.environments.PutServices(ctx, r.caller, in.ID, r.session, in.Path, r.body)
}

func (a *API) deleteServices(ctx context.Context, r *request, in *servicesRef) (any, error) {
	return nil, a.environments.DeleteServices(ctx, r.caller, in.ID, r.session, in.Path)
}

// The same without a path.
func all(h func(context.Context, *request, *servicesRef) (any, error)) func(context.Context, *request, *environmentRef) (any, error) {
	return func(ctx context.Context, r *request, in *environmentRef) (any, error) {
		return h(ctx, r, &servicesRef{ID: in.ID})
	}
}
