package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hearth/core/diag"
	"hearth/core/plan"
	"hearth/core/template"
	"hearth/core/yaml"
)

// sources are the files of one validation: the template, the environments, and what they
// name, found as heatclient finds it (heatclient/common/template_utils.py). Names are
// paths as the command line's would be.
type sources struct {
	root         string
	texts        map[string]string     // everything read, for excerpts
	trees        map[string]*yaml.Node // what of it could be parsed
	files        map[string]string     // what get_file and nested templates find
	failed       map[string]error      // what could not be read
	remote       map[string]bool       // addresses, which are not fetched
	environments []string
	found        diag.List
}

func newSources(root string) (*sources, error) {
	s := &sources{root: root, texts: map[string]string{}, trees: map[string]*yaml.Node{}, files: map[string]string{},
		failed: map[string]error{}, remote: map[string]bool{}}
	text, err := readRegular(root)
	s.texts[root] = text
	return s, err
}

// readRegular reads a file that is one: not a device that never ends.
func readRegular(name string) (string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a file", name)
	}
	b, err := os.ReadFile(name)
	return string(b), err
}

func isAddress(name string) bool {
	scheme, _, ok := strings.Cut(name, "://")
	return ok && scheme != "file" && scheme != ""
}

func isTemplateFile(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".template")
}

// locate gives the path of what a file calls by a name; file is "" for the root template.
func (s *sources) locate(file, name string) string {
	if isAddress(name) {
		return name
	}
	name = filepath.FromSlash(strings.TrimPrefix(name, "file://"))
	if file == "" {
		file = s.root
	}
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(filepath.Dir(file), name)
}

// collect reads the files that a template names, and the templates among them likewise.
func (s *sources) collect(file string, root *yaml.Node) {
	if root == nil || s.trees[file] != nil {
		return
	}
	s.trees[file] = root
	s.walk(file, root)
}

func (s *sources) walk(file string, n *yaml.Node) {
	for _, item := range n.Items {
		s.walk(file, item)
	}
	for _, pair := range n.Pairs {
		name, isText := pair.Value.Text()
		switch {
		case !isText:
			s.walk(file, pair.Value)
		case pair.Key == "get_file":
			s.read(s.locate(file, name), file, pair.Value, false)
		case strings.EqualFold(pair.Key, "type") && isTemplateFile(name):
			s.read(s.locate(file, name), file, pair.Value, true)
		}
	}
}

// read adds a file that another one names at n.
func (s *sources) read(name, from string, n *yaml.Node, isTemplate bool) {
	if isAddress(name) {
		s.remote[name] = true
		if !isTemplate {
			s.files[name] = ""
		}
		s.found = append(s.found, diag.Diagnostic{Code: "not_fetched", Severity: diag.Warning, File: from, Line: n.Line, Column: n.Column,
			Message: name + " is not fetched: what needs it is not checked"})
		return
	}
	if _, ok := s.files[name]; !ok && s.failed[name] == nil {
		text, err := readRegular(name)
		if err != nil {
			s.failed[name] = err
			if slices.Contains(s.environments, from) {
				s.found = append(s.found, diag.Diagnostic{Code: plan.MissingTemplate, Severity: diag.Error, File: from, Line: n.Line, Column: n.Column,
					Message: "Could not fetch remote template \"" + name + "\"", Hint: cause(err)})
			}
			return
		}
		s.files[name], s.texts[name] = text, text
	}
	if isTemplate && s.trees[name] == nil && s.failed[name] == nil {
		if tree, err := yaml.Parse([]byte(s.files[name]), yaml.Options{}); err == nil {
			s.collect(name, tree)
		}
	}
}

// readEnvironments reads environment files and the templates that they name.
func (s *sources) readEnvironments(names []string) (out []template.EnvironmentFile, problems diag.List, err error) {
	for _, name := range names {
		text, err := readRegular(name)
		if err != nil {
			return nil, nil, err
		}
		s.texts[name] = text
		s.environments = append(s.environments, name)
		tree, err := yaml.ParseYAML([]byte(text), yaml.Options{})
		if err != nil {
			_, found := template.ReadEnvironment([]byte(text), yaml.Options{})
			problems = append(problems, in(name, found)...)
			continue
		}
		s.trees[name] = tree
		if tree.IsNull() {
			continue
		}
		e, found := template.ParseEnvironment(s.located(name, tree))
		problems = append(problems, in(name, found)...)
		out = append(out, template.EnvironmentFile{Name: name, Environment: e})
	}
	return out, problems, nil
}

