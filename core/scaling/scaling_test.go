package scaling_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/resource"
	"hearth/core/scaling"
	"hearth/core/yaml"
)

func TestCapacity(t *testing.T) {
	for _, tc := range []struct {
		current   int
		kind      string
		by        float64
		step      int
		low, high int
		want      int
	}{
		{3, scaling.ExactCapacity, 5, 0, 1, 9, 5},
		{3, scaling.CfnExactCapacity, 5, 0, 1, 4, 4},
		{3, scaling.ChangeInCapacity, 2, 0, 1, 9, 5},
		{3, scaling.CfnChangeInCapacity, -5, 0, 1, 9, 1},
		{4, scaling.PercentChange, 50, 0, 1, 9, 6},
		{3, scaling.PercentChange, 50, 0, 1, 9, 4},  // 1.5 is cut
		{3, scaling.PercentChange, -50, 0, 1, 9, 2}, // so is -1.5
		{3, scaling.PercentChange, 10, 0, 1, 9, 4},  // 0.3 is one
		{3, scaling.PercentChange, -10, 0, 1, 9, 2}, // -0.3 is minus one
		{3, scaling.PercentChange, 10, 3, 1, 9, 6},  // a least step
		{3, scaling.PercentChange, -10, 2, 1, 9, 1}, // downward
		{6, scaling.PercentChange, 50, 2, 1, 20, 9}, // greater than the step
		{0, scaling.PercentChange, 50, 0, 0, 9, 0},  // nothing of nothing
		{7, scaling.CfnPercentChange, 33.4, 0, 1, 9, 9},
	} {
		a := resource.Adjustment{Type: tc.kind, By: tc.by, MinStep: tc.step}
		if got := scaling.Capacity(tc.current, a, tc.low, tc.high); got != tc.want {
			t.Errorf("%d %s %v (step %d): %d, not %d", tc.current, tc.kind, tc.by, tc.step, got, tc.want)
		}
	}
}

// The examples are those of the upstream tests of batches.
func TestBatches(t *testing.T) {
	for _, tc := range []struct {
		say                          string
		target, size, current, apart int
		rolling                      scaling.Rolling
		want                         []scaling.Batch
	}{
		{"create", 5, 0, 0, 0, scaling.Rolling{MaxBatch: 2}, []scaling.Batch{{2, 2}, {4, 2}, {5, 1}}},
		{"replace one by one", 3, 3, 0, 0, scaling.Rolling{MaxBatch: 1}, []scaling.Batch{{3, 1}, {3, 1}, {3, 1}}},
		{"enough stay without more members", 4, 4, 0, 0, scaling.Rolling{MaxBatch: 2, MinInService: 2}, []scaling.Batch{{4, 2}, {4, 2}}},
		{"all stay in service", 3, 3, 0, 0, scaling.Rolling{MaxBatch: 1, MinInService: 3}, []scaling.Batch{{4, 1}, {4, 1}, {4, 1}, {3, 0}}},
		{"all stay in service, highest numbers go", 3, 3, 0, 1, scaling.Rolling{MaxBatch: 2, MinInService: 3}, []scaling.Batch{{5, 2}, {5, 2}, {4, 1}, {3, 0}}},
		{"grow", 4, 3, 0, 1, scaling.Rolling{MaxBatch: 1, MinInService: 1}, []scaling.Batch{{4, 1}, {4, 1}, {4, 1}, {4, 1}}},
		{"shrink", 1, 3, 0, 1, scaling.Rolling{MaxBatch: 1, MinInService: 1}, []scaling.Batch{{2, 1}, {1, 0}}},
		{"go on where it stopped", 3, 4, 2, 0, scaling.Rolling{MaxBatch: 1, MinInService: 3}, []scaling.Batch{{4, 1}, {3, 0}}},
		{"nothing to do", 3, 3, 3, 0, scaling.Rolling{MaxBatch: 1}, nil},
	} {
		if d := cmp.Diff(tc.want, tc.rolling.Batches(tc.target, tc.size, tc.current, tc.apart == 1)); d != "" {
			t.Errorf("%s: %s", tc.say, d)
		}
	}
}

func TestPausesFitIntoTheTimeout(t *testing.T) {
	c := &resource.Context{Stack: resource.Stack{TimeoutMins: 1}}
	slow := scaling.Rolling{Pause: scaling.Seconds(30)}
	if err := slow.Fits(c, 2); err != nil {
		t.Error(err)
	}
	if err := slow.Fits(c, 3); err == nil || err.Error() != "The current update policy will result in stack update timeout." {
		t.Error(err)
	}
}

// Whatever the policy, a rolling update ends with members that all have the definition,
// keeps enough of the old ones or of the new, and changes no more than it may at once.
func TestRollingEnds(t *testing.T) {
	definition := yaml.MapOf("type", "B")
	for size := range 7 {
		for target := 1; target <= size; target++ {
			for batch := 1; batch < 5; batch++ {
				for stay := range 6 {
					roll(t, scaling.Rolling{MaxBatch: batch, MinInService: stay}, size, target, definition)
				}
			}
		}
	}
}

func roll(t *testing.T, r scaling.Rolling, size, target int, definition *yaml.Map) {
	t.Helper()
	var members []scaling.Member
	for i := range size {
		members = append(members, scaling.Member{Name: strings.Repeat("m", i+1), Definition: yaml.MapOf("type", "A")})
	}
	is := func(m scaling.Member) bool { return m.Is(definition) }
	for range 100 {
		old := slices.IndexFunc(append(slices.Clone(members), scaling.Member{Definition: definition}), is)
		current := len(members) - old
		list := r.Batches(target, len(members), current, false)
		if len(list) == 0 {
			if len(members) != target || old != 0 {
				t.Fatalf("%+v %d→%d ends with %d members, %d old", r, size, target, len(members), old)
			}
			return
		}
		next := scaling.Change(members, list[0].Size, list[0].Changed, scaling.FreshName, func(string) *yaml.Map { return definition })
		before := map[string]bool{}
		for _, m := range members {
			before[m.Name] = is(m)
		}
		changed, stayed := 0, 0
		for _, m := range next {
			if was, there := before[m.Name]; is(m) && !was {
				changed++
			} else if there {
				stayed++
			}
		}
		if changed > r.MaxBatch || stayed < min(r.MinInService, target, len(members)) {
			t.Fatalf("%+v %d→%d: %d changed, %d stayed", r, size, target, changed, stayed)
		}
		slices.SortStableFunc(next, func(a, b scaling.Member) int { return one(is(a)) - one(is(b)) })
		members = next
	}
	t.Fatalf("%+v %d→%d does not end", r, size, target)
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
