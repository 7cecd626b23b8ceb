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

// measureLanguage times what needs no server: reading templates and evaluating YAQL.
func measureLanguage() (missed int, err error) {
	text, err := json.Marshal(mixedTemplate(1000))
	if err != nil {
		return 0, err
	}
	registry, err := resource.NewRegistry(heat.Types)
	if err != nil {
		return 0, err
	}
	types := &plan.Types{Registry: registry, Yaql: plan.Yaql}
	engine := yaql.New(std.Default()) // Heat's profile ends at 200 items
	query, err := engine.Parse("$.data.select($.x).where($ > 1).sum()")
	if err != nil {
		return 0, err
	}
	for _, m := range []struct {
		name, op string
		n        int
		goal     float64
		run      func() error
	}{
		{"template", "parse and validate", 1000, 0.1, func() error { return validate(string(text), types) }},
		{"yaql", "parse", 1, 5e-6, func() error { _, err := engine.Parse("$.data.servers.where($.cpu > 2).select($.name)"); return err }},
		{"yaql", "evaluate select, where, sum", 1000, 300e-6, func() error {
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
			return missed, fmt.Errorf("%s %s: %w", m.name, m.op, failed)
		}
		seconds := r.T.Seconds() / float64(r.N)
		met := seconds <= m.goal
		if !met {
			missed++
		}
		emit(line{Case: m.name, Op: m.op, N: m.n, Seconds: seconds, Worst: seconds, Goal: m.goal, Met: &met})
	}
	return missed, nil
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