// in names the file of an environment's problems.
func in(name string, found diag.List) diag.List {
	for i := range found {
		found[i].File = name
	}
	return found
}

// located is an environment in whose resource_registry templates are named by their paths.
func (s *sources) located(file string, n *yaml.Node) *yaml.Node {
	out := *n
	out.Pairs = slices.Clone(n.Pairs)
	for i, pair := range out.Pairs {
		if pair.Key == "resource_registry" {
			out.Pairs[i].Value = s.locatedRegistry(file, file, pair.Value)
		}
	}
	return &out
}

func (s *sources) locatedRegistry(file, base string, n *yaml.Node) *yaml.Node {
	if at, ok := n.Get("base_url").Text(); ok && !isAddress(at) {
		base = filepath.Join(s.locate(base, at), "-")
	}
	out := *n
	out.Pairs = slices.Clone(n.Pairs)
	for i, pair := range out.Pairs {
		name, isText := pair.Value.Text()
		switch {
		case pair.Value.Kind == yaml.Mapping:
			out.Pairs[i].Value = s.locatedRegistry(file, base, pair.Value)
		case isText && isTemplateFile(name) && pair.Key != "base_url":
			v := *pair.Value
			path := s.locate(base, name)
			v.Value = path
			out.Pairs[i].Value = &v
			s.read(path, file, &v, true)
		}
	}
	return &out
}

// merge joins the environments as the server does, but keeps names that no template
// declares, so that they are reported.
func (s *sources) merge(root *yaml.Node, files []template.EnvironmentFile, types *plan.Types) (*template.Environment, diag.List) {
	if len(files) == 0 {
		return &template.Environment{}, nil
	}
	t, _ := template.Parse(root, template.Options{Yaql: types.Yaql})
	declared, _ := t.KnownParameters(s.files)
	return (&template.Environment{}).MergeRead(files, func(name string) *template.Parameter {
		if p := declared(name); p != nil {
			return p
		}
		return &template.Parameter{Name: name, Type: template.TypeString}
	})
}

// settle completes the problems: where those of values stand in the environments, why a
// file is not there, the name of the root template, pointers.
func (s *sources) settle(problems diag.List) diag.List {
	out := make(diag.List, 0, len(problems)+len(s.found))
	for _, d := range problems {
		if d.Code == plan.MissingTemplate && s.remote[d.Key] {
			continue
		}
		if d.Hint == "" && d.Key != "" {
			err := s.failed[d.Key]
			if err == nil {
				err = s.failed[s.locate(d.File, d.Key)]
			}
			if err != nil {
				d.Hint = cause(err)
			}
		}
		if d.File == "" {
			s.given(&d)
		}
		if d.File == "" {
			d.File = s.root
		}
		out = append(out, d)
	}
	out = append(out, s.found...)
	for i := range out {
		if d := &out[i]; d.Pointer == "" {
			d.Pointer = yaml.PointerAt(s.trees[d.File], d.Line, d.Column)
		}
	}
	s.sort(out)
	return out
}

func cause(err error) string {
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return e.Path + ": " + e.Err.Error()
	}
	return err.Error()
}

// given puts a problem of a parameter's value at the value in the environment that gave it.
func (s *sources) given(d *diag.Diagnostic) {
	isUnknown := d.Code == "unknown_parameter"
	if !isUnknown && d.Code != "parameter_value" && d.Code != "parameter_constraint" {
		return
	}
	for _, section := range []string{"parameters", "parameter_defaults"} {
		for _, file := range slices.Backward(s.environments) {
			values := s.trees[file].Get(section)
			if values == nil {
				continue
			}
			for _, pair := range values.Pairs {
				if pair.Key != d.Key {
					continue
				}
				n := pair.Value
				if isUnknown {
					n = pair.At
				}
				d.File, d.Line, d.Column, d.Pointer = file, n.Line, n.Column, yaml.Pointer(s.trees[file], n)
				return
			}
		}
	}
}

// sort orders the problems by file and place: the root template, the environments, then
// the others by name.
func (s *sources) sort(problems diag.List) {
	order := slices.Concat([]string{s.root}, s.environments, slices.Sorted(maps.Keys(s.texts)))
	slices.SortStableFunc(problems, func(a, b diag.Diagnostic) int {
		if a.File != b.File {
			return slices.Index(order, a.File) - slices.Index(order, b.File)
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
}
