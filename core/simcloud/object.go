package simcloud

import "maps"

// object is one JSON object as a client sees it. Attributes whose name starts
// with "_" are the simulator's own and never leave it.
type object map[string]any

// A record is an object in the store. Records are immutable once stored:
// change a clone and put that, and replace nested lists and maps rather than
// writing into them, because readers may still hold the old ones.
type record struct {
	id      string
	project string
	seq     int64 // creation order
	object
}

func (r *record) clone() *record {
	c := *r
	c.object = maps.Clone(r.object)
	return &c
}

// visible returns the attributes that clients may see.
func (r *record) visible() object {
	out := make(object, len(r.object))
	for k, v := range r.object {
		if k[0] != '_' {
			out[k] = v
		}
	}
	return out
}

func (o object) has(k string) bool { _, ok := o[k]; return ok }

func (o object) str(k string) string { s, _ := o[k].(string); return s }

func (o object) flag(k string) bool { b, _ := o[k].(bool); return b }

func (o object) int(k string) int { n, _ := number(o[k]); return n }

func (o object) list(k string) []any {
	switch l := o[k].(type) {
	case []any:
		return l
	case []object:
		out := make([]any, len(l))
		for i, v := range l {
			out[i] = v
		}
		return out
	case []string:
		out := make([]any, len(l))
		for i, v := range l {
			out[i] = v
		}
		return out
	}
	return nil
}

func (o object) obj(k string) object { return asObject(o[k]) }

// objs returns the objects of a list attribute; other elements are left out.
func (o object) objs(k string) []object {
	var out []object
	for _, v := range o.list(k) {
		if m := asObject(v); m != nil {
			out = append(out, m)
		}
	}
	return out
}

func (o object) strs(k string) []string {
	if s, ok := o[k].([]string); ok {
		return s
	}
	var out []string
	for _, v := range o.list(k) {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// orDefault fills attributes that are absent.
func (o object) orDefault(d object) object {
	for k, v := range d {
		if _, ok := o[k]; !ok {
			o[k] = v
		}
	}
	return o
}

func asObject(v any) object {
	switch m := v.(type) {
	case object:
		return m
	case map[string]any:
		return m
	}
	return nil
}

// number accepts what JSON and our own code put into numeric attributes.
func number(v any) (int, bool) {
	switch n := v.(type) {
	case float64:
		return int(n), n == float64(int(n))
	case int:
		return n, true
	case int64:
		return int(n), true
	}
	return 0, false
}

// anyList is the form in which lists are stored, whatever they were built from.
func anyList[T any](in []T) []any {
	out := make([]any, len(in))
	for i, v := range in {
		out[i] = v
	}
	return out
}

// null turns the empty string into JSON null.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}
