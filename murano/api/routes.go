package api

import "hearth/core/httpapi"

// routes is every operation of the API (murano/api/v1/router.py).
func (a *API) routes() {
	body := httpapi.Body[any]()
	services := []httpapi.Option{httpapi.Tag("services")}

	register[none, environmentList](a, "GET", "/environments", "", "List environments", a.listEnvironments,
		httpapi.ID("list_environments"), httpapi.Decides("list_environments", "list_environments_all_tenants"),
		httpapi.Query(query("all_tenants", "List those of all projects.", boolean), query("tenant", "The project to list those of; needs the same rule.", text)))
	register[none, echoedEnvironment](a, "POST", "/environments", "create_environment", "Create an environment", a.createEnvironment,
		httpapi.Body[newEnvironment](), httpapi.Errors(409))
	register[environmentRef, shownEnvironment](a, "GET", "/environments/{environment_id}", "show_environment", "Show an environment", a.showEnvironment, inSession(false))
	register[environmentRef, EnvironmentBody](a, "PUT", "/environments/{environment_id}", "update_environment", "Rename an environment", a.renameEnvironment,
		httpapi.Body[environmentName](), httpapi.Errors(404, 409))
	register[environmentRef, noResult](a, "DELETE", "/environments/{environment_id}", "delete_environment", "Delete an environment, or with abandon=true forget it", a.deleteEnvironment,
		httpapi.Query(query("abandon", "Forget the environment, and leave what its applications made.", boolean)))
	register[environmentRef, lastStatusList](a, "GET", "/environments/{environment_id}/lastStatus", "", "Show the newest report about each service", a.showLastStatus,
		httpapi.ID("last_status"), inSession(false))
	register[environmentRef, any](a, "GET", "/environments/{environment_id}/model", "show_environment", "Show the object model", a.showWholeModel,
		httpapi.ID("show_model"), httpapi.Tag("model"), inSession(false))
	register[modelRef, any](a, "GET", "/environments/{environment_id}/model/{path...}", "show_environment", "Show a part of the object model", a.showModel,
		httpapi.ID("show_model_part"), httpapi.Tag("model"), inSession(false))
	register[environmentRef, any](a, "PATCH", "/environments/{environment_id}/model", "update_environment", "Change the object model of a session", a.patchModel,
		httpapi.ID("patch_model"), httpapi.Tag("model"), inSession(true), httpapi.Body[[]packageChange](typeModelPatch))

	register[environmentRef, sessionBody](a, "POST", "/environments/{environment_id}/configure", "", "Open a session", a.openSession, httpapi.ID("open_session"), httpapi.Tag("sessions"))
	register[sessionRef, sessionBody](a, "GET", "/environments/{environment_id}/sessions/{session_id}", "", "Show a session", a.showSession, httpapi.ID("show_session"), httpapi.Tag("sessions"), httpapi.Errors(401))
	register[sessionRef, noResult](a, "DELETE", "/environments/{environment_id}/sessions/{session_id}", "", "Drop a session", a.deleteSession, httpapi.ID("delete_session"), httpapi.Tag("sessions"), httpapi.Errors(401))
	register[sessionRef, noResult](a, "POST", "/environments/{environment_id}/sessions/{session_id}/deploy", "", "Deploy a session", a.deploySession,
		httpapi.ID("deploy_session"), httpapi.Tag("sessions"))

	register[environmentRef, []application](a, "GET", "/environments/{environment_id}/services", "", "List the applications", all(a.getServices), append(services, httpapi.ID("list_services"), inSession(false), httpapi.MayBeEmpty())...)
	register[environmentRef, any](a, "POST", "/environments/{environment_id}/services", "", "Add an application or several", all(a.addServices), append(services, httpapi.ID("add_services"), inSession(true), httpapi.Body[applications]())...)
	register[environmentRef, any](a, "PUT", "/environments/{environment_id}/services", "", "Replace the applications", all(a.putServices), append(services, httpapi.ID("replace_services"), inSession(true), httpapi.Body[[]application](), httpapi.BodyIsOptional())...)
	register[environmentRef, noResult](a, "DELETE", "/environments/{environment_id}/services", "", "Remove all applications", all(a.deleteServices), append(services, httpapi.ID("delete_services"), inSession(true))...)
	register[servicesRef, any](a, "GET", "/environments/{environment_id}/services/{path...}", "", "Show an application or a part of one", a.getServices, append(services, httpapi.ID("show_service"), inSession(false))...)
	register[servicesRef, any](a, "POST", "/environments/{environment_id}/services/{path...}", "", "Change nothing, and give back the body", a.addServices, append(services, httpapi.ID("echo_service"), inSession(true), body)...)
	register[servicesRef, any](a, "PUT", "/environments/{environment_id}/services/{path...}", "", "Set a property of an application", a.putServices, append(services, httpapi.ID("put_service"), inSession(true), body, httpapi.BodyIsOptional())...)
	register[servicesRef, noResult](a, "DELETE", "/environments/{environment_id}/services/{path...}", "", "Remove an application or a part of one", a.deleteServices, append(services, httpapi.ID("delete_service"), inSession(true))...)

	register[environmentRef, deploymentList](a, "GET", "/environments/{environment_id}/deployments", "list_deployments", "List the deployments of an environment", a.listDeployments, httpapi.Tag("deployments"))
	register[deploymentRef, reportList](a, "GET", "/environments/{environment_id}/deployments/{deployment_id}", "statuses_deployments", "Show the reports of a deployment", a.showReports, httpapi.Tag("deployments"),
		httpapi.Query(query("service_id", "Those about a service and what is in it.", list(text))))
	register[none, deploymentList](a, "GET", "/deployments", "list_deployments_all_environments", "List the deployments of all environments", a.listAllDeployments)

	register[none, packageList](a, "GET", "/catalog/packages", "get_package", "Search for packages", a.searchPackages, httpapi.ID("search_packages"), httpapi.Tag("packages"), httpapi.Query(packageSearch...))
	register[none, packageBody](a, "POST", "/catalog/packages", "upload_package", "Upload a package", a.uploadPackage,
		httpapi.Tag("packages"), httpapi.Body[packageUpload](typeForm), httpapi.Errors(409), httpapi.Decides("publicize_package"))
	register[packageRef, packageBody](a, "GET", "/catalog/packages/{package_id}", "get_package", "Show a package", a.showPackage, httpapi.Tag("packages"))
	register[packageRef, packageBody](a, "PATCH", "/catalog/packages/{package_id}", "modify_package", "Change a package", a.updatePackage,
		httpapi.Tag("packages"), httpapi.Body[[]packageChange](typePackagePatch), httpapi.Errors(404, 409), httpapi.Decides("publicize_package", "manage_public_package"))
	register[packageRef, noResult](a, "DELETE", "/catalog/packages/{package_id}", "delete_package", "Delete a package", a.deletePackage,
		httpapi.Tag("packages"), httpapi.Decides("manage_public_package"))
	registerFile(a, "/catalog/packages/{package_id}/ui", "get_package", "Get the form of a package", []string{"text/plain", "text/html"}, a.packageUI, httpapi.ID("package_ui"), httpapi.Tag("packages"))
	registerFile(a, "/catalog/packages/{package_id}/logo", "get_package", "Get the logo of a package", []string{typeOctets}, a.packageFile("logo"), httpapi.ID("package_logo"), httpapi.Tag("packages"))
	registerFile(a, "/catalog/packages/{package_id}/supplier_logo", "", "Get the logo of a package's supplier", []string{typeOctets}, a.packageFile("supplier_logo"), httpapi.ID("package_supplier_logo"), httpapi.Tag("packages"))
	registerFile(a, "/catalog/packages/{package_id}/download", "download_package", "Download a package", []string{typeOctets}, a.packageFile("archive"), httpapi.Tag("packages"))

	register[none, categoryList](a, "GET", "/catalog/categories", "get_category", "List categories", a.listCategories, httpapi.ID("list_categories"), httpapi.Tag("categories"), httpapi.Query(categoryOrder...))
	register[none, CategoryBody](a, "POST", "/catalog/categories", "add_category", "Create a category", a.addCategory, httpapi.Tag("categories"), httpapi.Body[newCategory](), httpapi.Errors(409))
	register[categoryRef, categoryWithPackages](a, "GET", "/catalog/categories/{category_id}", "get_category", "Show a category", a.showCategory, httpapi.Tag("categories"))
	register[categoryRef, noResult](a, "DELETE", "/catalog/categories/{category_id}", "delete_category", "Delete a category", a.deleteCategory, httpapi.Tag("categories"))

	a.programRoutes()
	a.templateRoutes()
	a.statisticsRoutes()
}
