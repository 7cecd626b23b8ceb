package statistics

import (
	"context"
	"encoding/json"
	"log/slog"
	"runtime"
	"sync"
	"time"

	corestore "hearth/core/store"
	"hearth/murano"
	"hearth/murano/store"
)

// Config says what a Collector works with.
type Config struct {
	Store *corestore.Store
	// Host is the name under which the counts are kept. Processes of one host share it.
	Host string
	// Period is how often they are stored; 5 minutes when 0 ([stats] period).
	Period time.Duration
	Log    *slog.Logger // nil: the default logger
}

// Collector counts requests in memory and adds the counts to the host's row from time to
// time: at once when it is started, and when it is stopped. It is safe for concurrent use.
type Collector struct {
	cfg  Config
	stop context.CancelFunc
	done chan struct{}

	mu    sync.Mutex
	now   counts    // what is not stored yet
	since time.Time // when that began
	cpu   cpuTime   // then
}

// counts are those of a while.
type counts struct {
	requests, errors int64
	took             time.Duration // by all
	perTenant        map[string]int64
}

// NewCollector makes a Collector.
func NewCollector(cfg Config) *Collector {
	if cfg.Period == 0 {
		cfg.Period = 5 * time.Minute
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Collector{cfg: cfg, now: counts{perTenant: map[string]int64{}}, since: time.Now(), cpu: readCPU()}
}

// Count notes a request of a project. Failed ones are not counted for the project, as
// upstream.
func (c *Collector) Count(tenantID string, took time.Duration, failed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now.requests++
	c.now.took += took
	if failed {
		c.now.errors++
	} else {
		c.now.perTenant[tenantID]++
	}
}

// Start stores the counts so far, and then in each period.
func (c *Collector) Start(ctx context.Context) error {
	if err := c.Flush(ctx); err != nil {
		return err
	}
	ctx, c.stop = context.WithCancel(context.WithoutCancel(ctx))
	c.done = make(chan struct{})
	go func() {
		defer close(c.done)
		tick := time.NewTicker(c.cfg.Period)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if err := c.Flush(ctx); err != nil && ctx.Err() == nil {
				c.cfg.Log.Error("store the request statistics", "error", err)
			}
		}
	}()
	return nil
}

// Stop stores what has been counted since.
func (c *Collector) Stop(ctx context.Context) error {
	if c.stop == nil {
		return nil
	}
	c.stop()
	select {
	case <-c.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	return c.Flush(ctx)
}

// Flush adds what has been counted to the host's row. What it cannot store stays counted.
func (c *Collector) Flush(ctx context.Context) error {
	taken, elapsed, busy := c.take()
	err := c.cfg.Store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		return store.ChangeRequestStatistics(ctx, tx, c.cfg.Host, func(s *murano.RequestStatistics) error {
			s.CPUCount, s.CPUPercent = runtime.NumCPU(), busy
			return taken.addTo(s, elapsed)
		})
	})
	if err != nil {
		c.giveBack(taken)
	}
	return err
}

func (c *Collector) take() (taken counts, elapsed time.Duration, busy float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken, c.now = c.now, counts{perTenant: map[string]int64{}}
	now, cpu := time.Now(), readCPU()
	elapsed, busy = now.Sub(c.since), cpu.percentSince(c.cpu)
	c.since, c.cpu = now, cpu
	return taken, elapsed, busy
}

func (c *Collector) giveBack(taken counts) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now.requests += taken.requests
	c.now.errors += taken.errors
	c.now.took += taken.took
	for tenant, n := range taken.perTenant {
		c.now.perTenant[tenant] += n
	}
}

// addTo adds the counts of a while to a row.
func (n counts) addTo(s *murano.RequestStatistics, elapsed time.Duration) error {
	perTenant := map[string]int64{}
	if len(s.RequestsPerTenant) > 0 {
		if err := json.Unmarshal(s.RequestsPerTenant, &perTenant); err != nil {
			return err
		}
	}
	for tenant, more := range n.perTenant {
		perTenant[tenant] += more
	}
	var err error
	if s.RequestsPerTenant, err = json.Marshal(perTenant); err != nil {
		return err
	}
	if n.requests > 0 {
		s.AverageResponseTime = (s.AverageResponseTime*float64(s.RequestCount) + n.took.Seconds()) / float64(s.RequestCount+n.requests)
	}
	s.RequestCount += n.requests
	s.ErrorCount += n.errors
	if seconds := elapsed.Seconds(); seconds > 0 {
		s.RequestsPerSecond, s.ErrorsPerSecond = float64(n.requests)/seconds, float64(n.errors)/seconds
	}
	s.UpdatedAt = store.Now()
	if s.CreatedAt.IsZero() {
		s.CreatedAt = s.UpdatedAt
	}
	return nil
}

// All gives what every host has counted.
func (c *Collector) All(ctx context.Context) ([]murano.RequestStatistics, error) {
	return store.ListRequestStatistics(ctx, c.cfg.Store.Reader())
}
