package converge

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/store"
)

// revocationTries is how often the deletion of a trust is tried, over about an hour; then
// it is left in the identity service, and the log says so.
const revocationTries = 16

// revocationPause is the longest pause between two tries; they begin with a second.
const revocationPause = 10 * time.Minute

// Credentials opens what the root of a stack has stored. Those that do not open are as none:
// the next action of a user brings others.
func (w *Walker) Credentials(ctx context.Context, root *core.Stack) core.Credentials {
	var cr core.Credentials
	if err := w.Store.Sealer().Open(root.Credentials, &cr, root.ID); err != nil {
		w.Log.WarnContext(ctx, "credentials of a stack", "stack", root.ID, "error", err)
		return core.Credentials{}
	}
	return cr
}

// giveBack takes away the credentials of a stack that is gone. Only a root has any.
func (w *Walker) giveBack(ctx context.Context, tx *store.Tx, s *core.Stack) error {
	sealed := s.Credentials
	s.Credentials = nil
	if s.ID != s.RootID {
		return nil
	}
	return w.Revoke(ctx, tx, s.ID, sealed, "")
}

// Revoke has the trust of credentials, sealed for a root, deleted once tx is committed:
// unless it is the one to keep. It never fails for the credentials' sake.
func (w *Walker) Revoke(ctx context.Context, tx *store.Tx, rootID string, sealed []byte, keep string) error {
	cr := w.Credentials(ctx, &core.Stack{ID: rootID, Credentials: sealed})
	if cr.OwnTrust() == "" || cr.TrustID == keep {
		return nil
	}
	tx.AfterCommit(w.callRevoker)
	return tx.CreateRevocation(ctx, &core.Revocation{ID: uuid.NewString(), StackID: rootID, Credentials: sealed})
}

// revokeSnapshot has the trust deleted that was given for the removal of a snapshot, unless
// it is the stack's, too.
func (w *Walker) revokeSnapshot(ctx context.Context, tx *store.Tx, snap *core.StackSnapshot) error {
	if len(snap.Credentials) == 0 {
		return nil
	}
	s, err := tx.FindStack(ctx, snap.StackID)
	if err != nil || s == nil {
		return err
	}
	if s.ID != s.RootID {
		if s, err = tx.FindStack(ctx, s.RootID); err != nil || s == nil {
			return err
		}
	}
	return w.Revoke(ctx, tx, s.ID, snap.Credentials, w.Credentials(ctx, s).TrustID)
}

// forgetSnapshots forgets the snapshots of a stack, with the trusts for their removal.
func (w *Walker) forgetSnapshots(ctx context.Context, tx *store.Tx, s *core.Stack) error {
	list, err := tx.Snapshots(ctx, s.ID)
	if err != nil {
		return err
	}
	for i := range list {
		if err := w.revokeSnapshot(ctx, tx, &list[i]); err != nil {
			return err
		}
	}
	return tx.ForgetSnapshots(ctx, s.ID)
}

// callRevoker has this process, if it works, see at once to trusts that are to go.
func (w *Walker) callRevoker() {
	select {
	case w.revocations <- struct{}{}:
	default:
	}
}

// revokeNext tries to delete one trust that is to go; more is false when there is none.
func (w *Walker) revokeNext(ctx context.Context) (more bool, err error) {
	now := w.Now()
	r, err := w.Store.ClaimRevocation(ctx, now, now.Add(removalTime))
	if err != nil || r == nil {
		return false, err
	}
	cr := w.Credentials(ctx, &core.Stack{ID: r.StackID, Credentials: r.Credentials})
	if cr.OwnTrust() != "" && w.Cloud != nil {
		call, cancel := context.WithTimeout(ctx, removalTime-5*time.Second)
		err = w.Cloud.DeleteTrust(call, cr)
		cancel()
		if ctx.Err() != nil {
			return false, ctx.Err() // it may have failed only because the process ends
		}
	}
	if err != nil && r.Attempts < revocationTries {
		pause := min(time.Second<<(r.Attempts-1), revocationPause)
		w.Log.DebugContext(ctx, "a trust cannot be deleted now", "stack", r.StackID, "attempt", r.Attempts, "error", err)
		return true, w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return tx.PostponeRevocation(ctx, r.ID, w.Now().Add(pause))
		})
	}
	if err != nil {
		w.Log.WarnContext(ctx, "a trust is left in the identity service", "stack", r.StackID, "trust", cr.TrustID, "user_id", cr.UserID, "error", err)
	}
	return true, w.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteRevocation(ctx, r.ID) })
}
