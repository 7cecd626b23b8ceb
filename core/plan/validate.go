package plan

import (
	"cmp"
	"context"
	"errors"

	"hearth/core"
	"hearth/core/diag"
	"hearth/core/function"
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
	// Equip gives a type's own validation what it may ask the cloud with; nil: nothing.
	Equip func(*resource.Context)
	// TemplateOnly looks at the templates and not at values, as POST /validate does; nested
	// stacks are not looked into.
	TemplateOnly bool
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
	if t.Open && t.Bound != nil {
		problems = append(problems, t.failures()...)
	}
	for i, d := range t.defs {
		problems = append(problems, v.checkResource(ctx, t, d, t.types[i], stack, depth)...)
	}
	if t.Open && t.Bound != nil {
		problems = append(problems, t.Parsed.CheckFunctions()...)
	}
	return problems
}

func (v *Validation) checkResource(ctx context.Context, t *Target, d *template.Definition, typ *resource.Type, stack resource.Stack, depth int) diag.List {
	if v.Available != nil && typ != nil {
		if err := v.Available(typ); err != nil {
			return diag.List{t.at(d, diag.Diagnostic{Code: "type_unavailable", Type: err.Type, Message: err.Message})}
		}
	}
	if typ == nil || typ.AnyProperties {
		_, problems := t.rawProperties(d)
		return problems
	}
	problems := v.checkPolicies(t, d, typ)
	if v.TemplateOnly {
		return append(problems, v.checkNames(t, d, typ)...)
	}
	given, values, more := v.checkProperties(t, d, typ)
	if problems = append(problems, more...); !problems.HasErrors() {
		problems = append(problems, v.Types.facade(t, d, typ)...)
	}
	if values == nil {
		return problems
	}
	behaviour := typ.New()
	if _, ok := behaviour.(*templateResource); problems.HasErrors() && !(ok && t.Open) {
		return problems
	}
	c := &resource.Context{ID: "", Name: d.Name, Type: typ.Name, Action: core.Init, Stack: stack,
		Properties: resource.NewValues(values), Given: resource.NewValues(given), Data: map[string]string{},
		Files: t.Files, Declares: func(name string) bool { return t.Definition(name) != nil }}
	if check, ok := behaviour.(resource.Validator); ok {
		if v.Equip != nil {
			v.Equip(c)
		}
		if err := check.Validate(ctx, c); err != nil {
			return append(problems, t.at(d, refused(d.Name, err)))
		}
	}
	if parent, ok := behaviour.(resource.Parent); ok {
		if t.Open {
			c.Properties = resource.NewValues(assumed(typ, values))
		}
		problems = append(problems, v.checkChild(ctx, t, d, parent, c, depth)...)
	}
	return problems
}

// checkPolicies checks what the type has to say about deletion_policy and update_policy.
func (v *Validation) checkPolicies(t *Target, d *template.Definition, typ *resource.Type) diag.List {
	if d.DeletionPolicy == template.Snapshot {
		if _, ok := typ.New().(resource.SnapshotDeleter); !ok {
			return diag.List{t.at(d, diag.Diagnostic{Code: "deletion_policy", Type: "StackValidationFailed",
				Path: "resources." + d.Name, Message: "\"Snapshot\" deletion policy not supported"})}
		}
	}
	if d.UpdatePolicy == nil {
		return nil
	}
	_, problems := t.Bound.CheckUpdatePolicy(d, typ.UpdatePolicy, nil, v.Checker)
	return problems
}

// checkProperties checks the values of the properties; none are given when they cannot be
// looked at. In an open target what cannot be computed does not hide the rest.
func (v *Validation) checkProperties(t *Target, d *template.Definition, typ *resource.Type) (given, values *yaml.Map, problems diag.List) {
	var more diag.List
	if t.Open {
		if given, problems = t.rawProperties(d); given == nil {
			return nil, nil, problems
		}
		values, more = CheckProperties(typ, given, "resources."+d.Name+".properties", v.Checker)
	} else {
		given, values, more = t.CheckProperties(d.Name, nil, v.Checker)
	}
	for _, p := range more {
		problems = append(problems, t.atProperty(d, p))
	}
	return given, values, problems
}

