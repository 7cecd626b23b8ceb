package validate

import (
	"errors"
	"fmt"

	"hearth/core/diag"
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/muranopl"
	"hearth/murano/muranopl/syntax"
)

var (
	classKeys     = []string{"Namespaces", "Name", "Usage", "Extends", "Import", "Properties", "Methods", "Workflow", "Meta"}
	metaClassKeys = []string{"Cardinality", "Applies", "Inherited"}
)

// classes checks the class files.
func (c *checker) classes() {
	c.world = c.newWorld()
	p := c.pkg
	p.classes = map[string]*class{}
	c.world.packages[p.name] = p
	var own []*class
	var documents []document
	for _, file := range p.distinct() {
		s := c.at(file)
		text, ok := s.read()
		if !ok {
			continue
		}
		docs, err := c.lang.Nodes(p.format, text)
		if err != nil {
			s.broken(err)
			continue
		}
		found := p.read(s, file, docs)
		own = append(own, found...)
		for _, k := range found {
			if p.classes[k.name] != nil {
				s.fail("class_twice", at(k.doc, "Name"), fmt.Sprintf("Found more than one version of class \"%s\"", k.name), "")
			}
			p.classes[k.name] = k
		}
		documents = append(documents, document{file, docs})
	}
	if core := c.world.packages["io.murano"]; core != nil {
		for _, n := range c.lang.Natives() {
			core.addNative(n)
		}
	}
	for _, f := range p.order { // the classes of a file that cannot be read are not missed, too
		if p.classes[f.class] == nil && c.at(f.file).anyError() {
			p.classes[f.class] = &class{name: f.class, pkg: p, isUnknown: true}
		}
	}
	c.require()
	for _, other := range c.world.packages {
		for _, k := range other.classes {
			for name := range k.methods {
				c.world.methods[name] = true
			}
		}
	}
	for _, k := range own {
		c.class(k)
	}
	c.inheritance(own)
	c.listed(own)
	c.packageMeta()
	for _, d := range documents {
		s := c.at(d.file)
		for _, doc := range d.docs {
			s.unread(doc)
		}
	}
}

type document struct {
	file string
	docs []*yaml.Node
}

// at is the value under a key for its place; the mapping itself when there is none.
func at(n *yaml.Node, key string) *yaml.Node {
	if v := n.Get(key); v != nil {
		return v
	}
	return n
}

// listed compares what the manifest lists with what the files have.
func (c *checker) listed(own []*class) {
	has := map[string]map[string]bool{}
	for _, k := range own {
		if has[k.file] == nil {
			has[k.file] = map[string]bool{}
		}
		has[k.file][k.name] = true
		if c.pkg.files[k.name] == nil && !k.isUsed {
			c.at(k.file).warn("unlisted_class", at(k.doc, "Name"), fmt.Sprintf("class %s is not in the manifest, and its file does not use it: nobody finds it", k.name),
				"add it under Classes in manifest.yaml")
		}
	}
	for _, f := range c.pkg.order {
		if _, read := c.texts[f.file]; !read || has[f.file][f.class] || c.at(f.file).anyError() {
			continue
		}
		var names []string
		for name := range has[f.file] {
			names = append(names, name)
		}
		c.at("manifest.yaml").fail("class_file", c.pkg.files[f.class], fmt.Sprintf("there is no class %s in %s", f.class, f.file), diag.DidYouMean(f.class, names))
	}
}

func (s spot) anyError() bool {
	for i := range s.c.out {
		if d := &s.c.out[i]; d.File == s.file && d.Severity == diag.Error {
			return true
		}
	}
	return false
}

// class checks one class document.
func (c *checker) class(k *class) {
	s := c.at(k.file).in(k.name)
	keys := classKeys
	if k.isMeta {
		keys = append(append([]string{}, classKeys...), metaClassKeys...)
		s.oneOf(k.doc.Get("Cardinality"), "Cardinality", muranopl.Cardinalities)
		for _, n := range itemsOf(k.doc.Get("Applies")) {
			s.oneOf(n, "target", muranopl.MetaTargets)
		}
		if n := k.doc.Get("Inherited"); n != nil {
			if _, ok := n.Value.(bool); !ok || n.Kind != yaml.Scalar {
				s.fail("bad_value", n, "Invalid Inherited value. Must be true or false", "")
			}
		}
	}
	s.keys(k.doc.Pairs, "a class", keys...)
	s.oneOf(k.doc.Get("Usage"), "Usage", muranopl.ClassUsages)
	for _, n := range itemsOf(k.doc.Get("Import")) {
		s.resolve(k, textOf(n), n)
	}
	s.meta(k, k.doc.Get("Meta"), "Type")
	for _, p := range s.mapping(k.doc.Get("Properties"), "Properties") {
		s.in(k.name+"."+textOf(p.At)).property(k, p.Value)
	}
	methods := k.doc.Get("Methods")
	if methods == nil || methods.IsNull() {
		methods = k.doc.Get("Workflow")
	} else if n := get(k.doc, "Workflow"); n != nil {
		s.warn("unknown_key", n, "Workflow is ignored beside Methods", "")
	}
	for _, p := range s.mapping(methods, "Methods") {
		s.in(k.name+"::"+textOf(p.At)).method(k, p.At, p.Value)
	}
}

// unread warns of texts that look like expressions and are none.
func (s spot) unread(n *yaml.Node) {
	for _, item := range n.Items {
		s.unread(item)
	}
	for _, p := range n.Pairs {
		s.unread(p.At)
		s.unread(p.Value)
	}
	if u, ok := n.Value.(*syntax.Unread); ok && !s.reported(n) {
		s.warn("not_an_expression", n, fmt.Sprintf("%q is no expression and stays a text", u.Text), whyUnread(u)+"; if a text is meant, put it in quotes")
	}
}

func whyUnread(u *syntax.Unread) string {
	if u.Err == nil {
		return ""
	}
	if e, ok := errors.AsType[*yaql.Error](u.Err); ok {
		return e.Message
	}
	return u.Err.Error()
}
