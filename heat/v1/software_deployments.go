package v1

import (
	"context"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/httpapi"
	"hearth/core/yaml"
)

// deploymentBody documents the body of a new software deployment. Other keys are ignored.
type deploymentBody struct {
	_ struct{} `additionalProperties:"true"`

	ConfigID           string         `json:"config_id" format:"uuid"`
	ServerID           string         `json:"server_id" doc:"The server, or what stands for one."`
	InputValues        map[string]any `json:"input_values,omitempty"`
	Action             string         `json:"action,omitempty" example:"CREATE" doc:"What is being done; kept as it is."`
	Status             string         `json:"status,omitempty" example:"IN_PROGRESS"`
	StatusReason       string         `json:"status_reason,omitempty"`
	StackUserProjectID string         `json:"stack_user_project_id,omitempty" doc:"Another project that may read the deployment."`
}

// deploymentChange documents the body of a change. What is absent stays.
type deploymentChange struct {
	_ struct{} `additionalProperties:"true"`

	ConfigID     string         `json:"config_id,omitempty" format:"uuid"`
	InputValues  map[string]any `json:"input_values,omitempty"`
	OutputValues map[string]any `json:"output_values,omitempty"`
	Action       string         `json:"action,omitempty" example:"UPDATE"`
	Status       string         `json:"status,omitempty" example:"COMPLETE" doc:"COMPLETE and FAILED end the wait of the resource that the deployment is of."`
	StatusReason string         `json:"status_reason,omitempty"`
}

// DeploymentView is a deployment as the API presents it (heat/engine/api.py
// format_software_deployment).
type DeploymentView struct {
	ID           string                 `json:"id"`
	ServerID     string                 `json:"server_id"`
	InputValues  shaped[map[string]any] `json:"input_values" nullable:"true"`
	OutputValues shaped[map[string]any] `json:"output_values" nullable:"true"`
	Action       *string                `json:"action" example:"CREATE"`
	Status       *string                `json:"status" example:"IN_PROGRESS"`
	StatusReason string                 `json:"status_reason"`
	ConfigID     string                 `json:"config_id"`
	CreationTime string                 `json:"creation_time" example:"2026-01-02T03:04:05Z"`
	UpdatedTime  *string                `json:"updated_time,omitempty" example:"2026-01-02T03:04:06Z"`
}

func deploymentView(d *core.SoftwareDeployment) DeploymentView {
	return DeploymentView{ID: d.ID, ServerID: d.ServerID, InputValues: shaped[map[string]any](d.InputValues),
		OutputValues: shaped[map[string]any](d.OutputValues), Action: textOrNull(string(d.Action)), Status: textOrNull(string(d.Status)),
		StatusReason: d.StatusReason, ConfigID: d.ConfigID, CreationTime: date(d.CreatedAt), UpdatedTime: dateOrNull(d.UpdatedAt)}
}

type deploymentList struct {
	Body struct {
		SoftwareDeployments []DeploymentView `json:"software_deployments"`
	}
}

func (a *API) listDeployments(ctx context.Context, _ *struct {
	ServerID string `query:"server_id" doc:"Only those of this server."`
}) (*deploymentList, error) {
	deployments, err := a.engine.ListDeployments(ctx, httpapi.CallerFrom(ctx), queryOf(ctx).values.Get("server_id"))
	if err != nil {
		return nil, err
	}
	out := &deploymentList{}
	out.Body.SoftwareDeployments = make([]DeploymentView, len(deployments))
	for i := range deployments {
		out.Body.SoftwareDeployments[i] = deploymentView(&deployments[i])
	}
	return out, nil
}

// ServerRef is a server in a path.
type ServerRef struct {
	ID string `path:"server_id"`
}

type serverMetadata struct {
	Body struct {
		Metadata []configDetail `json:"metadata"`
	}
}

func (a *API) deploymentMetadata(ctx context.Context, in *ServerRef) (*serverMetadata, error) {
	configs, err := a.engine.DeploymentMetadata(ctx, httpapi.CallerFrom(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out := &serverMetadata{}
	out.Body.Metadata = make([]configDetail, len(configs))
	for i := range configs {
		if out.Body.Metadata[i], err = detailOf(&configs[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

type shownDeployment struct {
	Body struct {
		SoftwareDeployment DeploymentView `json:"software_deployment"`
	}
}

func showing(d *core.SoftwareDeployment, err error) (*shownDeployment, error) {
	if err != nil {
		return nil, err
	}
	out := &shownDeployment{}
	out.Body.SoftwareDeployment = deploymentView(d)
	return out, nil
}

// createDeployment answers as upstream does when config or server are missing: its database
// refuses that, with 500.
func (a *API) createDeployment(ctx context.Context, _ *struct{}) (*shownDeployment, error) {
	body, err := needObject(ctx)
	if err != nil {
		return nil, err
	}
	d := &core.SoftwareDeployment{ServerID: textField(body, "server_id"), ConfigID: textField(body, "config_id"),
		StackUserProjectID: textField(body, "stack_user_project_id"), Action: core.Action(textField(body, "action")),
		Status: core.Status(textField(body, "status")), StatusReason: yaml.Str(field(body, "status_reason"))}
	if d.ServerID == "" || d.ConfigID == "" {
		return nil, &core.Error{Code: core.Internal, Message: "a software deployment without server or config"}
	}
	if d.InputValues, err = stored(body, "input_values"); err != nil {
		return nil, err
	}
	return showing(d, a.engine.CreateDeployment(ctx, httpapi.CallerFrom(ctx), d))
}

// DeploymentRef is a software deployment in a path.
type DeploymentRef struct {
	ID string `path:"deployment_id" format:"uuid"`
}

func (a *API) showDeployment(ctx context.Context, in *DeploymentRef) (*shownDeployment, error) {
	return showing(a.engine.FindDeployment(ctx, httpapi.CallerFrom(ctx), in.ID))
}

func (a *API) updateDeployment(ctx context.Context, in *DeploymentRef) (*shownDeployment, error) {
	body, err := needObject(ctx)
	if err != nil {
		return nil, err
	}
	change := engine.DeploymentChange{ConfigID: textField(body, "config_id"), Action: core.Action(textField(body, "action")),
		Status: core.Status(textField(body, "status")), StatusReason: textField(body, "status_reason")}
	if change.InputValues, err = stored(body, "input_values"); err != nil {
		return nil, err
	}
	if change.OutputValues, err = stored(body, "output_values"); err != nil {
		return nil, err
	}
	return showing(a.engine.UpdateDeployment(ctx, httpapi.CallerFrom(ctx), in.ID, change))
}

func (a *API) deleteDeployment(ctx context.Context, in *DeploymentRef) (*struct{}, error) {
	return nil, a.engine.DeleteDeployment(ctx, httpapi.CallerFrom(ctx), in.ID)
}

// textField is a value of a body as text; "" for none.
func textField(body *yaml.Map, name string) string {
	if v := field(body, name); v != nil {
		return yaml.Str(v)
	}
	return ""
}

// stored is a map of a body as it is stored; nil for none.
func stored(body *yaml.Map, name string) ([]byte, error) {
	v := field(body, name)
	if v == nil {
		return nil, nil
	}
	if _, ok := v.(*yaml.Map); !ok {
		return nil, badRequest("Invalid value for '%s': a map is expected.", name)
	}
	return yaml.EncodeJSON(v)
}
