package murano

import (
	"encoding/json"
	"time"
)

// AgentQueue is what one server's agent reads its plans from. The bun tags name the columns
// of table agent_queues.
type AgentQueue struct {
	ID            string          `bun:"id,pk"`
	EnvironmentID string          `bun:"environment_id"`
	Name          string          `bun:"name"`                   // unique in the environment
	Script        string          `bun:"script"`                 // what the server boots with
	Log           json.RawMessage `bun:"log,type:text,nullzero"` // a text: the end of the server's log
	CreatedAt     time.Time       `bun:"created_at"`
}

// AgentPlan is an execution plan that is offered to a server. The bun tags name the columns
// of table agent_plans.
type AgentPlan struct {
	ID        string          `bun:"id,pk"`
	QueueID   string          `bun:"queue_id"`
	PlanID    string          `bun:"plan_id"`                   // the program's, unique in the queue
	Plan      json.RawMessage `bun:"plan,type:text,nullzero"`   // nil once there is an answer
	Steps     json.RawMessage `bun:"steps,type:text,nullzero"`  // what its scripts came to so far
	Answer    json.RawMessage `bun:"answer,type:text,nullzero"` // nil until it is carried out
	Answered  bool            `bun:"answered"`
	CreatedAt time.Time       `bun:"created_at"`
	ChangedAt int64           `bun:"changed_at"` // milliseconds since 1970
}
