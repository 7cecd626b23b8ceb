package muranopl

import (
	"slices"

	"hearth/core/yaql"
)

// store is where objects are found by their id (murano/dsl/object_store.py). That of the
// executor holds what is loaded and made; a model that is being loaded has one of its own
// over it until all its objects are there.
type store struct {
	ex       *Executor
	parent   *store
	objects  map[string]*Object
	order    []string
	designer map[string]*yaql.Dict // what the headers of objects have with a _ in front
	pending  []*Object             // to be destroyed
	loading  *loading              // of a model that is being loaded
}

// loading is the state of a model that is being loaded, in two passes: the first makes all
// objects, the second sets their properties again when each can be found.
type loading struct {
	owner        *Object
	keepIDs      bool
	first        bool // pass
	initializers []func() error
}

type loadOptions struct {
	fallback *Class // of a definition without a type
	scope    *Class // whose names types have
	frame    *Frame // that the properties are set from; nil: the object's own
	keepIDs  bool
	apart    bool // not to be found by its id afterwards
}

func newStore(ex *Executor, parent *store) *store {
	return &store{ex: ex, parent: parent, objects: map[string]*Object{}, designer: map[string]*yaql.Dict{}}
}

func (s *store) initializing() bool { return s.loading != nil && s.loading.first }

func (s *store) get(id string, parents bool) *Object {
	if o := s.objects[id]; o != nil || s.parent == nil || !parents {
		return o
	}
	return s.parent.get(id, true)
}

func (s *store) put(o *Object, id string) {
	if s.objects[id] == nil {
		s.order = append(s.order, id)
	}
	s.objects[id] = o
}

func (s *store) remove(id string) {
	if s.objects[id] == nil {
		return
	}
	delete(s.objects, id)
	s.order = slices.DeleteFunc(s.order, func(o string) bool { return o == id })
}

func (s *store) all() []*Object {
	out := make([]*Object, len(s.order))
	for i, id := range s.order {
		out[i] = s.objects[id]
	}
	return out
}

// load makes the objects that a definition describes. It returns ValueError for what is no
// definition, and whatever is wrong with the classes and the values.
func (s *store) load(th *Thread, v any, owner *Object, o loadOptions) (*Object, error) {
	d, ok := v.(*yaql.Dict)
	if !ok {
		return nil, pyError("ValueError", "Invalid object representation format")
	}
	var c *yaql.Context
	if o.frame != nil {
		c = o.frame.copy().open()
	}
	definition, err := parseDefinition(th, d, o.scope, c)
	if err != nil {
		return nil, err
	}
	return s.loadDefinition(th, definition, owner, o)
}

func (s *store) loadDefinition(th *Thread, d *definition, owner *Object, o loadOptions) (*Object, error) {
	if s.loading != nil {
		return s.make(th, d, owner, o)
	}
	temporary := newStore(s.ex, s)
	temporary.loading = &loading{owner: owner, keepIDs: o.keepIDs}
	outer := th.store
	th.store = temporary
	made, err := temporary.make(th, d, owner, o)
	th.store = outer
	if err != nil {
		return nil, err
	}
	for _, object := range temporary.all() {
		if object.ready && !o.apart {
			s.put(object, object.ID())
		}
	}
	for id, attributes := range temporary.designer {
		s.designer[id] = attributes
	}
	return made, nil
}

// make makes the object of a definition in the model that is being loaded.
func (s *store) make(th *Thread, d *definition, owner *Object, o loadOptions) (*Object, error) {
	l := s.loading
	root := owner == l.owner
	if root {
		l.first = true
	}
	class := d.class
	if class == nil {
		class = o.fallback
	}
	if class == nil {
		return nil, pyError("ValueError", "Invalid object representation: no type information was provided")
	}
	var object *Object
	if d.id != "" {
		object = s.get(d.id, l.keepIDs)
	}
	if object == nil {
		id := ""
		if l.keepIDs {
			id = d.id
		}
		object = th.newObject(class, owner, id)
		if l.keepIDs {
			object.core.shown = d.shownID
		}
		object.core.name, object.core.metadata = d.name, d.metadata
		temporary := d.id == "" && !root && l.first
		object.core.recyclable = !temporary && !th.dryRun
		if err := th.loadDependencies(object, d.dependencies); err != nil {
			return nil, err
		}
		if d.destroyed {
			object.markDestroyed(false)
		}
		key := d.id
		if key == "" {
			key = object.ID()
		}
		s.put(object, key)
		s.designer[object.ID()] = d.extra
	}
	frame := o.frame
	if frame == nil {
		frame = s.ex.objectFrame(object, nil)
	}
	if err := th.initialize(object, frame, d.properties); err != nil {
		return nil, err
	}
	if !root {
		return object, nil
	}
	l.first = false
	if err := th.initialize(object, frame, d.properties); err != nil {
		return nil, err
	}
	outer := th.store
	th.store = s.parent
	defer func() { th.store = outer }()
	for _, run := range l.initializers {
		if err := run(); err != nil {
			return nil, err
		}
	}
	return object, nil
}
