package engine

import (
	"errors"

	"hearth/core"
)

// Permitted names what a stack's state lets be asked of it. delete and abandon are always
// among it, but for a stack that is gone.
func Permitted(s *core.Stack) []string {
	if s.DeletedAt != nil {
		return nil
	}
	var out []string
	add := func(allowed bool, request string) {
		if allowed {
			out = append(out, request)
		}
	}
	going, deleting := s.Status == core.InProgress, s.Action == core.Delete
	add(s.Action != core.Suspend && !deleting, "update")
	add(going && s.Action == core.Update && s.PrevTemplateID != "", "cancel_update")
	add(going && !deleting, "cancel_without_rollback")
	add(retryable(s), "retry")
	add(!deleting, "suspend")
	add(!deleting, "resume")
	add(!deleting, "check")
	add(!going && !deleting, "snapshot")
	return append(out, "delete", "force_delete", "abandon")
}

// retryable reports whether a stack's last action has failed and can go on.
func retryable(s *core.Stack) bool {
	return s.Status == core.Failed && s.Action != core.Snapshot
}

// forbidden notes with an error about a stack's state what the state permits instead.
func forbidden(s *core.Stack, err error) error {
	if e, ok := errors.AsType[*core.Error](err); ok {
		e.Permitted = Permitted(s)
	}
	return err
}
