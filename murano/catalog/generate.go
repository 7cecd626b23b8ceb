package catalog

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"hearth/core/yaml"
)

// Generated is what the manifest of a template says that nobody wrote one for
// (muranoclient/v1/package_creator/hot_package.py). Fields that are empty get defaults: the
// name is the directory's, the full name is made of it, the description is the template's.
type Generated struct {
	Name, FullName, Description, Author string
	Tags                                []string
}

// generatedPrefix stands in front of the full names that are made of names.
const generatedPrefix = "io.murano.apps.generated."

var notInFullName = regexp.MustCompile(`[^\pL\pN_]`)

// GenerateManifest writes the manifest of a HOT package of a template. It returns Invalid for
// a template that is no mapping.
func GenerateManifest(template []byte, g Generated) ([]byte, error) {
	node, err := yaml.ParseYAML(template, yaml.Options{MaxBytes: maxTemplate})
	if err != nil {
		return nil, formatError("template.yaml: %s", err)
	}
	if node.Kind != yaml.Mapping {
		return nil, formatError("Not a HOT template")
	}
	if g.FullName == "" {
		words := strings.NewReplacer("_", " ", "-", " ").Replace(g.Name)
		g.FullName = generatedPrefix + notInFullName.ReplaceAllString(cases.Title(language.Und).String(words), "")
	}
	described, _ := node.Get("description").Text()
	tags := []any{"Heat-generated"}
	if len(g.Tags) > 0 {
		tags = tags[:0]
		for _, tag := range g.Tags {
			tags = append(tags, tag)
		}
	}
	m := yaml.MapOf("Format", HeatHOT+"/1.0", "Type", "Application", "FullName", g.FullName, "Name", g.Name,
		"Description", cmp.Or(g.Description, described, fmt.Sprintf("Heat-defined application for a template %q", "template.yaml")), "Tags", tags)
	if g.Author != "" {
		m.Set("Author", g.Author)
	}
	return []byte(yaml.Dump(m)), nil
}

// withManifest adds the manifest to the files of a directory that has a template and none.
func withManifest(files []packedFile, dir string, g Generated) ([]packedFile, error) {
	find := func(name string) int {
		return slices.IndexFunc(files, func(f packedFile) bool { return f.name == name })
	}
	at := find("template.yaml")
	if find("manifest.yaml") >= 0 || at < 0 {
		return files, nil
	}
	if g.Name == "" {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return nil, err
		}
		g.Name = filepath.Base(abs)
	}
	manifest, err := GenerateManifest(files[at].data, g)
	if err != nil {
		return nil, err
	}
	files = append(files, packedFile{"manifest.yaml", manifest})
	slices.SortFunc(files, func(a, b packedFile) int { return strings.Compare(a.name, b.name) })
	return files, nil
}
