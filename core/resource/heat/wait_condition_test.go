package heat_test

import (
	"errors"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/resource/heat"
	"hearth/core/resource/resourcetest"
	"hearth/core/yaml"
)

func TestWaitConditionCountsSignals(t *testing.T) {
	lab := resourcetest.New(t)
	handle := lab.Created(heat.Types, "OS::Heat::WaitConditionHandle", "wh")
	wc := lab.Resource(heat.Types, "OS::Heat::WaitCondition", "wc", "handle", handle.Reference(), "timeout", int64(60), "count", int64(2))
	for i, step := range []struct {
		body any
		text string
	}{
		{nil, "status:SUCCESS reason:Signal 1 received"},
		{yaml.MapOf("id", "x", "status", "SUCCESS", "reason", "ok", "data", "d"), "status:SUCCESS reason:ok"},
	} {
		if i == 0 {
			if err := wc.Create(); !errors.Is(err, resourcetest.ErrWaits) {
				t.Fatalf("without signals: %v", err)
			}
		}
		text, err := handle.Signal(step.body)
		if err != nil || text != step.text {
			t.Errorf("signal %d: %q, %v", i, text, err)
		}
	}
	if err := wc.Continue(); err != nil {
		t.Fatal(err)
	}
	if got := wc.Attribute("data"); got != `{"1": null, "x": "d"}` {
		t.Errorf("data %s", got)
	}
	if got := yaml.Dumps(handle.Metadata, false); got != `{"1": {"reason": "Signal 1 received", "data": null, "status": "SUCCESS"}, "x": {"status": "SUCCESS", "reason": "ok", "data": "d"}}` {
		t.Errorf("metadata %s", got)
	}
	if err := wc.Update("handle", handle.Reference(), "timeout", int64(60), "count", int64(3)); !errors.Is(err, resourcetest.ErrWaits) {
		t.Errorf("with a greater count: %v", err)
	}
}

func TestWaitConditionFails(t *testing.T) {
	lab := resourcetest.New(t)
	now := time.Now()
	lab.Now = func() time.Time { return now }
	handle := lab.Created(heat.Types, "OS::Heat::WaitConditionHandle", "wh")
	waiting := func(count int64) *resourcetest.Resource {
		wc := lab.Resource(heat.Types, "OS::Heat::WaitCondition", "wc", "handle", handle.Reference(), "timeout", int64(60), "count", count)
		if err := wc.Create(); !errors.Is(err, resourcetest.ErrWaits) {
			t.Fatal(err)
		}
		return wc
	}
	fails := func(wc *resourcetest.Resource, typ, message string) {
		t.Helper()
		err, ok := errors.AsType[*core.Error](wc.Continue())
		if !ok || err.Type != typ || err.Message != message {
			t.Errorf("got %v, want %s: %s", err, typ, message)
		}
	}

	wc := waiting(1)
	now = now.Add(time.Minute)
	fails(wc, "WaitConditionTimeout", "0 of 1 received")

	if _, err := handle.Signal(yaml.MapOf("reason", "first")); err != nil {
		t.Fatal(err)
	}
	wc = waiting(2)
	now = now.Add(time.Minute)
	fails(wc, "WaitConditionTimeout", "1 of 2 received - first")

	wc = waiting(2)
	if _, err := handle.Signal(yaml.MapOf("status", "FAILURE", "reason", "no disk")); err != nil {
		t.Fatal(err)
	}
	fails(wc, "WaitConditionFailure", "no disk")
}

func TestWaitConditionHandle(t *testing.T) {
	lab := resourcetest.New(t)
	handle := lab.Created(heat.Types, "OS::Heat::WaitConditionHandle", "wh")
	for _, body := range []any{yaml.MapOf("status", "MAYBE"), yaml.MapOf("bogus", "x"), []any{"x"}} {
		if _, err := handle.Signal(body); errorText(err) != "Metadata format invalid" {
			t.Errorf("signal %v: %v", body, err)
		}
	}
	endpoint := lab.Signal(handle.Context)
	for name, want := range map[string]any{
		"token":    "token-of-wh",
		"endpoint": endpoint,
		"curl_cli": "curl -i -X POST -H 'X-Auth-Token: token-of-wh' -H 'Content-Type: application/json' -H 'Accept: application/json' " + endpoint,
		"signal":   `null`,
	} {
		if got := handle.Attribute(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	silent := lab.Created(heat.Types, "OS::Heat::WaitConditionHandle", "silent", "signal_transport", "NO_SIGNAL")
	if got := silent.Attribute("curl_cli"); got != nil {
		t.Errorf("NO_SIGNAL shows %v", got)
	}

	other := lab.Created(heat.Types, "OS::Heat::Value", "v", "value", "x")
	wc := lab.Resource(heat.Types, "OS::Heat::WaitCondition", "wc", "handle", other.Reference(), "timeout", int64(1))
	if err := wc.Create(); errorText(err) != "v is not a valid wait condition handle." {
		t.Errorf("got %v", err)
	}
}
