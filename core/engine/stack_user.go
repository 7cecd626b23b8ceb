package engine

import (
	"context"

	"hearth/core"
	"hearth/core/resource"
)

// sees reports whether a caller may know of a stack: it is in the stack's project, or its
// user is one of the stack's own; one who was let in for a resource knows of its stack alone.
func sees(caller *core.Caller, s *core.Stack) bool {
	if caller.StackID != "" && caller.StackID != s.ID {
		return false
	}
	return s.ProjectID == caller.ProjectID || caller.HasRole(core.StackUserRole) && s.StackUserProjectID == caller.ProjectID
}

var errStackUser = core.Errorf(core.Forbidden, "Forbidden", "You are not authorized to use this action.")

// authorize refuses to software in servers every resource but its own, and those that an
// access key's user may read (heat/engine/service.py _authorize_stack_user). It is
// refused, too, while its own resource is suspended, except for reports about that.
func (e *Engine) authorize(ctx context.Context, caller *core.Caller, s *core.Stack, row *core.Resource) error {
	if !caller.HasRole(core.StackUserRole) {
		return nil
	}
	own := row
	switch {
	case caller.ResourceID == "":
		ok, err := e.remembers(row, caller.UserID)
		if err != nil {
			return err
		}
		if !ok {
			return errStackUser
		}
	case caller.ResourceID != row.ID:
		var err error
		if own, err = e.Store.FindResourceByID(ctx, caller.ResourceID); err != nil {
			return err
		}
		if own == nil {
			return errStackUser
		}
	}
	typ, err := e.Walker.TypeOf(ctx, s, own)
	if err != nil {
		return err
	}
	behaviour := typ.New()
	if _, late := behaviour.(resource.LateSignaler); own.Action == core.Suspend && !late {
		return errStackUser
	}
	keeper, ok := behaviour.(resource.Gatekeeper)
	if !ok {
		if own.ID != row.ID {
			return errStackUser
		}
		return nil
	}
	c, err := e.Walker.Context(ctx, s, own, typ)
	if err != nil {
		return err
	}
	allowed, err := keeper.Allows(ctx, c, row.Name)
	if err == nil && !allowed {
		err = errStackUser
	}
	return err
}

// remembers reports whether a resource's account is the user.
func (e *Engine) remembers(row *core.Resource, user string) (bool, error) {
	if row == nil || user == "" {
		return false, nil
	}
	data := map[string]string{}
	if err := e.Store.Sealer().Open(row.Data, &data, row.ID); err != nil {
		return false, err
	}
	return data[userIDData] == user, nil
}

// authorizeServer refuses to software in servers the deployments of any server but its own:
// the one that its resource is, or that its deployment is for.
func (e *Engine) authorizeServer(ctx context.Context, caller *core.Caller, server string) error {
	if !caller.HasRole(core.StackUserRole) {
		return nil
	}
	deployed, err := e.Store.ListDeployments(ctx, caller.ProjectID, server)
	if err != nil {
		return err
	}
	own := func(row *core.Resource) (bool, error) {
		if caller.ResourceID != "" {
			return row != nil && row.ID == caller.ResourceID, nil
		}
		return e.remembers(row, caller.UserID)
	}
	if caller.ResourceID != "" {
		row, err := e.Store.FindResourceByID(ctx, caller.ResourceID)
		if err != nil || row != nil && row.PhysicalID == server {
			return err
		}
	}
	if len(deployed) == 0 && caller.ResourceID == "" {
		return nil // there is nothing to read yet
	}
	for i := range deployed {
		row, err := e.Store.FindResourceByID(ctx, deployed[i].ID) // a deployment of a resource has its id
		if err != nil {
			return err
		}
		if ok, err := own(row); ok || err != nil {
			return err
		}
		switch {
		case row == nil && caller.ResourceID == "":
			return nil // made by hand for users of this project
		case row == nil:
			continue
		}
		if row, err = e.Store.FindResourceByPhysicalID(ctx, row.StackID, server); err != nil {
			return err
		}
		if ok, err := own(row); ok || err != nil {
			return err
		}
	}
	return errStackUser
}
