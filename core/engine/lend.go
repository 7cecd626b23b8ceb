package engine

import (
	"context"

	"hearth/core"
)

// Lend gives credentials by which Hearth acts for a caller when the request is over: with a
// trust, if one can be made. What has no use for them takes them back (TakeBack); what has
// done its work with them has their trust deleted (converge.Walker.Revoke).
func (e *Engine) Lend(ctx context.Context, caller *core.Caller) core.Credentials {
	return e.lend(ctx, caller, &core.Credentials{}).Credentials
}

// TakeBack deletes the trust of credentials that nothing has been done with.
func (e *Engine) TakeBack(ctx context.Context, cr core.Credentials) {
	if e.Cloud == nil || cr.OwnTrust() == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), trustTime)
	defer cancel()
	if err := e.Cloud.DeleteTrust(ctx, cr); err != nil {
		e.Log.WarnContext(ctx, "a trust is left in the identity service", "trust", cr.TrustID, "user_id", cr.UserID, "error", err)
	}
}
