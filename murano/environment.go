package murano

import (
	"encoding/json"
	"time"
)

// Environment is a set of applications that are deployed together. Model is what stands:
// Objects (the environment object with its services), Attributes, and, once deployed,
// ObjectsCopy, by which a later task sees what has been removed. The bun tags name the
// columns of table environments.
type Environment struct {
	ID              string          `bun:"id,pk"`
	TenantID        string          `bun:"tenant_id"`
	Name            string          `bun:"name"`
	DescriptionText string          `bun:"description_text"`
	Version         int64           `bun:"version"` // grows with every finished task
	Model           json.RawMessage `bun:"model,type:text"`
	CreatedAt       time.Time       `bun:"created_at"`
	UpdatedAt       time.Time       `bun:"updated_at"`
}

// EnvironmentStatus is what an environment's sessions say of it.
type EnvironmentStatus string

// The statuses.
const (
	EnvironmentReady         EnvironmentStatus = "ready"
	EnvironmentPending       EnvironmentStatus = "pending" // a session is open
	EnvironmentDeploying     EnvironmentStatus = "deploying"
	EnvironmentDeployFailure EnvironmentStatus = "deploy failure"
	EnvironmentDeleting      EnvironmentStatus = "deleting"
	EnvironmentDeleteFailure EnvironmentStatus = "delete failure"
)

// StatusOf tells the status of an environment from its sessions, newest version first and
// within it the one last changed (murano/db/services/environments.py get_status). An open
// session does not hide the failure before it; a deployed one hides all that came earlier.
func StatusOf(sessions []Session) EnvironmentStatus {
	opened := false
	for _, s := range sessions {
		switch s.State {
		case SessionDeployed:
			return idle(opened)
		case SessionOpened:
			opened = true
		default:
			return EnvironmentStatus(s.State)
		}
	}
	return idle(opened)
}

func idle(opened bool) EnvironmentStatus {
	if opened {
		return EnvironmentPending
	}
	return EnvironmentReady
}
