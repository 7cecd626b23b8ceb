package resource

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/yaml"
)

// Context is one resource in one call.
type Context struct {
	ID         string // of the row, a UUID
	Name       string // in the template
	Type       string
	PhysicalID string
	Action     core.Action
	Stack      Stack

	Properties Values // resolved and validated, defaults filled in
	Given      Values // as they resolve, before the schema has converted them
	Old        Values // before this update; the zero Values otherwise
	// UpdatePolicy is the resolved and validated update_policy, by Type.UpdatePolicy.
	UpdatePolicy Values
	Metadata     *yaml.Map
	// Data is what the type remembers (sealed when stored). Never nil.
	Data map[string]string
	// Created is when the resource came into the stack.
	Created time.Time
	// Started is when the running action of this resource began, by the engine's clock.
	Started time.Time
	Now     func() time.Time
	Log     *slog.Logger

	// Files came with the stack's template, by name.
	Files map[string]string
	// Declares reports whether the stack's template has a resource of that name; nil but
	// in validation.
	Declares func(name string) bool

	// Cloud acts with the credentials of the stack's owner.
	Cloud *cloud.Client
	// OpenCloud gives what Cloud would be, to types without a Type.Service that need the
	// cloud once in a while; nil, or a nil client, when there is none.
	OpenCloud func(ctx context.Context) (*cloud.Client, error)
	// Configs stores software configs; nil in validation.
	Configs Configs
	// Deployments stores software deployments; nil in validation.
	Deployments Deployments
	// Children reads the nested stack of a Parent; nil in validation.
	Children Children
	// Links lets software in to this resource.
	Links Links
	// Siblings reads other resources of the same stack (a wait condition its handle).
	Siblings Siblings

	// Adjust has a group of the same stack, by what get_resource yields for it, change its
	// size; set in a Signal alone. It returns ErrNoAction when the group stays as it is.
	Adjust func(ctx context.Context, group string, a Adjustment) error

	// Whole asks Child for what the nested stack is to be in the end, not for the next of
	// several steps: a preview does.
	Whole bool

	// Save stores PhysicalID, Data and Metadata at once, fenced by the node's lease. Set
	// by the engine; call Checkpoint.
	Save func(ctx context.Context) error
}

// Stack is what a resource may know of its stack.
type Stack struct {
	ID, Name, ProjectID, UserID string
	TimeoutMins                 int
}

// ErrReplace is returned by Update when the object cannot be changed after all.
var ErrReplace = errors.New("the resource must be replaced")

// ErrNoAction is returned by Signal and Adjust when nothing is to be done: the signal is
// taken and leaves no trace (heat/common/exception.py NoActionRequired).
var ErrNoAction = errors.New("no action is required")

// Checkpoint stores what is known so far, before a Create of several calls goes on.
func (c *Context) Checkpoint(ctx context.Context) error {
	if c.Save == nil {
		return nil
	}
	return c.Save(ctx)
}

// Mark is the text that Create leaves on an object (its description, where the user
// gave none) so that Find knows it again: "heat resource <id>".
func (c *Context) Mark() string { return "heat resource " + c.ID }

// Configs stores software configs for the stack's project.
type Configs interface {
	CreateConfig(ctx context.Context, cfg *core.SoftwareConfig) error
	FindConfig(ctx context.Context, id string) (*core.SoftwareConfig, error)
	DeleteConfig(ctx context.Context, id string) error
}

// Deployments stores software deployments for the stack's project.
type Deployments interface {
	// Deploy stores cfg and makes d a deployment of it, or changes the deployment that there
	// is; the config that this one had goes. A deployment that has cfg already stays.
	Deploy(ctx context.Context, d *core.SoftwareDeployment, cfg *core.SoftwareConfig) error
	FindDeployment(ctx context.Context, id string) (*core.SoftwareDeployment, error)
	SaveDeployment(ctx context.Context, d *core.SoftwareDeployment) error
	// DeleteDeployment removes a deployment and its config; one that is not there is success.
	DeleteDeployment(ctx context.Context, id string) error
}

// Siblings reads the stored state of resources of the same stack, and lets go of some.
type Siblings interface {
	// ByPhysicalID gives the resource with that physical id or reference id.
	// It returns a NotFound error when there is none.
	ByPhysicalID(ctx context.Context, id string) (*core.Resource, error)
	// ByName gives the current resource of that name.
	ByName(ctx context.Context, name string) (*core.Resource, error)
	// ForgetMetadata empties the metadata of the resource with that ID.
	ForgetMetadata(ctx context.Context, id string) error
}

// ChildStack is what a Parent wants its nested stack to be.
type ChildStack struct {
	// Name of the nested stack; "" lets the engine choose (the physical name).
	Name string
	// Template is the source as text or, when Node is set, a tree.
	Template string
	Node     *yaml.Node
	// File is the name in files that Template came from: relative names resolve from it.
	File string
	// Definition is the property that the members are made from, where a problem of theirs
	// is shown; "" for none.
	Definition string
	// Parameters are the values for the template's parameters.
	Parameters *yaml.Map
	// Facade lets resource_facade inside see the resource that this stack is.
	Facade      bool
	TimeoutMins int
	// More says that this is one step of several: when the nested stack has become it, the
	// engine waits for Pause and asks Child again. What comes next is decided by what the
	// nested stack is by then, never by counting: a step may be asked for twice.
	More  bool
	Pause time.Duration
}

// Adjustment asks a group for another size, as a scaling policy does.
type Adjustment struct {
	Type     string // ChangeInCapacity, ExactCapacity, PercentChangeInCapacity or Heat's names of them
	By       float64
	MinStep  int            // a percentage is at least so many members; 0: no limit
	Cooldown *time.Duration // before the next adjustment; nil: the group's own
}

// Children reads the nested stack of the resource at hand.
type Children interface {
	// Stack is the nested stack, nil when there is none yet.
	Stack(ctx context.Context) (*core.Stack, error)
	// Resources are the current resources of the nested stack, in template order.
	Resources(ctx context.Context) ([]core.Resource, error)
	// Template is the template that the nested stack has by now; nil when there is none yet.
	Template(ctx context.Context) (*yaml.Node, error)
	// Output is a stored output of the nested stack. ok is false when it has none of that name.
	Output(ctx context.Context, name string) (value any, ok bool, err error)
	// Attribute reads an attribute (path after the resource's name) of a member; with an
	// empty path its reference id.
	Attribute(ctx context.Context, member string, path []any) (any, error)
}
