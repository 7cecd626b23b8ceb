package muranopl

import (
	"slices"

	"hearth/murano/version"
)

// remapParents has the class see one version of each package among its ancestors where the
// requirements allow it: ancestors of other versions are replaced, in copies of the classes
// between (murano/dsl/murano_type.py _build_parent_remappings).
func (c *Class) remapParents() error {
	type use struct {
		pkg  *Package
		spec version.Spec
	}
	uses := map[string][]use{c.pkg.Name: {{c.pkg, version.Exactly(c.pkg.Version)}}}
	type link struct{ from, to *Class }
	var queue []link
	for _, p := range c.parents {
		queue = append(queue, link{c, p})
	}
	seen := map[[2]classKey]bool{}
	for len(queue) > 0 {
		l := queue[0]
		queue = queue[1:]
		if k := [2]classKey{l.from.key(), l.to.key()}; seen[k] {
			continue
		} else {
			seen[k] = true
		}
		if l.from.pkg != l.to.pkg {
			name := l.to.pkg.Name
			spec, ok := l.from.pkg.requirement(name)
			if !ok {
				return pyError("KeyError", "'%s'", name)
			}
			u := use{l.to.pkg, spec}
			if !slices.ContainsFunc(uses[name], func(o use) bool { return o.pkg == u.pkg && o.spec.String() == u.spec.String() }) {
				uses[name] = append(uses[name], u)
			}
		}
		for _, p := range l.to.parents {
			queue = append(queue, link{l.to, p})
		}
	}
	bindings := map[*Package]*Package{}
	for _, list := range uses {
		slices.SortStableFunc(list, func(a, b use) int { return a.pkg.Version.Compare(b.pkg.Version) })
		reverse := map[*Package][]*Package{}
		for i := 0; i < len(list); {
			var best *Package
			for j, o := range list {
				if i != j && list[i].spec.Has(o.pkg.Version) && (best == nil || best.Version.Compare(o.pkg.Version) < 0) {
					best = o.pkg
				}
			}
			if best == nil {
				i++
				continue
			}
			from := list[i].pkg
			bindings[from] = best
			reverse[best] = append(reverse[best], from)
			for _, earlier := range reverse[from] {
				bindings[earlier] = best
			}
			list = slices.Delete(list, i, i+1)
		}
	}
	remap := map[classKey]*Class{}
	for _, p := range c.parents {
		for _, t := range p.lineage() {
			to := bindings[t.pkg]
			if to == nil || to == t.pkg {
				continue
			}
			replacement, err := to.Class(t.Name, false)
			if err != nil {
				return err
			}
			remap[t.key()] = replacement
		}
	}
	if len(remap) == 0 {
		return nil
	}
	clones := map[classKey]*Class{}
	for i, p := range c.parents {
		c.parents[i] = remapped(p, remap, clones)
	}
	return nil
}

// remapped is t, or what stands for it, with parents that are so, too.
func remapped(t *Class, remap, clones map[classKey]*Class) *Class {
	if known := clones[t.key()]; known != nil {
		return known
	}
	if to := remap[t.key()]; to != nil && to != t {
		return remapped(to, remap, clones)
	}
	changed := false
	parents := make([]*Class, len(t.parents))
	for i, p := range t.parents {
		parents[i] = remapped(p, remap, clones)
		changed = changed || parents[i] != p
	}
	if !changed {
		clones[t.key()] = t
		return t
	}
	clone := *t
	clone.parents = parents
	clone.line, clone.known, clone.methodChoice, clone.propertyChoice = nil, nil, nil, nil
	clone.metaValues, clone.metaKnown, clone.functions, clone.exported, clone.base = nil, false, nil, nil, nil
	clones[t.key()] = &clone
	return &clone
}
