package core

import (
	"encoding/json"
	"time"
)

// Resource is one resource of a stack: a row that outlives updates until the object
// it stands for is gone. A replacement is a second row of the same name. The bun
// tags name the columns of table resources.
type Resource struct {
	ID      string `bun:"id,pk"`
	StackID string `bun:"stack_id"`
	RootID  string `bun:"root_id"`
	Name    string `bun:"name"`
	Type    string `bun:"type"`           // as written in the template
	Class   string `bun:"class,nullzero"` // the class behind the type; "" when a template stands for it
	Index   int    `bun:"idx"`            // its place in the template, for lists

	PhysicalID   string `bun:"physical_id,nullzero"`
	Action       Action `bun:"action"`
	Status       Status `bun:"status"`
	StatusReason string `bun:"status_reason"`

	Digest     string          `bun:"digest,nullzero"`               // of the definition it was last made true to
	Definition string          `bun:"definition,nullzero"`           // what its definition resolved to then, see plan.Fingerprint
	Properties json.RawMessage `bun:"properties,type:text,nullzero"` // resolved
	Attributes json.RawMessage `bun:"attributes,type:text,nullzero"` // those that the template asks for
	Metadata   json.RawMessage `bun:"metadata,type:text,nullzero"`
	Data       []byte          `bun:"data,nullzero"` // sealed map[string]string: what the type must remember

	Requires       []string `bun:"requires,type:text"` // ids of rows that this one was made from
	Replaces       string   `bun:"replaces,nullzero"`
	ReplacedBy     string   `bun:"replaced_by,nullzero"`
	DeletionPolicy string   `bun:"deletion_policy,nullzero"`
	External       bool     `bun:"external"` // external_id: not ours to change or delete

	CreatedAt time.Time `bun:"created_at"`
	UpdatedAt time.Time `bun:"updated_at"`
}

// State is CREATE_COMPLETE and the like.
func (r *Resource) State() string { return State(r.Action, r.Status) }

// Event is one thing that happened to a stack or a resource, in the order of its id
// (a UUID version 7). For the stack itself ResourceName is the stack's name and
// ResourceType OS::Heat::Stack. The bun tags name the columns of table events.
type Event struct {
	ID           string          `bun:"id,pk"`
	StackID      string          `bun:"stack_id"`
	RootID       string          `bun:"root_id"`
	ResourceName string          `bun:"resource_name"`
	ResourceType string          `bun:"resource_type"`
	PhysicalID   string          `bun:"physical_id,nullzero"`
	Action       Action          `bun:"action"`
	Status       Status          `bun:"status"`
	StatusReason string          `bun:"status_reason"`
	Properties   json.RawMessage `bun:"properties,type:text,nullzero"` // secrets masked
	CreatedAt    time.Time       `bun:"created_at"`
}

// StackEventType is the resource type of events of the stack itself.
const StackEventType = "OS::Heat::Stack"
