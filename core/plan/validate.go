package plan

import (
	"context"
	"errors"

	"hearth/core"
	"hearth/core/diag"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/template"
	"hearth/core/yaml"
)

// Validation checks a target's resources, nested stacks included, as far as that can be
// done before anything exists.
type Validation struct {
	Types *Types
	// Checker asks the cloud about names and ids; nil when there is none to ask.
	Checker schema.Checker
	// Available says why the caller's cloud does not offer a type; nil: everything is offered.
	Available func(*resource.Type) *core.Error
	// MaxDepth is how many levels of nested stacks there may be.
	MaxDepth int
	// MaxResources is how many resources the whole tree may have; negative: any number.
	MaxResources int

	count int
}

// Check gives every problem of the target's resources.
func (v *Validation) Check(ctx context.Context, t *Target, stack resource.Stack, depth int) diag.List {
	var problems diag.List
	v.count += len(t.defs)
	if v.MaxResources >= 0 && v.count > v.MaxResources {
		return diag.List{{Code: "limit", Severity: diag.Error, Type: "RequestLimitExceeded",
			Message: "Request limit exceeded: Maximum resources per stack exceeded."}}
	}
	for i, d := range t.defs {
		problems = append(problems, v.checkResource(ctx, t, d, t.types[i], stack, depth)...)
	}
	return problems
}

func (v *Validation) checkResource(ctx context.Context, t *Target, d *template.Definition, typ *resource.Type, stack resource.Stack, depth int) diag.List {
	if v.Available != nil {
		if err := v.Available(typ); err != nil {
			return diag.List{v.at(t, d, diag.Diagnostic{Code: "type_unavailable", Type: err.Type, Message: err.Message})}
		}
	}
	raw, err := t.Properties(d.Name, nil)
	if err != nil {
		return diag.List{v.at(t, d, describe(err))}
	}
	path := "resources." + d.Name + ".properties"
	values, problems := CheckProperties(typ, raw, path, v.Checker)
	for i := range problems {
		problems[i] = v.at(t, d, problems[i])
	}
	if problems.HasErrors() {
		return problems
	}
	c := &resource.Context{ID: "", Name: d.Name, Type: typ.Name, Action: core.Init, Stack: stack,
		Properties: resource.NewValues(values), Data: map[string]string{}}
	behaviour := typ.New()
	if check, ok := behaviour.(resource.Validator); ok {
		if err := check.Validate(ctx, c); err != nil {
			return append(problems, v.at(t, d, describe(err)))
		}
	}
	if d.DeletionPolicy == "Snapshot" {
		if _, ok := behaviour.(resource.SnapshotDeleter); !ok {
			problems = append(problems, v.at(t, d, diag.Diagnostic{Code: "deletion_policy", Type: "StackValidationFailed",
				Path: "resources." + d.Name, Message: "\"Snapshot\" deletion policy not supported"}))
		}
	}
	if parent, ok := behaviour.(resource.Parent); ok {
		problems = append(problems, v.checkChild(ctx, t, d, parent, c, depth)...)
	}
	return problems
}

// checkChild checks the nested stack of a parent, where its shape is known already.
func (v *Validation) checkChild(ctx context.Context, t *Target, d *template.Definition, parent resource.Parent, c *resource.Context, depth int) diag.List {
	if depth >= v.MaxDepth {
		return diag.List{v.at(t, d, diag.Diagnostic{Code: "limit", Type: "RequestLimitExceeded",
			Message: core.RequestLimitExceeded("Recursion depth exceeds %d.", v.MaxDepth).Message})}
	}
	child, err := parent.Child(ctx, c)
	if err != nil {
		return diag.List{v.at(t, d, describe(err))}
	}
	if child == nil {
		return nil
	}
	src, err := ChildSource(t, d.Name, child, t.Pseudo)
	if err != nil {
		return diag.List{v.at(t, d, describe(err))}
	}
	target, problems := Load(src, v.Types)
	if target != nil {
		problems = append(problems, v.Check(ctx, target, c.Stack, depth+1)...)
	}
	within := "resources." + d.Name
	if child.File != "" {
		within += "<" + child.File + ">"
	}
	return problems.Within(within, child.File)
}

// CheckProperties resolves the schema of a type over raw values: defaults, coercions,
// constraints.
func CheckProperties(typ *resource.Type, raw *yaml.Map, path string, check schema.Checker) (*yaml.Map, diag.List) {
	if typ.AnyProperties {
		return raw, nil
	}
	return schema.Check(typ.Properties, raw, path, check)
}

// ChildSource is what the nested stack of a resource is to be.
func ChildSource(t *Target, name string, child *resource.ChildStack, pseudo template.Pseudo) (Source, error) {
	node := child.Node
	if node == nil {
		var problems diag.List
		if node, problems = template.Read([]byte(child.Template), child.File, yaml.Options{}); problems.HasErrors() {
			return Source{}, problems.Within("resources."+name+"<"+child.File+">", child.File).Err()
		}
	}
	env := t.Environment.Child(name, child.Parameters, t.mappings[t.index[name]])
	src := Source{Template: node, Environment: env, Files: t.Files, Pseudo: pseudo, File: child.File}
	if child.Facade {
		src.Facade = t.FacadeOf(name)
	}
	return src, nil
}

// FacadeOf shows a resource to the template that stands for it.
func (t *Target) FacadeOf(name string) *template.Facade {
	d := t.Definition(name)
	f := &template.Facade{DeletionPolicy: d.DeletionPolicy}
	if m, err := t.Metadata(name, nil); err == nil && m != nil {
		f.Metadata = m
	}
	if d.UpdatePolicy != nil {
		if v, err := t.Bound.Resolve(d.UpdatePolicy, nil); err == nil {
			f.UpdatePolicy = v
		}
	}
	return f
}

// describe makes a diagnostic of what a type or a function found wrong.
func describe(err error) diag.Diagnostic {
	if e, ok := errors.AsType[*core.Error](err); ok {
		return diag.Diagnostic{Code: "invalid", Type: e.Type, Message: e.Message}
	}
	return diag.Diagnostic{Code: "invalid", Type: "StackValidationFailed", Message: err.Error()}
}

func (v *Validation) at(t *Target, d *template.Definition, p diag.Diagnostic) diag.Diagnostic {
	if p.Severity == "" {
		p.Severity = diag.Error
	}
	if p.File == "" {
		p.File = t.File
	}
	if p.Line == 0 && d.Node != nil {
		p.Line, p.Column = d.Node.Line, d.Node.Column
	}
	return p
}
