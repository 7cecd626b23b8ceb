package muranopl

import "hearth/core/yaql"

// reachable are the objects that the model, the methods at work and the static properties
// refer to.
func (th *Thread) reachable(f *Frame) map[*objectCore]bool {
	return th.mark(f).live
}

// mark walks to all that the program holds.
func (th *Thread) mark(f *Frame) *marker {
	m := &marker{live: map[*objectCore]bool{}, contexts: map[*yaql.Context]bool{}, seen: map[any]bool{}}
	for _, o := range th.ex.roots {
		m.value(o)
	}
	for _, v := range th.ex.statics {
		m.value(v)
	}
	for t := range th.ex.running {
		for fr := t.top; fr != nil; fr = fr.caller {
			m.frame(fr)
		}
	}
	for fr := f; fr != nil; fr = fr.caller {
		m.frame(fr)
	}
	for _, o := range th.ex.main.pending {
		m.value(o)
	}
	m.drain()
	return m
}

// marker walks from value to value.
type marker struct {
	live     map[*objectCore]bool
	contexts map[*yaql.Context]bool
	seen     map[any]bool // lists, dictionaries and sets: two may hold the same one
	queue    []any
	size     int // bytes, about
}

// span is a list: where it begins and how long it is.
type span struct {
	first *any
	n     int
}

// first tells whether a value is met for the first time.
func (m *marker) first(key any) bool {
	if m.seen[key] {
		return false
	}
	m.seen[key] = true
	return true
}

func (m *marker) list(items []any) {
	if len(items) > 0 && m.first(span{&items[0], len(items)}) {
		m.queue = append(m.queue, items...)
	}
}

func (m *marker) value(v any) { m.queue = append(m.queue, v) }

func (m *marker) frame(f *Frame) {
	m.value(f.this)
	if f.argumentOwner != nil {
		m.value(f.argumentOwner)
	}
	if f.exception != nil {
		m.value(f.exception)
	}
	m.context(f.vars)
}

func (m *marker) context(c *yaql.Context) {
	for ; c != nil && !m.contexts[c]; c = c.Parent() {
		m.contexts[c] = true
		for _, v := range c.Vars() {
			m.value(v)
		}
	}
}

func (m *marker) drain() {
	for len(m.queue) > 0 {
		v := m.queue[len(m.queue)-1]
		m.queue = m.queue[:len(m.queue)-1]
		m.size += yaql.SizeOf(v)
		switch v := v.(type) {
		case *Object:
			m.object(v)
		case yaql.Tuple:
			m.list(v)
		case yaql.List:
			m.list(v)
		case *yaql.Dict:
			if !m.first(v) {
				continue
			}
			for k, item := range v.All() {
				m.queue = append(m.queue, k, item)
			}
		case *yaql.Set:
			if !m.first(v) {
				continue
			}
			items, err := (*yaql.Run)(nil).Collect(v)
			if err == nil {
				m.queue = append(m.queue, items...)
			}
		case *yaql.Lambda:
			m.context(v.Context())
		case *yaql.Context:
			m.context(v)
		case *Exception:
			m.value(v.Message)
			m.value(v.Extra)
			if v.Cause != nil {
				m.value(v.Cause)
			}
		}
	}
}

func (m *marker) object(o *Object) {
	if m.live[o.core] {
		return
	}
	m.live[o.core] = true
	if o.core.owner != nil {
		m.value(o.core.owner)
	}
	for _, v := range o.real.views() {
		for _, item := range v.values {
			m.value(item)
		}
		if h, ok := v.native.(Holder); ok {
			m.queue = append(m.queue, h.Holds()...)
		}
	}
}

// Holder is a native part that refers to values of programs.
type Holder interface{ Holds() []any }

// spend counts the bytes that an expression was charged for. What a program holds is looked at
// whenever it may have grown by a quarter of what it may hold; MemoryLimitExceeded when that is
// too much.
func (th *Thread) spend(bytes int) error {
	ex := th.ex
	if ex.made += bytes; ex.made < ex.limits.Memory/4 {
		return nil
	}
	ex.made = 0
	if th.mark(nil).size > ex.limits.Memory {
		return dslError("MemoryLimitExceeded", "The values of the program take more than %d bytes", ex.limits.Memory)
	}
	return nil
}
