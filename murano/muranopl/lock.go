package muranopl

import (
	"context"

	"hearth/core/yaql"
)

// A method is locked while it runs: another thread that calls it on the same object, with the
// same values of the arguments that Synchronize names, waits (murano/dsl/executor.py
// _acquire_method_lock).

// synchronize is what a method's metadata says of its lock.
type synchronize struct {
	onThis bool
	onArgs []string
}

// methodLock is one lock that is held.
type methodLock struct {
	method *Method
	args   *yaql.Dict
	holder *Thread
	depth  int
	freed  chan struct{}
	list   *[]*methodLock
}

const synchronizeMeta = "io.murano.metadata.engine.Synchronize"

func (th *Thread) synchronization(m *Method, f *Frame) (*synchronize, error) {
	if m.sync != nil {
		return m.sync, nil
	}
	s := &synchronize{onThis: true}
	if m.meta != nil {
		list, err := th.methodMeta(m, f)
		if err != nil {
			return nil, err
		}
		for _, o := range list {
			if o.class.Name != synchronizeMeta {
				continue
			}
			onThis, err := o.get(th, "onThis", nil)
			if err != nil {
				return nil, err
			}
			onArgs, err := o.get(th, "onArgs", nil)
			if err != nil {
				return nil, err
			}
			s.onThis = yaql.Truth(onThis)
			items, _ := onArgs.(yaql.Tuple)
			for _, name := range items {
				s.onArgs = append(s.onArgs, name.(string))
			}
			break
		}
	}
	m.sync = s
	return s, nil
}

// lockMethod waits for the lock of a method and takes it; nil when it needs none.
func (th *Thread) lockMethod(m *Method, this *Object, values []any, f *Frame) (*methodLock, error) {
	s, err := th.synchronization(m, f)
	if err != nil {
		return nil, err
	}
	args := yaql.NewDict(0)
	for _, name := range s.onArgs {
		if a := m.argOf[name]; a != nil && values[m.order(a)] != nil {
			if err := args.Set(name, values[m.order(a)]); err != nil {
				return nil, err
			}
		}
	}
	var list *[]*methodLock
	switch {
	case s.onThis && this != nil:
		list = &this.core.locks
	case s.onThis || args.Len() > 0:
		list = &th.ex.locks
	default:
		return nil, nil
	}
	for {
		held := find(th, *list, m, args)
		switch {
		case held == nil:
			l := &methodLock{method: m, args: args, holder: th, depth: 1, freed: make(chan struct{}), list: list}
			*list = append(*list, l)
			return l, nil
		case held.holder == th:
			held.depth++
			return held, nil
		}
		if err := th.Wait(func(ctx context.Context) error {
			select {
			case <-held.freed:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}); err != nil {
			return nil, err
		}
	}
}

func find(th *Thread, list []*methodLock, m *Method, args *yaql.Dict) *methodLock {
	for _, l := range list {
		if l.method != m {
			continue
		}
		if l.args.Len() == 0 && args.Len() == 0 {
			return l
		}
		if same, err := th.run.Equal(l.args, args); err == nil && same {
			return l
		}
	}
	return nil
}

func (l *methodLock) release(*Thread) {
	if l == nil {
		return
	}
	if l.depth--; l.depth > 0 {
		return
	}
	for i, o := range *l.list {
		if o == l {
			*l.list = append((*l.list)[:i:i], (*l.list)[i+1:]...)
			break
		}
	}
	close(l.freed)
}
