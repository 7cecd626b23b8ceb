package v1

import "hearth/core/policy"

// The personas of Heat's secure role-based access (heat/policies/base.py). A role that
// implies another counts as such even where the identity service does not expand it.
const (
	reader    = "role:reader or role:member or role:admin"
	member    = "role:member or role:admin"
	admin     = "role:admin"
	stackUser = "role:heat_stack_user"
	nobody    = "!"
)

// rules are Heat's, of the operations that there are (heat/policies/*.py).
var rules = []policy.Rule{
	{Name: "stacks:index", Check: reader, Description: "List the stacks of a project."},
	{Name: "stacks:global_index", Check: nobody, Description: "List the stacks of all projects."},
	{Name: "stacks:detail", Check: reader, Description: "List the stacks of a project in detail."},
	{Name: "stacks:create", Check: member, Description: "Create a stack."},
	{Name: "stacks:preview", Check: reader, Description: "Preview a stack."},
	{Name: "stacks:lookup", Check: reader + " or " + stackUser, Description: "Find a stack by its name."},
	{Name: "stacks:show", Check: reader, Description: "Show a stack."},
	{Name: "stacks:template", Check: reader, Description: "Read the template of a stack."},
	{Name: "stacks:environment", Check: reader, Description: "Read the environment of a stack."},
	{Name: "stacks:files", Check: reader, Description: "Read the files of a stack."},
	{Name: "stacks:list_outputs", Check: reader, Description: "List the outputs of a stack."},
	{Name: "stacks:show_output", Check: reader, Description: "Show an output of a stack."},
	{Name: "stacks:update", Check: member, Description: "Replace the template of a stack."},
	{Name: "stacks:update_patch", Check: member, Description: "Change parts of a stack."},
	{Name: "stacks:update_no_change", Check: member, Description: "Update a stack without changing it."},
	{Name: "stacks:preview_update", Check: member, Description: "Preview an update."},
	{Name: "stacks:preview_update_patch", Check: member, Description: "Preview a partial update."},
	{Name: "stacks:delete", Check: member, Description: "Delete a stack."},
	{Name: "stacks:abandon", Check: member, Description: "Abandon a stack."},
	{Name: "stacks:export", Check: member, Description: "Export a stack, its secrets included."},
	{Name: "stacks:snapshot", Check: member, Description: "Take a snapshot of a stack."},
	{Name: "stacks:list_snapshots", Check: reader, Description: "List the snapshots of a stack."},
	{Name: "stacks:show_snapshot", Check: reader, Description: "Show a snapshot."},
	{Name: "stacks:delete_snapshot", Check: member, Description: "Delete a snapshot."},
	{Name: "stacks:restore_snapshot", Check: member, Description: "Restore a stack from a snapshot."},
	{Name: "stacks:validate_template", Check: member, Description: "Validate a template."},
	{Name: "stacks:list_resource_types", Check: reader, Description: "List the resource types."},
	{Name: "stacks:resource_schema", Check: reader, Description: "Show the schema of a resource type."},
	{Name: "stacks:generate_template", Check: member, Description: "Make a template from a resource type."},
	{Name: "stacks:list_template_versions", Check: reader, Description: "List the template versions."},
	{Name: "stacks:list_template_functions", Check: reader, Description: "List the functions of a template version."},

	{Name: "resource:index", Check: reader, Description: "List the resources of a stack."},
	{Name: "resource:show", Check: reader, Description: "Show a resource."},
	{Name: "resource:metadata", Check: reader + " or " + stackUser, Description: "Read the metadata of a resource."},
	{Name: "resource:signal", Check: reader + " or " + stackUser, Description: "Signal a resource."},
	{Name: "resource:mark_unhealthy", Check: member, Description: "Mark a resource as unhealthy."},

	{Name: "events:index", Check: reader, Description: "List the events of a stack or a resource."},
	{Name: "events:show", Check: reader, Description: "Show an event."},

	{Name: "actions:suspend", Check: member, Description: "Suspend a stack."},
	{Name: "actions:resume", Check: member, Description: "Resume a stack."},
	{Name: "actions:check", Check: reader, Description: "Check a stack."},
	{Name: "actions:cancel_update", Check: member, Description: "Cancel an update and roll back."},
	{Name: "actions:cancel_without_rollback", Check: member, Description: "Cancel an update and leave it there."},
	{Name: "actions:retry", Check: member, Description: "Go on with an action that has failed."},

	{Name: "software_configs:index", Check: reader, Description: "List the software configurations of a project."},
	{Name: "software_configs:global_index", Check: nobody, Description: "List the software configurations of all projects."},
	{Name: "software_configs:create", Check: member, Description: "Store a software configuration."},
	{Name: "software_configs:show", Check: reader, Description: "Show a software configuration."},
	{Name: "software_configs:delete", Check: member, Description: "Delete a software configuration."},

	{Name: "software_deployments:index", Check: reader, Description: "List the software deployments of a project."},
	{Name: "software_deployments:create", Check: member, Description: "Deploy a software configuration to a server."},
	{Name: "software_deployments:show", Check: reader, Description: "Show a software deployment."},
	{Name: "software_deployments:update", Check: member, Description: "Change a software deployment."},
	{Name: "software_deployments:delete", Check: member, Description: "Delete a software deployment."},
	{Name: "software_deployments:metadata", Check: reader + " or " + stackUser, Description: "Read the software configurations for a server."},

	{Name: "service:index", Check: admin, Description: "List the engines."},

	{Name: "build_info:build_info", Check: reader, Description: "Show the build."},
}
