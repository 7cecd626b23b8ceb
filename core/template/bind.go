package template

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"hearth/core"
	"hearth/core/diag"
	"hearth/core/function"
	"hearth/core/graph"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Facade is the resource that a provider template stands for, as resource_facade shows it.
type Facade struct {
	Metadata       any
	DeletionPolicy string
	UpdatePolicy   any
}

// Bound is a template with its values: conditions are decided, references known.
type Bound struct {
	Template *Template
	Values   *Values
	// Zones gives the availability zones for Fn::GetAZs; nil: there is nova alone. It may
	// be set before the Bound is used.
	Zones func() ([]any, error)
	// Locate gives the name among the files of what the template calls by a name; nil: the
	// same. It may be set before the Bound is used.
	Locate func(name string) string

	files      map[string]string
	facade     *Facade
	conditions map[string]*decision
	all        map[string]*Definition // with decided deletion policies
	enabled    []*Definition
	isEnabled  map[string]bool
	outputs    []BoundOutput
	static     *scope // without a Runtime
}

// BoundOutput is an output with its condition decided. One that is not enabled is listed
// with a null value.
type BoundOutput struct {
	Name        string
	Description string
	Value       function.Expr
	Enabled     bool
}

// decision is a condition that is being decided, or has been.
type decision struct {
	done  bool
	value bool
	err   error
}

// Bind decides the conditions and checks what needs values: arguments of functions in
// the branches taken, references, circular dependencies. f is nil for a root stack. The
// result is never nil, but only without errors is it fit for use.
func (t *Template) Bind(v *Values, files map[string]string, f *Facade) (*Bound, diag.List) {
	b := &Bound{
		Template: t, Values: v, files: files, facade: f,
		conditions: map[string]*decision{}, isEnabled: map[string]bool{}, all: make(map[string]*Definition, len(t.Resources)),
	}
	b.static = &scope{b: b, parsing: true}
	r := &binding{b: b}
	r.definitions()
	b.static.parsing = false
	r.duplicates()
	r.readOutputs()
	r.dependencies()
	r.validate()
	b.decideAll()
	return b, r.found
}

// binding is one run of Bind.
type binding struct {
	b     *Bound
	found diag.List
	// said are the errors of conditions that have been reported at their first use
	said map[error]bool
}

func (r *binding) report(d diag.Diagnostic, n *yaml.Node) {
	r.found = append(r.found, r.b.Template.located(d, n))
}

func (r *binding) problems(code string, problems []function.Problem) {
	for _, p := range problems {
		if r.repeated(p.Err) {
			continue
		}
		d := diag.Diagnostic{Code: code, Path: p.Path, Message: p.Message}
		if own, ok := errors.AsType[*diag.Diagnostic](p.Err); ok {
			d = *own
		} else if e, ok := errors.AsType[*core.Error](p.Err); ok {
			d.Type, d.Path = e.Type, ""
		}
		if d.Hint == "" {
			d.Hint = r.b.Template.Hint(p.Node)
		}
		r.report(d, p.Node)
	}
}

// repeated reports whether a condition's error has been reported before.
func (r *binding) repeated(err error) bool {
	for _, c := range r.b.conditions {
		if err != nil && c.err == err { //nolint:errorlint // the very same error, not one like it
			if r.said[err] {
				return true
			}
			if r.said == nil {
				r.said = map[error]bool{}
			}
			r.said[err] = true
		}
	}
	return false
}

// exprs are the parts of a definition that hold functions, in Heat's order.
func (d *Definition) exprs() []function.Expr {
	out := make([]function.Expr, 0, 6)
	for _, e := range []function.Expr{d.Properties, d.Metadata, d.deletion, d.UpdatePolicy, d.ExternalID, d.Condition} {
		if e != nil {
			out = append(out, e)
		}
	}
	return out
}

