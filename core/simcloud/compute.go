package simcloud

import (
	"net/http"
	"strconv"
	"strings"
)

// maxMicroversion is the newest 2.N of Nova that is answered.
const maxMicroversion = 96

// compute is Nova v2.1.
var compute = &service{
	name:           "compute",
	mount:          "/compute",
	errorBody:      novaError,
	requestHeaders: []string{"X-Openstack-Request-Id", "X-Compute-Request-Id"},
	prepare:        computeVersion,
	routes: []route{
		{"GET", "/", "", listComputeVersions, open},
		{"GET", "/v2.1", "", showComputeVersion, open},
		{"GET", "/v2.1/extensions", "extension.list", listComputeExtensions, 0},
		{"GET", "/v2.1/limits", "limits.show", showComputeLimits, 0},
		{"GET", "/v2.1/os-availability-zone", "availability_zone.list", listComputeZones, 0},
		{"GET", "/v2.1/os-availability-zone/detail", "availability_zone.list", listComputeZones, admin},
		{"GET", "/v2.1/os-services", "service.list", listComputeServices, admin},
		{"GET", "/v2.1/os-hypervisors", "hypervisor.list", listHypervisors, admin},
		{"GET", "/v2.1/os-hypervisors/detail", "hypervisor.list", listHypervisors, admin},
		{"GET", "/v2.1/os-hypervisors/statistics", "hypervisor.list", showHypervisorStatistics, admin},
		{"GET", "/v2.1/os-quota-sets/{project}", "quota.show", showComputeQuota, 0},
		{"GET", "/v2.1/os-quota-sets/{project}/defaults", "quota.show", showComputeQuotaDefaults, 0},
		{"GET", "/v2.1/os-quota-sets/{project}/detail", "quota.show", showComputeQuotaDetail, 0},
		{"PUT", "/v2.1/os-quota-sets/{project}", "quota.update", updateComputeQuota, admin},
		{"DELETE", "/v2.1/os-quota-sets/{project}", "quota.delete", deleteComputeQuota, admin},

		{"GET", "/v2.1/flavors", "flavor.list", listFlavors, 0},
		{"GET", "/v2.1/flavors/detail", "flavor.list", listFlavorDetails, 0},
		{"POST", "/v2.1/flavors", "flavor.create", createFlavor, admin},
		{"GET", "/v2.1/flavors/{id}", "flavor.show", showFlavor, 0},
		{"PUT", "/v2.1/flavors/{id}", "flavor.update", updateFlavor, admin},
		{"DELETE", "/v2.1/flavors/{id}", "flavor.delete", deleteFlavor, admin},
		{"POST", "/v2.1/flavors/{id}/action", "flavor.access", changeFlavorAccess, admin},
		{"GET", "/v2.1/flavors/{id}/os-flavor-access", "flavor.access", listFlavorAccess, admin},
		{"GET", "/v2.1/flavors/{id}/os-extra_specs", "flavor.extra_specs", listExtraSpecs, 0},
		{"POST", "/v2.1/flavors/{id}/os-extra_specs", "flavor.extra_specs", addExtraSpecs, admin},
		{"GET", "/v2.1/flavors/{id}/os-extra_specs/{key}", "flavor.extra_specs", showExtraSpec, 0},
		{"PUT", "/v2.1/flavors/{id}/os-extra_specs/{key}", "flavor.extra_specs", setExtraSpec, admin},
		{"DELETE", "/v2.1/flavors/{id}/os-extra_specs/{key}", "flavor.extra_specs", dropExtraSpec, admin},

		{"GET", "/v2.1/os-keypairs", "keypair.list", listKeypairs, 0},
		{"POST", "/v2.1/os-keypairs", "keypair.create", createKeypair, 0},
		{"GET", "/v2.1/os-keypairs/{name}", "keypair.show", showKeypair, 0},
		{"DELETE", "/v2.1/os-keypairs/{name}", "keypair.delete", deleteKeypair, 0},

		{"GET", "/v2.1/os-server-groups", "server_group.list", listServerGroups, needsOne},
		{"POST", "/v2.1/os-server-groups", "server_group.create", createServerGroup, needsOne},
		{"GET", "/v2.1/os-server-groups/{id}", "server_group.show", showServerGroup, 0},
		{"DELETE", "/v2.1/os-server-groups/{id}", "server_group.delete", deleteServerGroup, 0},

		{"GET", "/v2.1/os-security-groups", "security_group.list", listComputeGroups, needsOne | writes},
		{"GET", "/v2.1/os-security-groups/{id}", "security_group.show", showComputeGroup, 0},

		{"GET", "/v2.1/servers", "server.list", listServers, 0},
		{"GET", "/v2.1/servers/detail", "server.list", listServerDetails, 0},
		{"POST", "/v2.1/servers", "server.create", createServer, needsOne},
		{"GET", "/v2.1/servers/{id}", "server.show", showServer, 0},
		{"PUT", "/v2.1/servers/{id}", "server.update", updateServer, 0},
		{"DELETE", "/v2.1/servers/{id}", "server.delete", deleteServer, 0},
		{"POST", "/v2.1/servers/{id}/action", "server.action", actOnServer, 0},
		{"GET", "/v2.1/servers/{id}/ips", "server.ips", showServerAddresses, 0},
		{"GET", "/v2.1/servers/{id}/os-security-groups", "server.security_groups", listServerSecurityGroups, 0},
		{"GET", "/v2.1/servers/{id}/os-instance-actions", "server.actions", listInstanceActions, 0},
		{"GET", "/v2.1/servers/{id}/os-instance-actions/{request}", "server.actions", showInstanceAction, 0},
		{"POST", "/v2.1/servers/{id}/remote-consoles", "server.console", createConsole, 0},

		{"GET", "/v2.1/servers/{id}/metadata", "server.metadata", listServerMetadata, 0},
		{"POST", "/v2.1/servers/{id}/metadata", "server.metadata", addServerMetadata, 0},
		{"PUT", "/v2.1/servers/{id}/metadata", "server.metadata", replaceServerMetadata, 0},
		{"GET", "/v2.1/servers/{id}/metadata/{key}", "server.metadata", showServerMeta, 0},
		{"PUT", "/v2.1/servers/{id}/metadata/{key}", "server.metadata", setServerMeta, 0},
		{"DELETE", "/v2.1/servers/{id}/metadata/{key}", "server.metadata", dropServerMeta, 0},
		{"GET", "/v2.1/servers/{id}/tags", "server.tags", listServerTags, 0},
		{"PUT", "/v2.1/servers/{id}/tags", "server.tags", replaceServerTags, 0},
		{"DELETE", "/v2.1/servers/{id}/tags", "server.tags", clearServerTags, 0},
		{"GET", "/v2.1/servers/{id}/tags/{tag}", "server.tags", checkServerTag, 0},
		{"PUT", "/v2.1/servers/{id}/tags/{tag}", "server.tags", addServerTag, 0},
		{"DELETE", "/v2.1/servers/{id}/tags/{tag}", "server.tags", dropServerTag, 0},

		{"GET", "/v2.1/servers/{id}/os-interface", "server.interface.list", listInterfaces, 0},
		{"POST", "/v2.1/servers/{id}/os-interface", "server.interface.attach", attachInterface, 0},
		{"GET", "/v2.1/servers/{id}/os-interface/{port}", "server.interface.show", showInterface, 0},
		{"DELETE", "/v2.1/servers/{id}/os-interface/{port}", "server.interface.detach", detachInterface, 0},
		{"GET", "/v2.1/servers/{id}/os-volume_attachments", "server.volume.list", listServerVolumes, 0},
		{"POST", "/v2.1/servers/{id}/os-volume_attachments", "server.volume.attach", attachServerVolume, 0},
		{"GET", "/v2.1/servers/{id}/os-volume_attachments/{volume}", "server.volume.show", showServerVolume, 0},
		{"PUT", "/v2.1/servers/{id}/os-volume_attachments/{volume}", "server.volume.update", updateServerVolume, 0},
		{"DELETE", "/v2.1/servers/{id}/os-volume_attachments/{volume}", "server.volume.detach", detachServerVolume, 0},
	},
}

