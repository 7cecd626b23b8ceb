package environment

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/murano"
	"hearth/murano/store"
)

// WorkerConfig says what a Worker works with.
type WorkerConfig struct {
	Store    *corestore.Store
	Programs *Programs
	// Tasks is how many tasks run at once; 64 when 0.
	Tasks int
	// Lease is how long a task waits for a Worker that does not answer; 15 s when 0.
	Lease time.Duration
	Log   *slog.Logger // nil: the default logger
}

// Worker runs tasks. A job wakes it for a new one; once a second it looks for those that
// nobody runs. Register it, Start it, and Stop it in the end.
type Worker struct {
	store    *corestore.Store
	programs *Programs
	lease    time.Duration
	owner    string
	log      *slog.Logger

	slots chan struct{}
	ctx   context.Context // of the running tasks
	stop  context.CancelFunc
	tasks sync.WaitGroup
	mu    sync.Mutex // guards ctx against tasks that begin while Stop waits
}

// NewWorker makes a Worker.
func NewWorker(cfg WorkerConfig) *Worker {
	w := &Worker{store: cfg.Store, programs: cfg.Programs, lease: cfg.Lease, owner: uuid.NewString(), log: cfg.Log}
	if w.lease == 0 {
		w.lease = 15 * time.Second
	}
	if w.log == nil {
		w.log = slog.Default()
	}
	tasks := cfg.Tasks
	if tasks == 0 {
		tasks = 64
	}
	w.slots = make(chan struct{}, tasks)
	w.ctx, w.stop = context.WithCancel(context.Background())
	return w
}

// Register lets River wake the Worker.
func (w *Worker) Register(workers *river.Workers) { river.AddWorker(workers, &waker{worker: w}) }

// waker is the job of kind TaskArgs. It only wakes: a task may last longer than a job.
type waker struct {
	river.WorkerDefaults[TaskArgs]
	worker *Worker
}

func (k *waker) Work(ctx context.Context, j *river.Job[TaskArgs]) error {
	return k.worker.begin(ctx, j.Args.TaskID)
}

const sweepEvery = time.Second

// Start begins to look for tasks that nobody runs. On an embedded database, whose only
// process this is, those of the process before are taken up at once.
func (w *Worker) Start(ctx context.Context) error {
	if !w.store.Postgres() {
		if err := w.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error { return store.ReleaseTasks(ctx, tx) }); err != nil {
			return err
		}
	}
	w.tasks.Go(func() {
		tick := time.NewTicker(sweepEvery)
		defer tick.Stop()
		for {
			if err := w.sweep(w.ctx); err != nil && w.ctx.Err() == nil {
				w.log.Error("look for lost tasks", "error", err)
			}
			select {
			case <-w.ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	return nil
}

// Stop gives the running tasks back, for another Worker to go on with, and waits for that
// until ctx ends.
func (w *Worker) Stop(ctx context.Context) error {
	w.mu.Lock()
	w.stop()
	w.mu.Unlock()
	done := make(chan struct{})
	go func() { w.tasks.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sweep begins the tasks that nobody runs, as far as there is room.
func (w *Worker) sweep(ctx context.Context) error {
	room := cap(w.slots) - len(w.slots)
	if room == 0 {
		return nil
	}
	ids, err := store.LostTasks(ctx, w.store.Reader(), time.Now(), room)
	for _, id := range ids {
		err = errors.Join(err, w.begin(ctx, id))
	}
	return err
}

// begin claims a task and runs it in the background. It does nothing when there is no room
// or the task is not to be had: the next sweep, or who has it, will see to it.
func (w *Worker) begin(ctx context.Context, id string) error {
	select {
	case w.slots <- struct{}{}:
	default:
		return nil
	}
	var t *murano.Task
	err := w.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) (err error) {
		t, err = store.ClaimTask(ctx, tx, id, w.owner, time.Now(), w.lease)
		return err
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil || t == nil || w.ctx.Err() != nil {
		<-w.slots
		if t != nil {
			err = errors.Join(err, w.release(t))
		}
		return err
	}
	w.tasks.Go(func() {
		defer func() { <-w.slots }()
		w.run(t)
	})
	return nil
}

func (w *Worker) release(t *murano.Task) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), 5*time.Second)
	defer cancel()
	return w.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error { return store.ReleaseTask(ctx, tx, t) })
}

// run runs a claimed task to its end, or until the Worker stops or loses it.
func (w *Worker) run(t *murano.Task) {
	log := w.log.With("task", t.ID, "environment", t.EnvironmentID, "attempt", t.Attempt)
	ctx, giveUp := context.WithCancelCause(w.ctx)
	defer giveUp(nil)
	run, err := w.open(ctx, t)
	if err == nil && run != nil {
		run.giveUp = giveUp
		keeper := make(chan struct{})
		go func() { defer close(keeper); run.keep(ctx) }()
		var out *outcome
		if out, err = w.execute(ctx, run); err == nil {
			if out.failure != nil {
				log.Warn("task failed", "exception", out.failure.name)
			}
			err = w.finish(ctx, run, out)
		}
		giveUp(nil)
		<-keeper
	}
	switch {
	case err == nil:
		log.Info("task done")
	case errors.Is(err, errLost):
		log.Warn("task lost")
	default:
		if w.ctx.Err() == nil {
			log.Error("task interrupted; it will be run again", "error", err)
		}
		if err := w.release(t); err != nil {
			log.Error("release task", "error", err)
		}
	}
}

// open reads what a task has in its row. It gives nil when the environment is gone.
func (w *Worker) open(ctx context.Context, t *murano.Task) (*Run, error) {
	e, err := store.FindEnvironment(ctx, w.store.Reader(), t.EnvironmentID)
	if err != nil || e == nil {
		return nil, err
	}
	e.Model = nil
	var c core.Credentials
	if err := w.store.Sealer().Open(t.Credentials, &c, t.ID); err != nil {
		return nil, err
	}
	p := &progress{}
	if err := json.Unmarshal(t.Model, p); err != nil {
		return nil, err
	}
	caller := &core.Caller{Token: c.Token, UserID: c.UserID, UserName: c.UserName, ProjectID: e.TenantID, Roles: c.Roles, StandbyTrustID: c.OwnTrust()}
	if c.Borrowed {
		caller.TrustID = c.TrustID
	}
	return &Run{Environment: *e, Caller: caller, credentials: c, store: w.store, task: t, progress: p, lease: w.lease}, nil
}
