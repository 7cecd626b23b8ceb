package main

import (
	"context"
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
	provider, err := openstack.AuthenticatedClient(ctx, gophercloud.AuthOptions{IdentityEndpoint: s.env["OS_AUTH_URL"], Username: s.env["OS_USERNAME"],
		Password: s.env["OS_PASSWORD"], TenantName: s.env["OS_PROJECT_NAME"], DomainName: "Default"})
	if err != nil {
		t.Fatal(err)
	}
	heat, err := openstack.NewOrchestrationV1(provider, gophercloud.EndpointOpts{Region: s.env["OS_REGION_NAME"]})
	if err != nil {
		t.Fatal(err)
	}
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
