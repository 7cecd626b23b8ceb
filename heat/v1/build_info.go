package v1

import "context"

type buildInfo struct {
	Body struct {
		API    build `json:"api"`
		Engine build `json:"engine"`
	}
}

type build struct {
	Revision string `json:"revision" example:"unknown"`
}

func (a *API) buildInfo(context.Context, *struct{}) (*buildInfo, error) {
	out := &buildInfo{}
	out.Body.API.Revision, out.Body.Engine.Revision = a.revision, a.revision
	return out, nil
}
