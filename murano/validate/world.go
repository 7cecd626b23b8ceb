package validate

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"hearth/core/diag"
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/catalog"
	"hearth/murano/library"
	"hearth/murano/muranopl"
	"hearth/murano/muranopl/syntax"
	"hearth/murano/version"
)

// pkg is a package and what is known of its classes.
type pkg struct {
	manifest *yaml.Node
	name     string
	version  version.Version
	format   muranopl.Format
	files    map[string]*yaml.Node // where the manifest has each class
	order    []classFile
	requires []string // names of packages whose classes its code can name
	wanted   []wanted
	classes  map[string]*class
}

type classFile struct{ class, file string }

// wanted is a line of Require.
type wanted struct {
	name string
	spec version.Spec
	at   *yaml.Node
}

// class is what is known of a class.
type class struct {
	name    string
	pkg     *pkg
	file    string
	doc     *yaml.Node
	names   *muranopl.Namespaces
	isMeta  bool
	many    bool     // a Meta class that may be attached several times
	applies []string // of a Meta class; nil: to all
	methods map[string]bool
	isUsed  bool // by another class of its file
	// isUnknown says that the class is of a file that cannot be read.
	isUnknown bool
}

// world is every package that names can mean something in.
type world struct {
	packages map[string]*pkg
	missing  []string // required packages that are not at hand
	methods  map[string]bool
	// functions are those of the language by name, callable as functions and as methods.
	functions, asMethods map[string]bool
	// formerly are the functions that were methods in the first formats.
	formerly map[string]bool
}

// newWorld reads the packages around the one that is checked.
func (c *checker) newWorld() *world {
	w := &world{packages: map[string]*pkg{}, methods: map[string]bool{}, functions: map[string]bool{}, asMethods: map[string]bool{}, formerly: map[string]bool{}}
	for _, name := range library.Packages {
		read := func(file string) ([]byte, error) { return fs.ReadFile(library.Files, path.Join(name, file)) }
		if p := c.known(read); p != nil {
			w.packages[name] = p
		}
	}
	for _, a := range c.options.Required {
		if p := c.known(a.Read); p != nil {
			w.packages[p.name] = p
		}
	}
	w.addFunctions(c.lang, c.pkg.format)
	return w
}

func (p *pkg) addNative(n *muranopl.Native) {
	k := p.classes[n.Name]
	if k == nil {
		k = &class{name: n.Name, pkg: p, methods: map[string]bool{}}
		p.classes[n.Name] = k
	}
	for _, m := range n.Methods {
		k.methods[m.Name] = true
	}
}

func (w *world) addFunctions(lang *muranopl.Language, f muranopl.Format) {
	for _, fn := range lang.Functions(f) {
		if fn.Way != yaql.AsMethod {
			w.functions[fn.Name] = true
		}
		if fn.Way != yaql.AsFunction {
			w.asMethods[fn.Name] = true
		}
	}
	w.functions["originalMethod"] = true // in what inject puts in a method's place
	for _, fn := range lang.Functions(muranopl.Format10) {
		if fn.Way != yaql.AsFunction && !w.asMethods[fn.Name] {
			w.formerly[fn.Name] = true
		}
	}
}

// known reads a package that is there to be required, and is not checked itself; nil for one
// that cannot be read.
func (c *checker) known(read func(file string) ([]byte, error)) *pkg {
	text, err := read("manifest.yaml")
	if err != nil {
		return nil
	}
	root, err := yaml.Parse(text, yaml.Options{MaxBytes: 1 << 20})
	if err != nil || root.Kind != yaml.Mapping {
		return nil
	}
	f, err := catalog.ParseFormat(textOf(get(root, "Format")))
	if err != nil {
		return nil
	}
	p := &pkg{manifest: root, name: textOf(get(root, "FullName")), files: map[string]*yaml.Node{}, classes: map[string]*class{}}
	if p.version, err = version.Parse(textOf(get(root, "Version"))); err != nil {
		return nil
	}
	if f.Name == catalog.HeatHOT {
		p.classes[p.name] = &class{name: p.name, pkg: p, methods: map[string]bool{"deploy": true}}
		return p
	}
	if p.format, err = muranopl.ParseFormat(strings.TrimSuffix(f.Version, ".0")); err != nil {
		return nil
	}
	if n := get(root, "Classes"); n != nil {
		for _, pair := range n.Pairs {
			p.files[pair.Key] = pair.At
			p.order = append(p.order, classFile{pair.Key, path.Join("Classes", path.Join("/", textOf(pair.Value)))})
		}
	}
	for _, file := range p.distinct() {
		text, err := read(file)
		if err != nil {
			continue
		}
		docs, err := c.lang.Nodes(p.format, text)
		if err != nil {
			continue
		}
		for _, k := range p.read(spot{}, file, docs) {
			p.classes[k.name] = k
		}
	}
	return p
}

// distinct are the files of the classes, each once.
func (p *pkg) distinct() []string {
	var out []string
	for _, f := range p.order {
		if !slices.Contains(out, f.file) {
			out = append(out, f.file)
		}
	}
	return out
}

