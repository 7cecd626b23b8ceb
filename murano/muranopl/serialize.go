package muranopl

import (
	"slices"

	"hearth/core/yaql"
)

// The forms in which objects are written: for models, with the type as a key, and with types
// as values (murano/dsl/dsl_types.py DumpTypes).
const (
	dumpSerializable = "Serializable"
	dumpInline       = "Inline"
	dumpMixed        = "Mixed"
)

func dump(c *yaql.Call) (any, error) {
	form := c.String(1)
	if !slices.Contains([]string{dumpSerializable, dumpInline, dumpMixed}, form) {
		return nil, pyError("ValueError", "Invalid Serialization Type")
	}
	o := c.Args[0].(*Object)
	if c.Bool(2) {
		o = o.real
	}
	return serializeObject(ThreadOf(c), o, form)
}

// serializeObject writes an object with what it owns; others are written as their ids.
func serializeObject(th *Thread, o *Object, form string) (*yaql.Dict, error) {
	s := &serializer{th: th, form: form, refs: true}
	v, err := s.tree(o)
	if err != nil {
		return nil, err
	}
	d, _ := v.(*yaql.Dict)
	return d, nil
}

// Model writes the model of a root object: Objects, ObjectsCopy and Attributes; with null for
// no root (murano/dsl/serializer.py serialize_model).
func (th *Thread) model(root *Object) (*yaql.Dict, error) {
	if root == nil {
		return dictOf("Objects", nil, "ObjectsCopy", nil, "Attributes", yaql.List{}), nil
	}
	s := &serializer{th: th, form: dumpSerializable, designer: true, actions: true, dependencies: true}
	objects, err := s.tree(root)
	if err != nil {
		return nil, err
	}
	plain := &serializer{th: th, form: dumpSerializable, dependencies: true}
	objectsCopy, err := plain.tree(root)
	if err != nil {
		return nil, err
	}
	return dictOf("Objects", objects, "ObjectsCopy", objectsCopy, "Attributes", th.ex.attributes.serialize(s.done)), nil
}

// serializer writes objects where they are owned, and elsewhere their ids.
type serializer struct {
	th           *Thread
	form         string
	refs         bool // objects outside the tree may be referred to
	designer     bool // with what headers had with a _ in front
	actions      bool // with the actions of each object
	dependencies bool // with the subscriptions to destructions
	done         map[string]bool
	again        bool // a reference was met: it may be known better in another pass
}

// ref stands for an object that is written elsewhere.
type ref struct{ o *Object }

// tree writes in passes until every object stands where it is owned, then turns references
// into ids.
func (s *serializer) tree(v any) (any, error) {
	s.done = map[string]bool{}
	var parent *Object
	if root, ok := v.(*Object); ok {
		parent = root.core.owner
	}
	for {
		s.again = false
		var err error
		if v, err = s.pass(v, parent); err != nil {
			return nil, err
		}
		if !s.again {
			break
		}
	}
	v, _ = s.resolve(v)
	return v, nil
}

func (s *serializer) pass(v any, parent *Object) (any, error) {
	switch x := v.(type) {
	case nil, string, int64, float64, bool:
		return v, nil
	case *Object:
		if x.core.owner != parent || s.done[x.ID()] {
			s.again = true
			return ref{x}, nil
		}
		return s.object(x)
	case ref:
		move := !s.done[x.o.ID()]
		if move && s.refs && x.o.core.owner != nil {
			move = nestedIn(parent, x.o.core.owner) && s.done[x.o.core.owner.ID()]
		}
		if !move {
			return v, nil
		}
		return s.object(x.o)
	case *Class:
		return x.qualified(), nil
	case TypeRef:
		return x.qualified(), nil
	case *yaql.Dict:
		return s.dict(x, parent)
	case yaql.Tuple:
		return s.items(x, parent)
	case yaql.List:
		return s.items(x, parent)
	case *yaql.Set:
		items, err := s.th.run.Collect(x)
		if err != nil {
			return nil, err
		}
		return s.items(items, parent)
	}
	if s.th.isPasskey(v) {
		return v, nil
	}
	if n := yaql.Big(v); n != nil {
		return v, nil
	}
	return nil, pyError("ValueError", "")
}

