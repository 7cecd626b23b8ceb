package engine_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/heat"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

// services is a lab with a clock that the test moves.
type services struct {
	*enginetest.Lab
	ahead atomic.Int64 // of the real time
}

func newServices(t *testing.T, st *store.Store) *services {
	t.Helper()
	s := &services{Lab: enginetest.New(t, st, enginetest.Types(t, heat.Types), nil)}
	s.Now = func() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }
	return s
}

// start starts an engine that reports again after every.
func (s *services) start(every time.Duration) *engine.Heartbeat {
	s.T.Helper()
	h, err := engine.NewHeartbeat(s.Engine, every)
	if err != nil {
		s.T.Fatal(err)
	}
	if err := h.Start(s.T.Context()); err != nil {
		s.T.Fatal(err)
	}
	s.T.Cleanup(func() { s.stop(h) })
	return h
}

func (s *services) stop(h *engine.Heartbeat) {
	s.T.Helper()
	if err := h.Stop(context.Background()); err != nil {
		s.T.Error(err)
	}
}

// expect wants services that are up or down, oldest first, and gives them.
func (s *services) expect(up ...bool) []engine.ServiceView {
	s.T.Helper()
	list, err := s.Services(s.T.Context())
	if err != nil {
		s.T.Fatal(err)
	}
	got := make([]bool, len(list))
	for i := range list {
		got[i] = list[i].Up
	}
	if !slices.Equal(got, up) {
		s.T.Fatalf("up: %v, want %v", got, up)
	}
	return list
}

// Every engine is listed while it runs; without any the list is refused.
func TestServicesComeAndGo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newServices(t, st)
		if _, err := s.Services(t.Context()); core.ErrorCode(err) != core.Unavailable || err.Error() != "All heat engines are down." {
			t.Fatal(err)
		}
		first, second := s.start(time.Minute), s.start(time.Minute)
		list := s.expect(true, true)
		if a, b := list[0], list[1]; a.Binary != "heat-engine" || a.Topic != "engine" || a.Host == "" || a.Hostname != a.Host ||
			a.ReportInterval != 60 || a.Host != b.Host || a.EngineID == b.EngineID || a.EngineID == a.ID {
			t.Errorf("%+v %+v", a, b)
		}
		s.stop(first)
		if left := s.expect(true); left[0].ID != list[1].ID {
			t.Errorf("%+v", left)
		}
		s.stop(second)
		if _, err := s.Services(t.Context()); core.ErrorCode(err) != core.Unavailable {
			t.Fatal(err)
		}
	})
}

// An engine that has died is down after two periods, and forgotten after three by the next
// one of its host; those of other hosts are not its business.
func TestServicesThatHaveDied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newServices(t, st)
		s.start(time.Hour)
		dead := s.expect(true)[0]
		elsewhere := dead.Service
		elsewhere.ID, elsewhere.Host = "elsewhere", "elsewhere"
		elsewhere.CreatedAt = dead.CreatedAt.Add(-time.Hour)
		if err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.SaveService(ctx, &elsewhere) }); err != nil {
			t.Fatal(err)
		}
		s.ahead.Store(int64(119 * time.Minute))
		s.expect(true, true)
		s.ahead.Store(int64(121 * time.Minute))
		s.start(time.Hour)
		s.expect(false, false, true)
		s.ahead.Store(int64(181 * time.Minute))
		s.start(time.Hour)
		for _, v := range s.expect(false, true, true) {
			if v.ID == dead.ID {
				t.Errorf("still there: %+v", v)
			}
		}
	})
}

// A running engine renews its row, and writes it again when it was taken for dead.
func TestServicesReport(t *testing.T) {
	s := newServices(t, storetest.Open(t, storetest.SQLite(t)))
	s.start(2 * time.Millisecond)
	began := s.expect(true)[0]
	s.Until(func() bool { return s.expect(true)[0].UpdatedAt.After(began.UpdatedAt) }, func() string { return "no report" })
	if err := s.Store.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.DeleteService(ctx, began.ID) }); err != nil {
		t.Fatal(err)
	}
	s.Until(func() bool {
		list, err := s.Services(t.Context())
		return err == nil && len(list) == 1 && list[0].ID == began.ID && list[0].CreatedAt.Equal(began.CreatedAt)
	}, func() string { return "the row has not come back" })
}
