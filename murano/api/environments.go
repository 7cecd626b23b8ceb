package api

import (
	"context"
	"strings"

	"hearth/core/httpapi"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/environment"
)

// EnvironmentBody is an environment as every answer has it.
type EnvironmentBody struct {
	ID              string `json:"id"`
	Name            string `json:"name"`
	TenantID        string `json:"tenant_id"`
	DescriptionText string `json:"description_text"`
	Version         int64  `json:"version" doc:"Grows with every finished deployment."`
	Created         string `json:"created"`
	Updated         string `json:"updated"`
}

// ListedEnvironment is an environment as a list has it.
type ListedEnvironment struct {
	EnvironmentBody
	Status murano.EnvironmentStatus `json:"status" enum:"ready,pending,deploying,deploy failure,deleting,delete failure"`
}

type shownEnvironment struct {
	ListedEnvironment
	AcquiredBy *string `json:"acquired_by" nullable:"true" doc:"The session that is being deployed."`
	Services   any     `json:"services" doc:"The applications; null while the environment is being deleted."`
}

type environmentList struct {
	Environments []ListedEnvironment `json:"environments"`
}

// echoedEnvironment documents an answer that has the keys of the model, too.
type echoedEnvironment struct {
	_ struct{} `additionalProperties:"true"`
	EnvironmentBody
}

// newEnvironment is the body of a create; any other key becomes part of the model.
type newEnvironment struct {
	_               struct{} `additionalProperties:"true"`
	Name            string   `json:"name" maxLength:"255"`
	DescriptionText *string  `json:"description_text,omitempty" nullable:"true"`
	Region          *string  `json:"region,omitempty" nullable:"true"`
	DefaultNetworks any      `json:"defaultNetworks,omitempty" doc:"An object; one is made when it is empty or null."`
}

type environmentName struct {
	Name any `json:"name" doc:"A text of at most 255 characters; a number is taken for its digits."`
}

type environmentRef struct {
	ID string `path:"environment_id" doc:"The environment's id."`
}

func describeEnvironment(e *murano.Environment) EnvironmentBody {
	return EnvironmentBody{e.ID, e.Name, e.TenantID, e.DescriptionText, e.Version, stamp(e.CreatedAt), stamp(e.UpdatedAt)}
}

func describeView(v *environment.View) ListedEnvironment {
	return ListedEnvironment{describeEnvironment(&v.Environment), v.Status}
}

func (a *API) listEnvironments(ctx context.Context, r *request, _ *none) (any, error) {
	query := r.query()
	rule, tenant := "list_environments", r.caller.ProjectID
	switch {
	case strings.EqualFold(query.Get("all_tenants"), "true"):
		rule, tenant = "list_environments_all_tenants", ""
	case query.Get("tenant") != "":
		rule, tenant = "list_environments_all_tenants", query.Get("tenant")
	}
	if err := httpapi.Enforce(ctx, rule); err != nil {
		return nil, err
	}
	views, err := a.environments.List(ctx, tenant)
	if err != nil {
		return nil, err
	}
	out := environmentList{Environments: make([]ListedEnvironment, len(views))}
	for i := range views {
		out.Environments[i] = describeView(&views[i])
	}
	return out, nil
}

// createEnvironment echoes the keys of the body that it put into the model.
func (a *API) createEnvironment(ctx context.Context, r *request, _ *none) (any, error) {
	if !r.hasBody {
		return nil, malformed()
	}
	e, extra, err := a.environments.Create(ctx, r.caller, r.body)
	if err != nil {
		return nil, err
	}
	extra.Delete("name")
	extra.Delete("description_text")
	return withExtra(describeEnvironment(e), extra), nil
}

// withExtra gives the environment's keys, then others.
func withExtra(e EnvironmentBody, extra *yaml.Map) *yaml.Map {
	out := yaml.MapOf("id", e.ID, "name", e.Name, "tenant_id", e.TenantID, "description_text", e.DescriptionText,
		"version", e.Version, "created", e.Created, "updated", e.Updated)
	for k, v := range extra.All() {
		out.Set(k, v)
	}
	return out
}

func (a *API) showEnvironment(ctx context.Context, r *request, in *environmentRef) (any, error) {
	v, err := a.environments.Show(ctx, r.caller, in.ID, r.session)
	if err != nil {
		return nil, err
	}
	out := shownEnvironment{ListedEnvironment: describeView(v), Services: v.Services}
	if v.AcquiredBy != "" {
		out.AcquiredBy = &v.AcquiredBy
	}
	return out, nil
}

func (a *API) renameEnvironment(ctx context.Context, r *request, in *environmentRef) (any, error) {
	if !r.hasBody {
		return nil, malformed()
	}
	e, err := a.environments.Rename(ctx, r.caller, in.ID, r.body)
	if err != nil {
		return nil, err
	}
	return describeEnvironment(e), nil
}

func (a *API) deleteEnvironment(ctx context.Context, r *request, in *environmentRef) (any, error) {
	if strings.EqualFold(r.query().Get("abandon"), "true") {
		return nil, a.environments.Abandon(ctx, r.caller, in.ID)
	}
	return nil, a.environments.Delete(ctx, r.caller, in.ID)
}
