package muranopl

import (
	"fmt"
	"hash/fnv"

	"hearth/core/yaql"
)

// Object is an object, seen as one of its classes: the object itself is the view of its own
// class, and has one view for each of its ancestors (murano/dsl/murano_object.py).
type Object struct {
	real    *Object // the object itself
	class   *Class
	parents []*Object      // the views of the class's parents
	values  map[string]any // of properties; shared ones stand in the object itself
	native  any            // the native part
	config  map[string]any // the class configuration
	core    *objectCore    // what all views share
	ready   bool           // initialized
	gone    bool           // destroyed
}

type objectCore struct {
	id          string
	shown       any // the id as the model has it, when that is no text
	name        any
	metadata    any
	owner       *Object
	subscribers []subscription // to its destruction
	recyclable  bool           // its .destroy runs when nothing refers to it
	passkey     any            // of a template, see contract_template.go
	declaring   *Class         // of a Meta object: what it is attached to
	locks       []*methodLock
}

// newObject makes an object of a class with its views, without values.
func (th *Thread) newObject(class *Class, owner *Object, id string) *Object {
	if id == "" {
		id = th.newID()
	}
	core := &objectCore{id: id, owner: owner}
	return newView(class, core, nil, map[string]*Object{})
}

func newView(class *Class, core *objectCore, real *Object, known map[string]*Object) *Object {
	o := &Object{class: class, core: core, real: real, values: map[string]any{}}
	if real == nil {
		o.real = o
	}
	if class.pkg.Config != nil {
		o.config = class.pkg.Config(class.Name)
	}
	known[class.Name] = o
	for _, p := range class.parents {
		view := known[p.Name]
		if view == nil {
			view = newView(p, core, o.real, known)
		}
		o.parents = append(o.parents, view)
	}
	return o
}

// ID is the object's identity in its model.
func (o *Object) ID() string { return o.core.id }

// value is the id as programs and models see it.
func (c *objectCore) value() any {
	if c.shown != nil {
		return c.shown
	}
	return c.id
}

// Class is the class of the view.
func (o *Object) Class() *Class { return o.class }

// Owner is the object that this one belongs to; nil for a root.
func (o *Object) Owner() *Object { return o.core.owner }

// Native is the native part that the class of the view has.
func (o *Object) Native() any { return o.native }

// Is reports whether the object is of a class of that name.
func (o *Object) Is(class string) bool {
	for _, c := range o.class.lineage() {
		if c.Name == class {
			return true
		}
	}
	return false
}

// views are the view itself and those of its ancestors, the nearest first.
func (o *Object) views() []*Object {
	var out []*Object
	queue := []*Object{o}
	seen := map[*Object]bool{}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
			queue = append(queue, v.parents...)
		}
	}
	return out
}

// view is the object seen as class; nil when it is none.
func (o *Object) view(class *Class) *Object {
	if o.class == class {
		return o
	}
	for _, v := range o.views() {
		if v.class.same(class) {
			return v
		}
	}
	return nil
}

// cast is view that fails.
func (o *Object) cast(class *Class) (*Object, error) {
	if v := o.view(class); v != nil {
		return v, nil
	}
	return nil, pyError("TypeError", "Cannot cast %s to %s", o.class, class)
}

// findOwner gives the nearest owner for which is holds.
func (o *Object) findOwner(is func(*Object) bool) *Object {
	for p := o.core.owner; p != nil; p = p.core.owner {
		if is(p) {
			return p
		}
	}
	return nil
}

// markDestroyed has calls of methods fail; clear forgets the values, too.
func (o *Object) markDestroyed(clear bool) {
	for _, v := range o.views() {
		v.gone = true
		if clear || !v.ready {
			v.native, v.values = nil, nil
		}
	}
	if clear {
		o.core.subscribers = nil
	}
}

// YaqlRepr implements yaql.Representer.
func (o *Object) YaqlRepr() string {
	// Python shows an address; what stands for it is the same in every run of a program.
	h := fnv.New64a()
	h.Write([]byte(o.core.id))
	return fmt.Sprintf("<%s/%s %s (%d)>", o.class.Name, o.class.pkg.Version, o.core.id, 1<<47|h.Sum64()>>17)
}

// String is the object as messages show it.
func (o *Object) String() string { return o.YaqlRepr() }

var _ yaql.Representer = (*Object)(nil)
