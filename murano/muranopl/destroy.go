package muranopl

import (
	"cmp"
	"slices"

	"hearth/core/yaql"
)

// subscription has an object told when another is destroyed. A subscriber does not live for it.
type subscription struct {
	subscriber *Object
	handler    string // of the subscriber; "" for none
}

var subscriptionParams = []yaql.Param{yaql.P("publisher", anyObject), yaql.P("subscriber", anyObject), yaql.Opt("handler", yaql.String, nil)}

func subscriptionOf(c *yaql.Call) (*Object, subscription, error) {
	s := subscription{c.Args[1].(*Object).real, c.String(2)}
	if s.handler != "" {
		if _, err := c.Args[1].(*Object).class.method(s.handler); err != nil {
			return nil, s, err
		}
	}
	return c.Args[0].(*Object).real, s, nil
}

func subscribe(c *yaql.Call) (any, error) {
	publisher, s, err := subscriptionOf(c)
	if err == nil && !slices.Contains(publisher.core.subscribers, s) {
		publisher.core.subscribers = append(publisher.core.subscribers, s)
	}
	return nil, err
}

func unsubscribe(c *yaql.Call) (any, error) {
	publisher, s, err := subscriptionOf(c)
	if err == nil {
		if i := slices.Index(publisher.core.subscribers, s); i >= 0 {
			publisher.core.subscribers = slices.Delete(slices.Clone(publisher.core.subscribers), i, i+1)
		}
	}
	return nil, err
}

// loadDependencies takes the subscriptions of a model.
func (th *Thread) loadDependencies(o *Object, dependencies *yaql.Dict) error {
	o.core.subscribers = nil
	if dependencies == nil {
		return nil
	}
	list, _ := dependencies.Get("onDestruction")
	items, _ := sequence(list)
	for _, item := range items {
		record, ok := item.(*yaql.Dict)
		if !ok {
			continue
		}
		id, _ := record.Get("subscriber")
		handler, _ := record.Get("handler")
		subscriber := th.store.get(pyStr(id), true)
		if subscriber == nil {
			continue
		}
		s := subscription{subscriber: subscriber.real}
		if handler != nil {
			s.handler = pyStr(handler)
			if _, err := subscriber.class.method(s.handler); err != nil {
				return err
			}
		}
		if !slices.Contains(o.core.subscribers, s) {
			o.core.subscribers = append(o.core.subscribers, s)
		}
	}
	return nil
}

func (s *store) doomed(o *Object) bool { return o.real.gone || slices.Contains(s.pending, o.real) }

// collectGarbage destroys the objects that nothing refers to any more, and those that only
// they referred to, until there are none.
func (th *Thread) collectGarbage(f *Frame) error {
	s := th.ex.main
	for {
		if err := th.ctx.Err(); err != nil {
			return err
		}
		live := th.reachable(f)
		var lost []*Object
		for _, o := range s.all() {
			if live[o.core] {
				continue
			}
			if o.ready && !o.gone && o.core.recyclable {
				lost = append(lost, o)
				continue
			}
			s.remove(o.ID())
		}
		if len(lost) == 0 {
			return nil
		}
		s.pending = append(s.pending, lost...)
		for _, o := range th.destroyAll(lost) {
			if i := slices.Index(s.pending, o); i >= 0 {
				s.pending = slices.Delete(s.pending, i, i+1)
				o.markDestroyed(false)
				th.ex.attributes.forget(o.ID())
				s.remove(o.ID())
			}
		}
	}
}

// destroyAll tells the subscribers of objects, then destroys the objects: owners and
// subscribers after what they own or wait for (murano/dsl/object_store.py _destroy_garbage).
// It gives the objects in the order in which they went.
func (th *Thread) destroyAll(lost []*Object) []*Object {
	levels := destructionLevels(lost)
	groups := map[int][]*Object{}
	var order []int
	for _, o := range lost {
		n := levels[o]
		if groups[n] == nil {
			order = append(order, n)
		}
		groups[n] = append(groups[n], o)
	}
	slices.Sort(order)
	for _, n := range order {
		th.eachParallel(groups[n], (*Thread).signalDestruction)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(b, a) })
	var gone []*Object
	for _, n := range order {
		th.eachParallel(groups[n], (*Thread).destroy)
		gone = append(gone, groups[n]...)
	}
	return gone
}

// destructionLevels gives each object a number: greater than those of its owner and its
// subscribers, as far as these go, too.
func destructionLevels(lost []*Object) map[*Object]int {
	graph := map[*Object][]*Object{}
	for _, o := range lost {
		after := []*Object{o.core.owner}
		for _, s := range o.core.subscribers {
			if !slices.Contains(after, s.subscriber) {
				after = append(after, s.subscriber)
			}
		}
		graph[o] = after
	}
	visited, index, level := map[*Object]int{}, map[*Object]int{}, map[*Object]int{}
	var visit func(o *Object)
	visit = func(o *Object) {
		visited[o]++
		after, ok := graph[o]
		if !ok {
			return
		}
		top := 0
		for i, s := range after {
			if (i == 0 && visited[s] <= 1) || visited[s] == 0 {
				visit(s)
			}
			top = max(top, index[s])
		}
		if visited[o] <= 2 {
			visited[o]++
			index[o] = top + 1
			level[o] = top + 1
		}
	}
	for _, o := range lost {
		if visited[o] == 0 {
			visit(o)
		}
	}
	return level
}

func (th *Thread) eachParallel(list []*Object, do func(*Thread, *Object)) {
	if len(list) == 1 {
		do(th, list[0])
		return
	}
	_, _ = th.parallel(len(list), len(list), func(t *Thread, i int) (any, error) { // do reports what goes wrong
		do(t, list[i])
		return nil, nil
	})
}

// signalDestruction calls the handlers of an object's subscribers; what goes wrong there is
// logged and no more.
func (th *Thread) signalDestruction(o *Object) {
	if o.gone {
		return
	}
	for _, s := range o.core.subscribers {
		if s.handler == "" || !s.subscriber.ready || s.subscriber.gone {
			continue
		}
		m, err := s.subscriber.class.method(s.handler)
		if err == nil {
			_, err = th.call(m, s.subscriber, []any{o}, nil, nil, false)
		}
		if err != nil {
			th.ex.log.Warn("a handler of a destruction failed", "object", o.ID(), "type", o.class.Name, "error", err)
		}
	}
	o.core.subscribers = nil
}

// destroy runs the .destroy methods of an object; what goes wrong there is logged and no more.
func (th *Thread) destroy(o *Object) {
	if o.gone {
		return
	}
	for _, m := range o.class.allMethods(func(m *Method) bool { return m.Name == ".destroy" }) {
		if _, err := th.call(m, o, nil, nil, nil, false); err != nil {
			th.ex.log.Warn("a .destroy method failed", "object", o.ID(), "type", o.class.Name, "error", err)
			if th.ex.loss != nil {
				th.ex.loss(th, o, err)
			}
		}
	}
}

// Cleanup destroys the objects that nothing refers to.
func (th *Thread) Cleanup() error {
	return th.collectGarbage(nil)
}
