package validate

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"hearth/core/diag"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/catalog"
	"hearth/murano/muranopl"
	"hearth/murano/version"
)

var manifestKeys = []string{"Format", "Type", "FullName", "Version", "Name", "Description", "Author", "Tags", "Supplier", "Logo",
	"Classes", "UI", "Require", "Meta"}

// maxName is how long the name of a package may be.
const maxName = 80

// fullClassName is a class with its namespace.
var fullClassName = regexp.MustCompile(`^[a-zA-Z_]\w*(\.[a-zA-Z_]\w*)*$`)

// manifest reads manifest.yaml and all that it names but the classes and the form.
func (c *checker) manifest() {
	s := c.at("manifest.yaml")
	if !c.archive.Has(s.file) {
		hint := ""
		for _, name := range c.archive.Names() {
			if path.Base(name) == s.file {
				hint = "it stands in " + path.Dir(name) + ": it has to be at the root of the archive"
			}
		}
		s.fail("no_manifest", nil, "there is no manifest", hint)
		return
	}
	text, ok := s.read()
	if !ok {
		return
	}
	root, err := yaml.Parse(text, yaml.Options{MaxBytes: 1 << 20, MaxNodes: 20_000, MaxDepth: 50})
	if err != nil {
		s.broken(err)
		return
	}
	if root.Kind != yaml.Mapping {
		s.fail("not_a_mapping", root, "the manifest is "+kindOf(root)+", not a mapping", "")
		return
	}
	s.keys(root.Pairs, "a manifest", manifestKeys...)
	c.pkg = &pkg{manifest: root, files: map[string]*yaml.Node{}}
	s.format(root)
	s.names(root)
	s.catalogued(root)
	s.classFiles(root)
	s.requirements(root)
}

// get is Get that gives nil for null.
func get(n *yaml.Node, key string) *yaml.Node {
	if v := n.Get(key); !v.IsNull() {
		return v
	}
	return nil
}

func (s spot) format(root *yaml.Node) {
	n := get(root, "Format")
	f, err := catalog.ParseFormat(textOf(n))
	if err != nil {
		s.fail("format", n, problemText(err), "formats are MuranoPL/1.0 to MuranoPL/1.4 and Heat.HOT/1.0")
		s.c.pkg.format = muranopl.Format14
		return
	}
	if s.c.isHOT = f.Name == catalog.HeatHOT; s.c.isHOT {
		return
	}
	if s.c.pkg.format, err = muranopl.ParseFormat(strings.TrimSuffix(f.Version, ".0")); err != nil {
		s.fail("format", n, problemText(err), "")
	}
}

func (s spot) names(root *yaml.Node) {
	p := s.c.pkg
	switch n := get(root, "FullName"); {
	case n == nil:
		s.fail("full_name", root, "FullName is not specified", "")
	case !catalog.ValidFullName(textOf(n)):
		s.fail("full_name", n, "Invalid FullName "+textOf(n), "letters, digits, underscores, and single dots between them")
	default:
		p.name = textOf(n)
	}
	if n := get(root, "Version"); n != nil {
		v, err := version.Parse(textOf(n))
		if err != nil {
			s.fail("version", n, err.Error(), "a semantic version: 1.2.3")
		}
		p.version = v
	}
	switch n := get(root, "Type"); textOf(n) {
	case murano.Application, murano.Library:
	default:
		if n == nil {
			n = root
		}
		s.fail("type", n, "Invalid package Type "+textOf(get(root, "Type")), "Application or Library")
	}
	if n := get(root, "Name"); n != nil && len([]rune(textOf(n))) > maxName {
		s.fail("name", n, fmt.Sprintf("Package name should be %d characters maximum", maxName), "")
	}
}

