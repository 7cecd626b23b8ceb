// Package engine is the use cases of the shared engine, one file each: what every API
// calls. A use case checks all that can be checked, then writes what it decides in one
// transaction, the walk that makes it true included; nothing is stored for a request that
// is refused.
package engine

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/converge"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/store"
	"hearth/core/template"
)

// Limits are what a request may ask for at most (heat-api, "Limits").
type Limits struct {
	TemplateSize    int // bytes of a template or file
	NestedDepth     int // levels of nested stacks
	Resources       int // in a whole tree of stacks; negative: any number
	StacksPerTenant int // negative: any number
	// SnapshotsPerStack is not for administrators; negative: any number.
	SnapshotsPerStack int
	TagLength         int
}

// DefaultLimits are Heat's.
var DefaultLimits = Limits{TemplateSize: 524288, NestedDepth: 5, Resources: 1000, StacksPerTenant: 512, SnapshotsPerStack: 32, TagLength: 80}

// Engine holds what the use cases need.
type Engine struct {
	Store  *store.Store
	Walker *converge.Walker
	Types  *plan.Types
	Cloud  *cloud.Cloud // nil: there is no cloud to ask
	Limits Limits
	// MayUse reports whether a caller may use a resource type; nil: everybody may use all.
	MayUse func(caller *core.Caller, resourceType string) bool
	// HiddenTags are tags whose stacks are left out of lists.
	HiddenTags []string
	Now        func() time.Time
	Log        *slog.Logger
}

// New makes an Engine that shares what the Walker works with.
func New(w *converge.Walker, limits Limits) *Engine {
	return &Engine{Store: w.Store, Walker: w, Types: w.Types, Cloud: w.Cloud, Limits: limits, Now: w.Now, Log: w.Log}
}

// Registry is the set of resource types.
func (e *Engine) Registry() *resource.Registry { return e.Types.Registry }

// find gives the stack that ref names in the caller's project; both name and id must
// match when both are given. It returns EntityNotFound otherwise, for other projects'
// stacks, too. A deleted stack is found by its id.
func (e *Engine) find(ctx context.Context, caller *core.Caller, ref StackRef) (*core.Stack, error) {
	s, err := e.lookup(ctx, caller, ref)
	if err != nil {
		return nil, err
	}
	return seen(caller, ref, s)
}

// findIdentity is find for lists of what is in a stack: of the stack it gives but what says
// which it is.
func (e *Engine) findIdentity(ctx context.Context, caller *core.Caller, ref StackRef) (*core.Stack, error) {
	if ref.ID == "" {
		return e.find(ctx, caller, ref)
	}
	s, err := e.Store.IdentifyStack(ctx, ref.ID)
	if err != nil {
		return nil, err
	}
	return seen(caller, ref, s)
}

// seen gives the stack that ref has led to, if that is the one it means.
func seen(caller *core.Caller, ref StackRef, s *core.Stack) (*core.Stack, error) {
	if s == nil || !sees(caller, s) || ref.ID != "" && ref.Name != "" && s.Name != ref.Name {
		name := ref.Name
		if name == "" {
			name = ref.ID
		}
		return nil, core.EntityNotFound("Stack", name)
	}
	return s, nil
}

func (e *Engine) lookup(ctx context.Context, caller *core.Caller, ref StackRef) (*core.Stack, error) {
	if ref.ID != "" {
		return e.Store.FindStack(ctx, ref.ID)
	}
	s, err := e.Store.FindStackByName(ctx, caller.ProjectID, ref.Name)
	if s == nil && err == nil && caller.HasRole(core.StackUserRole) {
		return e.Store.FindStackOfUsers(ctx, caller.ProjectID, ref.Name)
	}
	return s, err
}

// findLive is find for what is not deleted.
func (e *Engine) findLive(ctx context.Context, caller *core.Caller, ref StackRef) (*core.Stack, error) {
	s, err := e.find(ctx, caller, ref)
	if err == nil && s.DeletedAt != nil {
		return nil, core.EntityNotFound("Stack", s.Name)
	}
	return s, err
}

// lockLive gives a stack as it is now, for this transaction alone to change. It returns
// EntityNotFound when it has gone meanwhile.
func lockLive(ctx context.Context, tx *store.Tx, s *core.Stack) (*core.Stack, error) {
	now, err := tx.LockStack(ctx, s.ID)
	if err == nil && (now == nil || now.DeletedAt != nil) {
		err = core.EntityNotFound("Stack", s.Name)
	}
	return now, err
}

// pseudo are the pseudo parameters of a stack that may not exist yet.
func (e *Engine) pseudo(s *core.Stack) template.Pseudo { return e.Walker.Pseudo(s) }

// credentials are the caller's own, for the time of the request. They name no project: Hearth
// does not stand in for who asks.
func credentials(c *core.Caller) core.Credentials {
	return core.Credentials{Token: c.Token, TrustID: cmp.Or(c.TrustID, c.StandbyTrustID)}
}

// Await blocks until a stack's action has ended and gives the stack; nil when there is none.
func (e *Engine) Await(ctx context.Context, stackID string) (*core.Stack, error) {
	return e.Walker.Await(ctx, stackID)
}
