package api

import (
	"context"
	"encoding/json"

	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/environment"
)

type deploymentBody struct {
	ID            string          `json:"id"`
	EnvironmentID string          `json:"environment_id"`
	Description   json.RawMessage `json:"description" doc:"The environment as it was when the deployment began, secrets masked."`
	Action        json.RawMessage `json:"action" doc:"The object and the method that were called; null for a deletion."`
	Created       string          `json:"created"`
	Started       string          `json:"started"`
	Updated       string          `json:"updated"`
	Finished      *string         `json:"finished" nullable:"true"`
	Result        json.RawMessage `json:"result" doc:"isException and result, once it is finished."`
	State         string          `json:"state" enum:"running,running_w_errors,running_w_warnings,success,completed_w_errors,completed_w_warnings"`
}

type deploymentList struct {
	Deployments []deploymentBody `json:"deployments"`
}

type reportBody struct {
	ID       string       `json:"id"`
	TaskID   string       `json:"task_id"`
	EntityID *string      `json:"entity_id" nullable:"true" doc:"The object that it is about."`
	Entity   *string      `json:"entity" nullable:"true"`
	Level    murano.Level `json:"level" enum:"info,warning,error"`
	Text     string       `json:"text"`
	Details  *string      `json:"details" nullable:"true"`
	Created  string       `json:"created"`
	Updated  string       `json:"updated"`
}

type reportList struct {
	Reports []reportBody `json:"reports"`
}

type lastStatusList struct {
	LastStatuses any `json:"lastStatuses" doc:"The newest report about each service, by the service's id."`
}

type deploymentRef struct {
	EnvironmentID string `path:"environment_id" doc:"The environment's id."`
	DeploymentID  string `path:"deployment_id" doc:"The deployment's id."`
}

func describeDeployments(list []environment.Deployment) deploymentList {
	out := deploymentList{Deployments: make([]deploymentBody, len(list))}
	for i, d := range list {
		b := deploymentBody{ID: d.ID, EnvironmentID: d.EnvironmentID, Description: d.Description, Action: d.Action,
			Created: stamp(d.CreatedAt), Started: stamp(d.StartedAt), Updated: stamp(d.UpdatedAt), Result: d.Result, State: d.State}
		if b.Description == nil {
			b.Description = json.RawMessage(`{"services": []}`)
		}
		if b.Action == nil {
			b.Action = json.RawMessage("null")
		}
		if b.Result == nil {
			b.Result = json.RawMessage("{}")
		}
		if d.FinishedAt != nil {
			s := stamp(*d.FinishedAt)
			b.Finished = &s
		}
		out.Deployments[i] = b
	}
	return out
}

func describeReport(r *murano.Report) reportBody {
	return reportBody{r.ID, r.TaskID, optional(r.EntityID), optional(r.Entity), r.Level, r.Text, optional(r.Details), stamp(r.CreatedAt), stamp(r.UpdatedAt)}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (a *API) listDeployments(ctx context.Context, r *request, in *environmentRef) (any, error) {
	list, err := a.environments.Deployments(ctx, r.caller, in.ID)
	if err != nil {
		return nil, err
	}
	return describeDeployments(list), nil
}

func (a *API) listAllDeployments(ctx context.Context, r *request, _ *none) (any, error) {
	list, err := a.environments.AllDeployments(ctx, r.caller)
	if err != nil {
		return nil, err
	}
	return describeDeployments(list), nil
}

func (a *API) showReports(ctx context.Context, r *request, in *deploymentRef) (any, error) {
	reports, err := a.environments.Reports(ctx, r.caller, in.EnvironmentID, in.DeploymentID, r.query()["service_id"])
	if err != nil {
		return nil, err
	}
	out := reportList{Reports: make([]reportBody, len(reports))}
	for i := range reports {
		out.Reports[i] = describeReport(&reports[i])
	}
	return out, nil
}

func (a *API) showLastStatus(ctx context.Context, r *request, in *environmentRef) (any, error) {
	list, err := a.environments.LastStatuses(ctx, r.caller, in.ID, r.session)
	if err != nil {
		return nil, err
	}
	statuses := yaml.NewMap(len(list))
	for _, s := range list {
		if s.Report == nil {
			statuses.Set(s.ServiceID, nil)
			continue
		}
		raw, err := json.Marshal(describeReport(s.Report))
		if err != nil {
			return nil, err
		}
		statuses.Set(s.ServiceID, json.RawMessage(raw))
	}
	return lastStatusList{statuses}, nil
}
