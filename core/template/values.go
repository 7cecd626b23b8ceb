package template

import (
	"errors"
	"fmt"

	"hearth/core/diag"
	"hearth/core/function"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Pseudo are the values that a stack itself gives to every template.
type Pseudo struct {
	StackID   string // OS::stack_id
	StackARN  string // AWS::StackId
	StackName string // OS::stack_name, AWS::StackName; without it there is no such parameter
	ProjectID string // OS::project_id
}

// awsRegion is the value of AWS::Region, whatever the cloud's region is called: templates
// look up Amazon's names with it (heat/engine/cfn/parameters.py).
const awsRegion = "ap-southeast-1"

// Checks says how closely values are looked at.
type Checks struct {
	// Checker knows custom constraints; nil skips them.
	Checker schema.Checker
	// Declarations: only the declarations and the names are checked, not the values, as
	// POST /validate does. What is missing or unfit is then no problem, but has no value.
	Declarations bool
	// Early: values that hang on resources which are not there yet stay unknown, and pass.
	Early bool
	// Open: a parameter without a value is no problem; its value is NotGiven. It is Early.
	Open bool
}

// NotGiven stands for the value of a parameter that nobody has given yet. It passes every
// check, and a condition that hangs on it holds.
type NotGiven struct{ Parameter string }

// UnknownValue marks the type for package schema.
func (NotGiven) UnknownValue() {}

// String shows it as the template has it.
func (n NotGiven) String() string { return "{get_param: " + n.Parameter + "}" }

// Values are the parameters of a stack with their values.
type Values struct {
	template *Template
	items    map[string]*value
	order    []string // pseudo parameters first
}

type value struct {
	param   *Parameter
	pseudo  bool
	raw     any  // what the user gave; nil: nothing
	def     any  // what counts otherwise: parameter_defaults, or the template's default
	has     bool // value is set
	value   any  // of the declared type
	missing bool
}

// Values gives the parameters their values from an environment (nil: none) and checks
// them. The Values hold what is sound even when there are problems.
func (t *Template) Values(e *Environment, p Pseudo) (*Values, diag.List) {
	return t.ValuesWith(e, p, Checks{})
}

// ValuesWith is Values with other Checks.
func (t *Template) ValuesWith(e *Environment, p Pseudo, c Checks) (*Values, diag.List) {
	if e == nil {
		e = &Environment{}
	}
	v := &Values{template: t, items: make(map[string]*value, len(t.Parameters)+3)}
	v.addPseudo(p)
	var found diag.List
	report := func(d diag.Diagnostic, n *yaml.Node) { found = append(found, t.located(d, n)) }
	for name := range e.Parameters.All() {
		if t.parameters[name] == nil {
			report(diag.Diagnostic{
				Code: "unknown_parameter", Type: "UnknownUserParameter",
				Message: fmt.Sprintf("The Parameter (%s) was not defined in template.", name),
				Hint:    diag.DidYouMean(name, t.parameterNames()),
				Key:     name,
			}, nil)
		}
	}
	for _, param := range t.Parameters {
		item := &value{param: param, def: param.Default}
		item.raw, _ = e.Parameters.Get(param.Name)
		if d, _ := e.ParameterDefaults.Get(param.Name); d != nil {
			item.def = d
		}
		if v.items[param.Name] == nil {
			v.order = append(v.order, param.Name)
		}
		v.items[param.Name] = item
		if d, ok := item.check(t, c); !ok {
			if d.Line == 0 {
				d = t.located(d, param.Node)
			}
			found = append(found, d)
			if c.Open { // what is wrong with the value is said; let nothing follow from it
				item.value, item.has, item.missing = NotGiven{param.Name}, true, false
			}
		}
	}
	return v, found
}

func (t *Template) parameterNames() []string {
	names := make([]string, len(t.Parameters))
	for i, p := range t.Parameters {
		names[i] = p.Name
	}
	return names
}

func (v *Values) addPseudo(p Pseudo) {
	add := func(name, text string) {
		v.order = append(v.order, name)
		v.items[name] = &value{param: &Parameter{Name: name, Type: TypeString}, pseudo: true, has: true, value: text}
	}
	if v.template.Kind == HOT {
		add("OS::stack_id", p.StackID)
		add("OS::project_id", p.ProjectID)
		if p.StackName != "" {
			add("OS::stack_name", p.StackName)
		}
		return
	}
	if p.StackARN == "" {
		p.StackARN = "None"
	}
	add("AWS::StackId", p.StackARN)
	if p.StackName != "" {
		add("AWS::StackName", p.StackName)
		add("AWS::Region", awsRegion)
	}
}

// check converts and checks one value; ok is false when there is a problem.
func (v *value) check(t *Template, c Checks) (d diag.Diagnostic, ok bool) {
	p := v.param
	wrong := func(code, typ, message string) (diag.Diagnostic, bool) {
		return diag.Diagnostic{Code: code, Type: typ, Message: fmt.Sprintf("Parameter '%s' is invalid: %s", p.Name, message), Key: p.Name}, false
	}
	if message, about := p.checkDeclaration(); message != "" {
		d, ok = wrong("parameter_schema", "InvalidSchemaError", message)
		return t.located(d, p.part(about)), ok
	}
	raw := v.raw
	if raw == nil {
		raw = v.def
	}
	if raw == nil && c.Open {
		v.value, v.has = NotGiven{p.Name}, true
		return d, true
	}
	if raw == nil {
		v.missing = true
		if c.Declarations {
			return d, true
		}
		err := function.NoParameter(p.Name)
		return diag.Diagnostic{Code: "parameter_missing", Type: "UserParameterMissing", Message: err.Error()}, false
	}
	if (c.Early || c.Open) && schema.HasUnknown(raw) {
		v.value, v.has = raw, true
		return d, true
	}
	converted, err := p.convert(raw)
	if err != nil {
		if c.Declarations {
			return d, true
		}
		d, ok = wrong("parameter_value", "StackValidationFailed", err.Error())
		if v.raw == nil {
			d = t.located(d, p.part("default"))
		}
		return d, ok
	}
	v.value, v.has = converted, true
	if c.Declarations {
		return d, true
	}
	checked := raw
	switch p.Type {
	case TypeList, TypeJSON:
		checked = converted
	case TypeString:
		if _, isList := raw.([]any); !isList {
			checked = converted
		}
	}
	if message := schema.CheckConstraints(p.schemaKind(), p.Constraints, checked, c.Checker); message != "" {
		return wrong("parameter_constraint", "StackValidationFailed", message)
	}
	return d, true
}

// convert brings a value to the parameter's type (heat/engine/parameters.py). The error
// is Heat's text.
func (p *Parameter) convert(raw any) (any, error) {
	switch p.Type {
	case TypeNumber:
		return schema.ToNumber(raw)
	case TypeBoolean:
		return schema.ToBool(raw)
	case TypeList:
		return toList(raw, "Value must be a comma-delimited list string")
	case TypeJSON:
		s, isText := raw.(string)
		if !isText {
			return raw, nil
		}
		if s == "" {
			return s, nil
		}
		v, err := yaml.DecodeJSON([]byte(s))
		if err != nil {
			return nil, fmt.Errorf("Value must be valid JSON: %w", err)
		}
		return v, nil
	}
	return yaml.Str(raw), nil
}

func toList(raw any, complaint string) (any, error) {
	switch v := raw.(type) {
	case string:
		return schema.SplitList(v), nil
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = yaml.Str(x)
		}
		return out, nil
	}
	return nil, fmt.Errorf("%s: '%s' object has no attribute 'split'", complaint, yaml.TypeName(raw))
}

