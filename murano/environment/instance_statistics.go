package environment

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"hearth/core"
	"hearth/murano"
	"hearth/murano/store"
)

// InstanceTime is how long an application or a server has been there.
type InstanceTime struct {
	murano.Instance
	Duration time.Duration
}

// InstanceSum is how many instances of a type there were, and for how long altogether.
type InstanceSum struct {
	Type     int
	Count    int
	Duration time.Duration
}

// InstanceStatistics gives the instances of an environment, those that are gone included, or
// the one of that id when it is not empty (murano/db/services/instances.py); nothing of an
// environment that there is not. Returns Forbidden for another project's environment, which
// upstream does not.
func (s *Service) InstanceStatistics(ctx context.Context, caller *core.Caller, environmentID, instanceID string) ([]InstanceTime, error) {
	_, err := checkEnvironment(ctx, s.store.Reader(), caller, environmentID)
	if core.ErrorCode(err) == core.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := store.InstancesOf(ctx, s.store.Reader(), environmentID, instanceID)
	if err != nil {
		return nil, err
	}
	now := time.Now().Unix()
	out := make([]InstanceTime, len(rows))
	for i, row := range rows {
		end := now
		if row.DestroyedAt != nil {
			end = *row.DestroyedAt
		}
		out[i] = InstanceTime{row, time.Duration(end-row.CreatedAt) * time.Second}
	}
	return out, nil
}

// AggregatedStatistics gives the sums of the instances of an environment by their types.
// Returns what InstanceStatistics does.
func (s *Service) AggregatedStatistics(ctx context.Context, caller *core.Caller, environmentID string) ([]InstanceSum, error) {
	rows, err := s.InstanceStatistics(ctx, caller, environmentID, "")
	if err != nil {
		return nil, err
	}
	sums := map[int]InstanceSum{}
	for _, row := range rows {
		sum := sums[row.Type]
		sums[row.Type] = InstanceSum{row.Type, sum.Count + 1, sum.Duration + row.Duration}
	}
	return slices.SortedFunc(maps.Values(sums), func(a, b InstanceSum) int { return cmp.Compare(a.Type, b.Type) }), nil
}
