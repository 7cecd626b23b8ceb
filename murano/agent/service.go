package agent

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/murano"
	"hearth/murano/native"
	"hearth/murano/store"
)

// Config says what a Service works with.
type Config struct {
	Store *corestore.Store
	// URL is where servers reach Handler, without a slash at its end:
	// http://murano.example.org:8082/agent/v1.
	URL string
	Log *slog.Logger // nil: the default logger
}

// Service offers plans to the agents in servers and takes what they answer. Its Handler is
// for the servers, the rest for programs. It is safe for concurrent use, and several
// processes may work on one database.
type Service struct {
	store *corestore.Store
	url   string
	log   *slog.Logger

	waiting waiting
	ctx     context.Context // of all that waits
	stop    context.CancelFunc
	sweeper sync.WaitGroup
}

var _ native.Agents = (*Service)(nil)

// New makes a Service.
func New(cfg Config) *Service {
	s := &Service{store: cfg.Store, url: cfg.URL, log: cfg.Log}
	if s.log == nil {
		s.log = slog.Default()
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

const (
	sweepEvery = time.Second
	// sweepBack is how far the sweep looks back: clocks of processes may differ by less.
	sweepBack = 5 * time.Second
	// lookAgain is how long who waits relies on being woken.
	lookAgain = 25 * time.Second
	// keepAnswers is how long a plan that has been answered may still be offered again.
	keepAnswers = 7 * 24 * time.Hour
)

// Start begins to look for what other processes do: one question a second for all who wait.
// An embedded database has no other process.
func (s *Service) Start() {
	if !s.store.Postgres() {
		return
	}
	s.sweeper.Go(func() {
		tick := time.NewTicker(sweepEvery)
		defer tick.Stop()
		for {
			select {
			case <-s.ctx.Done():
				return
			case <-tick.C:
			}
			if !s.waiting.any() {
				continue
			}
			changed, err := store.ChangedAgentQueues(s.ctx, s.store.Reader(), time.Now().Add(-sweepBack))
			if err != nil && s.ctx.Err() == nil {
				s.log.Error("look for what agents have done", "error", err)
			}
			for _, id := range changed {
				s.waiting.wake(id)
			}
		}
	})
}

// Stop ends what waits.
func (s *Service) Stop() {
	s.stop()
	s.sweeper.Wait()
}

// Bootstrap implements native.Agents. The script of a queue is the same until the queue is
// revoked, whatever becomes of the configuration: a server with another one would be made
// anew.
func (s *Service) Bootstrap(ctx context.Context, environmentID, queue string) (script string, err error) {
	err = s.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		q, err := s.queue(ctx, tx, environmentID, queue)
		if err == nil {
			script = q.Script
		}
		return err
	})
	return script, err
}

// queue gives a queue, made if there is none.
func (s *Service) queue(ctx context.Context, tx *corestore.Tx, environmentID, name string) (*murano.AgentQueue, error) {
	q, err := store.FindAgentQueue(ctx, tx, environmentID, name)
	if err != nil || q != nil {
		return q, err
	}
	if e, err := store.FindEnvironment(ctx, tx, environmentID); err != nil || e == nil {
		return nil, gone(err, environmentID, name)
	}
	q = &murano.AgentQueue{ID: murano.NewID(), EnvironmentID: environmentID, Name: name, CreatedAt: store.Now()}
	if q.Script, err = bootstrap(s.url+"/"+q.ID, s.token(q.ID)); err != nil {
		return nil, err
	}
	if err := store.CreateAgentQueue(ctx, tx, q); err != nil {
		return nil, err
	}
	return store.FindAgentQueue(ctx, tx, environmentID, name)
}

// gone is err, or else that there is no such queue.
func gone(err error, environmentID, name string) error {
	if err != nil {
		return err
	}
	return core.Errorf(core.NotFound, "NotFound", "There is no agent %s in the environment %s: it has been revoked or its environment deleted", name, environmentID)
}

// Offer implements native.Agents.
func (s *Service) Offer(ctx context.Context, environmentID, queue, planID string, plan []byte) error {
	return s.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		q, err := s.queue(ctx, tx, environmentID, queue)
		if err != nil {
			return err
		}
		now := store.Now()
		p := &murano.AgentPlan{ID: murano.NewID(), QueueID: q.ID, PlanID: planID, Plan: json.RawMessage(plan), CreatedAt: now, ChangedAt: now.UnixMilli()}
		if _, err := store.CreateAgentPlan(ctx, tx, p); err != nil {
			return err
		}
		tx.AfterCommit(func() { s.waiting.wake(q.ID) })
		return store.ForgetAgentPlans(ctx, tx, q.ID, now.Add(-keepAnswers))
	})
}

// Result implements native.Agents.
func (s *Service) Result(ctx context.Context, environmentID, queue, planID string) ([]byte, error) {
	q, err := store.FindAgentQueue(ctx, s.store.Reader(), environmentID, queue)
	if err != nil || q == nil {
		return nil, gone(err, environmentID, queue)
	}
	for {
		changed, leave := s.waiting.on(q.ID)
		p, err := store.FindAgentPlan(ctx, s.store.Reader(), q.ID, planID)
		if err != nil || p == nil || p.Answered {
			leave()
			if err != nil || p == nil {
				return nil, gone(err, environmentID, queue)
			}
			return p.Answer, nil
		}
		err = s.wait(ctx, changed, lookAgain)
		leave()
		if err != nil {
			return nil, err
		}
	}
}

// wait returns when something has changed or the time is over; the error is that ctx or the
// Service has ended.
func (s *Service) wait(ctx context.Context, changed <-chan struct{}, most time.Duration) error {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.ctx.Done():
		return s.ctx.Err()
	case <-changed:
	case <-timer.C:
	}
	return nil
}

// Revoke implements native.Agents.
func (s *Service) Revoke(ctx context.Context, environmentID, queue string) error {
	return s.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		q, err := store.FindAgentQueue(ctx, tx, environmentID, queue)
		if err != nil || q == nil {
			return err
		}
		tx.AfterCommit(func() { s.waiting.wake(q.ID) })
		return store.DeleteAgentQueue(ctx, tx, q.ID)
	})
}
