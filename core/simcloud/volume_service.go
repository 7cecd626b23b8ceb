package simcloud

import (
	"net/http"
	"strings"
)

// volume is Cinder v3.
var volume = &service{
	name:           "volume",
	mount:          "/volume",
	errorBody:      novaError,
	requestHeaders: []string{"X-Openstack-Request-Id", "X-Compute-Request-Id"},
	prepare:        volumeProject,
	routes: []route{
		{"GET", "/", "", listVolumeVersions, open},
		{"GET", "/v3", "", showVolumeVersion, open},
		{"GET", "/v3/{project}", "", showVolumeVersion, open},
		{"GET", "/v3/{project}/extensions", "extension.list", listVolumeExtensions, 0},
		{"GET", "/v3/{project}/limits", "limits.show", showVolumeLimits, 0},
		{"GET", "/v3/{project}/os-availability-zone", "availability_zone.list", listVolumeZones, 0},
		{"GET", "/v3/{project}/os-services", "service.list", listVolumeServices, admin},
		{"GET", "/v3/{project}/scheduler-stats/get_pools", "pool.list", listPools, admin},
		{"GET", "/v3/{project}/os-quota-sets/{target}", "quota.show", showVolumeQuota, 0},
		{"GET", "/v3/{project}/os-quota-sets/{target}/defaults", "quota.show", showVolumeQuotaDefaults, 0},
		{"PUT", "/v3/{project}/os-quota-sets/{target}", "quota.update", updateVolumeQuota, admin},
		{"DELETE", "/v3/{project}/os-quota-sets/{target}", "quota.delete", deleteVolumeQuota, admin},

		{"GET", "/v3/{project}/volumes", "volume.list", listVolumes, 0},
		{"GET", "/v3/{project}/volumes/detail", "volume.list", listVolumeDetails, 0},
		{"POST", "/v3/{project}/volumes", "volume.create", createVolume, 0},
		{"GET", "/v3/{project}/volumes/summary", "volume.summary", summarizeVolumes, 0},
		{"GET", "/v3/{project}/volumes/{id}", "volume.show", showVolume, 0},
		{"PUT", "/v3/{project}/volumes/{id}", "volume.update", updateVolume, 0},
		{"DELETE", "/v3/{project}/volumes/{id}", "volume.delete", deleteVolume, 0},
		{"POST", "/v3/{project}/volumes/{id}/action", "volume.action", actOnVolume, 0},
		{"GET", "/v3/{project}/volumes/{id}/metadata", "volume.metadata", blockMetadata("volume").list, 0},
		{"POST", "/v3/{project}/volumes/{id}/metadata", "volume.metadata", blockMetadata("volume").add, 0},
		{"PUT", "/v3/{project}/volumes/{id}/metadata", "volume.metadata", blockMetadata("volume").replace, 0},
		{"GET", "/v3/{project}/volumes/{id}/metadata/{key}", "volume.metadata", blockMetadata("volume").show, 0},
		{"PUT", "/v3/{project}/volumes/{id}/metadata/{key}", "volume.metadata", blockMetadata("volume").set, 0},
		{"DELETE", "/v3/{project}/volumes/{id}/metadata/{key}", "volume.metadata", blockMetadata("volume").remove, 0},

		{"GET", "/v3/{project}/snapshots", "snapshot.list", listSnapshots, 0},
		{"GET", "/v3/{project}/snapshots/detail", "snapshot.list", listSnapshots, 0},
		{"POST", "/v3/{project}/snapshots", "snapshot.create", createSnapshot, 0},
		{"GET", "/v3/{project}/snapshots/{id}", "snapshot.show", showSnapshot, 0},
		{"PUT", "/v3/{project}/snapshots/{id}", "snapshot.update", updateSnapshot, 0},
		{"DELETE", "/v3/{project}/snapshots/{id}", "snapshot.delete", deleteSnapshot, 0},
		{"POST", "/v3/{project}/snapshots/{id}/action", "snapshot.action", actOnSnapshot, admin},
		{"GET", "/v3/{project}/snapshots/{id}/metadata", "snapshot.metadata", blockMetadata("snapshot").list, 0},
		{"POST", "/v3/{project}/snapshots/{id}/metadata", "snapshot.metadata", blockMetadata("snapshot").add, 0},
		{"PUT", "/v3/{project}/snapshots/{id}/metadata", "snapshot.metadata", blockMetadata("snapshot").replace, 0},
		{"DELETE", "/v3/{project}/snapshots/{id}/metadata/{key}", "snapshot.metadata", blockMetadata("snapshot").remove, 0},

		{"GET", "/v3/{project}/backups", "backup.list", listBackups, 0},
		{"GET", "/v3/{project}/backups/detail", "backup.list", listBackups, 0},
		{"POST", "/v3/{project}/backups", "backup.create", createBackup, 0},
		{"GET", "/v3/{project}/backups/{id}", "backup.show", showBackup, 0},
		{"PUT", "/v3/{project}/backups/{id}", "backup.update", updateBackup, 0},
		{"DELETE", "/v3/{project}/backups/{id}", "backup.delete", deleteBackup, 0},
		{"POST", "/v3/{project}/backups/{id}/restore", "backup.restore", restoreBackup, 0},

		{"GET", "/v3/{project}/types", "volume_type.list", listVolumeTypes, 0},
		{"POST", "/v3/{project}/types", "volume_type.create", createVolumeType, admin},
		{"GET", "/v3/{project}/types/{id}", "volume_type.show", showVolumeType, 0},
		{"PUT", "/v3/{project}/types/{id}", "volume_type.update", updateVolumeType, admin},
		{"DELETE", "/v3/{project}/types/{id}", "volume_type.delete", deleteVolumeType, admin},
		{"GET", "/v3/{project}/types/{id}/extra_specs", "volume_type.extra_specs", listTypeSpecs, 0},
		{"POST", "/v3/{project}/types/{id}/extra_specs", "volume_type.extra_specs", addTypeSpecs, admin},
		{"DELETE", "/v3/{project}/types/{id}/extra_specs/{key}", "volume_type.extra_specs", dropTypeSpec, admin},

		{"GET", "/v3/{project}/attachments", "attachment.list", listVolumeAttachments, 0},
		{"GET", "/v3/{project}/attachments/detail", "attachment.list", listVolumeAttachments, 0},
		{"GET", "/v3/{project}/attachments/{id}", "attachment.show", showVolumeAttachment, 0},
	},
}

