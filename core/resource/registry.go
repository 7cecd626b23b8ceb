package resource

import (
	"cmp"
	"fmt"
	"slices"
)

// Class is the name under which a Registry knows the type; "" for a template that stands
// for a type.
func (t *Type) Class() string {
	if t.Digest != "" {
		return ""
	}
	return t.Name
}

// Registry is the set of resource types, by name. It is made once, from the lists that
// the families give (nova.Types, neutron.Types …), and not changed.
type Registry struct {
	byName map[string]*Type
	sorted []*Type
}

// NewRegistry joins the families' lists. Two types of one name are an error.
func NewRegistry(families ...[]Type) (*Registry, error) {
	r := &Registry{byName: map[string]*Type{}}
	for _, family := range families {
		for i := range family {
			t := &family[i]
			if r.byName[t.Name] != nil {
				return nil, fmt.Errorf("resource type %s is registered twice", t.Name)
			}
			r.byName[t.Name] = t
			r.sorted = append(r.sorted, t)
		}
	}
	slices.SortFunc(r.sorted, func(a, b *Type) int { return cmp.Compare(a.Name, b.Name) })
	return r, nil
}

// Lookup gives the type of that name, nil when there is none.
func (r *Registry) Lookup(name string) *Type { return r.byName[name] }

// All gives every type, by name.
func (r *Registry) All() []*Type { return r.sorted }
