package main

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/orchestration/v1/stackevents"
	"github.com/gophercloud/gophercloud/v2/openstack/orchestration/v1/stackresources"
	"github.com/gophercloud/gophercloud/v2/openstack/orchestration/v1/stacks"
	"github.com/gophercloud/gophercloud/v2/openstack/orchestration/v1/stacktemplates"
)

// gophercloud's client, found through the catalogue, takes a stack through its life.
func TestGophercloud(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	ctx := t.Context()
	heat := s.gophercloud()
	template := func(value string) *stacks.Template {
		return &stacks.Template{TE: stacks.TE{Bin: []byte("heat_template_version: 2018-08-31\nresources:\n  t: {type: OS::Heat::TestResource, properties: {value: " + value + "}}\n" +
			"outputs:\n  o: {value: {get_attr: [t, output]}}\n")}}
	}
	made, err := stacks.Create(ctx, heat, stacks.CreateOpts{Name: "gopher", TemplateOpts: template("one"), Tags: []string{"go"}}).Extract()
	if err != nil {
		t.Fatal(err)
	}
	reach := func(status string) *stacks.RetrievedStack {
		t.Helper()
		s.awaitStack("/stacks/gopher/"+made.ID, status)
		got, err := stacks.Get(ctx, heat, "gopher", made.ID).Extract()
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	expect := func(got *stacks.RetrievedStack, value string) {
		t.Helper()
		if len(got.Outputs) != 1 || got.Outputs[0]["output_value"] != value || !slices.Equal(got.Tags, []string{"go"}) || got.CreationTime.IsZero() {
			t.Errorf("%+v", got)
		}
	}
	expect(reach("CREATE_COMPLETE"), "one")

	pages, err := stacks.List(heat, stacks.ListOpts{Tags: "go"}).AllPages(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if list, err := stacks.ExtractStacks(pages); err != nil || len(list) != 1 || list[0].ID != made.ID {
		t.Error(list, err)
	}
	if err := stacks.UpdatePatch(ctx, heat, "gopher", made.ID, stacks.UpdateOpts{TemplateOpts: template("two")}).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	expect(reach("UPDATE_COMPLETE"), "two")

	resource, err := stackresources.Get(ctx, heat, "gopher", made.ID, "t").Extract()
	if err != nil || resource.Type != "OS::Heat::TestResource" || resource.Status != "UPDATE_COMPLETE" {
		t.Error(resource, err)
	}
	if n := count(ctx, t, heat, made.ID); n < 8 { // the stack's and the resource's, of both actions
		t.Errorf("%d events", n)
	}
	if body, err := stacktemplates.Get(ctx, heat, "gopher", made.ID).Extract(); err != nil || len(body) == 0 {
		t.Error(string(body), err)
	}
	if err := stacks.Delete(ctx, heat, "gopher", made.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	s.awaitStack("/stacks/gopher/"+made.ID, "DELETE_COMPLETE")
	if _, err := stacks.Get(ctx, heat, "gopher", "").Extract(); err == nil {
		t.Error("the stack is still found by its name")
	}
}

// What Terraform's provider calls and reads for openstack_orchestration_stack_v1
// (resource_openstack_orchestration_stack_v1.go): it finds a stack by its id alone, which is a
// redirect, updates it by PUT with every option, and takes 404 for its end.
func TestTerraformStack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	ctx := t.Context()
	heat := s.gophercloud()
	bin := []byte("heat_template_version: 2018-08-31\ndescription: of a plan\nparameters: {size: {type: number, default: 1}, name: {type: string, default: a}}\n" +
		"resources:\n  t: {type: OS::Heat::TestResource, properties: {value: {get_param: name}}}\noutputs:\n  o: {description: What it is., value: {get_attr: [t, output]}}\n")
	environment := &stacks.Environment{TE: stacks.TE{Bin: []byte("parameters: {name: b}\n")}}
	keep := false
	made, err := stacks.Create(ctx, heat, &stacks.CreateOpts{Name: "plan", TemplateOpts: &stacks.Template{TE: stacks.TE{Bin: bin}}, DisableRollback: &keep,
		EnvironmentOpts: environment, Parameters: map[string]any{"size": 2}, Tags: []string{"x", "y"}, Timeout: 7}).Extract()
	if err != nil {
		t.Fatal(err)
	}
	read := func() *stacks.RetrievedStack {
		t.Helper()
		got, err := stacks.Find(ctx, heat, made.ID).Extract()
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	s.awaitStack("/stacks/plan/"+made.ID, "CREATE_COMPLETE")
	got := read()
	if got.Name != "plan" || got.Description != "of a plan" || got.TemplateDescription != "of a plan" || got.DisableRollback || got.Timeout != 7 ||
		got.Status != "CREATE_COMPLETE" || got.StatusReason == "" || !slices.Equal(got.Tags, []string{"x", "y"}) || got.Capabilities == nil || got.NotificationTopics == nil {
		t.Errorf("%+v", got)
	}
	if p := got.Parameters; p["size"] != "2" || p["name"] != "b" || p["OS::stack_id"] != made.ID || p["OS::stack_name"] != "plan" || p["OS::project_id"] == "" {
		t.Errorf("%v", p)
	}
	if o := got.Outputs; len(o) != 1 || o[0]["output_key"] != "o" || o[0]["output_value"] != "b" || o[0]["description"] != "What it is." {
		t.Errorf("%v", o)
	}
	err = stacks.Update(ctx, heat, read().Name, made.ID, &stacks.UpdateOpts{TemplateOpts: &stacks.Template{TE: stacks.TE{Bin: bin}}, EnvironmentOpts: environment,
		Parameters: map[string]any{"name": "c"}, Tags: []string{"z"}, Timeout: 8}).ExtractErr()
	if err != nil {
		t.Fatal(err)
	}
	s.awaitStack("/stacks/plan/"+made.ID, "UPDATE_COMPLETE")
	if got := read(); got.Outputs[0]["output_value"] != "c" || got.Parameters["size"] != "1" || got.Timeout != 8 || !slices.Equal(got.Tags, []string{"z"}) || got.UpdatedTime.IsZero() {
		t.Errorf("%+v", got)
	}
	if err := stacks.Delete(ctx, heat, "plan", made.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	s.eventually("deleted", func() error { // found by its id while it is known, like Heat: the provider takes either
		got, err := stacks.Find(ctx, heat, made.ID).Extract()
		if gophercloud.ResponseCodeIs(err, http.StatusNotFound) {
			return nil
		}
		if err == nil && got.Status != "DELETE_COMPLETE" {
			err = errors.New(got.Status)
		}
		return err
	})
	if _, err := stacks.Find(ctx, heat, "plan").Extract(); !gophercloud.ResponseCodeIs(err, http.StatusNotFound) {
		t.Error(err)
	}
}

// gophercloud is a client of Heat that has logged in.
func (s *site) gophercloud() *gophercloud.ServiceClient {
	s.t.Helper()
	provider, err := openstack.AuthenticatedClient(s.t.Context(), gophercloud.AuthOptions{IdentityEndpoint: s.env["OS_AUTH_URL"], Username: s.env["OS_USERNAME"],
		Password: s.env["OS_PASSWORD"], TenantName: s.env["OS_PROJECT_NAME"], DomainName: "Default"})
	if err != nil {
		s.t.Fatal(err)
	}
	heat, err := openstack.NewOrchestrationV1(provider, gophercloud.EndpointOpts{Region: s.env["OS_REGION_NAME"]})
	if err != nil {
		s.t.Fatal(err)
	}
	return heat
}

// count is how many events gophercloud finds.
func count(ctx context.Context, t *testing.T, heat *gophercloud.ServiceClient, id string) int {
	t.Helper()
	pages, err := stackevents.List(heat, "gopher", id, nil).AllPages(ctx)
	if err != nil {
		t.Fatal(err)
	}
	events, err := stackevents.ExtractEvents(pages)
	if err != nil {
		t.Fatal(err)
	}
	return len(events)
}
