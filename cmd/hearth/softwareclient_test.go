package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const deployedTemplate = `heat_template_version: 2021-04-16
resources:
  config:
    type: OS::Heat::SoftwareConfig
    properties: {group: script, config: "echo $who", inputs: [{name: who}], outputs: [{name: result}]}
  server: {type: OS::Heat::DeployedServer}
  deployment:
    type: OS::Heat::SoftwareDeployment
    properties: {config: {get_resource: config}, server: {get_resource: server}, input_values: {who: world}}
outputs:
  server: {value: {get_resource: server}}
  result: {value: {get_attr: [deployment, result]}}
`

// Software configs and deployments with the commands that there are for them.
func TestSoftwareClient(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	script := filepath.Join(s.dir, "script.sh")
	definition := filepath.Join(s.dir, "definition.yaml")
	writeText(t, script, "#!/bin/sh\necho $who\n")
	writeText(t, definition, "inputs: [{name: who, default: nobody}]\noutputs: [{name: result}]\n")

	c := s.show("software", "config", "create", "--config-file", script, "--definition-file", definition, "--group", "script", "hello")
	id, _ := c["id"].(string)
	if names := column(s.list("software", "config", "list"), "name"); !slices.Equal(names, []string{"hello"}) {
		t.Error(names)
	}
	if text := s.openstack("software", "config", "show", "--config-only", id); !strings.Contains(text, "echo $who") {
		t.Error(text)
	}
	server := "3f1d8a32-7a6e-4f6b-9a39-0c5d8b1f6a11"
	d := s.show("software", "deployment", "create", "--config", id, "--server", server, "--signal-transport", "NO_SIGNAL", "--input-value", "who=me", "first")
	deployed, _ := d["id"].(string)
	if d["status"] != "IN_PROGRESS" || d["server_id"] != server {
		t.Errorf("%v", d)
	}
	if list := s.list("software", "deployment", "list", "--server", server); len(list) != 1 || list[0]["id"] != deployed {
		t.Errorf("%v", list)
	}
	if d := s.show("software", "deployment", "show", deployed); d["action"] != "UPDATE" { // what the client says of any
		t.Errorf("%v", d)
	}
	if text := s.openstack("software", "deployment", "metadata", "show", server); !strings.Contains(text, `"value": "me"`) {
		t.Error(text)
	}
	s.openstack("software", "deployment", "delete", deployed)
	if list := s.list("software", "deployment", "list"); len(list) != 0 {
		t.Errorf("%v", list)
	}
	s.openstack("software", "config", "delete", id)
	if list := s.list("software", "config", "list"); len(list) != 0 {
		t.Errorf("%v", list)
	}
}

// A stack waits for what software in a server reports to the address that it was given.
func TestSoftwareDeploymentClient(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	template := filepath.Join(s.dir, "deployed.yaml")
	writeText(t, template, deployedTemplate)
	s.openstack("stack", "create", "-t", template, "sw")
	var inputs map[string]any
	for deadline := time.Now().Add(time.Minute); inputs == nil; {
		if time.Now().After(deadline) {
			t.Fatal("nothing is deployed")
		}
		r := s.show("stack", "resource", "show", "sw", "server")
		metadata := s.openstack("software", "deployment", "metadata", "show", r["physical_resource_id"].(string))
		if strings.Contains(metadata, "deploy_signal_id") {
			inputs = map[string]any{}
			for _, c := range decode[[]map[string]any](t, metadata) {
				for _, in := range c["inputs"].([]any) {
					inputs[in.(map[string]any)["name"].(string)] = in.(map[string]any)["value"]
				}
			}
		}
	}
	if inputs["who"] != "world" || inputs["deploy_action"] != "CREATE" {
		t.Errorf("%v", inputs)
	}
	post(t, inputs["deploy_signal_id"].(string), `{"deploy_stdout": "world", "deploy_status_code": 0, "result": "fine"}`)
	for deadline := time.Now().Add(time.Minute); ; {
		status := s.show("stack", "show", "sw")["stack_status"]
		if status == "CREATE_COMPLETE" {
			break
		}
		if status != "CREATE_IN_PROGRESS" || time.Now().After(deadline) {
			t.Fatal(status)
		}
	}
	if o := s.show("stack", "output", "show", "sw", "result"); o["output_value"] != "fine" {
		t.Errorf("%v", o)
	}
	if d := s.list("software", "deployment", "list"); len(d) != 1 || d[0]["status"] != "COMPLETE" {
		t.Errorf("%v", d)
	}
	s.openstack("stack", "delete", "--yes", "--wait", "sw")
	if left := s.list("software", "config", "list"); len(left) != 0 {
		t.Errorf("%v", left)
	}
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// post sends what curl -X POST --data does.
func post(t *testing.T, address, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status)
	}
}
