package api

import "hearth/core/httpapi"

// templateRoutes are the operations of environment templates.
func (a *API) templateRoutes() {
	templates, services := httpapi.Tag("templates"), []httpapi.Option{httpapi.Tag("template services")}
	const one, servicesOf = "/templates/{env_template_id}", "/templates/{env_template_id}/services"

	register[none, templateList](a, "GET", "/templates", "list_env_templates", "List environment templates", a.listTemplates, templates,
		httpapi.Query(query("is_public", "true: the public ones of all projects; false: those of the project that are not public.", boolean)))
	register[none, echoedTemplate](a, "POST", "/templates", "create_env_template", "Create an environment template", a.createTemplate, templates,
		httpapi.Body[newTemplate](), httpapi.Errors(409))
	register[templateRef, shownTemplate](a, "GET", one, "show_env_template", "Show an environment template", a.showTemplate, templates)
	register[templateRef, echoedTemplate](a, "PUT", one, "update_env_template", "Rename an environment template, or publish it", a.updateTemplate, templates,
		httpapi.Body[templateChange](), httpapi.Errors(409))
	register[templateRef, noResult](a, "DELETE", one, "delete_env_template", "Delete an environment template", a.deleteTemplate, templates)
	register[templateRef, environmentFromTemplate](a, "POST", one+"/create-environment", "create_environment", "Create an environment from a template", a.environmentFromTemplate, templates,
		httpapi.ID("create_environment_from_template"), httpapi.Body[newEnvironment](), httpapi.Errors(409))
	register[templateRef, echoedTemplate](a, "POST", one+"/clone", "clone_env_template", "Copy a public environment template", a.cloneTemplate, templates,
		httpapi.Body[templateClone](), httpapi.Errors(409))

	register[templateRef, []application](a, "GET", servicesOf, "", "List the applications of a template", a.listTemplateServices,
		append(services, httpapi.ID("list_template_services"))...)
	register[templateRef, any](a, "POST", servicesOf, "", "Add an application or several to a template", a.addTemplateServices,
		append(services, httpapi.ID("add_template_services"), httpapi.Body[applications]())...)
	register[templateServicesRef, any](a, "GET", servicesOf+"/{path...}", "", "Show an application of a template, or a part of one", a.showTemplateService,
		append(services, httpapi.ID("show_template_service"))...)
	register[templateServicesRef, any](a, "PUT", servicesOf+"/{path...}", "update_service_env_template", "Replace an application of a template, or set a property of one", a.putTemplateService,
		append(services, httpapi.ID("put_template_service"), httpapi.Body[any]())...)
	register[templateServicesRef, templateRequest](a, "DELETE", servicesOf+"/{path...}", "", "Remove an application of a template, or a part of one", a.deleteTemplateService,
		append(services, httpapi.ID("delete_template_service"))...)
}
