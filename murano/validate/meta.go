package validate

import (
	"fmt"
	"slices"
	"strings"

	"hearth/core/diag"
	"hearth/core/yaml"
	"hearth/murano/muranopl"
)

// meta checks what is attached to a target: Package, Type, Property, Method or Argument.
func (s spot) meta(k *class, n *yaml.Node, target string) {
	var before []*class
	for _, item := range itemsOf(n) {
		name := item
		if item.Kind == yaml.Mapping {
			if len(item.Pairs) != 1 {
				s.fail("meta", item, "Invalid Meta format: each is a name, or a mapping of one name to properties", "write several as a list")
				continue
			}
			name = item.Pairs[0].At
			s.values(k, item.Pairs[0].Value)
		}
		found := s.resolve(k, textOf(name), name)
		switch {
		case found == nil:
		case !found.isMeta:
			s.fail("meta", name, fmt.Sprintf("Only Meta classes can be attached: %s is none", found.name), "")
		case len(found.applies) > 0 && !slices.Contains(found.applies, target) && !slices.Contains(found.applies, "All"):
			s.fail("meta", name, fmt.Sprintf("Meta class %s is not applicable here", found.name), "it applies to "+strings.Join(found.applies, ", "))
		case !found.many && slices.Contains(before, found):
			s.fail("meta", name, "Cannot attach several Meta instances with cardinality One", "")
		}
		before = append(before, found)
	}
}

// packageMeta checks the Meta of the manifest, whose names have no namespaces.
func (c *checker) packageMeta() {
	n := get(c.pkg.manifest, "Meta")
	if n == nil {
		return
	}
	names, _ := muranopl.NewNamespaces(nil) // nothing can be wrong with none
	c.at("manifest.yaml").meta(&class{name: c.pkg.name, pkg: c.pkg, names: names}, n, "Package")
}

// inheritance checks Extends of the classes of the package.
func (c *checker) inheritance(own []*class) {
	parents := map[*class][]*class{}
	for _, k := range own {
		s := c.at(k.file).in(k.name)
		for _, n := range itemsOf(k.doc.Get("Extends")) {
			if n.Kind != yaml.Scalar {
				s.fail("extends", n, "Extends has "+kindOf(n)+", not the name of a class", "")
				continue
			}
			parent := s.resolve(k, textOf(n), n)
			if parent == nil {
				continue
			}
			if parent.isMeta && !k.isMeta {
				s.fail("inheritance", n, fmt.Sprintf("Type %s cannot have parent with Usage Meta", k.name), "")
			}
			parents[k] = append(parents[k], parent)
		}
	}
	told := map[*class]bool{}
	for _, k := range own {
		if path := cycle(parents, k); path != nil && !told[k] {
			chain := ""
			for _, p := range path {
				chain += p.name + " extends "
				told[p] = true
			}
			c.at(k.file).in(k.name).add(diag.Error, "cyclic_inheritance", at(k.doc, "Extends"), fmt.Sprintf("Type %s cannot be its own ancestor", k.name), chain+k.name)
		}
	}
}

// cycle is the way from a class up to itself; nil when there is none.
func cycle(parents map[*class][]*class, from *class) []*class {
	seen := map[*class]bool{}
	var climb func(k *class) []*class
	climb = func(k *class) []*class {
		for _, p := range parents[k] {
			if p == from {
				return []*class{k}
			}
			if seen[p] {
				continue
			}
			seen[p] = true
			if way := climb(p); way != nil {
				return append([]*class{k}, way...)
			}
		}
		return nil
	}
	return climb(from)
}
