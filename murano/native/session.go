package native

import (
	"context"
	"log/slog"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/engine"
	"hearth/murano"
	"hearth/murano/muranopl"
)

// Session is what the programs of one task may reach, and nothing else.
type Session struct {
	EnvironmentID string
	Caller        *core.Caller   // whom the programs act for, in the environment's project
	Owner         *core.Caller   // who made the environment
	Engine        *engine.Engine // nil: there are no stacks, and none can be made
	// Cloud is the cloud as the caller sees it; nil when there is none.
	Cloud func(ctx context.Context) (*cloud.Client, error)
	// Reporter, Instances and Agents keep what programs say and ask. They are called by
	// several threads of a program at once.
	Reporter  Reporter  // nil: reports go nowhere
	Instances Instances // nil: nothing is counted
	Agents    Agents    // nil: calls of agents are refused
	// Claim chooses for an object of what there is one of each: the value that it has in that
	// scope, or the first of the candidates that nobody else has; "" when there are none. A
	// value that is no candidate any more is kept only by a program that is run again, whose
	// own it may be. Nil: the first candidate is taken.
	Claim func(ctx context.Context, scope, owner string, candidates []string) (string, error)
	// Turns has programs that must not do a thing at once wait for each other; nil: there
	// are no others.
	Turns *Turns
	// Setting is a setting of Murano's configuration that io.murano asks for by group and
	// name; ok is false when there is none.
	Setting func(group, name string) (v any, ok bool)
	Log     *slog.Logger
	// Resumed says that a process has run the same programs before and may have done a part
	// of what they do: a stack that is as it is to be is then left alone.
	Resumed bool

	finish []func(th *muranopl.Thread) error
}

// sessionKey is where an executor keeps its Session.
type sessionKey struct{}

// Attach gives the programs of an executor their session.
func Attach(ex *muranopl.Executor, s *Session) { ex.Session[sessionKey{}] = s }

// SessionOf is the session of a thread's executor; nil when it has none.
func SessionOf(th *muranopl.Thread) *Session {
	s, _ := th.Executor().Session[sessionKey{}].(*Session)
	return s
}

// AtEnd has fn called when the programs of the session have ended, before their model is
// written: what was left to be done later is done then.
func (s *Session) AtEnd(fn func(th *muranopl.Thread) error) { s.finish = append(s.finish, fn) }

// End calls what AtEnd was given, in its order. All are called; the first error is returned.
func (s *Session) End(th *muranopl.Thread) error {
	var first error
	for _, fn := range s.finish {
		if err := fn(th); err != nil && first == nil {
			first = err
		}
	}
	s.finish = nil
	return first
}

// Reporter tells users what becomes of an object ("" for the environment).
type Reporter interface {
	Report(ctx context.Context, objectID string, level murano.Level, text string) error
}

// Instances counts applications and servers for the statistics of an environment.
type Instances interface {
	Track(ctx context.Context, i TrackedInstance) error
	// Untrack ends the time of an instance; one that is not tracked is success.
	Untrack(ctx context.Context, instanceID string, kind InstanceKind) error
}

// InstanceKind is what is counted.
type InstanceKind int

// The kinds, with upstream's numbers.
const (
	ApplicationInstance InstanceKind = 100
	ServerInstance      InstanceKind = 200
)

// TrackedInstance is an application or a server whose time is counted.
type TrackedInstance struct {
	InstanceID string // of the object
	Kind       InstanceKind
	TypeName   string // of its class
	TypeTitle  string // "" for none
	UnitCount  *int   // nil for none
}

// Agents reaches the agents in servers. A plan is a JSON document of Murano's execution plan
// format; its ID is the caller's and the same in every run of the program, so that a plan is
// carried out once however often it is offered.
type Agents interface {
	// Bootstrap gives the shell script that makes a server carry out the plans offered to
	// queue: with curl and sh, no Python and no broker.
	Bootstrap(ctx context.Context, environmentID, queue string) (string, error)
	// Offer has a plan carried out by the server of queue.
	Offer(ctx context.Context, environmentID, queue, planID string, plan []byte) error
	// Result waits until the plan has been carried out and gives the agent's answer, a JSON
	// document, until ctx ends.
	Result(ctx context.Context, environmentID, queue, planID string) ([]byte, error)
	// Revoke has the server of queue refused from now on, and forgets its plans.
	Revoke(ctx context.Context, environmentID, queue string) error
}
