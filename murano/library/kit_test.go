package library_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/cinder"
	"hearth/core/resource/heat"
	"hearth/core/resource/neutron"
	"hearth/core/resource/nova"
	"hearth/core/resource/resourcetest"
	"hearth/core/store/storetest"
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano"
	"hearth/murano/muranopl"
	"hearth/murano/native"
)

var update = flag.Bool("update", false, "rewrite the templates in testdata")

// kit deploys an environment on a real engine with a simulated cloud.
type kit struct {
	*resourcetest.Lab
	t      *testing.T
	engine *enginetest.Lab
	loader *loader
	model  *yaml.Map // as the last deployment left it

	mu      sync.Mutex
	reports []string
	tracked map[string]native.InstanceKind
	revoked []string
	plans   []string
	runs    int

	noAgents bool
	settings map[string]any // of the group networking
}

func start(t *testing.T) *kit {
	t.Helper()
	lab := resourcetest.New(t)
	caller, err := lab.Cloud.Authenticate(t.Context(), lab.Token("demo"))
	if err != nil {
		t.Fatal(err)
	}
	st := storetest.Open(t, storetest.SQLite(t))
	types := enginetest.Types(t, heat.Types, neutron.Types, nova.Types, cinder.Types)
	return &kit{Lab: lab, t: t, engine: enginetest.New(t, st, types, caller, enginetest.WithCloud(lab.Cloud)),
		loader: &loader{lang: muranopl.NewLanguage(native.Classes(), nil, native.Restricted())}, tracked: map[string]native.InstanceKind{}}
}

// Report implements native.Reporter.
func (k *kit) Report(_ context.Context, object string, _ murano.Level, text string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.reports = append(k.reports, object+": "+text)
	return nil
}

// Track implements native.Instances.
func (k *kit) Track(_ context.Context, i native.TrackedInstance) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.tracked[i.InstanceID] = i.Kind
	return nil
}

// Untrack implements native.Instances.
func (k *kit) Untrack(_ context.Context, id string, _ native.InstanceKind) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.tracked, id)
	return nil
}

// Bootstrap implements native.Agents.
func (k *kit) Bootstrap(_ context.Context, _, queue string) (string, error) {
	return "#!/bin/sh\nask " + queue + "\n", nil
}

// Offer implements native.Agents.
func (k *kit) Offer(_ context.Context, _, _, _ string, plan []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.plans = append(k.plans, string(plan))
	return nil
}

// Result implements native.Agents: every plan succeeds.
func (k *kit) Result(_ context.Context, _, _, id string) ([]byte, error) {
	return []byte(`{"FormatVersion": "2.0.0", "ID": "` + id + `", "Action": "Execution:Result", "ErrorCode": 0, "Body": true}`), nil
}

// Revoke implements native.Agents.
func (k *kit) Revoke(_ context.Context, _, queue string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !slices.Contains(k.revoked, queue) {
		k.revoked = append(k.revoked, queue)
	}
	return nil
}

// environment is the model of an environment with a network of its own and the applications
// that are given as JSON.
func environment(applications ...string) string {
	return `{"?": {"id": "env", "type": "io.murano.Environment"}, "name": "shop", "defaultNetworks": {
		"environment": {"?": {"id": "net", "type": "io.murano.resources.NeutronNetwork"}, "name": "shop-net"}, "flat": null},
		"applications": [` + strings.Join(applications, ",") + `]}`
}

// servers is an application of instances.
func servers(id string, instances ...string) string {
	return `{"?": {"id": "` + id + `", "type": "demo.Servers"}, "instances": [` + strings.Join(instances, ",") + `]}`
}

// instance is a server of a class, with more properties.
func instance(id, class, more string) string {
	if more != "" {
		more = ", " + more
	}
	return `{"?": {"id": "` + id + `", "type": "io.murano.resources.` + class + `"}, "name": "` + id + `", "flavor": "m1.small"` + more + `}`
}

const image = `"image": "cirros-0.6.2-x86_64-disk"`

// deploy deploys the environment that objects, JSON, describes; "null" deletes it. It gives
// what went wrong.
func (k *kit) deploy(objects string) error {
	k.t.Helper()
	v, err := yaml.DecodeJSON([]byte(objects))
	if err != nil {
		k.t.Fatal(objects, err)
	}
	next := yaml.MapOf("Objects", v)
	if k.model != nil {
		old, _ := k.model.Get("Objects")
		next.Set("ObjectsCopy", old)
		attributes, _ := k.model.Get("Attributes")
		next.Set("Attributes", attributes)
	}
	return k.play(next, "env", "deploy")
}

// call calls an action of an object of the environment as it is.
func (k *kit) call(object, method string) error {
	k.t.Helper()
	return k.play(k.model, object, method)
}

// edit deploys what change makes of the environment.
func (k *kit) edit(change func(environment *yaml.Map)) error {
	k.t.Helper()
	v, _ := k.model.Get("Objects")
	text := yaml.Dumps(v, false)
	edited, err := yaml.DecodeJSON([]byte(text))
	if err != nil {
		k.t.Fatal(err)
	}
	change(edited.(*yaml.Map))
	return k.deploy(yaml.Dumps(edited, false))
}

// without takes the applications with an id out of an environment.
func without(id string) func(*yaml.Map) {
	return func(environment *yaml.Map) {
		v, _ := environment.Get("applications")
		environment.Set("applications", slices.DeleteFunc(v.([]any), func(app any) bool {
			header, _ := app.(*yaml.Map).Get("?")
			have, _ := header.(*yaml.Map).Get("id")
			return have == id
		}))
	}
}

