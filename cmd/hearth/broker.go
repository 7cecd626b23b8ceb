package main

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/httpapi"
	"hearth/murano/broker"
	"hearth/murano/catalog"
	"hearth/murano/environment"
)

// broker makes Murano's service broker, whose callers log in with name and password.
func (a *App) broker(environments *environment.Service, authenticate httpapi.Authenticate) http.Handler {
	login := func(ctx context.Context, user, password string) (*core.Caller, error) {
		domain := a.Config.Cloud.Domain
		return a.cloud.Login(ctx, cloud.PasswordLogin{UserName: user, Password: password, UserDomain: domain,
			ProjectName: a.Config.Murano.BrokerProject, ProjectDomain: domain})
	}
	site := chi.NewRouter()
	site.Mount("/v2", broker.New(broker.Config{Store: a.store, Environments: environments, Catalog: &catalog.Service{Store: a.store},
		Login: login, Authenticate: authenticate, Log: a.log}))
	return site
}
