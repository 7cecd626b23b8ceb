package core

import (
	"encoding/json"
	"time"
)

// StackSnapshot is a stack as it was at one time, with the copies that were made of its
// objects. Its action is CREATE, or DELETE once it is being removed. The bun tags name the
// columns of table snapshots.
type StackSnapshot struct {
	ID        string `bun:"id,pk"`
	ProjectID string `bun:"project_id"`
	StackID   string `bun:"stack_id"`
	Name      string `bun:"name,nullzero"`

	Action       Action `bun:"action"`
	Status       Status `bun:"status"`
	StatusReason string `bun:"status_reason,nullzero"`

	Data        []byte    `bun:"data,nullzero"`        // sealed SnapshotData
	Credentials []byte    `bun:"credentials,nullzero"` // sealed for the root of the stack; of whoever removes it
	DueAt       int64     `bun:"due_at"`               // milliseconds: when its removal is gone on with
	CreatedAt   time.Time `bun:"created_at"`
}

// SnapshotDeleteStarted is the status reason of a snapshot whose removal has begun.
const SnapshotDeleteStarted = "Snapshot delete started"

// SnapshotData is what a snapshot holds.
type SnapshotData struct {
	Stack json.RawMessage `json:"stack"` // in the form of an export
	Made  []SnapshotCopy  `json:"made,omitempty"`
}

// SnapshotCopy is a resource of which something was made in the cloud, and what its type
// remembers of that.
type SnapshotCopy struct {
	ResourceID string            `json:"resource_id"`
	Name       string            `json:"name"`
	Type       string            `json:"type"`
	Class      string            `json:"class"`
	PhysicalID string            `json:"physical_id"`
	Data       map[string]string `json:"data"`
}
