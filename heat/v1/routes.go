package v1

import "hearth/core/httpapi"

// routes lists the operations, in the order of heat/api/openstack/v1/__init__.py.
func (a *API) routes() {
	const (
		name     = "/stacks/{stack_name}"
		stack    = "/stacks/{stack_name}/{stack_id}"
		resource = stack + "/resources/{resource_name}"
	)
	api := a.API

	httpapi.Register(api, "POST", "/validate", "stacks:validate_template", "Validate a template", a.validateTemplate, body, unknown, httpapi.Response[validation](200, "application/json"))
	httpapi.Register(api, "GET", "/resource_types", "stacks:list_resource_types", "List resource types", a.listResourceTypes, types)
	httpapi.Register(api, "GET", "/resource_types/{type_name}", "stacks:resource_schema", "Show the schema of a resource type", a.showResourceType, types, unknown)
	httpapi.Register(api, "GET", "/resource_types/{type_name}/template", "stacks:generate_template", "Make a template from a resource type", a.resourceTypeTemplate, types, unknown, anyObject)
	httpapi.Register(api, "GET", "/template_versions", "stacks:list_template_versions", "List template versions", a.listTemplateVersions, templates)
	httpapi.Register(api, "GET", "/template_versions/{template_version}/functions", "stacks:list_template_functions", "List the functions of a template version", a.listTemplateFunctions, templates, unknown)

	httpapi.Register(api, "GET", "/stacks", "stacks:index", "List stacks", a.listStacks, httpapi.Decides("stacks:global_index"))
	httpapi.Register(api, "POST", "/stacks", "stacks:create", "Create a stack", a.createStack, body, httpapi.Status(201), httpapi.Errors(404, 409), httpapi.Description(aboutCreate))
	httpapi.Register(api, "GET", "/stacks/detail", "stacks:detail", "List stacks in detail", a.detailStacks)
	httpapi.Register(api, "POST", "/stacks/preview", "stacks:preview", "Preview a stack", a.previewStack, body, httpapi.Errors(404, 409))
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		httpapi.Register(api, method, name, "stacks:lookup", "Find a stack by name, id or ARN", a.lookupStack, elsewhere, unknown, httpapi.Description(aboutLookup))
	}
	for _, part := range []string{"resources", "events", "template", "actions", "environment", "files"} {
		httpapi.Register(api, "GET", name+"/"+part, "stacks:lookup", "Find the "+part+" of a stack by its name", a.lookupPart(part), httpapi.ID("stacks_lookup_"+part), elsewhere, unknown)
	}
	for _, part := range []string{"resources", "events", "template", "actions"} {
		httpapi.Register(api, "POST", name+"/"+part, "stacks:lookup", "Find the "+part+" of a stack by its name", a.lookupPart(part), httpapi.ID("stacks_lookup_"+part), elsewhere, unknown)
	}
	httpapi.Register(api, "GET", stack, "stacks:show", "Show a stack", a.showStack, unknown)
	httpapi.Register(api, "GET", stack+"/template", "stacks:template", "Read the template of a stack", a.stackTemplate, unknown, anyObject)
	httpapi.Register(api, "GET", stack+"/environment", "stacks:environment", "Read the environment of a stack", a.stackEnvironment, unknown, httpapi.Response[documentedEnvironment](200, "application/json"))
	httpapi.Register(api, "GET", stack+"/files", "stacks:files", "Read the files of a stack", a.stackFiles, unknown)
	httpapi.Register(api, "PUT", stack, "stacks:update", "Replace the template of a stack", a.updateStack, body, httpapi.Status(202), busy, httpapi.Description(aboutUpdate))
	httpapi.Register(api, "PATCH", stack, "", "Change parts of a stack", a.patchStack, body, httpapi.Status(202), busy, httpapi.ID("stacks_update_patch"), httpapi.Tag("stacks"), httpapi.Decides("stacks:update_patch", "stacks:update_no_change"), httpapi.Description(aboutPatch))
	httpapi.Register(api, "PUT", stack+"/preview", "stacks:preview_update", "Preview an update", a.previewUpdate(forUpdate), body, busy)
	httpapi.Register(api, "PATCH", stack+"/preview", "stacks:preview_update_patch", "Preview a partial update", a.previewUpdate(forPatch), body, busy)
	httpapi.Register(api, "DELETE", stack, "stacks:delete", "Delete a stack", a.deleteStack, unknown, httpapi.Description(aboutDelete))
	httpapi.Register(api, "DELETE", stack+"/abandon", "stacks:abandon", "Forget a stack and leave its objects alone", a.abandonStack, unknown, exportOf)
	httpapi.Register(api, "GET", stack+"/export", "stacks:export", "Export a stack", a.exportStack, unknown, exportOf)
	httpapi.Register(api, "POST", stack+"/snapshots", "stacks:snapshot", "Take a snapshot of a stack", a.createSnapshot, httpapi.Body[snapshotBody](), httpapi.Status(200), busy)
	httpapi.Register(api, "GET", stack+"/snapshots", "stacks:list_snapshots", "List the snapshots of a stack", a.listSnapshots, unknown)
	httpapi.Register(api, "GET", stack+"/snapshots/{snapshot_id}", "stacks:show_snapshot", "Show a snapshot", a.showSnapshot, unknown)
	httpapi.Register(api, "DELETE", stack+"/snapshots/{snapshot_id}", "stacks:delete_snapshot", "Delete a snapshot", a.deleteSnapshot, unknown)
	httpapi.Register(api, "POST", stack+"/snapshots/{snapshot_id}/restore", "stacks:restore_snapshot", "Restore a stack from a snapshot", a.restoreSnapshot, httpapi.Status(202), unknown)
	httpapi.Register(api, "GET", stack+"/outputs", "stacks:list_outputs", "List the outputs of a stack", a.listOutputs, unknown)
	httpapi.Register(api, "GET", stack+"/outputs/{output_key}", "stacks:show_output", "Show an output of a stack", a.showOutput, unknown)

	httpapi.Register(api, "GET", stack+"/resources", "resource:index", "List the resources of a stack", a.listResources, unknown)
	httpapi.Register(api, "GET", resource, "resource:show", "Show a resource", a.showResource, unknown)
	httpapi.Register(api, "GET", resource+"/metadata", "resource:metadata", "Read the metadata of a resource", a.resourceMetadata, unknown)
	httpapi.Register(api, "POST", resource+"/signal", "resource:signal", "Signal a resource", a.signalResource, httpapi.Body[signalBody]("application/json", "application/x-www-form-urlencoded"), httpapi.Status(200), unknown, httpapi.BodyIsOptional(), httpapi.Security(httpapi.TokenScheme, signatureScheme), httpapi.AlsoBy("PUT", signatureScheme), httpapi.Description(aboutSignal))
	httpapi.Register(api, "PATCH", resource, "resource:mark_unhealthy", "Mark a resource as unhealthy, or well", a.markResource, httpapi.Body[unhealthyBody](), busy)

	httpapi.Register(api, "GET", stack+"/events", "events:index", "List the events of a stack", a.listEvents, unknown)
	httpapi.Register(api, "GET", resource+"/events", "events:index", "List the events of a resource", a.listResourceEvents, httpapi.ID("events_index_resource"), unknown)
	httpapi.Register(api, "GET", resource+"/events/{event_id}", "events:show", "Show an event", a.showEvent, unknown)

	httpapi.Register(api, "POST", stack+"/actions", "", "Suspend, resume or check a stack, or cancel its update", a.actOnStack, httpapi.Body[actionBody](), httpapi.ID("actions_action"), httpapi.Tag("actions"), httpapi.Decides(actionRules()...), busy, httpapi.Description(aboutAction))

	httpapi.Register(api, "GET", "/build_info", "build_info:build_info", "Show the build", a.buildInfo)

	httpapi.Register(api, "GET", "/software_configs", "software_configs:index", "List software configurations", a.listConfigs, unknown, httpapi.Decides("software_configs:global_index"))
	httpapi.Register(api, "POST", "/software_configs", "software_configs:create", "Store a software configuration", a.createConfig, httpapi.Body[configBody]())
	httpapi.Register(api, "GET", "/software_configs/{config_id}", "software_configs:show", "Show a software configuration", a.showConfig, unknown)
	httpapi.Register(api, "DELETE", "/software_configs/{config_id}", "software_configs:delete", "Delete a software configuration", a.deleteConfig, unknown)

	httpapi.Register(api, "GET", "/software_deployments", "software_deployments:index", "List software deployments", a.listDeployments)
	httpapi.Register(api, "GET", "/software_deployments/metadata/{server_id}", "software_deployments:metadata", "Read the software configurations for a server", a.deploymentMetadata)
	httpapi.Register(api, "POST", "/software_deployments", "software_deployments:create", "Deploy a software configuration to a server", a.createDeployment, httpapi.Body[deploymentBody]())
	httpapi.Register(api, "GET", "/software_deployments/{deployment_id}", "software_deployments:show", "Show a software deployment", a.showDeployment, unknown)
	httpapi.Register(api, "PUT", "/software_deployments/{deployment_id}", "software_deployments:update", "Change a software deployment", a.updateDeployment, httpapi.Body[deploymentChange](), unknown)
	httpapi.Register(api, "DELETE", "/software_deployments/{deployment_id}", "software_deployments:delete", "Delete a software deployment", a.deleteDeployment, unknown)

	httpapi.Register(api, "GET", "/services", "service:index", "List the engines", a.listServices, httpapi.Errors(503), httpapi.Sole())
}

// Options that several operations share.
var (
	body      = httpapi.Body[stackRequest]()
	unknown   = httpapi.Errors(404)
	busy      = httpapi.Errors(404, 409)
	elsewhere = httpapi.Status(302)
	types     = httpapi.Tag("resource types")
	templates = httpapi.Tag("template versions")
	exportOf  = httpapi.Response[exportedStack](200, "application/json")
	anyObject = httpapi.Response[map[string]any](200, "application/json")
)
