package converge

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/job"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/store"
)

// Config is what a Walker works with.
type Config struct {
	Store *store.Store
	Types *plan.Types
	Cloud *cloud.Cloud
	Links resource.Links
	Log   *slog.Logger
	Now   func() time.Time

	// Lease is how long a worker that says nothing keeps a node.
	Lease time.Duration
	// Parallel is how many steps a drainer runs at once, Drainers how many drainers a
	// process runs at once.
	Parallel, Drainers int
	// StepTimeout ends a step whose cloud does not answer.
	StepTimeout time.Duration
	// Timeout is how long an action may take when the request does not say.
	Timeout time.Duration
	// ForceTimeout is how long a forced deletion may take.
	ForceTimeout time.Duration
	// MaxEvents is how many events a stack keeps.
	MaxEvents int
	// RetryLimit is how often an object that comes up broken is made anew, and a delete that
	// meets a conflict done again; RetryPause is the unit of the pauses in between, a second.
	RetryLimit int
	RetryPause time.Duration
}

// Walker takes walks. Begin starts one in the caller's transaction; a started Walker
// drains them.
type Walker struct {
	Config
	jobs *job.Client

	mu      sync.Mutex
	works   bool
	drains  map[store.Walk]chan struct{} // a running drainer and how to call it again
	awaits  map[string][]chan struct{}
	loaded  map[string]*program // by stack
	timers  map[store.Walk]*time.Timer
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
	slots   chan struct{}

	removals    chan struct{} // a call to look after snapshots that are to go
	revocations chan struct{} // the same for trusts
}

// New makes a Walker; zero settings get their defaults.
func New(cfg Config) *Walker {
	def := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	def(&cfg.Lease, 5*time.Second)
	def(&cfg.StepTimeout, 2*time.Minute)
	def(&cfg.Timeout, time.Hour)
	def(&cfg.RetryPause, time.Second)
	def(&cfg.ForceTimeout, time.Minute)
	if cfg.Parallel == 0 {
		cfg.Parallel = 256
	}
	if cfg.Drainers == 0 {
		cfg.Drainers = 32
	}
	if cfg.MaxEvents == 0 {
		cfg.MaxEvents = 1000
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Walker{Config: cfg, drains: map[store.Walk]chan struct{}{}, awaits: map[string][]chan struct{}{},
		loaded: map[string]*program{}, timers: map[store.Walk]*time.Timer{}, slots: make(chan struct{}, cfg.Drainers), removals: make(chan struct{}, 1), revocations: make(chan struct{}, 1)}
}

// args is the job that calls an engine to a walk, from a process that runs none.
type args struct {
	StackID   string `json:"stack_id"`
	Traversal string `json:"traversal"`
}

func (args) Kind() string { return "converge" }

type worker struct {
	river.WorkerDefaults[args]
	w *Walker
}

// Work only starts the drainer: what there is to do stands in the nodes, and the sweep
// sees to it that it is done.
func (k *worker) Work(_ context.Context, j *river.Job[args]) error {
	k.w.Kick(store.Walk{StackID: j.Args.StackID, Traversal: j.Args.Traversal})
	return nil
}

// Register adds the Walker's kind of job. Call it before the job client is made.
func (w *Walker) Register(workers *river.Workers) { river.AddWorker(workers, &worker{w: w}) }

// UseJobs gives the client through which other processes are called.
func (w *Walker) UseJobs(c *job.Client) { w.jobs = c }

// Start begins to work. On an embedded database, whose only process this is, leases of
// the process before are released.
func (w *Walker) Start(ctx context.Context) error {
	if !w.Store.Postgres() {
		if err := w.Store.ReleaseLeases(ctx); err != nil {
			return err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ctx, w.cancel = context.WithCancel(context.WithoutCancel(ctx))
	w.works = true
	w.running.Go(w.sweep)
	w.running.Go(func() { w.attend("remove a snapshot", w.removals, w.removeNext) })
	w.running.Go(func() { w.attend("revoke a trust", w.revocations, w.revokeNext) })
	return nil
}

// Stop lets the running steps end until ctx does, then cancels them. What is not
// committed by then is done again by whoever comes next.
func (w *Walker) Stop(ctx context.Context) {
	w.mu.Lock()
	w.works = false
	for _, t := range w.timers {
		t.Stop()
	}
	if w.cancel != nil {
		w.cancel()
	}
	w.mu.Unlock()
	ended := make(chan struct{})
	go func() { w.running.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-ctx.Done():
	}
}

// Kick has a walk drained now, if this process works. A drainer that runs already looks
// again.
func (w *Walker) Kick(walk store.Walk) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.works {
		return
	}
	if t := w.timers[walk]; t != nil {
		t.Stop()
		delete(w.timers, walk)
	}
	if again, ok := w.drains[walk]; ok {
		select {
		case again <- struct{}{}:
		default:
		}
		return
	}
	again := make(chan struct{}, 1)
	w.drains[walk] = again
	w.running.Go(func() { w.run(walk, again) })
}

// run holds a slot while it drains. A call that comes when the drainer is about to end
// is not lost: it is seen under the lock.
func (w *Walker) run(walk store.Walk, again chan struct{}) {
	select {
	case w.slots <- struct{}{}:
	case <-w.ctx.Done():
		return
	}
	defer func() { <-w.slots }()
	for {
		if err := w.drain(w.ctx, walk, again); err != nil && w.ctx.Err() == nil {
			// The sweep comes back to it.
			w.Log.Error("walk interrupted", "stack", walk.StackID, "traversal", walk.Traversal, "error", err)
		}
		w.mu.Lock()
		select {
		case <-again:
			w.mu.Unlock()
			continue
		default:
		}
		delete(w.drains, walk)
		w.mu.Unlock()
		return
	}
}

// kickAt has a walk drained at a time.
func (w *Walker) kickAt(walk store.Walk, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.works {
		return
	}
	if t := w.timers[walk]; t != nil {
		t.Stop()
	}
	w.timers[walk] = time.AfterFunc(at.Sub(w.Now()), func() {
		w.mu.Lock()
		delete(w.timers, walk)
		w.mu.Unlock()
		w.Kick(walk)
	})
}

// call has a walk drained once tx is committed: here, when this process works, else by
// whichever engine takes the job.
func (w *Walker) call(ctx context.Context, tx *store.Tx, walk store.Walk) error {
	w.mu.Lock()
	works := w.works
	w.mu.Unlock()
	if works || w.jobs == nil {
		tx.AfterCommit(func() { w.Kick(walk) })
		return nil
	}
	return w.jobs.InsertTx(ctx, tx, args(walk), nil)
}

// Call wakes a walk from a use case's transaction.
func (w *Walker) Call(ctx context.Context, tx *store.Tx, walk *store.Walk) error {
	if walk == nil {
		return nil
	}
	return w.call(ctx, tx, *walk)
}

// Await blocks until a stack's action has ended and gives the stack; nil when there is none.
func (w *Walker) Await(ctx context.Context, stackID string) (*core.Stack, error) {
	poll := time.NewTicker(250 * time.Millisecond) // another process may end it
	defer poll.Stop()
	for {
		ended := make(chan struct{})
		w.mu.Lock()
		w.awaits[stackID] = append(w.awaits[stackID], ended)
		w.mu.Unlock()
		s, err := w.Store.FindStack(ctx, stackID)
		if err != nil || s == nil || s.Status != core.InProgress {
			return s, err
		}
		select {
		case <-ended:
		case <-poll.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (w *Walker) announce(stackID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.awaits[stackID] {
		close(c)
	}
	delete(w.awaits, stackID)
}
