package template

import (
	"fmt"
	"slices"

	"hearth/core/diag"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// ParameterGroup is one of the parameter_groups: how a form shows parameters.
type ParameterGroup struct {
	Label, Description string
	Parameters         []string
}

// readParameterGroups follows heat/engine/parameter_groups.py. Of the pseudo parameters
// those that need no stack name count.
func (p *parsing) readParameterGroups() {
	t := p.t
	n := t.Source.Get(t.words.groups)
	if t.words.groups == "" || n == nil || emptyValue(n) {
		return
	}
	report := func(path, message string, at *yaml.Node) {
		p.report(diag.Diagnostic{Code: "parameter_groups", Kind: "Parameter Groups error", Path: path, Message: message}, at)
	}
	if n.Kind != yaml.Sequence {
		report(t.words.groups, "The parameter_groups should be a list.", n)
		return
	}
	seen := map[string]bool{}
	for _, group := range n.Items {
		if group.Kind != yaml.Mapping {
			report(t.words.groups, fmt.Sprintf("'%s' object has no attribute 'get'", yaml.TypeName(group.Plain())), group)
			continue
		}
		g := ParameterGroup{}
		path := t.words.groups + "."
		if l := group.Get("label"); l != nil {
			g.Label = yaml.Str(l.Plain())
			path = schema.Join(t.words.groups, g.Label)
		}
		if d := group.Get("description"); !d.IsNull() {
			g.Description = yaml.Str(d.Plain())
		}
		names := group.Get("parameters")
		switch {
		case names.IsNull():
			report(path, "The parameters must be provided for each parameter group.", group)
			continue
		case names.Kind != yaml.Sequence:
			report(path, "The parameters of parameter group should be a list.", names)
			continue
		}
		for _, item := range names.Items {
			name := yaml.Str(item.Plain())
			if seen[name] {
				report(path, fmt.Sprintf("The %s parameter must be assigned to one parameter group only.", name), item)
			}
			seen[name] = true
			if t.parameters[name] == nil && !slices.Contains([]string{"OS::stack_id", "OS::project_id"}, name) {
				report(path, fmt.Sprintf("The grouped parameter %s does not reference a valid parameter.", name), item)
			}
			g.Parameters = append(g.Parameters, name)
		}
		t.ParameterGroups = append(t.ParameterGroups, g)
	}
}
