package muranopl

import (
	"maps"
	"slices"
	"strings"

	"hearth/murano/muranopl/syntax"
	"hearth/murano/version"
)

// Source is a package as it is read: the manifest and the class files.
type Source struct {
	Name     string
	Version  version.Version
	Format   Format
	Requires []Requirement
	Meta     any // of the manifest, as a value of a class file
	// Classes are the names of the manifest.
	Classes []string
	// Documents reads the class file of a class of the manifest.
	Documents func(class string) ([]any, error)
	// Config gives the class configuration of a class; nil: there is none.
	Config func(class string) map[string]any
	// Resource reads a file of Resources; nil: there is none.
	Resource func(name string) ([]byte, error)
}

// Requirement is what a package asks for of another.
type Requirement struct {
	Package string
	Spec    version.Spec
}

// Loader finds packages. It returns NoPackageFound and NoPackageForClassFound.
type Loader interface {
	Package(name string, spec version.Spec) (*Source, error)
	ClassPackage(class string, spec version.Spec) (*Source, error)
}

// NoPackageFound is what a Loader returns for a name that no package of the asked for
// versions has.
func NoPackageFound(name string) error {
	return dslError("NoPackageFound", "Package \"%s\" is not found", name)
}

// NoPackageForClassFound is what a Loader returns when no package has a class.
func NoPackageForClassFound(class string) error {
	return dslError("NoPackageForClassFound", "Package for class \"%s\" is not found", class)
}

// coreLibrary is the package that every other one requires.
const coreLibrary = "io.murano"

// Package is a package at work in one Executor (murano/dsl/murano_package.py). Its classes
// are read when they are asked for.
type Package struct {
	Source
	ex       *Executor
	requires []Requirement // itself and io.murano first
	classes  map[string]*Class
	queue    map[string]*syntax.Map // classes of files that are read, not made yet
	files    map[string]bool        // classes whose file is not read yet
	natives  map[string]*Native     // not bound yet
	self     *Class                 // what the package's metadata hangs on
	meta     *metadata
}

func (ex *Executor) newPackage(src *Source) *Package {
	p := &Package{Source: *src, ex: ex, classes: map[string]*Class{}, queue: map[string]*syntax.Map{},
		files: map[string]bool{}, natives: map[string]*Native{}}
	p.requires = []Requirement{{src.Name, version.MajorOf(src.Version)}}
	if src.Name != coreLibrary {
		p.requires = append(p.requires, Requirement{coreLibrary, version.MajorOf(version.Version{})})
	}
	for _, r := range src.Requires {
		if i := slices.IndexFunc(p.requires, func(q Requirement) bool { return q.Package == r.Package }); i >= 0 {
			p.requires[i] = r
			continue
		}
		p.requires = append(p.requires, r)
	}
	for _, name := range src.Classes {
		p.files[name] = true
	}
	if src.Name == coreLibrary {
		for _, n := range ex.lang.natives {
			p.natives[n.Name] = n
		}
	}
	names, _ := newNamespaces(nil) // nothing can be wrong with none
	p.self = &Class{Name: src.Name, pkg: p, names: names, usage: classUsage}
	p.meta = &metadata{definition: src.Meta, target: targetPackage, declaring: p.self}
	return p
}

// requirement gives what the package asks for of another.
func (p *Package) requirement(name string) (version.Spec, bool) {
	for _, r := range p.requires {
		if r.Package == name {
			return r.Spec, true
		}
	}
	return version.Spec{}, false
}

// classNames are the classes that the package is known to have.
func (p *Package) classNames() []string {
	set := map[string]bool{}
	for _, names := range []map[string]bool{p.files, keysOf(p.classes), keysOf(p.queue), keysOf(p.natives)} {
		maps.Copy(set, names)
	}
	return slices.Sorted(maps.Keys(set))
}

func keysOf[T any](m map[string]T) map[string]bool {
	out := make(map[string]bool, len(m))
	for k := range m {
		out[k] = true
	}
	return out
}