// play goes through a deployment as a task does.
func (k *kit) play(model *yaml.Map, object, method string) error {
	k.t.Helper()
	ctx := k.t.Context()
	k.runs++
	ex := muranopl.NewExecutor(k.loader.lang, k.loader, muranopl.Limits{}, slog.New(slog.DiscardHandler))
	ex.Seed(fmt.Append(nil, "run ", k.runs))
	session := &native.Session{EnvironmentID: "env", Caller: k.engine.Caller, Owner: k.engine.Caller, Engine: k.engine.Engine,
		Cloud:    func(context.Context) (*cloud.Client, error) { return k.Client, nil },
		Reporter: k, Instances: k, Agents: k, Log: slog.New(slog.DiscardHandler)}
	if k.noAgents {
		session.Agents = nil
	}
	session.Setting = func(_, name string) (any, bool) { v, ok := k.settings[name]; return v, ok }
	native.Attach(ex, session)
	ex.OnLoss(func(_ *muranopl.Thread, o *muranopl.Object, err error) {
		k.t.Errorf("%s was not released: %v", o.ID(), err)
	})
	root, err := ex.Load(ctx, yaql.Input(model).(*yaql.Dict))
	if err == nil {
		err = ex.Cleanup(ctx)
	}
	if err == nil {
		err = ex.Do(ctx, session.End)
	}
	if err == nil && root != nil {
		if _, err = ex.Call(ctx, ex.Object(object), method, nil, nil); err == nil {
			err = ex.Do(ctx, session.End)
		}
	}
	if err != nil {
		return err
	}
	out, err := ex.Finalize(ctx, root)
	if err == nil {
		err = ex.Do(ctx, session.End) // what the programs have let go of is gone with this
	}
	if err != nil {
		return err
	}
	data, err := yaql.Export(out, func(n int) yaql.MapBuilder { return yaml.NewMap(n) })
	if err != nil {
		return err
	}
	k.model = data.(*yaml.Map)
	return nil
}

// must fails the test for an error.
func (k *kit) must(err error) {
	k.t.Helper()
	if err != nil {
		name, message := muranopl.Describe(err)
		k.t.Fatalf("%s: %s\n%v", name, message, err)
	}
}

// fails fails the test unless err is what a program catches under a name.
func (k *kit) fails(err error, name, message string) {
	k.t.Helper()
	e, ok := errors.AsType[*muranopl.Exception](err)
	if !ok || !slices.Contains(e.Names, name) || e.Message != message {
		k.t.Errorf("got %v; want [%s]: %s", err, name, message)
	}
}

// stack gives the stack of the environment; nil when there is none.
func (k *kit) stack() *core.Stack {
	k.t.Helper()
	list, _, err := k.engine.List(k.t.Context(), k.engine.Caller, engine.ListOptions{})
	if err != nil {
		k.t.Fatal(err)
	}
	if len(list) > 1 {
		k.t.Fatalf("%d stacks", len(list))
	}
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}

// actions are what was done to the stack, each once.
func (k *kit) actions() string {
	k.t.Helper()
	s := k.stack()
	var out []string
	for _, e := range k.engine.Events(s) {
		if state, ok := strings.CutPrefix(e, s.Name+" "); ok && strings.Contains(state, "_COMPLETE") {
			action, _, _ := strings.Cut(state, "_")
			out = append(out, action)
		}
	}
	return strings.Join(out, " ")
}

var (
	objectID = regexp.MustCompile(`[0-9a-f]{32}`)
	cloudID  = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
)

// template compares the template of the stack with testdata/templates. Ids that are drawn are
// numbered in their order.
func (k *kit) template(name string) {
	k.t.Helper()
	raw, _, err := k.engine.RawTemplate(k.t.Context(), k.engine.Caller, engine.StackRef{ID: k.stack().ID})
	if err != nil {
		k.t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(raw.Template, &tree); err != nil {
		k.t.Fatal(err)
	}
	body, err := json.MarshalIndent(tree, "", "  ")
	if err != nil {
		k.t.Fatal(err)
	}
	got := cloudID.ReplaceAllString(string(body), "<id>")
	var seen []string
	got = objectID.ReplaceAllStringFunc(got, func(id string) string {
		if !slices.Contains(seen, id) {
			seen = append(seen, id)
		}
		return fmt.Sprintf("<object %d>", slices.Index(seen, id)+1)
	}) + "\n"
	file := "testdata/templates/" + name + ".json"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			k.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		k.t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		k.t.Error(diff)
	}
}

// property gives a property of a resource of the stack's template, as JSON.
func (k *kit) property(resource, name string) string {
	k.t.Helper()
	raw, _, err := k.engine.RawTemplate(k.t.Context(), k.engine.Caller, engine.StackRef{ID: k.stack().ID})
	if err != nil {
		k.t.Fatal(err)
	}
	var tree struct {
		Resources map[string]struct{ Properties *yaml.Map }
	}
	if err := json.Unmarshal(raw.Template, &tree); err != nil {
		k.t.Fatal(err)
	}
	v, _ := tree.Resources[resource].Properties.Get(name)
	return yaml.Dumps(v, false)
}

// object gives an object of the model.
func (k *kit) object(id string) *yaml.Map {
	k.t.Helper()
	var found *yaml.Map
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case *yaml.Map:
			if header, _ := v.Get("?"); header != nil {
				if have, _ := header.(*yaml.Map).Get("id"); have == id {
					found = v
				}
			}
			for _, item := range v.All() {
				walk(item)
			}
		case []any:
			for _, item := range v {
				walk(item)
			}
		}
	}
	objects, _ := k.model.Get("Objects")
	walk(objects)
	if found == nil {
		k.t.Fatal("no object ", id)
	}
	return found
}

// value gives a property of an object of the model, as JSON.
func (k *kit) value(id, property string) string {
	k.t.Helper()
	v, _ := k.object(id).Get(property)
	return yaml.Dumps(v, false)
}
