package core

import (
	"encoding/json"
	"time"
)

// Stack is one deployed template. Nested stacks are stacks with an owner: rows of the
// same engine. The bun tags name the columns of table stacks.
type Stack struct {
	ID             string `bun:"id,pk"`
	ProjectID      string `bun:"project_id"`
	Name           string `bun:"name"`
	OwnerID        string `bun:"owner_id,nullzero"`        // the stack this one is nested in
	RootID         string `bun:"root_id"`                  // the top of the tree, itself for a top stack
	ParentResource string `bun:"parent_resource,nullzero"` // id of the resource of the owner that this stack is
	NestedDepth    int    `bun:"nested_depth"`

	Action       Action `bun:"action"`
	Status       Status `bun:"status"`
	StatusReason string `bun:"status_reason"`

	// Traversal names the walk that may change this stack; a newer one supersedes it
	// by compare-and-swap. NodesLeft counts its unfinished nodes; Failing holds the
	// reason once a node has failed and the others are being let go, Halting says that
	// even calls under way are.
	Traversal string `bun:"traversal"`
	NodesLeft int    `bun:"nodes_left"`
	Failing   string `bun:"failing,nullzero"`
	Halting   bool   `bun:"halting"`

	TemplateID     string `bun:"template_id"`
	PrevTemplateID string `bun:"prev_template_id,nullzero"` // what a rollback goes back to

	UserID      string `bun:"user_id"`
	Username    string `bun:"username"`
	Credentials []byte `bun:"credentials,nullzero"` // sealed; see store

	TimeoutMins     *int       `bun:"timeout_mins"`
	Deadline        *time.Time `bun:"deadline"` // when the running action times out
	DisableRollback bool       `bun:"disable_rollback"`
	Force           bool       `bun:"force"`    // the running deletion leaves behind what cannot be removed
	Converge        bool       `bun:"converge"` // the running update looks at the real objects, too
	Tags            []string   `bun:"tags,type:text"`

	Description string          `bun:"description"`                   // of the template
	Parameters  json.RawMessage `bun:"parameters,type:text,nullzero"` // as shown: texts, hidden ones masked
	Outputs     json.RawMessage `bun:"outputs,type:text,nullzero"`    // []Output, computed when the action ended

	FailureList json.RawMessage `bun:"failures,type:text,nullzero"` // []Failure

	StackUserProjectID string     `bun:"stack_user_project_id,nullzero"`
	CreatedAt          time.Time  `bun:"created_at"`
	UpdatedAt          *time.Time `bun:"updated_at"` // of the last update request
	DeletedAt          *time.Time `bun:"deleted_at"`
}

// State is CREATE_COMPLETE and the like.
func (s *Stack) State() string { return State(s.Action, s.Status) }

// Identifier is the stack's name in URLs and ARNs.
func (s *Stack) Identifier() Identifier {
	return Identifier{Tenant: s.ProjectID, StackName: s.Name, StackID: s.ID}
}

// Output is one output of a stack with its stored value. Error says why there is none.
type Output struct {
	Key         string          `json:"output_key"`
	Description string          `json:"description"`
	Value       json.RawMessage `json:"output_value"`
	Error       string          `json:"output_error,omitempty"`
	// Live says of a stored output that it has an attribute which changes without an action
	// of the stack.
	Live bool `json:"live,omitempty"`
}

// RawTemplate is a template with its environment and files, as a stack holds them.
// It is never changed: an update stores another one.
type RawTemplate struct {
	ID          string          `bun:"id,pk"`
	Template    json.RawMessage `bun:"template,type:text"`    // in the author's order
	Environment json.RawMessage `bun:"environment,type:text"` // merged
	FilesID     string          `bun:"files_id,nullzero"`     // of its files, a keyed hash of them
	CreatedAt   time.Time       `bun:"created_at"`
	// Places are where the text that the client sent defines the resources.
	Places map[string]Place `bun:"places,type:text,nullzero"`
}
