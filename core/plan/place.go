package plan

import (
	"slices"
	"strings"

	"hearth/core/diag"
	"hearth/core/function"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/template"
	"hearth/core/yaml"
)

// place completes a problem that has no place yet: n is where it is.
func (t *Target) place(p diag.Diagnostic, n *yaml.Node) diag.Diagnostic {
	if p.Severity == "" {
		p.Severity = diag.Error
	}
	if p.Line == 0 && p.File == "" {
		p.File = t.File
	}
	if p.File == t.File {
		p = t.Parsed.Place(p, n)
	}
	return p
}

// at is a problem of a resource as a whole.
func (t *Target) at(d *template.Definition, p diag.Diagnostic) diag.Diagnostic {
	return t.place(p, d.At)
}

// atProperty is a problem of the property that its path and key name.
func (t *Target) atProperty(d *template.Definition, p diag.Diagnostic) diag.Diagnostic {
	n := t.Parsed.PropertyNode(d, p.Path, p.Key)
	if p.Hint == "" && p.Key == "" {
		p.Hint = t.Parsed.FunctionHint(n)
	}
	return t.place(p, n)
}

// placeMembers shows the problems of members at the property that they are made from.
func (t *Target) placeMembers(d *template.Definition, definition string, problems diag.List) {
	for i, p := range problems {
		path := "resources." + d.Name + ".properties." + definition
		if rest, ok := strings.CutPrefix(p.Path, "resources."); ok {
			if j := strings.IndexAny(rest, ".<"); j >= 0 && rest[j] == '.' {
				path += rest[j:]
			}
		}
		key := p.Key
		if p.Code == "unknown_type" || p.Code == MissingTemplate {
			key = "type"
		}
		problems[i] = t.place(p, t.Parsed.PropertyNode(d, path, key))
	}
}

// rawProperties is Properties as far as it can be computed. In an open target what cannot
// counts as not known yet, so that the rest is looked at; else it is nil then.
func (t *Target) rawProperties(d *template.Definition) (*yaml.Map, diag.List) {
	raw, err := t.Properties(d.Name, nil)
	if err == nil {
		return raw, nil
	}
	if function.IsReported(err) && t.Open {
		return t.computable(d), nil
	}
	failures := t.Bound.Failures(d.Properties)
	if len(failures) == 0 || !t.Open {
		p := describe(err)
		if len(failures) > 0 {
			p.Hint = t.Parsed.Hint(failures[0].Node)
			return nil, diag.List{t.place(p, failures[0].Node)}
		}
		return nil, diag.List{t.at(d, p)}
	}
	return t.computable(d), t.failed(failures)
}

// notKnown stands for a value that could not be computed.
type notKnown struct{}

func (notKnown) UnknownValue() {}

// computable is the properties with what cannot be computed as notKnown; nil when they are
// no map.
func (t *Target) computable(d *template.Definition) *yaml.Map {
	fields, ok := function.Fields(d.Properties)
	if !ok {
		return nil
	}
	out := yaml.NewMap(len(fields))
	for _, f := range fields {
		v, err := t.Bound.Resolve(f.Value, nil)
		if err != nil {
			v = notKnown{}
		}
		out.Set(f.Key, v)
	}
	return out
}

// failures are the calls outside of properties that cannot be computed: in metadata,
// update policies and outputs.
func (t *Target) failures() diag.List {
	var out diag.List
	for _, d := range t.defs {
		out = append(out, t.failed(t.Bound.Failures(d.Metadata))...)
		out = append(out, t.failed(t.Bound.Failures(d.UpdatePolicy))...)
	}
	for _, o := range t.Bound.Outputs() {
		if o.Enabled {
			out = append(out, t.failed(t.Bound.Failures(o.Value))...)
		}
	}
	return out
}

// failed makes diagnostics of calls that cannot be computed.
func (t *Target) failed(problems []function.Problem) diag.List {
	var out diag.List
	for _, f := range problems {
		p := describe(f.Err)
		p.Code, p.Path, p.Hint = codeFunction, f.Path, t.Parsed.Hint(f.Node)
		p.Key = argument(f.Node)
		out = append(out, t.place(p, f.Node))
	}
	return t.own(out)
}

// codeFunction is the Code of a call that cannot be computed.
const codeFunction = "function"

// argument is the first text among the arguments of a call, "" when there is none.
func argument(call *yaml.Node) string {
	if len(call.Pairs) != 1 {
		return ""
	}
	n := call.Pairs[0].Value
	if len(n.Items) > 0 {
		n = n.Items[0]
	}
	s, _ := n.Text()
	return s
}

// own leaves out what only follows from problems that have been reported: references to
// what stands in the template, but in a way that could not be understood.
func (t *Target) own(problems diag.List) diag.List {
	if !t.Open {
		return problems
	}
	return slices.DeleteFunc(problems, func(p diag.Diagnostic) bool {
		switch p.Type {
		case "InvalidTemplateReference":
			return p.Key != "" && t.Parsed.Definition(p.Key) == nil && t.Parsed.Declares(p.Key)
		case "UserParameterMissing":
			return p.Key != "" && t.Parsed.Parameter(p.Key) == nil && t.Parsed.Declares(p.Key)
		}
		return false
	})
}

// assumed is values in which a property that is not known yet has its default: a group of
// an unknown number of members is looked at as one of the usual number.
func assumed(typ *resource.Type, values *yaml.Map) *yaml.Map {
	out := values.Clone()
	for name, v := range values.All() {
		if p, ok := typ.Properties[name]; ok && p.Default != nil && schema.IsUnknown(v) {
			out.Set(name, p.Default)
		}
	}
	return out
}
