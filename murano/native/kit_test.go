package native_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/heat"
	"hearth/core/resource/neutron"
	"hearth/core/resource/resourcetest"
	"hearth/core/simcloud"
	"hearth/core/store/storetest"
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/library"
	"hearth/murano/muranopl"
	"hearth/murano/native"
	"hearth/murano/version"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// kit runs the programs of testdata/t on a real engine, with a simulated cloud.
type kit struct {
	*native.Session
	t      *testing.T
	lab    *enginetest.Lab
	sim    *simcloud.Cloud
	url    string // of the simulated cloud
	client *cloud.Client
	lang   *muranopl.Language
}

// start starts an engine on SQLite with a simulated cloud; the programs act for its user demo.
func start(t *testing.T) *kit {
	t.Helper()
	cloudLab := resourcetest.New(t)
	caller, err := cloudLab.Cloud.Authenticate(t.Context(), cloudLab.Token("demo"))
	if err != nil {
		t.Fatal(err)
	}
	st := storetest.Open(t, storetest.SQLite(t))
	lab := enginetest.New(t, st, enginetest.Types(t, heat.Types, neutron.Types), caller, enginetest.WithCloud(cloudLab.Cloud))
	return &kit{t: t, lab: lab, sim: cloudLab.Sim, url: cloudLab.URL, client: cloudLab.Client, lang: muranopl.NewLanguage(native.Classes(), nil, native.Restricted()),
		Session: &native.Session{EnvironmentID: "e1", Caller: caller, Owner: caller, Engine: lab.Engine,
			Cloud: func(context.Context) (*cloud.Client, error) { return cloudLab.Client, nil },
			Log:   slog.New(slog.DiscardHandler)}}
}

// program is a kit for what reaches neither stacks nor a cloud.
func program(t *testing.T) *kit {
	caller := &core.Caller{UserID: "u", UserName: "user", ProjectID: "p", ProjectName: "project"}
	return &kit{t: t, lang: muranopl.NewLanguage(native.Classes(), nil, native.Restricted()),
		Session: &native.Session{EnvironmentID: "e1", Caller: caller, Owner: caller, Log: slog.New(slog.DiscardHandler)}}
}

// session is a run of programs, as a task makes one.
type session struct {
	*kit
	*native.Session
	ex *muranopl.Executor
}

// run begins a session: with the ids and names of every other.
func (k *kit) run() *session {
	k.t.Helper()
	s := *k.Session
	ex := muranopl.NewExecutor(k.lang, k, muranopl.Limits{}, slog.New(slog.DiscardHandler))
	ex.Seed([]byte("seed"))
	native.Attach(ex, &s)
	return &session{k, &s, ex}
}

// call loads an environment with an object of class t.<class> in it and calls the method.
func (s *session) call(ctx context.Context, class, method string, args ...any) (string, error) {
	s.t.Helper()
	object, err := yaml.DecodeJSON([]byte(`{"Objects": {"?": {"id": "e1", "type": "io.murano.Environment"}, "name": "env",
		"item": {"?": {"id": "O1", "type": "t.` + class + `"}}}}`))
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.ex.Load(ctx, yaql.Input(object).(*yaql.Dict)); err != nil {
		return "", err
	}
	v, err := s.ex.Call(ctx, s.ex.Object("O1"), method, args, nil)
	if err != nil {
		return "", err
	}
	out, err := s.ex.APIResult(ctx, v)
	if err != nil {
		return "", err
	}
	data, err := yaql.Export(out, func(n int) yaql.MapBuilder { return yaml.NewMap(n) })
	if err != nil {
		return "", err
	}
	return yaml.Dumps(data, false), nil
}

// want calls a method in a session of its own and compares its result, as JSON.
func (k *kit) want(want, class, method string, args ...any) {
	k.t.Helper()
	got, err := k.run().call(k.t.Context(), class, method, args...)
	if err != nil {
		name, message := muranopl.Describe(err)
		k.t.Fatalf("%s.%s: %s: %s (%v)", class, method, name, message, err)
	}
	k.equal(want, got)
}

// fails calls a method that must fail under a name, with a text in its message.
func (k *kit) fails(name, text, class, method string, args ...any) {
	k.t.Helper()
	_, err := k.run().call(k.t.Context(), class, method, args...)
	e, message := muranopl.Describe(err)
	if err == nil || e != name && !strings.HasPrefix(err.Error(), "["+name+"]") || !strings.Contains(message, text) {
		k.t.Errorf("%s.%s: %v (%s); want %s: %s", class, method, err, e, name, text)
	}
}

func (k *kit) equal(want, got string) {
	k.t.Helper()
	if diff := cmp.Diff(value(k.t, want), value(k.t, got)); diff != "" {
		k.t.Error(got, diff)
	}
}

// value reads JSON into what cmp compares.
func value(t *testing.T, text string) any {
	t.Helper()
	v, err := yaml.DecodeJSON([]byte(text))
	if err != nil {
		t.Fatal(text, err)
	}
	return yaml.Dumps(v, true)
}

// Package implements muranopl.Loader.
func (k *kit) Package(name string, _ version.Spec) (*muranopl.Source, error) {
	switch name {
	case "io.murano":
		return k.core()
	case "t":
		return k.source("t", "testdata/t")
	}
	return nil, muranopl.NoPackageFound(name)
}

// ClassPackage implements muranopl.Loader.
func (k *kit) ClassPackage(class string, _ version.Spec) (*muranopl.Source, error) {
	if strings.HasPrefix(class, "t.") {
		return k.source("t", "testdata/t")
	}
	return k.core()
}

// core is io.murano, with the classes of testdata/io.murano in place of its own: an
// environment that does nothing by itself.
func (k *kit) core() (*muranopl.Source, error) {
	src, err := library.Source(k.lang, "io.murano")
	if err != nil {
		return nil, err
	}
	own, err := k.source("io.murano", "testdata/io.murano")
	if err != nil {
		return nil, err
	}
	read := src.Documents
	src.Documents = func(class string) ([]any, error) {
		if slices.Contains(own.Classes, class) {
			return own.Documents(class)
		}
		return read(class)
	}
	for _, class := range own.Classes {
		if !slices.Contains(src.Classes, class) {
			src.Classes = append(src.Classes, class)
		}
	}
	return src, nil
}

// source is a package in a directory: a class in each file.
func (k *kit) source(name, dir string) (*muranopl.Source, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	src := &muranopl.Source{Name: name, Format: muranopl.Format14,
		Documents: func(class string) ([]any, error) {
			text, err := os.ReadFile(filepath.Join(dir, strings.TrimPrefix(class, name+".")+".yaml"))
			if err != nil {
				return nil, err
			}
			return k.lang.Parse(muranopl.Format14, text, class)
		},
		Resource: func(file string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, "Resources", file)) },
	}
	for _, file := range files {
		src.Classes = append(src.Classes, name+"."+strings.TrimSuffix(filepath.Base(file), ".yaml"))
	}
	return src, nil
}
