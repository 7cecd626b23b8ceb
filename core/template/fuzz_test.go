package template_test

import (
	"testing"

	"hearth/core/schema"
	"hearth/core/template"
	"hearth/core/yaml"
)

// FuzzTemplate reads anything as a template and an environment: nothing may panic.
func FuzzTemplate(f *testing.F) {
	f.Add(web, "parameters: {size: 9}")
	f.Add("AWSTemplateFormatVersion: 2010-09-09\nParameters: {P: {Type: String, Default: x}}\nMappings: {M: {a: {b: c}}}\n"+
		"Conditions: {C: {'Fn::Not': [D]}, D: {'Fn::Equals': [{Ref: P}, x]}}\nResources: {r: {Type: T, Condition: C, Properties: {x: {Ref: s}}}, s: {Type: U}}\n"+
		"Outputs: {o: {Value: {'Fn::If': [C, {'Fn::FindInMap': [M, a, b]}, {'Fn::GetAtt': [s, x]}]}}}", "resource_registry: {'A::*': B::*, resources: {r: {hooks: pre-create}}}")
	f.Add("{heat_template_version: 2018-08-31, parameters: {p: {type: number, constraints: [{modulo: {step: 2, offset: 1}}]}}, parameter_groups: [{parameters: [p]}]}",
		"{parameter_defaults: {p: 3}, event_sinks: [{type: x}]}")
	f.Add("{heat_template_version: 2018-08-31, conditions: {a: {not: b}, b: {or: [a, c]}}, resources: {r: {type: T, condition: a}}, outputs: {o: {condition: b, value: 1}}}", "")
	f.Fuzz(func(t *testing.T, text, env string) {
		limits := yaml.Options{MaxNodes: 2000, MaxDepth: 40}
		n, found := template.Read([]byte(text), "", limits)
		e, bad := template.ReadEnvironment([]byte(env), limits)
		if found.HasErrors() || bad.HasErrors() {
			return
		}
		tmpl, found := template.Parse(n, template.Options{})
		if found.HasErrors() {
			return
		}
		v, found := tmpl.Values(e, pseudo)
		v.Shown()
		v.Describe()
		if found.HasErrors() {
			return
		}
		b, found := tmpl.Bind(v, map[string]string{"f": "x"}, nil)
		if found.HasErrors() {
			return
		}
		b.AttributePaths()
		for _, d := range b.Resources() {
			b.Requires(d)
			b.Digest(d, d.Type)
			b.CheckProperties(d, schema.Properties{"x": {Kind: schema.List, Item: &schema.Property{Kind: schema.String}}}, nil, nil)
			if _, err := e.Registry.Lookup(d.Name, d.Type, nil); err == nil {
				e.Registry.Child(d.Name)
			}
		}
		for _, o := range b.Outputs() {
			for _, rt := range []template.Runtime{nil, cloud{}} {
				if v, err := b.Resolve(o.Value, rt); err == nil && rt != nil {
					yaml.Dumps(v, true)
				}
			}
		}
		if _, err := e.MarshalJSON(); err != nil {
			t.Fatal(err)
		}
	})
}