// catalogued checks what the catalogue shows.
func (s spot) catalogued(root *yaml.Node) {
	for _, key := range []string{"Name", "Description", "Author", "Logo", "UI", "FullName", "Version", "Format", "Type"} {
		if n := get(root, key); n != nil && n.Kind != yaml.Scalar {
			s.fail("not_a_text", n, key+" is "+kindOf(n)+", not a text", "")
		}
	}
	if n := get(root, "Tags"); n != nil {
		if n.Kind != yaml.Sequence {
			s.fail("tags", n, "Tags is "+kindOf(n)+", not a list", "")
		}
		for _, tag := range n.Items {
			if tag.Kind != yaml.Scalar {
				s.fail("tags", tag, "a tag is "+kindOf(tag)+", not a text", "")
			}
		}
	}
	s.image(root, "Logo", "logo.png", "logo")
	if supplier := get(root, "Supplier"); supplier != nil {
		s.keys(s.mapping(supplier, "Supplier"), "Supplier", "Name", "CompanyUrl", "Logo", "Summary", "Description")
		if url := get(supplier, "CompanyUrl"); url != nil {
			s.keys(s.mapping(url, "CompanyUrl"), "CompanyUrl", "Text", "Link")
		}
		s.image(supplier, "Logo", "supplier_logo.png", "supplier logo")
	}
}

func (s spot) image(n *yaml.Node, key, usual, what string) {
	named := get(n, key)
	if err := s.c.archive.CheckImage(textOf(named), usual, what); err != nil {
		if named == nil {
			s = s.c.at(usual)
		}
		s.fail("logo", named, problemText(err), "")
	}
}

// classFiles reads which class is in which file.
func (s spot) classFiles(root *yaml.Node) {
	n := get(root, "Classes")
	switch {
	case s.c.isHOT:
		if n != nil {
			s.warn("classes", n, "a HOT package is one class, that of its template: Classes is ignored", "")
		}
		return
	case n == nil:
		s.fail("classes", root, "Classes is not specified", "a mapping of the full names of classes to their files under Classes/")
		return
	}
	listed := map[string]bool{}
	for _, p := range s.mapping(n, "Classes") {
		if !fullClassName.MatchString(p.Key) {
			s.fail("class_name", p.At, fmt.Sprintf("Invalid class name %q", p.Key), "")
			continue
		}
		name, isText := p.Value.Text()
		file := path.Join("Classes", path.Join("/", name))
		switch {
		case !isText || name == "":
			s.fail("class_file", p.Value, fmt.Sprintf("the file of class %s is %s, not a text", p.Key, kindOf(p.Value)), "")
		case path.Clean(name) != strings.TrimPrefix(path.Join("/", name), "/"):
			s.fail("class_file", p.Value, fmt.Sprintf("the file of class %s is outside of Classes: %s", p.Key, name), "")
		case !s.c.archive.Has(file):
			s.fail("class_file", p.Value, fmt.Sprintf("Unable to load class \"%s\" from package: there is no file %s", p.Key, file),
				diag.DidYouMean(name, s.c.archive.Under("Classes")))
		default:
			s.c.pkg.files[p.Key] = p.At
			s.c.pkg.order = append(s.c.pkg.order, classFile{p.Key, file})
			listed[file] = true
		}
	}
	for _, name := range s.c.archive.Under("Classes") {
		file := path.Join("Classes", name)
		if !listed[file] && slices.Contains([]string{".yaml", ".yml", ".murano"}, path.Ext(name)) {
			s.c.at(file).warn("unlisted_file", nil, "no class of the manifest is in this file", "name its classes under Classes in manifest.yaml")
		}
	}
}

// requirements reads Require.
func (s spot) requirements(root *yaml.Node) {
	p := s.c.pkg
	p.requires = append(p.requires, p.name, "io.murano")
	n := get(root, "Require")
	pairs := s.mapping(n, "Require")
	for _, pair := range pairs {
		if !catalog.ValidFullName(pair.Key) {
			s.fail("require", pair.At, fmt.Sprintf("Invalid package name %q", pair.Key), "")
			continue
		}
		spec, err := version.ParseSpec(textOf(pair.Value))
		if err != nil || pair.Value.Kind != yaml.Scalar {
			s.fail("require", pair.Value, fmt.Sprintf("Invalid requirement specification of %s: %q", pair.Key, textOf(pair.Value)),
				"versions are asked for as 1, 1.2, >=1.0,<2 or *")
			spec, _ = version.ParseSpec("*") // it is one
		}
		p.requires = append(p.requires, pair.Key)
		p.wanted = append(p.wanted, wanted{pair.Key, spec, pair.At})
	}
}
