package template

import (
	"maps"
	"slices"
	"strings"

	"hearth/core/diag"
	"hearth/core/yaml"
)

// KnownParameters gives a lookup of parameters in this template and in those among the
// files, for MergeFiles; this template goes first. Files that are no templates are passed
// over, problems in the declarations of those that are stand in the list
// (heat/engine/template.py all_param_schemata).
func (t *Template) KnownParameters(files map[string]string) (known func(name string) *Parameter, found diag.List) {
	nested := map[string]*Parameter{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !mayBeTemplate(files[name]) {
			continue
		}
		n, unreadable := Read([]byte(files[name]), name, yaml.Options{})
		if unreadable.HasErrors() {
			continue
		}
		p := &parsing{t: &Template{Source: n, File: name, parameters: map[string]*Parameter{}}}
		if p.readVersion(n) {
			p.t.words = wordsOf(p.t.Kind)
			p.readParameters()
		}
		found = append(found, p.found...)
		maps.Copy(nested, p.t.parameters)
	}
	return func(name string) *Parameter {
		if p := t.parameters[name]; p != nil {
			return p
		}
		return nested[name]
	}, found
}

func mayBeTemplate(text string) bool {
	return slices.ContainsFunc(versionSections, func(s string) bool { return strings.Contains(text, s) })
}
