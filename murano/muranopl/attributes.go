package muranopl

import (
	"hearth/core/yaql"
)

// attributes are what setAttr keeps, by object, class and name (murano/dsl/attribute_store.py).
type attributes struct {
	values map[attributeKey]any
	order  []attributeKey
}

type attributeKey struct{ object, class, name string }

func newAttributes() *attributes { return &attributes{values: map[attributeKey]any{}} }

func (a *attributes) get(k attributeKey) any { return a.values[k] }

// set keeps a value, an object as its id; null forgets it.
func (a *attributes) set(k attributeKey, v any) {
	if o, ok := v.(*Object); ok {
		v = o.ID()
	}
	if v == nil {
		delete(a.values, k)
		return
	}
	if _, ok := a.values[k]; !ok {
		a.order = append(a.order, k)
	}
	a.values[k] = v
}

// load takes the list of a model: [object, class, name, value].
func (a *attributes) load(r *yaql.Run, v any) error {
	if v == nil {
		return nil
	}
	items, err := r.Collect(v)
	if err != nil {
		return err
	}
	for _, item := range items {
		record, ok := sequence(item)
		if !ok || len(record) < 4 {
			return pyError("IndexError", "list index out of range")
		}
		if record[3] != nil {
			a.set(attributeKey{pyStr(record[0]), pyStr(record[1]), pyStr(record[2])}, record[3])
		}
	}
	return nil
}

// serialize gives the list of a model, of the objects that are known.
func (a *attributes) serialize(known map[string]bool) yaql.List {
	out := yaql.List{}
	seen := map[attributeKey]bool{}
	for _, k := range a.order {
		v, ok := a.values[k]
		if ok && known[k.object] && !seen[k] {
			seen[k] = true
			out = append(out, yaql.List{k.object, k.class, k.name, v})
		}
	}
	return out
}

func (a *attributes) forget(object string) {
	for k := range a.values {
		if k.object == object {
			delete(a.values, k)
		}
	}
}