func (r *binding) definitions() {
	b := r.b
	for _, d := range b.Template.Resources {
		for _, e := range d.exprs() {
			r.problems("function_arguments", function.Problems(e, b.static))
		}
		d = r.deletion(d)
		b.all[d.Name] = d
		path := d.path(b.Template.words) + "." + b.Template.words.condition
		if d.Condition == nil || r.decide(d.Condition, path) {
			b.enabled = append(b.enabled, d)
			b.isEnabled[d.Name] = true
		}
	}
}

// deletion decides a deletion policy that is a function.
func (r *binding) deletion(d *Definition) *Definition {
	if d.deletion == nil {
		return d
	}
	c := *d
	v, err := function.Resolve(d.deletion, r.b.static)
	if err != nil {
		r.failed(err, "", d.deletion.Node())
		return &c
	}
	if schema.IsUnknown(v) {
		return &c
	}
	policy, ok := r.b.Template.deletionPolicy(v)
	if !ok {
		r.report(diag.Diagnostic{Code: "deletion_policy", Message: fmt.Sprintf(`Invalid deletion policy "%s"`, yaml.Str(v))}, d.deletion.Node())
	}
	if policy != "" {
		c.DeletionPolicy = policy
	}
	return &c
}

// decide gives the truth of a resource's or output's condition; false after a problem.
func (r *binding) decide(e function.Expr, path string) bool {
	yes, err := function.Decide(e, r.b.static)
	if err != nil {
		r.failed(err, path, e.Node())
	}
	return yes
}

// failed reports an error of a resolution, unless it has been reported.
func (r *binding) failed(err error, path string, n *yaml.Node) {
	if function.IsReported(err) {
		return
	}
	r.problems("condition", []function.Problem{{Path: path, Message: err.Error(), Node: n, Err: err}})
}

func (r *binding) duplicates() {
	var names []string
	for _, d := range r.b.enabled {
		if r.b.Values.Has(d.Name) {
			names = append(names, yaml.Repr(d.Name))
		}
	}
	if len(names) > 0 {
		r.report(diag.Diagnostic{Code: "duplicate_name", Message: "Duplicate names {" + strings.Join(names, ", ") + "}"}, nil)
	}
}

func (r *binding) readOutputs() {
	b, w := r.b, r.b.Template.words
	for _, o := range b.Template.Outputs {
		out := BoundOutput{Name: o.Name, Description: o.Description, Value: o.Value, Enabled: true}
		if o.Condition != nil {
			r.problems("function_arguments", function.Problems(o.Condition, b.static))
			out.Enabled = r.decide(o.Condition, w.outputs+"."+o.Name+"."+w.condition)
		}
		if out.Enabled {
			r.problems("function_arguments", function.Problems(o.Value, b.static))
		}
		b.outputs = append(b.outputs, out)
	}
}

func (r *binding) dependencies() {
	b := r.b
	g := &graph.Graph[string]{}
	for _, d := range b.enabled {
		g.Add(d.Name)
	}
	for _, d := range b.enabled {
		external := r.external(d)
		for _, name := range d.DependsOn {
			switch {
			case b.Enabled(name):
				g.Edge(d.Name, name)
			case b.Template.resources[name] == nil:
				r.noReference(name, d.Name, dependsOnNode(d.Node.Get(b.Template.words.dependsOn), name))
			}
		}
		if external {
			continue
		}
		b.references(d, func(c *function.Call, resource string, _ []any) {
			if b.Enabled(resource) {
				g.Edge(d.Name, resource)
				return
			}
			r.noReference(resource, b.place(d, c), c.Node())
		})
	}
	if _, err := g.Order(); err != nil {
		if cycle, ok := errors.AsType[*graph.CycleError[string]](err); ok {
			r.report(diag.Diagnostic{
				Code: "circular_dependency", Type: "CircularDependencyException",
				Message: "Circular Dependency Found: " + strings.Join(cycle.Path, " -> "),
			}, b.all[cycle.Path[0]].At)
		}
	}
}

