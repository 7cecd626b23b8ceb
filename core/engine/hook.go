package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/store"
	"hearth/core/template"
	"hearth/core/yaml"
)

// unsetHook is the key of a signal that clears a hook.
const unsetHook = "unset_hook"

// clearsHook gives the hook that a signal clears; ok is false for every other signal.
func clearsHook(body any) (hook string, ok bool) {
	m, isMap := body.(*yaml.Map)
	if !isMap {
		return "", false
	}
	v, ok := m.Get(unsetHook)
	return yaml.Str(v), ok
}

// clearHook lets a resource go on that is held at a hook. It returns InvalidBreakPointHook
// when it is not (heat/engine/resource.py _signal_check_hook).
func (e *Engine) clearHook(ctx context.Context, s *core.Stack, row *core.Resource, hook string) error {
	if !slices.Contains(template.HookTypes, hook) {
		return errHook("Invalid hook type \"%s\" for %s", hook, named(s, row))
	}
	return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.LockStack(ctx, s.ID); err != nil {
			return err
		}
		walk, err := tx.ClearHook(ctx, row.ID, hook)
		if err != nil {
			return err
		}
		if walk == nil {
			return errHook("The \"%s\" hook is not defined on %s", hook, named(s, row))
		}
		if err := tx.AddEvents(ctx, []core.Event{{StackID: row.StackID, RootID: row.RootID, ResourceName: row.Name, ResourceType: row.Type,
			PhysicalID: cmp.Or(row.PhysicalID, resource.PhysicalName(s.Name, row.Name, row.ID, 0)), Action: row.Action, Status: row.Status, StatusReason: fmt.Sprintf("Hook %s is cleared", hook), CreatedAt: e.Now().UTC()}}); err != nil {
			return err
		}
		return e.Walker.Call(ctx, tx, walk)
	})
}

func errHook(format string, args ...any) error {
	return core.Errorf(core.Invalid, "InvalidBreakPointHook", format, args...)
}

// named is a resource as Heat's messages name it.
func named(s *core.Stack, row *core.Resource) string {
	class := row.Type[strings.LastIndex(row.Type, "::")+1:]
	id := ""
	if row.PhysicalID != "" {
		id = " [" + row.PhysicalID + "]"
	}
	return fmt.Sprintf("%s %q%s Stack %q [%s]", strings.TrimPrefix(class, ":"), row.Name, id, s.Name, s.ID)
}
