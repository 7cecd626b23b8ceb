package api

import "hearth/core/policy"

// Policies are Murano's rules (murano/common/policies/). An empty check lets everybody in.
var Policies = []policy.Rule{
	{Name: "context_is_admin", Check: "role:admin", Description: "Who is an administrator."},
	{Name: "admin_api", Check: "rule:context_is_admin", Description: "What only administrators may do."},
	{Name: "default", Check: "", Description: "What every user of a project may do."},

	{Name: "list_environments_all_tenants", Check: "rule:admin_api", Description: "List the environments of other projects."},
	{Name: "list_environments", Check: "rule:default", Description: "List environments."},
	{Name: "show_environment", Check: "rule:default", Description: "Show an environment or its model."},
	{Name: "update_environment", Check: "rule:default", Description: "Rename an environment or change its model."},
	{Name: "create_environment", Check: "rule:default", Description: "Create an environment."},
	{Name: "delete_environment", Check: "rule:default", Description: "Delete an environment."},

	{Name: "list_deployments", Check: "rule:default", Description: "List the deployments of an environment."},
	{Name: "list_deployments_all_environments", Check: "rule:default", Description: "List the deployments of all environments."},
	{Name: "statuses_deployments", Check: "rule:default", Description: "Show the reports of a deployment."},

	{Name: "execute_action", Check: "rule:default", Description: "Run an action, or a static method of a class, and see its result."},
	{Name: "get_schema", Check: "rule:default", Description: "Show the schemas of classes and methods."},

	{Name: "get_package", Check: "rule:default", Description: "Show a package or search for packages."},
	{Name: "upload_package", Check: "rule:default", Description: "Upload a package."},
	{Name: "modify_package", Check: "rule:default", Description: "Change a package."},
	{Name: "publicize_package", Check: "rule:admin_api", Description: "Make a package public."},
	{Name: "manage_public_package", Check: "rule:default", Description: "Change or delete a public package."},
	{Name: "delete_package", Check: "rule:default", Description: "Delete a package."},
	{Name: "download_package", Check: "rule:default", Description: "Download a package."},

	{Name: "list_env_templates", Check: "rule:default", Description: "List environment templates."},
	{Name: "create_env_template", Check: "rule:default", Description: "Create an environment template."},
	{Name: "show_env_template", Check: "rule:default", Description: "Show an environment template."},
	{Name: "update_env_template", Check: "rule:default", Description: "Rename an environment template, or publish it."},
	{Name: "delete_env_template", Check: "rule:default", Description: "Delete an environment template."},
	{Name: "clone_env_template", Check: "rule:default", Description: "Copy a public environment template."},
	{Name: "update_service_env_template", Check: "rule:default", Description: "Change an application of an environment template."},

	{Name: "get_statistics", Check: "rule:default", Description: "Show the statistics of an environment's instances."},
	{Name: "get_instance_statistics", Check: "rule:default", Description: "Show the statistics of one instance."},
	{Name: "get_aggregated_statistics", Check: "rule:default", Description: "Show the sums of an environment's statistics."},
	{Name: "get_request_statistics", Check: "rule:admin_api", Description: "Show what the API counts of its requests."},

	{Name: "get_category", Check: "rule:default", Description: "Show or list categories."},
	{Name: "add_category", Check: "rule:admin_api", Description: "Create a category."},
	{Name: "delete_category", Check: "rule:admin_api", Description: "Delete a category."},
}
