package simcloud

import "net/http"

// image is Glance v2.
var image = &service{
	name:           "image",
	mount:          "/image",
	errorBody:      glanceError,
	requestHeaders: []string{"X-Openstack-Request-Id"},
	routes: []route{
		{"GET", "/", "", listImageVersions, open},
		{"GET", "/versions", "", listImageVersions, open},
		{"GET", "/v2", "", listImageVersions, open},
		{"GET", "/v2/schemas/{name}", "schema.show", showImageSchema, 0},
		{"GET", "/v2/info/import", "import.info", showImportInfo, 0},
		{"GET", "/v2/images", "image.list", listImages, 0},
		{"POST", "/v2/images", "image.create", createImage, needsOne},
		{"GET", "/v2/images/{id}", "image.show", showImage, 0},
		{"PATCH", "/v2/images/{id}", "image.update", patchImage, 0},
		{"DELETE", "/v2/images/{id}", "image.delete", deleteImage, 0},
		{"PUT", "/v2/images/{id}/file", "image.upload", uploadImage, rawBody | selfTx},
		{"PUT", "/v2/images/{id}/stage", "image.stage", stageImage, rawBody | selfTx},
		{"GET", "/v2/images/{id}/file", "image.download", downloadImage, 0},
		{"POST", "/v2/images/{id}/import", "image.import", importImage, 0},
		{"POST", "/v2/images/{id}/actions/deactivate", "image.deactivate", deactivateImage, admin},
		{"POST", "/v2/images/{id}/actions/reactivate", "image.reactivate", reactivateImage, admin},
		{"PUT", "/v2/images/{id}/tags/{tag}", "image.tags", addImageTag, 0},
		{"DELETE", "/v2/images/{id}/tags/{tag}", "image.tags", dropImageTag, 0},
		{"GET", "/v2/images/{id}/members", "image.members", listImageMembers, 0},
		{"POST", "/v2/images/{id}/members", "image.members", addImageMember, 0},
		{"GET", "/v2/images/{id}/members/{member}", "image.members", showImageMember, 0},
		{"PUT", "/v2/images/{id}/members/{member}", "image.members", updateImageMember, 0},
		{"DELETE", "/v2/images/{id}/members/{member}", "image.members", dropImageMember, 0},
	},
}

func listImageVersions(c *call) (*reply, error) {
	out := []object{}
	for i, id := range []string{"v2.9", "v2.7", "v2.6", "v2.5", "v2.4", "v2.3", "v2.2", "v2.1", "v2.0"} {
		status := "SUPPORTED"
		if i == 0 {
			status = "CURRENT"
		}
		out = append(out, object{"id": id, "status": status, "links": []object{{"rel": "self", "href": c.cloud.base + "/image/v2/"}}})
	}
	return &reply{status: http.StatusMultipleChoices, body: object{"versions": out}}, nil
}

func showImportInfo(c *call) (*reply, error) {
	return ok(object{"import-methods": object{"description": "Import methods available.", "type": "array", "value": []string{"glance-direct", "web-download"}}})
}

// showImageSchema answers what clients use to tell base attributes from
// properties.
func showImageSchema(c *call) (*reply, error) {
	name := c.param("name")
	properties := object{}
	switch name {
	case "image", "images":
		for k := range imageBase {
			properties[k] = object{"type": []string{"null", "string", "integer", "boolean", "array"}}
		}
		for k := range imageReadOnly {
			properties[k] = object{"type": []string{"null", "string", "integer", "boolean", "array"}, "readOnly": true}
		}
	case "member", "members":
		for _, k := range []string{"image_id", "member_id", "status", "created_at", "updated_at", "schema"} {
			properties[k] = object{"type": "string"}
		}
	default:
		return nil, notFound("No schema %s.", name)
	}
	return ok(object{"name": name, "properties": properties, "additionalProperties": object{"type": "string"}})
}
