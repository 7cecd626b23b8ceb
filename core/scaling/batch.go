package scaling

import (
	"time"

	"hearth/core"
	"hearth/core/resource"
)

// Rolling says how members are changed a few at a time.
type Rolling struct {
	MinInService int // members that stay as they are at any time
	MaxBatch     int // members that are changed at once
	Pause        time.Duration
}

// Batch is one step of a rolling change.
type Batch struct {
	Size    int // members that the group has after it
	Changed int // members that get the new definition: new ones, then some that are there
}

// Batches are the steps that take a group of size members, current of which have the new
// definition, to target members that all have it (heat/scaling/rolling_update.py). The
// group grows beyond target for a while when MinInService asks for it. Those too many
// count as current, unless apart says that they are to go again (as in ResourceGroup,
// where the highest numbers go).
func (r Rolling) Batches(target, size, current int, apart bool) []Batch {
	var out []Batch
	for current < size || size != target {
		b := r.next(target, size, current)
		out = append(out, b)
		current += b.Changed
		if apart {
			current -= max(b.Size-max(size, target), 0)
		}
		size = b.Size
	}
	return out
}

func (r Rolling) next(target, size, current int) Batch {
	stay := min(r.MinInService, target, size)
	changed := min(max(r.MaxBatch, 1), max(target-current, 0))
	return Batch{Size: changed + max(min(size, target-changed), stay), Changed: changed}
}

// Fits returns a ValueError when the pauses between so many batches are longer than the
// stack's action may take.
func (r Rolling) Fits(c *resource.Context, batches int) error {
	if pauses := r.Pause * time.Duration(max(batches-1, 0)); pauses >= time.Duration(c.Stack.TimeoutMins)*time.Minute && pauses > 0 {
		return core.Errorf(core.Invalid, "ValueError", "The current update policy will result in stack update timeout.")
	}
	return nil
}

// Seconds is a number of seconds, as properties have it.
func Seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
