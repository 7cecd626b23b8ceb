package converge

import (
	"context"

	"hearth/core"
	"hearth/core/store"
)

// handedOn reports whether a replaced row's object is the replacement's by now: what is
// known by its name alone, such as a key pair or a router's interface, has been made again
// under the same physical id. Then there is nothing to clean up.
func (r *roundTx) handedOn(ctx context.Context, n store.Node, s *step) (bool, error) {
	row := s.row
	if n.Kind != store.Cleanup || row.ReplacedBy == "" || row.PhysicalID == "" || row.Class == "" || s.asked || row.Action == core.Delete && row.Status == core.Complete {
		return false, nil
	}
	if err := r.rows.refresh(ctx, r.tx, r.walk.StackID, []string{row.Name}, r.mine); err != nil {
		return false, err
	}
	now := r.rows.current[row.Name]
	if now == nil || now.ID == row.ID || now.PhysicalID != row.PhysicalID || now.Class != row.Class || now.Action == core.Delete {
		return false, nil
	}
	row.Action, row.Status, row.StatusReason, row.UpdatedAt = core.Delete, core.Complete, "state changed", r.w.Now().UTC()
	r.keepQuietly(s)
	return true, nil
}
