package muranopl

// crowd is the threads that one thread has begun and waits for. It is used by whoever has the
// baton, so that programs run in one order, whatever the scheduler of Go does.
type crowd struct {
	working, left int
	enough        func() bool            // what the one who began them waits for; nil: it does not
	resume        chan (<-chan struct{}) // its turn, taken for it
}

// await hands the baton on until enough is true.
func (c *crowd) await(b *baton, enough func() bool) {
	if enough() {
		return
	}
	c.enough = enough
	b.release()
	turn := <-c.resume
	<-turn
}

// leave is the end of one of the threads.
func (c *crowd) leave(b *baton) {
	c.working--
	c.left--
	if c.enough != nil && c.enough() {
		c.enough = nil
		c.resume <- b.ticket()
	}
	b.release()
}

// parallel runs do for each of n items, at most limit at once, and gives what they gave. All
// run to their end; then the first error counts (murano/dsl/helpers.py parallel_select).
func (th *Thread) parallel(n, limit int, do func(t *Thread, i int) (any, error)) ([]any, error) {
	results, errs := make([]any, n), make([]error, n)
	baton := &th.ex.baton
	c := &crowd{left: n, resume: make(chan (<-chan struct{}), 1)}
	th.ex.running[th] = true
	for i := range n {
		c.await(baton, func() bool { return c.working < max(1, limit) })
		c.working++
		t := th.newThread()
		th.ex.running[t] = true
		turn := baton.ticket()
		go func() {
			<-turn
			defer func() {
				delete(th.ex.running, t)
				c.leave(baton)
			}()
			errs[i] = t.guard(func() (err error) {
				results[i], err = do(t, i)
				return err
			})
		}()
	}
	c.await(baton, func() bool { return c.left == 0 })
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return results, nil
}
