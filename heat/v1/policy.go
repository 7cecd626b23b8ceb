package v1

import "hearth/core/policy"

// rules are Heat's, of the operations that there are (heat/policies/*.py).
var rules = []policy.Rule{
	{Name: "stacks:index", Check: policy.Reader, Description: "List the stacks of a project."},
	{Name: "stacks:global_index", Check: policy.Nobody, Description: "List the stacks of all projects."},
	{Name: "stacks:detail", Check: policy.Reader, Description: "List the stacks of a project in detail."},
	{Name: "stacks:create", Check: policy.Member, Description: "Create a stack."},
	{Name: "stacks:preview", Check: policy.Reader, Description: "Preview a stack."},
	{Name: "stacks:lookup", Check: policy.Reader + " or " + policy.StackUser, Description: "Find a stack by its name."},
	{Name: "stacks:show", Check: policy.Reader, Description: "Show a stack."},
	{Name: "stacks:template", Check: policy.Reader, Description: "Read the template of a stack."},
	{Name: "stacks:environment", Check: policy.Reader, Description: "Read the environment of a stack."},
	{Name: "stacks:files", Check: policy.Reader, Description: "Read the files of a stack."},
	{Name: "stacks:list_outputs", Check: policy.Reader, Description: "List the outputs of a stack."},
	{Name: "stacks:show_output", Check: policy.Reader, Description: "Show an output of a stack."},
	{Name: "stacks:update", Check: policy.Member, Description: "Replace the template of a stack."},
	{Name: "stacks:update_patch", Check: policy.Member, Description: "Change parts of a stack."},
	{Name: "stacks:update_no_change", Check: policy.Member, Description: "Update a stack without changing it."},
	{Name: "stacks:preview_update", Check: policy.Member, Description: "Preview an update."},
	{Name: "stacks:preview_update_patch", Check: policy.Member, Description: "Preview a partial update."},
	{Name: "stacks:delete", Check: policy.Member, Description: "Delete a stack."},
	{Name: "stacks:abandon", Check: policy.Member, Description: "Abandon a stack."},
	{Name: "stacks:export", Check: policy.Member, Description: "Export a stack, its secrets included."},
	{Name: "stacks:snapshot", Check: policy.Member, Description: "Take a snapshot of a stack."},
	{Name: "stacks:list_snapshots", Check: policy.Reader, Description: "List the snapshots of a stack."},
	{Name: "stacks:show_snapshot", Check: policy.Reader, Description: "Show a snapshot."},
	{Name: "stacks:delete_snapshot", Check: policy.Member, Description: "Delete a snapshot."},
	{Name: "stacks:restore_snapshot", Check: policy.Member, Description: "Restore a stack from a snapshot."},
	{Name: "stacks:validate_template", Check: policy.Member, Description: "Validate a template."},
	{Name: "stacks:list_resource_types", Check: policy.Reader, Description: "List the resource types."},
	{Name: "stacks:resource_schema", Check: policy.Reader, Description: "Show the schema of a resource type."},
	{Name: "stacks:generate_template", Check: policy.Member, Description: "Make a template from a resource type."},
	{Name: "stacks:list_template_versions", Check: policy.Reader, Description: "List the template versions."},
	{Name: "stacks:list_template_functions", Check: policy.Reader, Description: "List the functions of a template version."},

	{Name: "resource:index", Check: policy.Reader, Description: "List the resources of a stack."},
	{Name: "resource:show", Check: policy.Reader, Description: "Show a resource."},
	{Name: "resource:metadata", Check: policy.Reader + " or " + policy.StackUser, Description: "Read the metadata of a resource."},
	{Name: "resource:signal", Check: policy.Reader + " or " + policy.StackUser, Description: "Signal a resource."},
	{Name: "resource:mark_unhealthy", Check: policy.Member, Description: "Mark a resource as unhealthy."},

	{Name: "events:index", Check: policy.Reader, Description: "List the events of a stack or a resource."},
	{Name: "events:show", Check: policy.Reader, Description: "Show an event."},

	{Name: "actions:action", Check: policy.Member, Description: "Have a stack do something. Heat asks for the rules of the single actions instead."},
	{Name: "actions:snapshot", Check: policy.Member, Description: "Take a snapshot by an action. Heat has no such action."},
	{Name: "actions:suspend", Check: policy.Member, Description: "Suspend a stack."},
	{Name: "actions:resume", Check: policy.Member, Description: "Resume a stack."},
	{Name: "actions:check", Check: policy.Reader, Description: "Check a stack."},
	{Name: "actions:cancel_update", Check: policy.Member, Description: "Cancel an update and roll back."},
	{Name: "actions:cancel_without_rollback", Check: policy.Member, Description: "Cancel an update and leave it there."},
	{Name: "actions:retry", Check: policy.Member, Description: "Go on with an action that has failed."},

	{Name: "software_configs:index", Check: policy.Reader, Description: "List the software configurations of a project."},
	{Name: "software_configs:global_index", Check: policy.Nobody, Description: "List the software configurations of all projects."},
	{Name: "software_configs:create", Check: policy.Member, Description: "Store a software configuration."},
	{Name: "software_configs:show", Check: policy.Reader, Description: "Show a software configuration."},
	{Name: "software_configs:delete", Check: policy.Member, Description: "Delete a software configuration."},

	{Name: "software_deployments:index", Check: policy.Reader, Description: "List the software deployments of a project."},
	{Name: "software_deployments:create", Check: policy.Member, Description: "Deploy a software configuration to a server."},
	{Name: "software_deployments:show", Check: policy.Reader, Description: "Show a software deployment."},
	{Name: "software_deployments:update", Check: policy.Member, Description: "Change a software deployment."},
	{Name: "software_deployments:delete", Check: policy.Member, Description: "Delete a software deployment."},
	{Name: "software_deployments:metadata", Check: policy.Reader + " or " + policy.StackUser, Description: "Read the software configurations for a server."},

	{Name: "service:index", Check: policy.Admin, Description: "List the engines."},

	{Name: "build_info:build_info", Check: policy.Reader, Description: "Show the build."},
}
