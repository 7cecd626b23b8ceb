package yaql

import "context"

// Run is one evaluation: its budgets and its engine. Functions get it in their Call.
// A nil *Run has no budgets but still refuses endless nesting.
type Run struct {
	Engine *Engine
	ctx    context.Context
	steps  int // left
	bytes  int // left
	levels int // left, in frames of CPython
	quota  int // the memory quota of one value; 0 is none
	limit  int // the limit of one iterator; negative is none
	clock  int // steps until the context is asked
	trace  func(*Function)
	host   any
}

// Host is what the host gave the run: the thread that evaluates, for example.
func (r *Run) Host() any {
	if r == nil {
		return nil
	}
	return r.host
}

// SetHost gives the run a host's own value.
func (r *Run) SetHost(v any) { r.host = v }

// Nested starts the budgets of an evaluation inside this one, by the same or another engine:
// steps and memory are fresh, the nesting that is left is shared by leaving what it took.
func (r *Run) Nested(e *Engine) *Run {
	n := e.NewRun(r.ctx)
	n.host, n.levels, n.trace = r.host, r.levels, r.trace
	return n
}

// Background is the context of the run.
func (r *Run) Background() context.Context {
	if r == nil || r.ctx == nil {
		return context.Background()
	}
	return r.ctx
}

const (
	clockEvery = 1024

	// maxVisit bounds how deep values may be nested in each other.
	maxVisit = 400
)

// What one nesting costs in frames of CPython's stack, measured on the original: an
// expression in an argument, in a lambda, in parentheses, and an item of an iterator.
const (
	callFrames   = 7
	lambdaFrames = 2
	wrapFrames   = 2
	nextFrames   = 3
)

// What costs more than one step: an item of an iterator; a lambda, a body and a call of
// values beyond the call itself; an entry put into a dictionary or set.
const (
	nextSteps   = 2
	valuesSteps = 4
	lambdaSteps = 2
	invokeSteps = 4
	putSteps    = 2
)

// What is charged for memory: an item of a growing list, a value in an encoded key, an entry of a dictionary or set
// with its index, and an iterator with the closures behind it.
const (
	itemBytes     = 48
	encodedBytes  = 24
	entryBytes    = 144
	iteratorBytes = 400
)

// Step charges n steps; StepsExceeded when there are none left, or the error of the
// context when it is done.
func (r *Run) Step(n int) error {
	if r == nil {
		return nil
	}
	r.steps -= n
	if r.steps < 0 {
		r.steps = 0
		return Errorf(StepsExceeded, "Expression takes too many steps")
	}
	if r.clock -= n; r.clock < 0 {
		r.clock = clockEvery
		if r.ctx != nil {
			return r.ctx.Err()
		}
	}
	return nil
}

// Alloc charges for n bytes about to be made, which it does once for all: what an
// expression throws away counts too. MemoryExceeded when there are none left.
func (r *Run) Alloc(n int) error {
	if r == nil || n <= 0 {
		return nil
	}
	if n > r.bytes {
		r.bytes = 0
		return Errorf(MemoryExceeded, "Expression consumed too much memory")
	}
	r.bytes -= n
	return r.Step(n / 256)
}

// Allocated is how many bytes have been charged for.
func (r *Run) Allocated() int { return r.Engine.options.Bytes - r.bytes }

func (r *Run) enter(frames int) error {
	r.levels -= frames
	if r.levels < 0 {
		r.levels += frames
		return tooDeep()
	}
	return nil
}

func (r *Run) leave(frames int) { r.levels += frames }

// visit charges for looking at one value inside another.
func (r *Run) visit(depth int) error {
	if depth > maxVisit {
		return tooDeep()
	}
	return r.Step(1)
}

func tooDeep() error { return Errorf(RecursionError, "maximum recursion depth exceeded") }

// Quota checks count values of the size of v against the memory quota of a single value.
func (r *Run) Quota(values ...any) error {
	if r.quota <= 0 {
		return nil
	}
	total := 0
	for _, v := range values {
		if total += SizeOf(v); total > r.quota {
			return quotaExceeded()
		}
	}
	return nil
}

// QuotaBytes checks a size against the memory quota of a single value.
func (r *Run) QuotaBytes(n int) error {
	if r.quota > 0 && n > r.quota {
		return quotaExceeded()
	}
	return nil
}

func quotaExceeded() error { return Errorf(MemoryExceeded, "Expression consumed too much memory") }

// Nest charges for one nesting of a recursive body; RecursionError when it is too deep.
// Unnest gives it back.
func (r *Run) Nest() error {
	if err := r.Step(1); err != nil {
		return err
	}
	return r.enter(lambdaFrames)
}

// Unnest ends what Nest began.
func (r *Run) Unnest() { r.leave(lambdaFrames) }

// Trace has f told of every function that the evaluation calls.
func (r *Run) Trace(f func(*Function)) { r.trace = f }
