package core

import (
	"encoding/json"
	"time"
)

// SoftwareDeployment is a software config for a server, and what has become of it
// (heat/objects/software_deployment.py). The bun tags name the columns of table
// software_deployments.
type SoftwareDeployment struct {
	ID                 string          `bun:"id,pk"`
	ProjectID          string          `bun:"project_id"`
	StackUserProjectID string          `bun:"stack_user_project_id,nullzero"` // whose users may read it, too
	ServerID           string          `bun:"server_id"`
	ConfigID           string          `bun:"config_id"`
	Action             Action          `bun:"action,nullzero"` // whatever the client says
	Status             Status          `bun:"status,nullzero"` // whatever the client says
	StatusReason       string          `bun:"status_reason"`
	InputValues        json.RawMessage `bun:"input_values,type:text,nullzero"`
	OutputValues       json.RawMessage `bun:"output_values,type:text,nullzero"`
	CreatedAt          time.Time       `bun:"created_at"`
	UpdatedAt          *time.Time      `bun:"updated_at"`
}

// DeploymentNotFound is Heat's answer for a deployment that is not there, or not the
// caller's to see.
func DeploymentNotFound(id string) *Error {
	return Errorf(NotFound, "NotFound", "Deployment with id %s not found", id)
}
