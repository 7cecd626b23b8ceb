package muranopl_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sort"

	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/library"
	"hearth/murano/muranopl"
	"hearth/murano/version"
)

// corpusRun is one case being run.
type corpusRun struct {
	*corpusCase
	traces, logs []any
	lang         *muranopl.Language
	sources      []*muranopl.Source
	ex           *muranopl.Executor
}

func (c *corpusCase) run() (problem string) {
	defer func() {
		if r := recover(); r != nil {
			problem = fmt.Sprintf("panic: %v", r)
		}
	}()
	r := &corpusRun{corpusCase: c}
	out := map[string]any{}
	phase, err := r.play(out)
	if err != nil {
		out["exception"] = exceptionValue(phase, err)
	}
	out["traces"] = r.traces
	if r.logs != nil {
		out["logs"] = r.logs
	}
	return c.compare(out)
}

func (r *corpusRun) play(out map[string]any) (phase string, err error) {
	trace := &yaql.Function{Name: "trace", Params: []yaql.Param{yaql.P("value", yaql.Any)}, Body: func(c *yaql.Call) (any, error) {
		v, err := muranopl.Freeze(c.Run, c.Args[0])
		r.traces = append(r.traces, render(v))
		return nil, err
	}}
	logger := muranopl.Logger(func(_ *muranopl.Thread, level slog.Level, name, message string) {
		names := map[slog.Level]string{muranopl.LevelTrace: "TRACE", slog.LevelWarn: "WARNING", muranopl.LevelCritical: "CRITICAL"}
		text := names[level]
		if text == "" {
			text = level.String()
		}
		r.logs = append(r.logs, []any{text, name, message})
	})
	r.lang = muranopl.NewLanguage([]*muranopl.Native{logger}, []*yaql.Function{trace}, nil)
	if err := r.load(); err != nil {
		return "packages", err
	}
	ctx := context.Background()
	r.ex = muranopl.NewExecutor(r.lang, r, muranopl.Limits{}, slog.New(slog.DiscardHandler))
	if r.Schema != nil {
		v, err := r.schema()
		if err == nil {
			out["schema"] = render(v)
		}
		return "call", err
	}
	var root *muranopl.Object
	if r.Model != nil {
		v, err := yaml.DecodeJSON(r.Model)
		if err != nil {
			return "load", err
		}
		if root, err = r.ex.Load(ctx, yaql.Input(v).(*yaql.Dict)); err != nil {
			return "load", err
		}
		if m := v.(*yaml.Map); m.Has("ObjectsCopy") {
			if err := r.ex.Cleanup(ctx); err != nil {
				return "load", err
			}
		}
	}
	phase = "call"
	if r.Call != nil {
		var v any
		v, err = r.call(ctx, root)
		if err == nil {
			out["result"] = render(v)
			if r.WantAPIResult {
				phase = "serialize"
				var api any
				if api, err = r.ex.APIResult(ctx, v); err == nil {
					out["api_result"] = render(api)
				}
			}
		}
	}
	if r.WantModel != nil || r.Finalize {
		var model *yaql.Dict
		var merr error
		if r.Finalize {
			model, merr = r.ex.Finalize(ctx, root)
		} else {
			model, merr = r.ex.Model(ctx, root)
		}
		if merr != nil && err == nil {
			return "serialize", merr
		}
		if r.WantModel != nil && merr == nil {
			out["model"] = render(model)
		}
	}
	return phase, err
}

func (r *corpusRun) call(ctx context.Context, root *muranopl.Object) (any, error) {
	args, named, err := r.arguments()
	if err != nil {
		return nil, err
	}
	if r.Call.Class != "" {
		spec, err := version.ParseSpec(r.Call.Version)
		if err != nil {
			return nil, err
		}
		p, err := r.ex.ClassPackage(r.Call.Class, spec)
		if err != nil {
			return nil, err
		}
		class, err := p.Class(r.Call.Class, false)
		if err != nil {
			return nil, err
		}
		return r.ex.CallStatic(ctx, class, r.Call.Method, args, named)
	}
	if r.Call.Object != "" {
		root = r.ex.Object(r.Call.Object)
	}
	return r.ex.Call(ctx, root, r.Call.Method, args, named)
}

