package engine

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/store"
)

// ReportInterval is how often an engine says that it is there: Heat's periodic_interval.
const ReportInterval = time.Minute

// Heartbeat keeps the row of this process among the services, from Start to Stop
// (heat/engine/service.py service_manage_report, service_manage_cleanup).
type Heartbeat struct {
	store   *store.Store
	log     *slog.Logger
	now     func() time.Time
	every   time.Duration
	service core.Service

	cancel context.CancelFunc // nil: not started
	ended  sync.WaitGroup
}

// NewHeartbeat makes the heartbeat of an engine, with a report each time that every has
// passed; its row tells that in whole seconds.
func NewHeartbeat(e *Engine, every time.Duration) (*Heartbeat, error) {
	host, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("the name of this host: %w", err)
	}
	return &Heartbeat{store: e.Store, log: e.Log, now: e.Now, every: every, service: core.Service{
		ID: uuid.NewString(), EngineID: uuid.NewString(), Host: host, Hostname: host,
		Binary: "heat-engine", Topic: "engine", ReportInterval: int(math.Ceil(every.Seconds()))}}, nil
}

// Start writes the row and renews it from then on.
func (h *Heartbeat) Start(ctx context.Context) error {
	h.service.CreatedAt = h.now().UTC()
	if err := h.report(ctx); err != nil {
		return err
	}
	ctx, h.cancel = context.WithCancel(context.WithoutCancel(ctx))
	h.ended.Go(func() { h.beat(ctx) })
	return nil
}

// Stop ends the reports and takes the row away.
func (h *Heartbeat) Stop(ctx context.Context) error {
	if h.cancel == nil {
		return nil
	}
	h.cancel()
	h.ended.Wait()
	return h.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteService(ctx, h.service.ID) })
}

func (h *Heartbeat) beat(ctx context.Context) {
	tick := time.NewTicker(h.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := h.report(ctx); err != nil && ctx.Err() == nil {
			h.log.Warn("report of the engine", "error", err)
		}
	}
}

// report renews the row, which another process of this host may have taken for lost, and
// removes those that are.
func (h *Heartbeat) report(ctx context.Context) error {
	return h.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		h.service.UpdatedAt = h.now().UTC()
		if err := tx.SaveService(ctx, &h.service); err != nil {
			return err
		}
		others, err := tx.HostServices(ctx, h.service.Host)
		if err != nil {
			return err
		}
		for _, s := range others {
			if s.Lost(h.service.UpdatedAt) {
				if err := tx.DeleteService(ctx, s.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
