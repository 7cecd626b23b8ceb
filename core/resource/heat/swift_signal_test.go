package heat_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/containers"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/heat"
	"hearth/core/resource/resourcetest"
	"hearth/core/store/storetest"
)

// curl puts a signal as software in a server would: with nothing but the address.
func curl(t *testing.T, url, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusCreated {
		t.Fatalf("PUT %s: %s", url, res.Status)
	}
}

func containerGone(t *testing.T, client *cloud.Client, name string) {
	t.Helper()
	sc, err := client.ObjectStore()
	if err != nil {
		t.Fatal(err)
	}
	if err := containers.Get(t.Context(), sc, name, nil).Err; !cloud.NotFound(err) {
		t.Errorf("the container is there: %v", err)
	}
}

func TestSwiftSignal(t *testing.T) {
	const timeout = 60
	for _, x := range []struct {
		name    string
		signals []string
		late    time.Duration // how long after the start the signals are looked at
		data    any           // "" when it fails
		failure string
	}{
		{"two", []string{"", `{"id": "b", "data": {"z": 1, "a": [2]}}`}, 0, `{"1": null, "b": {"z": 1, "a": [2]}}`, ""},
		{"the last of an id counts", []string{`{"id": 7, "data": 1}`, `{"id": 7, "data": 2}`, `{"data": 3}`}, 0, `{"7": 2, "3": 3}`, ""},
		{"failure", []string{`{"status": "FAILURE", "reason": "no disk"}`, `{}`, `{"status": "FAILURE"}`}, 0, "", "SwiftSignalFailure: no disk;Signal 3 received"},
		{"nothing", nil, timeout * time.Second, "", "SwiftSignalTimeout: 0 of 2 received"},
		{"one", []string{`{"reason": "first"}`}, timeout * time.Second, "", "SwiftSignalTimeout: 1 of 2 received - first"},
		{"status", []string{`{"status": "MAYBE"}`}, 0, "", "Error: Unknown status: MAYBE"},
		{"no JSON", []string{`{"status": SUCC`}, 0, "", `Error: Failed to parse JSON data: {"status": SUCC`},
		{"no map", []string{`[1]`}, 0, "", "Error: Failed to parse JSON data: [1]"},
	} {
		t.Run(x.name, func(t *testing.T) {
			lab := resourcetest.New(t)
			now := time.Now()
			lab.Now = func() time.Time { return now }
			handle := lab.Created(heat.Types, "OS::Heat::SwiftSignalHandle", "h")
			url, _ := handle.Reference().(string)
			for _, s := range x.signals {
				curl(t, url, s)
			}
			r := lab.Resource(heat.Types, "OS::Heat::SwiftSignal", "s", "handle", url, "timeout", int64(timeout), "count", int64(2))
			now = now.Add(-x.late)
			r.Started = now
			now = now.Add(x.late)
			if err := r.Behaviour.Create(t.Context(), r.Context); err != nil {
				t.Fatal(err)
			}
			r.Action = core.Create
			err := r.Continue()
			if got := typed(err); got != x.failure {
				t.Fatalf("got %q, want %q", got, x.failure)
			}
			if err == nil && r.Attribute("data") != x.data {
				t.Errorf("data %s, want %s", r.Attribute("data"), x.data)
			}
			if err := handle.Delete(); err != nil {
				t.Fatal(err)
			}
			containerGone(t, lab.Client, handle.Stack.ID)
			if err == nil && r.Attribute("data") != "null" {
				t.Errorf("without the container data are %s", r.Attribute("data"))
			}
		})
	}
}

// typed is an error as a stack's reason has it: "Type: message".
func typed(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*core.Error](err); ok {
		return e.Type + ": " + e.Message
	}
	return err.Error()
}