// Get gives a parameter's value, pseudo parameters included; ok is false when it has none.
func (v *Values) Get(name string) (value any, ok bool) {
	item := v.items[name]
	if item == nil || !item.has {
		return nil, false
	}
	return item.value, true
}

// Has reports whether the parameter is declared, pseudo parameters included.
func (v *Values) Has(name string) bool { return v.items[name] != nil }

// param is what functions read.
func (v *Values) param(name string) (any, error) {
	item := v.items[name]
	switch {
	case item == nil || item.missing:
		return nil, function.NoParameter(name)
	case !item.has:
		return nil, errors.New("the parameter's value is not valid")
	}
	return item.value, nil
}

// Hidden reports whether a parameter must not be shown.
func (v *Values) Hidden(name string) bool {
	item := v.items[name]
	return item != nil && item.param.Hidden
}

// Masked is what stands for the value of a hidden parameter.
const Masked = "******"

// Shown gives the parameters as a stack shows them: every value as text, pseudo
// parameters included, hidden ones masked.
func (v *Values) Shown() *yaml.Map {
	out := yaml.NewMap(len(v.order))
	for _, name := range v.order {
		item := v.items[name]
		switch {
		case !item.has:
		case item.param.Hidden:
			out.Set(name, Masked)
		default:
			out.Set(name, item.text())
		}
	}
	return out
}

func (v *value) text() string {
	switch v.param.Type {
	case TypeList:
		text := ""
		for i, x := range v.value.([]any) {
			if i > 0 {
				text += ","
			}
			text += yaml.Str(x)
		}
		return text
	case TypeJSON:
		return yaml.Dumps(v.value, false)
	}
	return yaml.Str(v.value)
}

// Modified gives the names of the immutable parameters whose value would change from old
// to v; those that old did not declare are free. As in Heat a given value is compared as
// it was given.
func (v *Values) Modified(old *Values) []string {
	var out []string
	for _, name := range v.order {
		item, before := v.items[name], old.items[name]
		if item.pseudo || !item.param.Immutable || before == nil || before.pseudo {
			continue
		}
		now := item.value
		if item.raw != nil {
			now = item.raw
		}
		if !yaml.Equal(before.value, now) {
			out = append(out, name)
		}
	}
	return out
}
