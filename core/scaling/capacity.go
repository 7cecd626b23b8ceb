package scaling

import (
	"math"

	"hearth/core/resource"
)

// The types of an adjustment (heat/scaling/scalingutil.py), under Heat's names and those
// of CloudFormation.
const (
	ExactCapacity         = "exact_capacity"
	ChangeInCapacity      = "change_in_capacity"
	PercentChange         = "percent_change_in_capacity"
	CfnExactCapacity      = "ExactCapacity"
	CfnChangeInCapacity   = "ChangeInCapacity"
	CfnPercentChange      = "PercentChangeInCapacity"
	percent               = 100
	leastChangeByAPercent = 1
)

// Capacity is the number of members that an adjustment of current members asks for,
// between lowest and highest. A percentage is rounded to whole members: away from zero
// below one, toward zero above.
func Capacity(current int, a resource.Adjustment, lowest, highest int) int {
	var n float64
	switch a.Type {
	case ExactCapacity, CfnExactCapacity:
		n = math.Trunc(a.By)
	case ChangeInCapacity, CfnChangeInCapacity:
		n = math.Trunc(float64(current) + a.By)
	default:
		n = float64(current) + atLeast(share(current, a.By), a.MinStep)
	}
	return int(max(min(n, float64(highest)), float64(lowest)))
}

// share is so many percent of current, in whole members.
func share(current int, by float64) float64 {
	delta := float64(current) * by / percent
	if math.Abs(delta) < leastChangeByAPercent {
		return math.Copysign(math.Ceil(math.Abs(delta)), delta)
	}
	return math.Trunc(delta)
}

// atLeast makes a change as great as step, in its direction; none is one downward, as
// upstream has it.
func atLeast(change float64, step int) float64 {
	if float64(step) <= math.Abs(change) {
		return change
	}
	if change > 0 {
		return float64(step)
	}
	return -float64(step)
}
