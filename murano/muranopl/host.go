package muranopl

import "context"

// Do runs do as a thread of its own, for what a host has native parts do between two calls.
func (ex *Executor) Do(ctx context.Context, do func(th *Thread) error) error {
	return ex.outside(ctx, do)
}

// Grant lets programs take so many further steps: a program that has run out of them ends,
// and its model is still to be written.
func (ex *Executor) Grant(steps int) { ex.steps = max(ex.steps, 0) + steps }

// OnLoss has fn told of every .destroy method that fails: what it was to take away is still
// there, and the object is gone. fn is called by the thread that runs; it may wait.
func (ex *Executor) OnLoss(fn func(th *Thread, o *Object, err error)) { ex.loss = fn }