// Class gives a class of the package or, with requirements, of those that it requires. It
// returns NoClassFound, and what is wrong with a class that is read for the first time.
func (p *Package) Class(name string, requirements bool) (*Class, error) {
	if n := p.natives[name]; n != nil {
		delete(p.natives, name)
		return p.bindNative(n, name)
	}
	if c, err := p.own(name); c != nil || err != nil {
		return c, err
	}
	if !requirements {
		return nil, noClassFound(name, p)
	}
	var searched []*Package
	for _, r := range p.requires {
		if r.Package == p.Name {
			continue
		}
		other, err := p.ex.Package(r.Package, r.Spec)
		if err != nil {
			return nil, err
		}
		c, err := other.Class(name, false)
		if isDsl(err, "NoClassFound") && strings.HasPrefix(name, "io.murano.extensions") {
			c, err = other.Class(strings.Replace(name, "io.murano.extensions.", "", 1), false)
		}
		if err == nil || !isDsl(err, "NoClassFound") {
			return c, err
		}
		searched = append(searched, other)
	}
	return nil, noClassFound(name, append(searched, p)...)
}

// own gives a class of the package itself; nil when it has none of that name.
func (p *Package) own(name string) (*Class, error) {
	if doc := p.queue[name]; doc != nil {
		delete(p.queue, name)
		if c, err := p.register([]any{doc}, name); c != nil || err != nil {
			return c, err
		}
	} else if p.files[name] {
		delete(p.files, name)
		if c := p.classes[name]; c != nil {
			return c, nil
		}
		docs, err := p.Documents(name)
		if err != nil {
			return nil, err
		}
		if c, err := p.register(docs, name); c != nil || err != nil {
			return c, err
		}
	}
	return p.classes[name], nil
}

// register makes the class of that name of the documents of a file, and keeps the others for
// when they are asked for.
func (p *Package) register(docs []any, name string) (*Class, error) {
	if c := p.classes[name]; c != nil {
		return c, nil
	}
	var unnamed *syntax.Map
	var found *Class
	last := &syntax.Map{}
	for _, v := range docs {
		doc, ok := v.(*syntax.Map)
		if !ok {
			return nil, pyError("AttributeError", "'%s' object has no attribute 'setdefault'", typeNameOf(v))
		}
		if ns, ok := doc.Lookup("Namespaces"); ok {
			last, _ = ns.(*syntax.Map)
		} else {
			doc = &syntax.Map{At: doc.At, Entries: append(slices.Clone(doc.Entries), syntax.Entry{Key: "Namespaces", Value: last})}
		}
		if len(doc.Entries) == 1 {
			continue
		}
		declared := doc.Get("Name")
		if !syntax.Truth(declared) {
			if unnamed != nil {
				return nil, dslError("AmbiguousClassName", "Found more than one version of class \"%s\"", name)
			}
			unnamed = doc
			continue
		}
		names, err := newNamespaces(last)
		if err != nil {
			return nil, err
		}
		full, err := names.Resolve(text(declared))
		if err != nil {
			return nil, err
		}
		switch {
		case full == name:
			if found, err = p.newClass(doc, full, names); err != nil {
				return nil, err
			}
			p.classes[name] = found
		case p.queue[full] == nil && p.classes[full] == nil:
			p.queue[full] = doc
		}
	}
	if found == nil && unnamed != nil {
		named := &syntax.Map{At: unnamed.At, Entries: append(slices.Clone(unnamed.Entries), syntax.Entry{Key: "Name", Value: name})}
		return p.register([]any{named}, name)
	}
	return found, nil
}

func noClassFound(name string, searched ...*Package) error {
	list := make([]string, len(searched))
	for i, p := range searched {
		list[i] = p.Name + "/" + p.Version.String()
	}
	return dslError("NoClassFound", "Class \"%s\" is not found in %s", name, strings.Join(list, ", "))
}
