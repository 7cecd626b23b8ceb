package main

import (
	"encoding/json"
	"math"
	"os"
	"slices"
)

// line is one figure. Most must not exceed their goal, rates must reach it; those without
// one inform.
type line struct {
	Name     string   `json:"name"`
	Database string   `json:"database,omitempty"`
	Value    float64  `json:"value"` // the median
	Worst    float64  `json:"worst,omitempty"`
	Runs     int      `json:"runs"`
	Unit     string   `json:"unit"`
	Goal     *float64 `json:"goal,omitempty"`
	Met      *bool    `json:"met,omitempty"`
}

// report prints the median of values; a goal of 0 is none.
func (b *bench) report(name, db string, values []float64, unit string, goal float64) {
	b.print(name, db, values, unit, goal, func(v float64) bool { return v <= goal })
}

// reach is report of one value that must be at least the goal.
func (b *bench) reach(name, db string, value float64, unit string, goal float64) {
	b.print(name, db, []float64{value}, unit, goal, func(v float64) bool { return v >= goal })
}

func (b *bench) print(name, db string, values []float64, unit string, goal float64, meets func(float64) bool) {
	slices.Sort(values)
	l := line{Name: name, Value: round(values[len(values)/2]), Runs: len(values), Unit: unit}
	if db != none {
		l.Database = db
	}
	if len(values) > 1 {
		l.Worst = round(values[len(values)-1])
	}
	if goal != 0 {
		met := meets(l.Value)
		l.Goal, l.Met = &goal, &met
		if !met {
			b.missed++
		}
	}
	// Nothing can be done about an output that is gone.
	_ = json.NewEncoder(os.Stdout).Encode(l)
}

// round keeps four significant digits.
func round(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}
