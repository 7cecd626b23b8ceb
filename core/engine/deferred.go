package engine

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"hearth/core"
	"hearth/core/store"
)

// loan is what a caller lends to a stack, so that its actions go on when the request is over
// and its token has expired (heat/engine/stack.py store_user_creds).
type loan struct {
	core.Credentials
	made bool // the trust was made for this loan; otherwise it is the stack's already
}

// errTrustReplaced says that another request has put another trust in the place of the one
// that a loan goes on with.
var errTrustReplaced = errors.New("the stack's trust has been replaced")

// trustTime is how long a request waits for the identity service to make a trust.
const trustTime = 5 * time.Second

// lending has store keep what the caller lends. had are the stack's credentials until now.
// The identity service is asked before and after, never in a transaction; a new trust that
// store has no use for is taken back.
func (e *Engine) lending(ctx context.Context, caller *core.Caller, had core.Credentials, store func(*loan) error) error {
	l := e.lend(ctx, caller, &had)
	err := store(l)
	if err != nil && l.made {
		e.TakeBack(ctx, l.Credentials)
	}
	return err
}

// lend makes a trust of the caller, or goes on with the one that the same user gave with the
// same roles. Without a trust there is the token, and then Hearth stands in: that none can
// be made is no reason to refuse a request.
func (e *Engine) lend(ctx context.Context, caller *core.Caller, had *core.Credentials) *loan {
	l := &loan{Credentials: core.Credentials{UserID: caller.UserID, UserName: caller.UserName, ProjectID: caller.ProjectID, Token: caller.Token, Roles: caller.Roles}}
	if e.Cloud == nil || caller.Token == "" {
		return l
	}
	ctx, cancel := context.WithTimeout(ctx, trustTime)
	defer cancel()
	l.Roles = e.Cloud.Delegated(caller)
	if had.OwnTrust() != "" && sameLender(had, &l.Credentials) && e.Cloud.HasTrust(ctx, caller, had.TrustID) {
		l.TrustID = had.TrustID
		return l
	}
	if caller.TrustID != "" { // by which nobody can give another one
		l.TrustID, l.Borrowed = caller.TrustID, true
		return l
	}
	id, err := e.Cloud.CreateTrust(ctx, caller)
	if err != nil {
		level := slog.LevelInfo
		if core.ErrorCode(err) == core.Unavailable {
			level = slog.LevelWarn
		}
		e.Log.Log(ctx, level, "no trust could be made: the token is used while it lives", "request_id", caller.RequestID, "project", caller.ProjectID, "user_id", caller.UserID, "error", err)
	}
	l.TrustID, l.made = id, id != ""
	if id == "" && caller.StandbyTrustID != "" {
		l.TrustID, l.Borrowed = caller.StandbyTrustID, true
	}
	return l
}

// sameLender reports whether two credentials are of one user with the same roles.
func sameLender(a, b *core.Credentials) bool {
	return a.UserID == b.UserID && a.ProjectID == b.ProjectID && slices.Equal(slices.Sorted(slices.Values(a.Roles)), slices.Sorted(slices.Values(b.Roles)))
}

// take gives a loan to a root in the transaction that changes it. The trust that this
// replaces is revoked after the commit. It returns errTrustReplaced when the loan goes on
// with a trust that the stack no longer has.
func (e *Engine) take(ctx context.Context, tx *store.Tx, s *core.Stack, l *loan) (err error) {
	if own := l.OwnTrust(); own != "" && !l.made {
		if had := e.Walker.Credentials(ctx, s); had.TrustID != own {
			return errTrustReplaced
		}
	}
	if err := e.Walker.Revoke(ctx, tx, s.ID, s.Credentials, l.TrustID); err != nil {
		return err
	}
	s.Credentials, err = e.Store.Sealer().Seal(l.Credentials, s.ID)
	return err
}
