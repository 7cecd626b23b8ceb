package plan

import (
	"strings"
	"sync"

	"hearth/core/diag"
	"hearth/core/function"
	"hearth/core/resource"
	"hearth/core/template"
	"hearth/core/yaml"
)

// Types finds the type of a resource: a class of the registry, or a template that stands
// for a type.
type Types struct {
	Registry *resource.Registry
	// Yaql makes the expressions of the function yaql; nil refuses it.
	Yaql func(expression string) (function.Evaluator, error)

	mu        sync.Mutex
	providers map[string]*template.Template // by the hash of name and text
}

func (ts *Types) templateOptions(file string) template.Options {
	return template.Options{File: file, Yaql: ts.Yaql}
}

// Find gives the type of a definition through the registry of the environment, and what
// the registry said. locate gives the name among the files of a template that stands in the
// place of a type; nil: the same name.
func (ts *Types) Find(d *template.Definition, env *template.Environment, files map[string]string, locate func(string) string) (*resource.Type, template.Mapping, diag.List) {
	isClass := func(name string) bool { return ts.Registry.Lookup(name) != nil }
	var registry template.Registry
	var defaults *yaml.Map
	if env != nil {
		registry, defaults = env.Registry, env.ParameterDefaults
	}
	m, err := registry.Lookup(d.Name, d.Type, isClass)
	if err != nil {
		p := problem("unknown_type", err.Error())
		p.Key, p.Hint = d.Type, ts.hint(d.Type, registry)
		return nil, m, diag.List{p}
	}
	if m.Template != "" {
		file := m.Template
		if locate != nil && file == d.Type {
			file = locate(file)
		}
		t, problems := ts.provider(d, file, files, defaults)
		return t, m, problems
	}
	if t := ts.Registry.Lookup(m.Type); t != nil {
		return t, m, nil
	}
	p := problem("unknown_type", "The Resource Type ("+d.Type+") could not be found.")
	p.Key, p.Hint = d.Type, ts.hint(d.Type, registry)
	return nil, m, diag.List{p}
}

// facade checks that a template can stand for the class that its type is otherwise.
func (ts *Types) facade(t *Target, d *template.Definition, typ *resource.Type) diag.List {
	provider, ok := typ.New().(*templateResource)
	if !ok {
		return nil
	}
	isClass := func(name string) bool { return ts.Registry.Lookup(name) != nil }
	behind, ok := t.Environment.Registry.LookupBehind(t.mappings[t.index[d.Name]], d.Name, d.Type, isClass)
	if !ok || behind.Template != "" {
		return nil
	}
	class := ts.Registry.Lookup(behind.Type)
	if class == nil {
		return nil
	}
	return provider.parsed.FacadeProblems(d.Type, class.Properties, class.Attributes, t.Environment.ParameterDefaults)
}

// hint guesses the type that was meant: by its last word among those of its service, by
// its service among those with its last word.
func (ts *Types) hint(name string, registry template.Registry) string {
	known := registry.Map().Keys()
	for _, t := range ts.Registry.All() {
		known = append(known, t.Name)
	}
	cut := strings.LastIndex(name, "::") + 1
	var words, services []string
	for _, k := range known {
		i := strings.LastIndex(k, "::") + 1
		if cut > 0 && k[:i] == name[:cut] {
			words = append(words, k[i:])
		}
		if i > 0 && k[i:] == name[cut:] {
			services = append(services, k)
		}
	}
	if word := diag.Nearest(name[cut:], words); word != "" {
		return diag.DidYouMean(name, []string{name[:cut] + word})
	}
	return diag.DidYouMean(name, services)
}

func problem(code, message string) diag.Diagnostic {
	return diag.Diagnostic{Code: code, Severity: diag.Error, Type: "StackValidationFailed", Message: message}
}
