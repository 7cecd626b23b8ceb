package muranopl

import (
	"context"
	"errors"
	"runtime/debug"
	"strconv"
	"sync"

	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
)

// Thread is one line of execution. One thread of an executor runs at a time.
type Thread struct {
	ex      *Executor
	id      string
	path    string // which thread began it, and as which of its threads
	begun   int    // threads
	drawn   uint64 // from chance
	ctx     context.Context
	run     *yaql.Run // of the innermost expression
	store   *store    // where objects are looked up and put
	passkey any       // stands for values that a template leaves out
	dryRun  bool      // objects are made to be looked at, nothing of theirs runs
	top     *Frame    // the innermost method, for what looks for reachable objects
}

// baton is what the thread that runs has. Threads get it in the order in which they ask.
type baton struct {
	mu      sync.Mutex
	held    bool
	waiting []chan struct{}
}

// ticket joins the queue; the channel is closed when it is the caller's turn.
func (b *baton) ticket() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	turn := make(chan struct{})
	if !b.held {
		b.held = true
		close(turn)
		return turn
	}
	b.waiting = append(b.waiting, turn)
	return turn
}

func (b *baton) release() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.waiting) == 0 {
		b.held = false
		return
	}
	close(b.waiting[0])
	b.waiting = b.waiting[1:]
}

// newThread makes a thread that works for this one, with the same store.
func (th *Thread) newThread() *Thread {
	th.ex.threads++
	th.begun++
	t := &Thread{ex: th.ex, id: "T" + strconv.Itoa(th.ex.threads), path: th.path + "." + strconv.Itoa(th.begun), ctx: th.ctx, store: th.store, passkey: th.passkey, dryRun: th.dryRun, top: th.top}
	t.run = th.run.Nested(th.run.Engine)
	t.run.SetHost(t)
	return t
}

// Wait lets other threads run until do returns: every native call that waits for something
// outside does it so.
func (th *Thread) Wait(do func(ctx context.Context) error) error {
	th.ex.baton.release()
	defer func() { <-th.ex.baton.ticket() }()
	return do(th.ctx)
}

// Context ends when the program is to.
func (th *Thread) Context() context.Context { return th.ctx }

// Executor is what the thread belongs to.
func (th *Thread) Executor() *Executor { return th.ex }

// guard makes an error of a panic, which would end the process and every other program in it.
func (th *Thread) guard(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			th.ex.log.Error("a program has panicked", "panic", p, "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	return do()
}

// errPanic is a fault of the interpreter or of a native method.
var errPanic = errors.New("internal error")

// eval evaluates an expression of a class file in a context and freezes what comes out.
func (th *Thread) eval(x *syntax.Expression, c *yaql.Context) (any, error) {
	if f := frameOf(c); f != nil {
		f.instruction = instruction{x.Text, x.At, true}
	}
	if err := th.step(); err != nil {
		return nil, err
	}
	outer := th.run
	run := outer.Nested(x.Parsed.Engine())
	th.run = run
	v, err := x.Parsed.Value(run, c)
	if err == nil {
		v, err = freeze(run, v)
	}
	th.run = outer
	if err == nil {
		err = th.spend(run.Allocated())
	}
	if inner, ok := v.(*syntax.Expression); ok && err == nil { // the Extra of a Throw
		return th.eval(inner, c)
	}
	return v, err
}

// evaluate evaluates whatever expressions there are in a value of a class file, or of a
// program (murano/dsl/helpers.py evaluate).
func (th *Thread) evaluate(v any, c *yaql.Context) (any, error) {
	switch v := v.(type) {
	case nil, string, bool, int64, float64:
		return v, nil
	case *syntax.Expression:
		return th.eval(v, c)
	case syntax.List:
		out := make(yaql.Tuple, len(v))
		var err error
		for i := range v {
			if out[i], err = th.evaluate(v[i], c); err != nil {
				return nil, err
			}
		}
		return out, nil
	case *syntax.Map:
		out := yaql.NewDict(len(v.Entries))
		for _, e := range v.Entries {
			key, err := th.evaluate(e.Key, c)
			if err != nil {
				return nil, err
			}
			value, err := th.evaluate(e.Value, c)
			if err != nil {
				return nil, err
			}
			if err := out.Set(key, value); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return freeze(th.run, v)
}

// step counts what the program has done against its budget.
func (th *Thread) step() error {
	ex := th.ex
	if ex.steps--; ex.steps < 0 {
		return dslError("StepLimitExceeded", "The program takes more than %d steps", ex.limits.Steps)
	}
	if ex.steps&0x3ff == 0 {
		return th.ctx.Err()
	}
	return nil
}