// checkNames finds properties that the type does not have.
func (v *Validation) checkNames(t *Target, d *template.Definition, typ *resource.Type) diag.List {
	names := func(given *yaml.Map) (*yaml.Map, schema.Properties) {
		props := make(schema.Properties, len(typ.Properties))
		for name := range typ.Properties {
			props[name] = schema.Property{Kind: schema.Any}
		}
		return settled(given), props
	}
	_, _, problems := t.Bound.CheckShaped(d, names, "", nil, nil)
	return problems
}

// checkChild checks the nested stack of a parent, where its shape is known already.
func (v *Validation) checkChild(ctx context.Context, t *Target, d *template.Definition, parent resource.Parent, c *resource.Context, depth int) diag.List {
	child, err := parent.Child(ctx, c)
	if err != nil {
		return diag.List{t.at(d, describe(err))}
	}
	if child == nil {
		return nil
	}
	if depth >= v.MaxDepth {
		deep := diag.List{t.at(d, diag.Diagnostic{Code: "limit", Type: "RequestLimitExceeded",
			Message: core.RequestLimitExceeded("Recursion depth exceeds %d.", v.MaxDepth).Message})}
		return deep.Within(nestedPath(d.Name, child.File), "")
	}
	src, err := ChildSource(t, d.Name, child, t.Pseudo)
	if err != nil {
		return diag.List{t.at(d, describe(err))}
	}
	src.Early = true
	target, problems := Read(src, v.Types)
	if target != nil && (t.Open || !problems.HasErrors()) {
		problems = append(problems, v.Check(ctx, target, c.Stack, depth+1)...)
	}
	if target != nil && !problems.HasErrors() {
		problems = append(problems, t.checkMembers(d, parent, target)...)
	}
	if child.Definition != "" {
		t.placeMembers(d, child.Definition, problems)
	}
	if child.File == "" && len(problems) > 0 && problems[0].Code == "unknown_type" {
		return problems // which Heat finds before it makes a nested stack
	}
	return problems.Within(nestedPath(d.Name, child.File), child.File)
}

// checkMembers finds attributes asked of a group that its members do not have.
func (t *Target) checkMembers(d *template.Definition, parent resource.Parent, child *Target) diag.List {
	group, ok := parent.(resource.Group)
	if !ok {
		return nil
	}
	for _, path := range t.AttributePaths(d.Name) {
		attribute, output := group.MemberAttribute(path)
		for _, member := range child.Names() {
			if attribute == "" || child.hasAttribute(member, attribute) {
				continue
			}
			return diag.List{t.at(d, diag.Diagnostic{Code: "unknown_attribute", Type: "StackValidationFailed", Key: attribute,
				Path: schema.Join(output, member) + ".get_attr", Message: function.NoAttribute(member, attribute).Error()})}
		}
	}
	return nil
}

// nestedPath is the place of a nested template (heat/engine/resources/stack_resource.py).
func nestedPath(resource, file string) string {
	if file == "" {
		file = "nested_stack"
	}
	return "resources." + resource + "<" + file + ">"
}

// ChildSource is what the nested stack of a resource is to be.
func ChildSource(t *Target, name string, child *resource.ChildStack, pseudo template.Pseudo) (Source, error) {
	node := child.Node
	if node == nil {
		var problems diag.List
		if node, problems = template.Read([]byte(child.Template), child.File, yaml.Options{}); problems.HasErrors() {
			return Source{}, problems.Within(nestedPath(name, child.File), child.File).Err()
		}
	}
	env := t.Environment.Child(name, child.Parameters, t.mappings[t.index[name]])
	src := Source{Template: node, Environment: env, Files: t.Files, Pseudo: pseudo, File: child.File, Open: t.Open, Locate: t.Locate}
	if child.Node != nil { // made of what stands in the parent's template
		src.File = cmp.Or(child.File, t.File)
	}
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

// refused makes a diagnostic of what a type's own validation found wrong. Heat names the
// resource for an exception that is none of its own.
func refused(name string, err error) diag.Diagnostic {
	p := describe(err)
	if p.Type == "ValueError" {
		p.Type, p.Kind, p.Path = "StackValidationFailed", p.Type, "resources."+name
	}
	return p
}

// describe makes a diagnostic of what a type or a function found wrong.
func describe(err error) diag.Diagnostic {
	if e, ok := errors.AsType[*core.Error](err); ok {
		return diag.Diagnostic{Code: "invalid", Type: e.Type, Message: e.Message}
	}
	return diag.Diagnostic{Code: "invalid", Type: "StackValidationFailed", Message: err.Error()}
}
