package statistics

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/murano"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// What two processes of a host count comes together in one row, from one life of theirs to
// the next.
func TestProcessesOfAHostShareARow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		one, two := NewCollector(Config{Store: st, Host: "a"}), NewCollector(Config{Store: st, Host: "a"})
		other := NewCollector(Config{Store: st, Host: "b"})
		for _, c := range []*Collector{one, two, other} {
			if err := c.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		one.Count("p1", time.Second, false)
		one.Count("p1", 3*time.Second, false)
		two.Count("p2", 2*time.Second, true)
		two.Count("p2", 2*time.Second, false)
		for _, c := range []*Collector{one, two, other} {
			if err := c.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		got, err := one.All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := []murano.RequestStatistics{
			{ID: 1, Host: "a", RequestCount: 4, ErrorCount: 1, AverageResponseTime: 2, RequestsPerTenant: []byte(`{"p1":2,"p2":1}`)},
			{ID: 2, Host: "b", RequestsPerTenant: []byte("{}")},
		}
		changing := cmpopts.IgnoreFields(murano.RequestStatistics{}, "RequestsPerSecond", "ErrorsPerSecond", "CPUCount", "CPUPercent", "CreatedAt", "UpdatedAt")
		if d := cmp.Diff(want, got, changing); d != "" {
			t.Error(d)
		}
		if s := got[0]; s.CPUCount < 1 || s.CreatedAt.IsZero() || s.UpdatedAt.Before(s.CreatedAt) || s.RequestsPerSecond <= 0 {
			t.Errorf("%+v", s)
		}
	})
}

// What cannot be stored is stored the next time.
func TestCountsSurviveADatabaseThatIsAway(t *testing.T) {
	st := storetest.Open(t, storetest.SQLite(t))
	c := NewCollector(Config{Store: st, Host: "a"})
	c.Count("p", time.Second, false)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Flush(gone); err == nil {
		t.Fatal("stored although the request is over")
	}
	if err := c.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := c.All(t.Context()); err != nil || len(got) != 1 || got[0].RequestCount != 1 {
		t.Error(got, err)
	}
}

func TestHowBusyTheProcessorsAre(t *testing.T) {
	before := parseCPU("cpu  100 0 50 800 50 0 0 0 30 0")
	after := parseCPU("cpu  150 0 75 900 75 0 0 0 60 0")
	if got := after.percentSince(before); got != 37.5 {
		t.Error(got)
	}
	if got := (cpuTime{}).percentSince(cpuTime{}); got != 0 {
		t.Error(got)
	}
}
