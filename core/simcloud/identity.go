package simcloud

import "net/http"

// identity is Keystone v3, mounted at the root as OS_AUTH_URL=…/v3 expects.
var identity = &service{
	name:           "identity",
	mount:          "/",
	errorBody:      keystoneError,
	requestHeaders: []string{"X-Openstack-Request-Id"},
	routes: []route{
		{"GET", "/", "", listIdentityVersions, open},
		{"GET", "/v3", "", showIdentityVersion, open},

		{"POST", "/v3/auth/tokens", "token.create", createToken, open | selfTx},
		{"GET", "/v3/auth/tokens", "token.show", showToken, 0},
		{"HEAD", "/v3/auth/tokens", "token.show", showToken, 0},
		{"DELETE", "/v3/auth/tokens", "token.delete", revokeToken, 0},
		{"GET", "/v3/auth/catalog", "catalog.show", showCatalog, 0},
		{"GET", "/v3/auth/projects", "project.list", listOwnProjects, 0},
		{"GET", "/v3/auth/domains", "domain.list", listOwnDomains, 0},

		{"GET", "/v3/projects", "project.list", projects.list, admin},
		{"POST", "/v3/projects", "project.create", projects.create, admin},
		{"GET", "/v3/projects/{id}", "project.show", showProject, 0},
		{"PATCH", "/v3/projects/{id}", "project.update", projects.update, admin},
		{"DELETE", "/v3/projects/{id}", "project.delete", projects.remove, admin},

		{"GET", "/v3/users", "user.list", users.list, admin},
		{"POST", "/v3/users", "user.create", users.create, admin},
		{"GET", "/v3/users/{id}", "user.show", showUser, 0},
		{"PATCH", "/v3/users/{id}", "user.update", users.update, admin},
		{"DELETE", "/v3/users/{id}", "user.delete", users.remove, admin},
		{"POST", "/v3/users/{id}/password", "user.password", changePassword, open},
		{"GET", "/v3/users/{id}/projects", "project.list", listUserProjects, 0},
		{"GET", "/v3/users/{id}/groups", "group.list", listUserGroups, 0},
		{"GET", "/v3/users/{user}/application_credentials", "application_credential.list", listAppCreds, 0},
		{"POST", "/v3/users/{user}/application_credentials", "application_credential.create", createAppCred, 0},
		{"GET", "/v3/users/{user}/application_credentials/{id}", "application_credential.show", showAppCred, 0},
		{"DELETE", "/v3/users/{user}/application_credentials/{id}", "application_credential.delete", deleteAppCred, 0},
		{"GET", "/v3/users/{user}/credentials/OS-EC2", "ec2_credential.list", listEC2Credentials, 0},
		{"POST", "/v3/users/{user}/credentials/OS-EC2", "ec2_credential.create", createEC2Credential, 0},
		{"GET", "/v3/users/{user}/credentials/OS-EC2/{id}", "ec2_credential.show", showEC2Credential, 0},
		{"DELETE", "/v3/users/{user}/credentials/OS-EC2/{id}", "ec2_credential.delete", deleteEC2Credential, 0},
		{"POST", "/v3/ec2tokens", "token.create", createEC2Token, admin},

		{"GET", "/v3/groups", "group.list", groups.list, admin},
		{"POST", "/v3/groups", "group.create", groups.create, admin},
		{"GET", "/v3/groups/{id}", "group.show", groups.show, admin},
		{"PATCH", "/v3/groups/{id}", "group.update", groups.update, admin},
		{"DELETE", "/v3/groups/{id}", "group.delete", groups.remove, admin},
		{"GET", "/v3/groups/{id}/users", "group.users", listGroupUsers, admin},
		{"PUT", "/v3/groups/{id}/users/{user}", "group.add_user", addGroupUser, admin},
		{"HEAD", "/v3/groups/{id}/users/{user}", "group.check_user", checkGroupUser, admin},
		{"DELETE", "/v3/groups/{id}/users/{user}", "group.remove_user", removeGroupUser, admin},

		{"GET", "/v3/roles", "role.list", roles.list, admin},
		{"POST", "/v3/roles", "role.create", roles.create, admin},
		{"GET", "/v3/roles/{id}", "role.show", roles.show, admin},
		{"PATCH", "/v3/roles/{id}", "role.update", roles.update, admin},
		{"DELETE", "/v3/roles/{id}", "role.delete", roles.remove, admin},
		{"GET", "/v3/role_assignments", "role_assignment.list", listAssignments, admin},
		{"HEAD", "/v3/role_assignments", "role_assignment.list", listAssignments, admin},
		{"GET", "/v3/{scope:projects|domains}/{target}/{actors:users|groups}/{actor}/roles", "role_assignment.list", listGrants, admin},
		{"PUT", "/v3/{scope:projects|domains}/{target}/{actors:users|groups}/{actor}/roles/{role}", "role_assignment.create", addGrant, admin},
		{"HEAD", "/v3/{scope:projects|domains}/{target}/{actors:users|groups}/{actor}/roles/{role}", "role_assignment.show", checkGrant, admin},
		{"GET", "/v3/{scope:projects|domains}/{target}/{actors:users|groups}/{actor}/roles/{role}", "role_assignment.show", checkGrant, admin},
		{"DELETE", "/v3/{scope:projects|domains}/{target}/{actors:users|groups}/{actor}/roles/{role}", "role_assignment.delete", removeGrant, admin},

		{"GET", "/v3/domains", "domain.list", domains.list, admin},
		{"POST", "/v3/domains", "domain.create", domains.create, admin},
		{"GET", "/v3/domains/{id}", "domain.show", showDomain, 0},
		{"PATCH", "/v3/domains/{id}", "domain.update", domains.update, admin},
		{"DELETE", "/v3/domains/{id}", "domain.delete", domains.remove, admin},

		{"GET", "/v3/regions", "region.list", regions.list, 0},
		{"POST", "/v3/regions", "region.create", regions.create, admin},
		{"GET", "/v3/regions/{id}", "region.show", regions.show, 0},
		{"PATCH", "/v3/regions/{id}", "region.update", regions.update, admin},
		{"DELETE", "/v3/regions/{id}", "region.delete", regions.remove, admin},
		{"GET", "/v3/services", "service.list", catalogServices.list, admin},
		{"POST", "/v3/services", "service.create", catalogServices.create, admin},
		{"GET", "/v3/services/{id}", "service.show", catalogServices.show, admin},
		{"PATCH", "/v3/services/{id}", "service.update", catalogServices.update, admin},
		{"DELETE", "/v3/services/{id}", "service.delete", catalogServices.remove, admin},
		{"GET", "/v3/endpoints", "endpoint.list", endpoints.list, admin},
		{"POST", "/v3/endpoints", "endpoint.create", endpoints.create, admin},
		{"GET", "/v3/endpoints/{id}", "endpoint.show", endpoints.show, admin},
		{"PATCH", "/v3/endpoints/{id}", "endpoint.update", endpoints.update, admin},
		{"DELETE", "/v3/endpoints/{id}", "endpoint.delete", endpoints.remove, admin},

		{"GET", "/v3/OS-TRUST/trusts", "trust.list", listTrusts, 0},
		{"POST", "/v3/OS-TRUST/trusts", "trust.create", createTrust, 0},
		{"GET", "/v3/OS-TRUST/trusts/{id}", "trust.show", showTrust, 0},
		{"GET", "/v3/OS-TRUST/trusts/{id}/roles", "trust.roles", listTrustRoles, 0},
		{"DELETE", "/v3/OS-TRUST/trusts/{id}", "trust.delete", deleteTrust, 0},
	},
}

func identityVersion(c *call) object {
	return object{
		"id": "v3.14", "status": "stable", "updated": "2020-04-07T00:00:00Z",
		"links":       []object{{"rel": "self", "href": c.cloud.base + "/v3/"}},
		"media-types": []object{{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}},
	}
}

func listIdentityVersions(c *call) (*reply, error) {
	return &reply{status: http.StatusMultipleChoices, body: object{"versions": object{"values": []object{identityVersion(c)}}}}, nil
}

func showIdentityVersion(c *call) (*reply, error) {
	return ok(object{"version": identityVersion(c)})
}
