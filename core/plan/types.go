package plan

import (
	"sync"

	"hearth/core/diag"
	"hearth/core/function"
	"hearth/core/resource"
	"hearth/core/template"
)

// Types finds the type of a resource: a class of the registry, or a template that stands
// for a type.
type Types struct {
	Registry *resource.Registry
	// Yaql makes the expressions of the function yaql; nil refuses it.
	Yaql func(expression string) (function.Evaluator, error)

	mu        sync.Mutex
	providers map[string]*resource.Type // by the hash of name and text
}

func (ts *Types) templateOptions(file string) template.Options {
	return template.Options{File: file, Yaql: ts.Yaql}
}

// Find gives the type of a definition through the registry of the environment, and what
// the registry said.
func (ts *Types) Find(d *template.Definition, env *template.Environment, files map[string]string) (*resource.Type, template.Mapping, diag.List) {
	isClass := func(name string) bool { return ts.Registry.Lookup(name) != nil }
	var registry template.Registry
	if env != nil {
		registry = env.Registry
	}
	m, err := registry.Lookup(d.Name, d.Type, isClass)
	if err != nil {
		return nil, m, diag.List{problem(d, "StackValidationFailed", err.Error())}
	}
	if m.Template != "" {
		t, problems := ts.provider(d, m.Template, files)
		return t, m, problems
	}
	if t := ts.Registry.Lookup(m.Type); t != nil {
		return t, m, nil
	}
	return nil, m, diag.List{problem(d, "StackValidationFailed", "The Resource Type ("+d.Type+") could not be found.")}
}

func problem(d *template.Definition, typ, message string) diag.Diagnostic {
	p := diag.Diagnostic{Code: "unknown_type", Severity: diag.Error, Type: typ, Message: message}
	if d.Node != nil {
		p.Line, p.Column = d.Node.Line, d.Node.Column
	}
	return p
}
