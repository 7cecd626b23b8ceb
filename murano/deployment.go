package murano

import (
	"encoding/json"
	"time"

	"hearth/core/yaml"
)

// Task is one deployment, deletion or action of an environment, which the API calls a
// deployment. Model is the progress of a task that is not finished: a process that takes
// it over goes on from there. The bun tags name the columns of table tasks.
type Task struct {
	ID            string          `bun:"id,pk"`
	EnvironmentID string          `bun:"environment_id"`
	SessionID     string          `bun:"session_id"`
	Action        json.RawMessage `bun:"action,type:text,nullzero"`      // an Action; null to delete
	Description   json.RawMessage `bun:"description,type:text,nullzero"` // the objects as they were sent, secrets masked
	Model         json.RawMessage `bun:"model,type:text,nullzero"`
	Credentials   []byte          `bun:"credentials,nullzero"` // sealed core.Credentials
	Result        json.RawMessage `bun:"result,type:text,nullzero"`

	Owner      string `bun:"owner"` // the process that runs it
	Attempt    int    `bun:"attempt"`
	LeaseUntil int64  `bun:"lease_until"` // milliseconds since 1970

	CreatedAt  time.Time  `bun:"created_at"`
	StartedAt  time.Time  `bun:"started_at"`
	UpdatedAt  time.Time  `bun:"updated_at"`
	FinishedAt *time.Time `bun:"finished_at"`
}

// Action says which method of which object a task calls.
type Action struct {
	ObjectID string    `json:"object_id"`
	Method   string    `json:"method"`
	Args     *yaml.Map `json:"args"`
}

// Level is how serious a report is.
type Level string

// The levels.
const (
	Info    Level = "info"
	Warning Level = "warning"
	Error   Level = "error"
)

// Report is one line of what a task told its users, upstream's Status. Step names what it
// is about within the task: the same step is told once. The bun tags name the columns of
// table reports.
type Report struct {
	ID        string    `bun:"id,pk"`
	TaskID    string    `bun:"task_id"`
	Step      string    `bun:"step"`
	EntityID  string    `bun:"entity_id,nullzero"` // the object it is about
	Entity    string    `bun:"entity,nullzero"`    // always null, as upstream
	Level     Level     `bun:"level"`
	Text      string    `bun:"text"`
	Details   string    `bun:"details,nullzero"`
	CreatedAt time.Time `bun:"created_at"`
	UpdatedAt time.Time `bun:"updated_at"`
}

// DeploymentState is the state of a task as the API shows it.
func DeploymentState(finished bool, errors, warnings int) string {
	done, running := "success", "running"
	switch {
	case errors > 0:
		done, running = "completed_w_errors", "running_w_errors"
	case warnings > 0:
		done, running = "completed_w_warnings", "running_w_warnings"
	}
	if finished {
		return done
	}
	return running
}
