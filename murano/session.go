package murano

import (
	"encoding/json"
	"time"
)

// SessionState is how far a session has come.
type SessionState string

// The states. All but opened and deployed are statuses of environments, too.
const (
	SessionOpened        SessionState = "opened"
	SessionDeploying     SessionState = "deploying"
	SessionDeployed      SessionState = "deployed"
	SessionDeployFailure SessionState = "deploy failure"
	SessionDeleting      SessionState = "deleting"
	SessionDeleteFailure SessionState = "delete failure"
)

// Session is a copy of an environment's model that one user changes and then deploys.
// Version is that of the environment when the session was opened. The bun tags name the
// columns of table sessions.
type Session struct {
	ID            string          `bun:"id,pk"`
	EnvironmentID string          `bun:"environment_id"`
	UserID        string          `bun:"user_id"`
	State         SessionState    `bun:"state"`
	Version       int64           `bun:"version"`
	Model         json.RawMessage `bun:"model,type:text"`
	CreatedAt     time.Time       `bun:"created_at"`
	UpdatedAt     time.Time       `bun:"updated_at"`
}

// Valid reports whether the session still stands on what the environment is: no other has
// been deployed since it was opened, and, while it is open, none is being deployed
// (murano/db/services/sessions.py validate).
func (s *Session) Valid(e *Environment, deploying bool) bool {
	return e.Version <= s.Version && !(s.State == SessionOpened && deploying)
}
