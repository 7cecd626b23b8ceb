package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/function"
	"hearth/core/yaml"
)

// run does what the case says and gives what differs from Heat's answer.
func (r *corpusRun) run(ctx context.Context) error {
	ops := map[string]func(context.Context) error{
		"parse": r.parse, "functions": r.functions, "versions": r.versions,
		"validate": r.validate, "preview": r.preview, "create": r.create, "update": r.update, "delete": r.remove, "schema": r.schema, "generate": r.generate,
	}
	op := ops[r.c.text("op")]
	if op == nil {
		return fmt.Errorf("unknown op %s", r.c.text("op"))
	}
	return op(ctx)
}

func (r *corpusRun) parse(context.Context) error {
	req, err := r.c.templateRequest()
	if err != nil || r.c.Has("error") {
		return r.failure(err)
	}
	return r.expect("template", req.Template.Plain())
}

func (r *corpusRun) functions(context.Context) error {
	v, ok := function.Find(r.c.text("version"))
	if !ok {
		return r.failure(core.Errorf(core.Invalid, "NotFound", "Template with version %s not found", r.c.text("version")))
	}
	condition, _ := r.c.Get("condition")
	names := []any{}
	for _, f := range function.ListOf(v, condition == true) {
		names = append(names, f.Name)
	}
	slices.SortFunc(names, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	return r.expect("functions", names)
}

func (r *corpusRun) versions(context.Context) error {
	got := []any{}
	for _, v := range function.Listing() {
		aliases := []any{}
		for _, a := range v.Aliases {
			aliases = append(aliases, a)
		}
		got = append(got, yaml.MapOf("version", v.Name, "type", v.Kind, "aliases", aliases))
	}
	return r.expect("versions", got)
}

// expect compares with one part of the expectation, if that is there.
func (r *corpusRun) expect(part string, got any) error {
	want, ok := r.c.sub("expect").Get(part)
	if !ok {
		return nil
	}
	return r.differ(part, want, got)
}

func (r *corpusRun) validate(ctx context.Context) error {
	req, err := r.c.templateRequest()
	if err != nil {
		return r.failure(err)
	}
	nested, _ := r.c.Get("show_nested")
	v, err := r.Engine.Validate(ctx, r.Caller, req, engine.ValidateOptions{ShowNested: nested == true, IgnoreUnavailable: r.c.Has("ignore_errors")})
	if err != nil || r.c.Has("error") {
		return r.failure(err)
	}
	got := v.Describe()
	if r.c.Has("show_environment") {
		got.Set("Environment", v.Environment.UserMap())
	}
	return r.expect("validate", got)
}

func (r *corpusRun) preview(ctx context.Context) error {
	req, err := r.c.createRequest()
	if err != nil {
		return r.failure(err)
	}
	p, err := r.PreviewCreate(ctx, r.Caller, req)
	if err != nil || r.c.Has("error") {
		return r.failure(err)
	}
	resources, nested := yaml.NewMap(0), []any{}
	for _, x := range p.Resources {
		if x.Nested {
			nested = append(nested, previewed(x.Children))
			continue
		}
		resources.Set(x.Name, yaml.MapOf("type", x.Type, "properties", withoutNull(x.Properties)))
	}
	if err := r.expect("resources", resources); err != nil {
		return err
	}
	return r.expect("nested", nested)
}

func previewed(list []engine.PreviewResource) []any {
	out := []any{}
	for _, x := range list {
		if x.Nested {
			out = append(out, previewed(x.Children))
			continue
		}
		out = append(out, yaml.MapOf("name", x.Name, "type", x.Type, "properties", withoutNull(x.Properties)))
	}
	return out
}

func withoutNull(m *yaml.Map) *yaml.Map {
	out := yaml.NewMap(m.Len())
	for k, v := range m.All() {
		if v != nil {
			out.Set(k, v)
		}
	}
	return out
}

// made creates the stack of the case and waits for it.
func (r *corpusRun) made(ctx context.Context) (*core.Stack, error) {
	req, err := r.c.createRequest()
	if err != nil {
		return nil, err
	}
	s, err := r.Engine.Create(ctx, r.Caller, req)
	if err != nil {
		return nil, err
	}
	return r.Await(ctx, s.ID)
}

func (r *corpusRun) create(ctx context.Context) error {
	s, err := r.made(ctx)
	if err != nil || r.c.Has("error") {
		return r.failure(err)
	}
	return r.readBack(ctx, s)
}

func (r *corpusRun) remove(ctx context.Context) error {
	s, err := r.made(ctx)
	if err != nil {
		return r.failure(err)
	}
	if err := r.Engine.Delete(ctx, r.Caller, engine.StackRef{ID: s.ID}); err != nil {
		return err
	}
	if s, err = r.Await(ctx, s.ID); err != nil {
		return err
	}
	return r.expect("status", stateOf(s))
}

func stateOf(s *core.Stack) string {
	if s == nil || s.DeletedAt != nil {
		return "gone"
	}
	return s.State()
}

// readBack compares a stack with what is expected of it.
func (r *corpusRun) readBack(ctx context.Context, s *core.Stack) error {
	if s == nil || r.c.sub("expect").text("status") == "gone" && s.State() == "ROLLBACK_COMPLETE" {
		return r.expect("status", "gone") // of what is rolled back the engine keeps the stack, as Heat's convergence does
	}
	if reason := r.c.sub("expect"); reason.Has("status_reason") || s.Status == core.Failed {
		reason := s.StatusReason
		if want := r.c.sub("expect").text("status_reason"); !strings.HasPrefix(want, "Resource ") { // as Heat's older engine has it
			_, reason, _ = strings.Cut(reason, " failed: ")
		}
		if err := r.expect("status_reason", reason); err != nil {
			return err
		}
	}
	if err := r.expect("status", stateOf(s)); err != nil {
		return fmt.Errorf("%w (%s)", err, s.StatusReason)
	}
	if err := r.outputs(s); err != nil {
		return err
	}
	if want, ok := r.c.sub("expect").Get("tags"); ok {
		tags := []any{}
		for _, t := range s.Tags {
			tags = append(tags, t)
		}
		if err := r.differ("tags", want, tags); err != nil {
			return err
		}
	}
	if s.DeletedAt != nil {
		return nil
	}
	views, err := r.Engine.Resources(ctx, r.Caller, engine.StackRef{ID: s.ID}, engine.ResourceFilter{}, true)
	if err != nil {
		return err
	}
	return r.resources(ctx, s, views)
}

func (r *corpusRun) outputs(s *core.Stack) error {
	outputs, err := converge.Outputs(s)
	if err != nil {
		return err
	}
	values, errs := yaml.NewMap(0), yaml.NewMap(0)
	for _, o := range outputs {
		v, err := yaml.DecodeJSON(o.Value)
		if err != nil {
			return err
		}
		values.Set(o.Key, v)
		if o.Error != "" {
			errs.Set(o.Key, o.Error)
		}
	}
	want := r.c.sub("expect").sub("output_errors")
	for key, text := range want.All() {
		if got, ok := errs.Get(key); ok && (corpusPython.MatchString(yaml.Str(text)) || text == "0") {
			errs.Set(key, text)
		} else if !ok {
			v, _ := values.Get(key)
			return fmt.Errorf("output %s is %s, want error %s", key, yaml.Dumps(r.masked(v), true), text)
		} else if got = r.masked(got); got != text && text != "<any>" {
			return fmt.Errorf("output %s fails with %s, want %s", key, got, text)
		}
	}
	for key, text := range errs.All() {
		if !want.Has(key) && r.c.sub("expect").Has("outputs") {
			return fmt.Errorf("output %s fails with %s", key, text)
		}
	}
	return r.expect("outputs", values)
}
