package heat_test

import (
	"slices"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/resource/heat"
	"hearth/core/resource/resourcetest"
	"hearth/core/yaml"
)

func TestDelay(t *testing.T) {
	lab := resourcetest.New(t)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	lab.Now = func() time.Time { return now }
	r := lab.Resource(heat.Types, "OS::Heat::Delay", "d", "min_wait", int64(5), "max_jitter", int64(2), "jitter_multiplier", int64(3),
		"actions", []any{"CREATE", "DELETE", "RESUME"})
	type action struct {
		name     core.Action
		begin    func() error
		complete func() (resource.Progress, error)
		waits    bool
	}
	b := r.Behaviour.(interface {
		resource.CreateWaiter
		resource.DeleteWaiter
		resource.Suspender
		resource.Resumer
	})
	for _, a := range []action{
		{core.Create, func() error { return r.Behaviour.Create(t.Context(), r.Context) }, func() (resource.Progress, error) { return b.CreateComplete(t.Context(), r.Context) }, true},
		{core.Suspend, func() error { return b.Suspend(t.Context(), r.Context) }, func() (resource.Progress, error) { return b.SuspendComplete(t.Context(), r.Context) }, false},
		{core.Resume, func() error { return b.Resume(t.Context(), r.Context) }, func() (resource.Progress, error) { return b.ResumeComplete(t.Context(), r.Context) }, true},
		{core.Delete, func() error { return r.Behaviour.Delete(t.Context(), r.Context) }, func() (resource.Progress, error) { return b.DeleteComplete(t.Context(), r.Context) }, true},
	} {
		if err := a.begin(); err != nil {
			t.Fatal(err)
		}
		p, err := a.complete()
		if err != nil || p.Done == a.waits || a.waits && (p.After < 5*time.Second || p.After > 11*time.Second) {
			t.Errorf("%s: %+v, %v", a.name, p, err)
		}
		if again, _ := a.complete(); again != p {
			t.Errorf("%s: the wait is %v, then %v", a.name, p.After, again.After)
		}
		now = now.Add(p.After)
		if p, err := a.complete(); err != nil || !p.Done {
			t.Errorf("%s: after the wait %+v, %v", a.name, p, err)
		}
	}
	long := lab.Resource(heat.Types, "OS::Heat::Delay", "d", "min_wait", int64(3600), "max_jitter", int64(1))
	if err := long.Validate(); errorText(err) != "OS::Heat::Delay maximum delay 3601.0s exceeds stack timeout." {
		t.Errorf("got %v", err)
	}
}

func TestAccessPolicy(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Resource(heat.Types, "OS::Heat::AccessPolicy", "p", "AllowedResources", []any{"a", "b"})
	r.Declares = func(name string) bool { return name == "a" }
	if err := r.Validate(); errorText(err) != "AccessPolicy resource b not in stack" {
		t.Errorf("got %v", err)
	}
}

func TestDeployedServer(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(heat.Types, "OS::Heat::DeployedServer", "d")
	if r.Attribute("name") != r.PhysicalName(53) || r.PhysicalID != r.ID {
		t.Errorf("name %v, id %s, metadata %v", r.Attribute("name"), r.PhysicalID, r.Metadata)
	}
	if got := yaml.Dumps(r.Attribute("os_collect_config"), false); got != `{"cfn": {"metadata_url": "http://cfn.example/v1/", "access_key_id": "key-of-d", `+
		`"secret_access_key": "secret-of-d", "stack_name": "teststack", "path": "d.Metadata"}, "collectors": ["cfn", "local"]}` {
		t.Error(got)
	}
	if err := r.Update("software_config_transport", "POLL_SERVER_HEAT"); err != nil {
		t.Fatal(err)
	}
	config, _ := r.Attribute("os_collect_config").(*yaml.Map)
	agent, former := resource.NewValues(config).Sub("heat"), resource.NewValues(config).Sub("cfn")
	if agent.String("stack_id") != "teststack/"+r.Stack.ID || agent.String("resource_name") != "d" || agent.String("password") == "" ||
		!former.Map().Has("access_key_id") || former.Get("access_key_id") != nil {
		t.Error(yaml.Dumps(config, false))
	}
	if err := r.Update("name", "other"); err != nil || r.Attribute("name") != "other" {
		t.Errorf("name %v, %v", r.Attribute("name"), err)
	}
	push := lab.Resource(heat.Types, "OS::Heat::DeployedServer", "d", "software_config_transport", "ZAQAR_MESSAGE")
	if err := push.Validate(); errorText(err) != "Software config transport ZAQAR_MESSAGE is not supported." {
		t.Errorf("got %v", err)
	}
}

func TestPlaceholders(t *testing.T) {
	lab := resourcetest.New(t)
	var hidden []string
	for _, typ := range heat.Types {
		if typ.Support.Status != "HIDDEN" || !typ.AnyProperties {
			continue
		}
		hidden = append(hidden, typ.Name)
		if r := lab.Created(heat.Types, typ.Name, "r", "whatever", []any{"x"}); r.PhysicalID == "" || r.Attribute("anything") != nil {
			t.Errorf("%s: id %q", typ.Name, r.PhysicalID)
		}
		if typ.Support.Version == "" || typ.Support.Previous == nil {
			t.Errorf("%s: support %+v", typ.Name, typ.Support)
		}
	}
	if len(hidden) != 32 || !slices.Contains(hidden, "OS::Senlin::Receiver") {
		t.Errorf("%d placeholders: %v", len(hidden), hidden)
	}
}