func (r *corpusRun) arguments() (args []any, named []yaql.Kwarg, err error) {
	if r.Call.Args != nil {
		v, err := yaml.DecodeJSON(r.Call.Args)
		if err != nil {
			return nil, nil, err
		}
		args = muranopl.Thaw(yaql.Input(v)).(yaql.List)
	}
	if r.Call.Kwargs != nil {
		v, err := yaml.DecodeJSON(r.Call.Kwargs)
		if err != nil {
			return nil, nil, err
		}
		for k, item := range yaql.Input(v).(*yaql.Dict).All() {
			named = append(named, yaql.Kwarg{Name: k.(string), Value: item})
		}
	}
	return args, named, nil
}

func (r *corpusRun) schema() (any, error) {
	q := muranopl.SchemaRequest{Class: r.Schema.ClassName, Package: r.Schema.PackageName, Version: r.Schema.ClassVersion}
	switch names := r.Schema.MethodNames.(type) {
	case string:
		q.Methods = []string{names}
	case []any:
		for _, name := range names {
			q.Methods = append(q.Methods, name.(string))
		}
	}
	return r.ex.Schema(context.Background(), q)
}

// load makes sources of the packages of the case, and of our own io.murano.
func (r *corpusRun) load() error {
	core, err := library.Source(r.lang, "io.murano")
	if err != nil {
		return err
	}
	r.sources = append(r.sources, core)
	for _, p := range r.Packages {
		v, err := version.Parse(p.Version)
		if err != nil {
			return err
		}
		format, err := muranopl.ParseFormat(p.Format)
		if err != nil {
			return err
		}
		src := &muranopl.Source{Name: p.Name, Version: v, Format: format, Meta: muranopl.ClassFileValue(p.Meta),
			Documents: func(class string) ([]any, error) {
				return r.lang.Parse(format, []byte(p.Classes[class]), "/"+p.Name+"/"+class+".yaml")
			},
			Config: func(class string) map[string]any {
				out := map[string]any{}
				for k, v := range p.Configs[class] {
					out[k] = yaql.Input(v)
				}
				return out
			}}
		for name := range p.Classes {
			src.Classes = append(src.Classes, name)
		}
		slices.Sort(src.Classes)
		for name, spec := range p.Require {
			text := ""
			if spec != nil {
				text = fmt.Sprint(spec)
			}
			s, err := version.ParseSpec(text)
			if err != nil {
				return err
			}
			src.Requires = append(src.Requires, muranopl.Requirement{Package: name, Spec: s})
		}
		sort.Slice(src.Requires, func(i, j int) bool { return src.Requires[i].Package < src.Requires[j].Package })
		r.sources = append(r.sources, src)
	}
	return nil
}

// Package implements muranopl.Loader.
func (r *corpusRun) Package(name string, spec version.Spec) (*muranopl.Source, error) {
	if s := r.best(spec, func(s *muranopl.Source) bool { return s.Name == name }); s != nil {
		return s, nil
	}
	return nil, muranopl.NoPackageFound(name)
}

// ClassPackage implements muranopl.Loader.
func (r *corpusRun) ClassPackage(class string, spec version.Spec) (*muranopl.Source, error) {
	if s := r.best(spec, func(s *muranopl.Source) bool { return slices.Contains(s.Classes, class) }); s != nil {
		return s, nil
	}
	return nil, muranopl.NoPackageForClassFound(class)
}

func (r *corpusRun) best(spec version.Spec, is func(*muranopl.Source) bool) *muranopl.Source {
	var best *muranopl.Source
	for _, s := range r.sources {
		if is(s) && spec.Has(s.Version) && (best == nil || best.Version.Compare(s.Version) < 0) {
			best = s
		}
	}
	return best
}

func exceptionValue(phase string, err error) map[string]any {
	out := map[string]any{"phase": phase, "thrown": false}
	var e *muranopl.Exception
	if errors.As(err, &e) {
		names := make([]any, len(e.Names))
		for i := range e.Names {
			names[i] = e.Names[i]
		}
		out["names"], out["message"], out["thrown"] = names, render(e.Message), e.Thrown
		out["extra"] = render(e.Extra)
		if e.Cause != nil {
			out["cause"] = exceptionValue(phase, e.Cause)
		}
		return out
	}
	name, message := muranopl.Describe(err)
	out["names"], out["message"] = []any{name}, message
	return out
}