// volumeProject refuses a path that names another project than the token, and
// echoes the microversion.
func volumeProject(c *call, answer http.Header) error {
	if name, v, found := strings.Cut(c.req.Header.Get("OpenStack-API-Version"), " "); found && name == "volume" {
		answer.Set("OpenStack-API-Version", "volume "+v)
	}
	if p := c.param("project"); p != "" && c.by != nil && p != c.by.project {
		return badRequest("Malformed request url")
	}
	return nil
}

func volumeVersionView(c *call) object {
	return object{
		"id": "v3.0", "status": "CURRENT", "version": "3.70", "min_version": "3.0", "updated": "2023-08-31T00:00:00Z",
		"links":       []object{{"rel": "self", "href": c.cloud.base + "/volume/v3/"}},
		"media-types": []object{{"base": "application/json", "type": "application/vnd.openstack.volume+json;version=3"}},
	}
}

func listVolumeVersions(c *call) (*reply, error) {
	return &reply{status: http.StatusMultipleChoices, body: object{"versions": []object{volumeVersionView(c)}}}, nil
}

func showVolumeVersion(c *call) (*reply, error) {
	return ok(object{"versions": []object{volumeVersionView(c)}})
}

func listVolumeExtensions(c *call) (*reply, error) { return ok(object{"extensions": []object{}}) }

func listVolumeZones(c *call) (*reply, error) {
	return ok(object{"availabilityZoneInfo": []object{{"zoneName": "nova", "zoneState": object{"available": true}}}})
}

func listVolumeServices(c *call) (*reply, error) {
	out := []object{}
	for _, binary := range []string{"cinder-scheduler", "cinder-volume"} {
		out = append(out, object{"binary": binary, "host": hostName + "@lvm", "zone": "nova", "status": "enabled", "state": "up", "updated_at": c.now.Format(cinderTime), "disabled_reason": nil})
	}
	return ok(object{"services": out})
}

func listPools(c *call) (*reply, error) {
	return ok(object{"pools": []object{{"name": hostName + "@lvm#lvm", "capabilities": object{"volume_backend_name": "lvm"}}}})
}

// blockFind finds a Cinder record of the caller's project.
func blockFind(c *call, kind, class, id string) (*record, error) {
	if r := c.get(kind, id); r != nil && (c.by.admin || r.project == c.by.project) {
		return c.current(r), nil
	}
	return nil, notFound("%s %s could not be found.", class, id)
}

// blockList answers a list of Cinder records as the caller may see them.
func blockList(c *call, kind, plural string, view func(*call, *record) object) (*reply, error) {
	q := c.req.URL.Query()
	records := c.having(kind, "project", c.by.project)
	if all := q.Get("all_tenants"); c.by.admin && all != "" && !equals(false, all) {
		records = c.all(kind)
	}
	views := []object{}
	for i := len(records) - 1; i >= 0; i-- { // newest first
		views = append(views, view(c, c.current(records[i])))
	}
	views, more, err := page(selectViews(views, q), q, 1000)
	if err != nil {
		return nil, err
	}
	body := object{plural: views}
	if more {
		body[plural+"_links"] = []object{{"rel": "next", "href": c.nextHref(views[len(views)-1])}}
	}
	return ok(body)
}
