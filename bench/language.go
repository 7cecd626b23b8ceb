package main

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/resource/heat"
	"hearth/core/template"
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/core/yaql/std"
)

// language times what needs no server: reading templates and evaluating YAQL.
func (b *bench) language(db string) error {
	text, err := json.Marshal(mixedTemplate(1000))
	if err != nil {
		return err
	}
	registry, err := resource.NewRegistry(heat.Types)
	if err != nil {
		return err
	}
	types := &plan.Types{Registry: registry, Yaql: plan.Yaql}
	engine := yaql.New(std.Default()) // Heat's profile ends at 200 items
	query, err := engine.Parse("$.data.select($.x).where($ > 1).sum()")
	if err != nil {
		return err
	}
	for _, m := range []struct {
		name, unit  string
		scale, goal float64 // units in a second, and the goal in units
		run         func() error
	}{
		{"template of 1000: parse and validate", "s", 1, 0.1, func() error { return validate(string(text), types) }},
		{"yaql: parse", "µs", 1e6, 5, func() error { _, err := engine.Parse("$.data.servers.where($.cpu > 2).select($.name)"); return err }},
		{"yaql: select, where and sum of 1000", "µs", 1e6, 300, func() error {
			_, err := query.Evaluate(context.Background(), thousand, nil)
			return err
		}},
	} {
		var failed error
		r := testing.Benchmark(func(b *testing.B) {
			for b.Loop() {
				if err := m.run(); err != nil {
					failed = err
					b.FailNow()
				}
			}
		})
		if failed != nil {
			return fmt.Errorf("%s: %w", m.name, failed)
		}
		b.report(m.name, db, []float64{r.T.Seconds() / float64(r.N) * m.scale}, m.unit, m.goal)
	}
	return nil
}

// thousand is the data of the query, as values of templates are.
var thousand = func() any {
	items := make([]any, 1000)
	for i := range items {
		items[i] = yaml.MapOf("x", int64(i))
	}
	return yaql.Input(yaml.MapOf("data", items))
}()

// mixedTemplate has n resources of several types, with functions and references.
func mixedTemplate(n int) map[string]any {
	resources := map[string]any{}
	for i := range n {
		name := fmt.Sprintf("r%d", i)
		if i%2 == 0 {
			resources[name] = map[string]any{"type": "OS::Heat::RandomString", "properties": map[string]any{"length": map[string]any{"get_param": "length"}}}
			continue
		}
		resources[name] = map[string]any{"type": "OS::Heat::Value", "properties": map[string]any{"type": "string", "value": map[string]any{
			"list_join": []any{"-", []any{"x", map[string]any{"get_attr": []any{fmt.Sprintf("r%d", i-1), "value"}}}}}}}
	}
	return map[string]any{"heat_template_version": "2018-08-31", "resources": resources,
		"parameters": map[string]any{"length": map[string]any{"type": "number", "default": 16}}}
}

func validate(text string, types *plan.Types) error {
	node, problems := template.Read([]byte(text), "", yaml.Options{})
	if err := problems.Err(); err != nil {
		return err
	}
	target, problems := plan.Load(plan.Source{Template: node, Pseudo: template.Pseudo{StackName: "bench"}}, types)
	if err := problems.Err(); err != nil {
		return err
	}
	v := &plan.Validation{Types: types, MaxDepth: 5, MaxResources: -1}
	return v.Check(context.Background(), target, resource.Stack{Name: "bench"}, 0).Err()
}
