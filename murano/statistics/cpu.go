package statistics

import (
	"math"
	"os"
	"strconv"
	"strings"
)

// cpuTime is how long the processors of the host have been there and how much of that they
// had nothing to do, in ticks since it was started.
type cpuTime struct{ all, idle uint64 }

// readCPU reads the times from where Linux tells them; elsewhere they are 0.
func readCPU() cpuTime {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		return cpuTime{}
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	return parseCPU(line)
}

// parseCPU reads "cpu user nice system idle iowait irq softirq steal …": guests' time is in
// user's already.
func parseCPU(line string) (t cpuTime) {
	fields := strings.Fields(line)
	for i, field := range fields {
		n, err := strconv.ParseUint(field, 10, 64)
		if err != nil || i > 8 {
			continue
		}
		t.all += n
		if i == 4 || i == 5 {
			t.idle += n
		}
	}
	return t
}

// percentSince is how busy the processors were between two moments, with one digit behind
// the point, as psutil.
func (t cpuTime) percentSince(before cpuTime) float64 {
	if t.all <= before.all || t.idle < before.idle {
		return 0
	}
	all, idle := float64(t.all-before.all), float64(t.idle-before.idle)
	return math.Round(1000*max(0, all-idle)/all) / 10
}