// computeVersion checks the microversion asked for and names it in the answer.
func computeVersion(c *call, answer http.Header) error {
	n, err := microversion(c.req.Header)
	if err != nil {
		return err
	}
	c.minor = n
	v := "2." + strconv.Itoa(n)
	answer.Set("X-OpenStack-Nova-API-Version", v)
	answer.Set("OpenStack-API-Version", "compute "+v)
	answer.Set("Vary", "OpenStack-API-Version, X-OpenStack-Nova-API-Version")
	return nil
}

// microversion returns N of the 2.N that a client asks for; 1 is the default.
func microversion(h http.Header) (int, error) {
	v := h.Get("X-OpenStack-Nova-API-Version")
	for _, part := range strings.Split(h.Get("OpenStack-API-Version"), ",") {
		if name, number, found := strings.Cut(strings.TrimSpace(part), " "); found && name == "compute" {
			v = number
		}
	}
	switch v {
	case "":
		return 1, nil
	case "latest":
		return maxMicroversion, nil
	}
	major, minor, _ := strings.Cut(v, ".")
	n, err := strconv.Atoi(minor)
	if err != nil {
		return 0, badRequest("API Version String %s is of invalid format. Must be of format MajorNum.MinorNum.", v)
	}
	if major != "2" || n < 1 || n > maxMicroversion {
		return 0, &apiError{http.StatusNotAcceptable, "", "Version " + v + " is not supported by the API. Minimum is 2.1 and maximum is 2." + strconv.Itoa(maxMicroversion) + "."}
	}
	return n, nil
}

func computeVersionView(c *call) object {
	return object{
		"id": "v2.1", "status": "CURRENT", "version": "2." + strconv.Itoa(maxMicroversion), "min_version": "2.1", "updated": "2013-07-23T11:33:21Z",
		"links":       []object{{"rel": "self", "href": c.cloud.base + "/compute/v2.1/"}},
		"media-types": []object{{"base": "application/json", "type": "application/vnd.openstack.compute+json;version=2.1"}},
	}
}

func listComputeVersions(c *call) (*reply, error) {
	return ok(object{"versions": []object{computeVersionView(c)}})
}

func showComputeVersion(c *call) (*reply, error) {
	return ok(object{"version": computeVersionView(c)})
}