// read finds the classes in the documents of a file. What is wrong is reported, unless s is
// zero.
func (p *pkg) read(s spot, file string, docs []*yaml.Node) []*class {
	var out []*class
	var spaces *yaml.Node
	for _, doc := range docs {
		if doc.IsNull() {
			continue
		}
		if doc.Kind != yaml.Mapping {
			if s.c != nil {
				s.fail("not_a_mapping", doc, "a class document is "+kindOf(doc)+", not a mapping", "")
			}
			continue
		}
		if n := doc.Get("Namespaces"); n != nil {
			spaces = n
		}
		if len(doc.Pairs) == 0 || len(doc.Pairs) == 1 && doc.Get("Namespaces") != nil {
			s.namespaces(spaces)
			continue
		}
		names := s.namespaces(spaces)
		full := p.nameOf(s, file, doc, names)
		if full == "" {
			continue
		}
		k := &class{name: full, pkg: p, file: file, doc: doc, names: names, isMeta: textOf(get(doc, "Usage")) == "Meta", methods: map[string]bool{}}
		k.many = textOf(get(doc, "Cardinality")) == "Many"
		for _, n := range itemsOf(doc.Get("Applies")) {
			k.applies = append(k.applies, textOf(n))
		}
		for _, section := range []string{"Methods", "Workflow"} {
			if n := get(doc, section); n != nil {
				for _, pair := range n.Pairs {
					k.methods[textOf(pair.At)] = true
				}
			}
		}
		out = append(out, k)
	}
	return out
}

// nameOf is the full name of the class of a document: the one of the manifest for the one
// class of a file that has none.
func (p *pkg) nameOf(s spot, file string, doc *yaml.Node, names *muranopl.Namespaces) string {
	if n := get(doc, "Name"); n != nil && textOf(n) != "" {
		full, err := names.Resolve(textOf(n))
		if err != nil {
			if s.c != nil {
				s.fail("class_name", n, err.Error(), "")
			}
			return ""
		}
		return full
	}
	var of []string
	for _, f := range p.order {
		if f.file == file {
			of = append(of, f.class)
		}
	}
	if len(of) == 1 {
		return of[0]
	}
	if s.c != nil {
		s.fail("class_name", doc, "a class has no Name", "several classes of the manifest are in this file: each needs one")
	}
	return ""
}

// namespaces reads the prefixes of a document; those that are none are left out.
func (s spot) namespaces(n *yaml.Node) *muranopl.Namespaces {
	all := &syntax.Map{}
	if n != nil && n.Kind != yaml.Mapping && !n.IsNull() && s.c != nil {
		s.fail("namespaces", n, "Namespaces is "+kindOf(n)+", not a mapping", "")
	}
	if n != nil {
		for _, p := range n.Pairs {
			one := &syntax.Map{Entries: []syntax.Entry{{Key: textOf(p.At), Value: textOf(p.Value)}}}
			if _, err := muranopl.NewNamespaces(one); err != nil {
				if s.c != nil {
					s.fail("namespaces", p.At, err.Error(), "")
				}
				continue
			}
			all.Entries = append(all.Entries, one.Entries...)
		}
	}
	names, _ := muranopl.NewNamespaces(all) // each was one
	return names
}

// require looks at the packages that the manifest asks for.
func (c *checker) require() {
	s := c.at("manifest.yaml")
	for _, r := range c.pkg.wanted {
		have := c.world.packages[r.name]
		switch {
		case have == nil:
			c.world.missing = append(c.world.missing, r.name)
			s.warn("not_at_hand", r.at, fmt.Sprintf("package %s is not at hand: what is named of it is not checked", r.name), "give it with --with")
		case !r.spec.Has(have.version):
			s.fail("require", r.at, fmt.Sprintf("package %s is at hand in version %s, %s is required", r.name, have.version, r.spec), "")
		}
	}
}

// find gives a class that code of the package can name: nil when there is none, and then why.
// sure is false when it may be in a package that is not at hand.
func (w *world) find(p *pkg, name string) (k *class, why string, sure bool) {
	for _, required := range p.requires {
		if other := w.packages[required]; other != nil {
			if k := other.classes[name]; k != nil {
				return k, "", true
			}
			if short, ok := strings.CutPrefix(name, "io.murano.extensions."); ok && other.classes[short] != nil {
				return other.classes[short], "", true
			}
		}
	}
	for _, other := range slices.Sorted(maps.Keys(w.packages)) {
		if w.packages[other].classes[name] != nil {
			return nil, "it is in package " + other + ": add that to Require in manifest.yaml", true
		}
	}
	var known []string
	for _, required := range p.requires {
		if other := w.packages[required]; other != nil {
			known = slices.AppendSeq(known, maps.Keys(other.classes))
		}
	}
	slices.Sort(known)
	if len(w.missing) > 0 {
		return nil, "it may be in " + strings.Join(w.missing, ", "), false
	}
	return nil, diag.DidYouMean(name, known), true
}

// resolve gives the class that a name means at a place of a class; nil for what was reported.
func (s spot) resolve(k *class, name string, n *yaml.Node) *class {
	full, err := k.names.Resolve(name)
	if err != nil {
		hint := ""
		if strings.Contains(err.Error(), "namespace prefix") {
			hint = "declare it under Namespaces"
		}
		s.fail("class_name", n, strings.Trim(err.Error(), "'"), hint)
		return nil
	}
	found, why, sure := s.c.world.find(k.pkg, full)
	if found == nil {
		severity := diag.Error
		if !sure {
			severity = diag.Warning
		}
		s.add(severity, "no_class", n, fmt.Sprintf("Class \"%s\" is not found", full), why)
		return nil
	}
	found.isUsed = found.isUsed || found != k && found.file == k.file
	if found.isUnknown {
		return nil
	}
	return found
}
