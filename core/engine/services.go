package engine

import (
	"context"

	"hearth/core"
)

// ServiceView is a service as the APIs show it.
type ServiceView struct {
	core.Service
	Up bool
}

// Services gives the processes that work as engines, oldest first. It returns Unavailable
// when none of them is up (heat/api/openstack/v1/services.py).
func (e *Engine) Services(ctx context.Context) ([]ServiceView, error) {
	list, err := e.Store.Services(ctx)
	if err != nil {
		return nil, err
	}
	now, alive := e.Now(), false
	out := make([]ServiceView, len(list))
	for i, s := range list {
		out[i] = ServiceView{Service: s, Up: s.Up(now)}
		alive = alive || out[i].Up
	}
	if !alive {
		return nil, core.Errorf(core.Unavailable, "HTTPServiceUnavailable", "All heat engines are down.")
	}
	return out, nil
}