func TestSwiftSignalHandle(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(heat.Types, "OS::Heat::SwiftSignalHandle", "h")
	url, _ := r.Reference().(string)
	address := lab.URL + "/v1/AUTH_" + lab.Client.ProjectID() + "/" + r.Stack.ID + "/" + r.PhysicalName(0) + "?temp_url_sig="
	if r.PhysicalID != r.PhysicalName(0) || !strings.HasPrefix(url, address) || !strings.HasSuffix(url, "&temp_url_expires=2147483587") {
		t.Error(r.PhysicalID, url)
	}
	for name, want := range map[string]any{"token": "", "endpoint": url, "curl_cli": "curl -i -X PUT '" + url + "'"} {
		if got := r.Attribute(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	r.Restart()
	if found, err := r.Find(); !found || err != nil || r.Reference() != url {
		t.Errorf("%v %v %v", found, err, r.Reference())
	}
	other := lab.Created(heat.Types, "OS::Heat::SwiftSignalHandle", "other")
	if err := r.Delete(); err != nil { // the other's object keeps the container
		t.Fatal(err)
	}
	if err := other.Delete(); err != nil {
		t.Fatal(err)
	}
	containerGone(t, lab.Client, r.Stack.ID)
}

func TestSwiftSignalRefusesHandles(t *testing.T) {
	lab := resourcetest.New(t)
	account := "/v1/AUTH_" + lab.Client.ProjectID()
	for path, part := range map[string]string{
		account + "/c":         "Swift TempURL path",
		account + "/c//":       "Swift TempURL path",
		"/v2" + account[3:]:    "Swift TempURL path",
		"/v1/AUTH_x/c/o":       "Swift TempURL path",
		account + "/other/o":   "container name",
		"not an address at 5%": "Swift TempURL path",
	} {
		handle := "http://swift.example" + path + "?temp_url_sig=s"
		if !strings.HasPrefix(path, "/") {
			handle = path
		}
		err := lab.Resource(heat.Types, "OS::Heat::SwiftSignal", "s", "handle", handle, "timeout", int64(1)).Create()
		if want := `ValueError: "` + path + `" is not a valid SwiftSignalHandle.  The ` + part + ` is invalid`; typed(err) != want {
			t.Errorf("got %q, want %q", typed(err), want)
		}
	}
}

func TestWaitConditionBySwift(t *testing.T) {
	lab := resourcetest.New(t)
	handle := lab.Created(heat.Types, "OS::Heat::WaitConditionHandle", "wh", "signal_transport", "TEMP_URL_SIGNAL")
	signal, _ := handle.Attribute("signal").(string)
	url := strings.TrimSuffix(strings.TrimPrefix(signal, `{"alarm_url": "`), `"}`)
	if handle.Attribute("token") != nil || handle.Attribute("curl_cli") != nil {
		t.Error("a handle in the object store has a token")
	}
	curl(t, url, `{"data": "one"}`)
	curl(t, url, `{"id": "x", "data": "two"}`)
	wc := lab.Created(heat.Types, "OS::Heat::WaitCondition", "wc", "handle", handle.Reference(), "timeout", int64(60), "count", int64(2))
	if got := wc.Attribute("data"); got != `{"1": "one", "x": "two"}` {
		t.Errorf("data %s", got)
	}
	curl(t, url, `{"status": "FAILURE", "reason": "no disk"}`)
	err := wc.Update("handle", handle.Reference(), "timeout", int64(60), "count", int64(3))
	if typed(err) != "WaitConditionFailure: no disk" {
		t.Error(err)
	}
	if err := handle.Delete(); err != nil {
		t.Fatal(err)
	}
	containerGone(t, lab.Client, handle.Stack.ID)

	silent := lab.Created(heat.Types, "OS::Heat::WaitConditionHandle", "silent", "signal_transport", "NO_SIGNAL")
	quick := lab.Created(heat.Types, "OS::Heat::WaitCondition", "quick", "handle", silent.Reference(), "timeout", int64(60), "count", int64(2))
	if got := quick.Attribute("data"); got != `{"1": null, "2": null}` {
		t.Errorf("data %s", got)
	}
}

const swiftSignalStack = `
heat_template_version: 2016-10-14
resources:
  handle: {type: OS::Heat::SwiftSignalHandle}
  signal:
    type: OS::Heat::SwiftSignal
    properties: {handle: {get_resource: handle}, timeout: 60, count: 2}
outputs:
  data: {value: {get_attr: [signal, data]}}
`

// A stack waits until two signals have been put where its handle says.
func TestSwiftSignalStack(t *testing.T) {
	cloudLab := resourcetest.New(t)
	caller, err := cloudLab.Cloud.Authenticate(t.Context(), cloudLab.Token("demo"))
	if err != nil {
		t.Fatal(err)
	}
	lab := enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), enginetest.Types(t, heat.Types), caller, enginetest.WithCloud(cloudLab.Cloud))
	s, err := lab.Engine.Create(t.Context(), caller, lab.Request("waits", swiftSignalStack))
	if err != nil {
		t.Fatal(err)
	}
	url := endpointOf(t, lab, s.ID)
	curl(t, url, `{"id": "first", "data": "hello"}`)
	curl(t, url, `{"id": "second"}`)
	s = lab.Wait(s.ID)
	lab.Expect(s, "CREATE_COMPLETE")
	if got := lab.Output(s, "data"); got != `"{\"first\": \"hello\", \"second\": null}"` {
		t.Error(got)
	}
	lab.Expect(lab.Delete(s), "DELETE_COMPLETE")
	containerGone(t, cloudLab.Client, s.ID)
}

// endpointOf waits until the stack's handle has an address.
func endpointOf(t *testing.T, lab *enginetest.Lab, stackID string) string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		v, err := lab.Engine.Resource(t.Context(), lab.Caller, engine.StackRef{ID: stackID}, "handle", []string{"endpoint"})
		if err != nil {
			t.Fatal(err)
		}
		if url, _ := v.Attributes.Get("endpoint"); url != nil {
			return url.(string)
		}
	}
	t.Fatal("the handle has no address")
	return ""
}