func (s *serializer) items(items []any, parent *Object) (any, error) {
	out := make(yaql.List, len(items))
	var err error
	for i := range items {
		if out[i], err = s.pass(items[i], parent); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *serializer) dict(d *yaql.Dict, parent *Object) (any, error) {
	out := yaql.NewPlainDict(d.Len())
	for k, item := range d.All() {
		if t, ok := k.(*Class); ok && s.form == dumpSerializable {
			k = t.String()
		}
		v := item
		if _, isClass := item.(*Class); !isClass || k != "type" || s.form != dumpMixed {
			var err error
			if v, err = s.pass(item, parent); err != nil {
				return nil, err
			}
		}
		if err := out.Set(k, v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func nestedIn(o, ancestor *Object) bool {
	for ; o != nil; o = o.core.owner {
		if o == ancestor {
			return true
		}
	}
	return false
}

// object writes an object as a dictionary, and then its values.
func (s *serializer) object(o *Object) (any, error) {
	d, header, err := s.th.dictionary(o, s.form, s.refs, s.dependencies)
	if err != nil {
		return nil, err
	}
	if s.designer {
		if extra := s.th.ex.main.designer[o.ID()]; extra != nil {
			for k, v := range extra.All() {
				_ = header.Set(k, v) // a text is always a key
			}
		}
		if s.actions {
			known, _ := header.Get("_actions")
			actions, err := s.th.actions(o, known)
			if err != nil {
				return nil, err
			}
			_ = header.Set("_actions", actions)
		}
	}
	s.done[o.ID()] = true
	return s.dict(d, o)
}

// resolve turns references into ids; ok is false for what is to be left out.
func (s *serializer) resolve(v any) (out any, ok bool) {
	switch x := v.(type) {
	case ref:
		if s.done[x.o.ID()] || s.refs {
			return x.o.ID(), true
		}
		return nil, false
	case *yaql.Dict:
		d := yaql.NewPlainDict(x.Len())
		for k, item := range x.All() {
			if item, ok := s.resolve(item); ok {
				_ = d.Set(k, item) // it was a key before
			}
		}
		return d, true
	case yaql.List:
		list := make(yaql.List, 0, len(x))
		for _, item := range x {
			if item, ok := s.resolve(item); ok {
				list = append(list, item)
			}
		}
		return list, true
	}
	return v, true
}

// dictionary is an object as a dictionary of its properties, with its header: those that are
// kept between sessions (murano/dsl/murano_object.py to_dictionary).
func (th *Thread) dictionary(o *Object, form string, refs, dependencies bool) (d, header *yaql.Dict, err error) {
	d = yaql.NewPlainDict(8)
	if len(o.parents) > 0 && form != dumpInline {
		_ = d.Set("?", nil) // the header comes first
	}
	if err := th.collectValues(o, d, refs); err != nil {
		return nil, nil, err
	}
	switch form {
	case dumpInline:
		inline := yaql.NewPlainDict(4)
		_ = inline.Set(o.class, d) // a class is always a key
		_ = inline.Set("id", o.core.value())
		_ = inline.Set("name", o.core.name)
		_ = inline.Set("metadata", o.core.metadata)
		d, header = inline, inline
	default:
		header = yaql.NewPlainDict(6)
		var typ any = o.class
		if form == dumpSerializable {
			typ = o.class.qualified()
		}
		_ = header.Set("type", typ)
		_ = header.Set("id", o.core.value())
		_ = header.Set("name", o.core.name)
		_ = header.Set("metadata", o.core.metadata)
		_ = d.Set("?", header)
	}
	if o.gone {
		_ = header.Set("destroyed", true)
	}
	if dependencies {
		if list := th.subscriptions(o); len(list) > 0 {
			_ = header.Set("dependencies", dictOf("onDestruction", list))
		}
	}
	return d, header, nil
}

func (th *Thread) subscriptions(o *Object) yaql.List {
	var list yaql.List
	for _, s := range o.core.subscribers {
		if th.ex.main.doomed(s.subscriber) {
			continue
		}
		var handler any
		if s.handler != "" {
			handler = s.handler
		}
		list = append(list, dictOf("subscriber", s.subscriber.ID(), "handler", handler))
	}
	return list
}

// collectValues puts the properties of a view and of its ancestors into d: ancestors first.
func (th *Thread) collectValues(o *Object, d *yaql.Dict, refs bool) error {
	for _, p := range o.parents {
		if err := th.collectValues(p, d, refs); err != nil {
			return err
		}
	}
	for _, p := range o.class.properties {
		v, ok := o.real.values[p.Name]
		if !ok || p.Usage == usageRuntime || p.Usage == usageConfig {
			continue
		}
		if other, isObject := v.(*Object); isObject && refs {
			byID, err := th.serializedByID(p)
			if err != nil {
				return err
			}
			if byID {
				v = other.ID()
			}
		}
		_ = d.Set(p.Name, v) // a text is always a key
	}
	return nil
}

const serializeMeta = "io.murano.metadata.engine.Serialize"

func (th *Thread) serializedByID(p *Property) (bool, error) {
	list, err := th.propertyMeta(p, nil)
	if err != nil {
		return false, err
	}
	for _, o := range list {
		if o.class.Name == serializeMeta {
			as, err := o.get(th, "as", nil)
			return as == "reference", err
		}
	}
	return false, nil
}

// actions are what may be called on an object from outside, with what is known of them.
func (th *Thread) actions(o *Object, known any) (*yaql.Dict, error) {
	old, _ := known.(*yaql.Dict)
	out := yaql.NewPlainDict(4)
	for _, m := range o.class.allMethods((*Method).public) {
		id := o.ID() + "_" + m.Name
		entry := yaql.NewPlainDict(4)
		_ = entry.Set("enabled", true)
		if old != nil {
			if v, ok := old.Get(id); ok {
				if d, ok := v.(*yaql.Dict); ok {
					entry = yaql.NewPlainDict(4)
					for k, item := range d.All() {
						_ = entry.Set(k, item) // it was a key before
					}
				}
			}
		}
		_ = entry.Set("name", m.Name)
		list, err := th.methodMeta(m, nil)
		if err != nil {
			return nil, err
		}
		_ = entry.Set("title", m.Name)
		for _, meta := range list {
			key := map[string]string{"io.murano.metadata.Title": "title", "io.murano.metadata.Description": "description",
				"io.murano.metadata.HelpText": "helpText"}[meta.class.Name]
			if key == "" {
				continue
			}
			text, err := meta.get(th, "text", nil)
			if err != nil {
				return nil, err
			}
			_ = entry.Set(key, text)
		}
		_ = out.Set(id, entry)
	}
	return out, nil
}
