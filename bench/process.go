package main

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// idle is the memory of a process that has nothing to do.
func (b *bench) idle(db string) error {
	return b.with(db, func(s *site) error {
		if _, err := s.settled(); err != nil {
			return err
		}
		now, _, err := s.resident()
		if err != nil {
			return err
		}
		b.report("idle: resident memory", db, []float64{now}, "MiB", 80)
		return nil
	})
}

// memory reports what the first process holds and has held at most; the goal is of the latter.
func (b *bench) memory(s *site, name, db string, goal float64) error {
	now, peak, err := s.resident()
	if err != nil {
		return err
	}
	b.report(name+": resident memory, highest", db, []float64{peak}, "MiB", goal)
	b.report(name+": resident memory, at the end", db, []float64{now}, "MiB", 0)
	return nil
}

// resident reads how many MiB of memory the first process has, now and at most.
func (s *site) resident() (now, peak float64, err error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", s.processes[0].Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 || fields[0] != "VmHWM:" && fields[0] != "VmRSS:" {
			continue
		}
		kib, err := strconv.ParseFloat(fields[1], 64)
		if err != nil {
			return 0, 0, err
		}
		if fields[0] == "VmHWM:" {
			peak = kib / 1024
		} else {
			now = kib / 1024
		}
	}
	return now, peak, lines.Err()
}

// settled waits until the number of goroutines stays the same for a second and gives it.
func (s *site) settled() (goroutines float64, err error) {
	same := 0
	for range 300 {
		n, err := s.metric("go_goroutines")
		if err != nil {
			return 0, err
		}
		if n == goroutines {
			same++
		} else {
			same = 0
		}
		if goroutines = n; same == 10 {
			return n, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return 0, errors.New("the number of goroutines does not settle")
}

// metric reads one figure of the serving process's metrics.
func (s *site) metric(name string) (float64, error) {
	b, err := s.send(http.MethodGet, s.metrics, nil, http.StatusOK)
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(l, name+" "); ok {
			return strconv.ParseFloat(strings.TrimSpace(v), 64)
		}
	}
	return 0, fmt.Errorf("no metric %s", name)
}
