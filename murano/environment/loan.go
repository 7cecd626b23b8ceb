package environment

import (
	"context"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/murano"
)

// loan is what a caller lends to a new task, so that it goes on when the request is over and
// its token has expired.
type loan struct {
	core.Credentials
	taskID string
	used   bool // the task is there
}

// lending runs fn in a transaction in which nothing else changes the environment, with what
// the caller lends to the task that fn may make. The identity service is asked before and
// after, never in the transaction; what no task has come to have is taken back.
func (s *Service) lending(ctx context.Context, caller *core.Caller, environmentID string, fn func(context.Context, *corestore.Tx, *loan) error) error {
	if _, err := checkEnvironment(ctx, s.store.Reader(), caller, environmentID); err != nil {
		return err
	}
	l := &loan{Credentials: s.programs.cfg.Engine.Lend(ctx, caller), taskID: murano.NewID()}
	err := s.locked(ctx, environmentID, func(ctx context.Context, tx *corestore.Tx) error {
		l.used = false
		return fn(ctx, tx, l)
	})
	if err != nil || !l.used {
		s.programs.cfg.Engine.TakeBack(ctx, l.Credentials)
	}
	return err
}

// giveBack has the trust of a task deleted once tx is committed.
func (p *Programs) giveBack(ctx context.Context, tx *corestore.Tx, t *murano.Task) error {
	return p.cfg.Engine.Walker.Revoke(ctx, tx, t.ID, t.Credentials, "")
}