// dependsOnNode is the place of a name in depends_on.
func dependsOnNode(n *yaml.Node, name string) *yaml.Node {
	for _, item := range n.Items {
		if s, _ := item.Text(); s == name {
			return item
		}
	}
	return n
}

func (r *binding) noReference(resource, where string, n *yaml.Node) {
	err := function.NoReference(resource, where)
	r.report(diag.Diagnostic{
		Code: "unknown_resource", Type: "InvalidTemplateReference", Message: err.Error(),
		Hint: cmp.Or(diag.DidYouMean(resource, r.b.names()), r.b.Template.Hint(n)), Key: resource,
	}, n)
}

func (b *Bound) names() []string {
	names := make([]string, len(b.enabled))
	for i, d := range b.enabled {
		names[i] = d.Name
	}
	return names
}

// external reports whether the resource exists already; such a one depends on nothing.
func (r *binding) external(d *Definition) bool {
	if d.ExternalID == nil {
		return false
	}
	id, err := function.Resolve(d.ExternalID, r.b.static)
	if err != nil || id == nil || id == "" {
		return false
	}
	if len(d.DependsOn) > 0 {
		r.report(diag.Diagnostic{
			Code: "external_dependency", Type: "InvalidExternalResourceDependency",
			Message: fmt.Sprintf("Invalid dependency with external %s resource: %s", d.Type, yaml.Str(id)),
		}, d.Node)
	}
	return true
}

// references calls f for every reference in the properties and the metadata of a
// definition.
func (b *Bound) references(d *Definition, f func(c *function.Call, resource string, path []any)) {
	for _, e := range []function.Expr{d.Properties, d.Metadata} {
		if e == nil {
			continue
		}
		e.Walk(b.static, func(c *function.Call) {
			if resource, path, ok := c.Reference(b.static); ok {
				f(c, resource, path)
			}
		})
	}
}

// place is where a call stands in the words of Heat's dependencies: x.Properties.y.
func (b *Bound) place(d *Definition, c *function.Call) string {
	w := b.Template.words
	path := strings.TrimSuffix(strings.TrimPrefix(c.Path(), w.resources+"."+d.Name+"."), "."+c.Name)
	if rest, ok := strings.CutPrefix(path, w.properties); ok {
		return d.Name + ".Properties" + rest
	}
	return d.Name + ".Metadata" + strings.TrimPrefix(path, w.metadata)
}

func (r *binding) validate() {
	b := r.b
	for _, d := range b.enabled {
		for _, e := range d.exprs() {
			r.problems("function", function.Validate(e, b.static))
		}
	}
	for _, o := range b.outputs {
		if !o.Enabled {
			continue
		}
		o.Value.Walk(b.static, func(c *function.Call) {
			if resource, path, ok := c.Reference(b.static); ok && path != nil && !b.Enabled(resource) {
				r.problems("unknown_resource", []function.Problem{c.Problem(function.NoReference(resource, "unknown").Error())})
			}
		})
		r.problems("function", function.Validate(o.Value, b.static))
	}
}

// decideAll leaves no condition to be decided later, when many may ask at once.
func (b *Bound) decideAll() {
	for _, c := range b.Template.Conditions {
		if _, err := b.static.Condition(c.Name); err != nil {
			continue // nobody uses the condition, or the problem has been reported
		}
	}
}

// Resources gives the definitions of the resources that exist, in template order.
func (b *Bound) Resources() []*Definition { return b.enabled }

// Definition gives the definition of a resource that exists; nil when there is none.
func (b *Bound) Definition(name string) *Definition {
	if !b.Enabled(name) {
		return nil
	}
	return b.all[name]
}

// Enabled reports whether there is a resource of that name and its condition holds.
func (b *Bound) Enabled(name string) bool { return b.isEnabled[name] }

// Outputs gives the outputs in template order, disabled ones too.
func (b *Bound) Outputs() []BoundOutput { return b.outputs }
