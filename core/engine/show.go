package engine

import (
	"context"

	"github.com/google/uuid"

	"hearth/core"
)

// Show gives a stack; a deleted one by its id.
func (e *Engine) Show(ctx context.Context, caller *core.Caller, ref StackRef) (*core.Stack, error) {
	return e.find(ctx, caller, ref)
}

// Identify finds a stack by its name, its id (deleted ones, too) or its ARN. It returns
// EntityNotFound for other projects' stacks.
func (e *Engine) Identify(ctx context.Context, caller *core.Caller, nameOrID string) (core.Identifier, error) {
	if id, ok := core.ParseARN(nameOrID); ok {
		s, err := e.find(ctx, caller, StackRef{Name: id.StackName, ID: id.StackID})
		if err != nil {
			return core.Identifier{}, err
		}
		return s.Identifier(), nil
	}
	if _, err := uuid.Parse(nameOrID); err == nil {
		s, err := e.Store.FindStack(ctx, nameOrID)
		if err != nil {
			return core.Identifier{}, err
		}
		if s != nil && sees(caller, s) {
			return s.Identifier(), nil
		}
	}
	s, err := e.find(ctx, caller, StackRef{Name: nameOrID})
	if err != nil {
		return core.Identifier{}, err
	}
	return s.Identifier(), nil
}

// IdentifyByPhysicalID finds the stack of the caller's project that has a resource with the
// physical id. It returns EntityNotFound, or PhysicalResourceIDAmbiguity when there are several.
func (e *Engine) IdentifyByPhysicalID(ctx context.Context, caller *core.Caller, physicalID string) (core.Identifier, error) {
	ids, err := e.Store.StacksOfPhysicalID(ctx, caller.ProjectID, physicalID)
	switch {
	case err != nil:
		return core.Identifier{}, err
	case len(ids) == 0:
		return core.Identifier{}, core.EntityNotFound("Resource", physicalID)
	case len(ids) > 1:
		return core.Identifier{}, core.Errorf(core.Invalid, "PhysicalResourceIDAmbiguity", "Multiple resources were found with the physical ID (%s).", physicalID)
	}
	s, err := e.find(ctx, caller, StackRef{ID: ids[0]})
	if err != nil {
		return core.Identifier{}, err
	}
	return s.Identifier(), nil
}

// RawTemplate gives a stack's template, its environment and its files, as they are stored.
func (e *Engine) RawTemplate(ctx context.Context, caller *core.Caller, ref StackRef) (*core.RawTemplate, map[string]string, error) {
	s, err := e.find(ctx, caller, ref)
	if err != nil {
		return nil, nil, err
	}
	raw, files, err := e.Store.FindTemplate(ctx, s.TemplateID)
	if err == nil && raw == nil {
		err = core.EntityNotFound("Stack", s.Name)
	}
	return raw, files, err
}
