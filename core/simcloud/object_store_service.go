package simcloud

import (
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
)

// objectStore is Swift v1. Its routes need no token of themselves: a temporary URL or a
// container's access list may let a call in as well (admitToObjectStore).
var objectStore = &service{
	name:           "object-store",
	mount:          objectStoreMount,
	errorBody:      swiftError,
	requestHeaders: []string{"X-Trans-Id", "X-Openstack-Request-Id"},
	prepare:        admitToObjectStore,
	routes: []route{
		{"GET", "/{account}", "account.list", listContainers, open | rawBody},
		{"HEAD", "/{account}", "account.show", showAccount, open | rawBody},
		{"POST", "/{account}", "account.update", updateAccount, open | rawBody},
		{"GET", "/{account}/{container}", "container.list", listStored, open | rawBody},
		{"HEAD", "/{account}/{container}", "container.show", showContainer, open | rawBody},
		{"PUT", "/{account}/{container}", "container.create", putContainer, open | rawBody},
		{"POST", "/{account}/{container}", "container.update", updateContainer, open | rawBody},
		{"DELETE", "/{account}/{container}", "container.delete", deleteContainer, open | rawBody},
		{"GET", "/{account}/{container}/*", "object.download", downloadStored, open | rawBody},
		{"HEAD", "/{account}/{container}/*", "object.show", showStored, open | rawBody},
		{"PUT", "/{account}/{container}/*", "object.upload", uploadStored, open | rawBody | selfTx},
		{"POST", "/{account}/{container}/*", "object.update", updateStored, open | rawBody},
		{"DELETE", "/{account}/{container}/*", "object.delete", deleteStored, open | rawBody},
	},
}

const objectStoreMount = "/v1"

// objectStoreInfo is what Swift tells anybody about itself.
var objectStoreInfo = &service{
	name: "object-store", mount: "/info", errorBody: swiftError, requestHeaders: objectStore.requestHeaders,
	routes: []route{{"GET", "/", "info.show", showObjectStoreInfo, open}},
}

// The limits of Swift, but for the size of an object: 5 GiB there.
const (
	maxStored        = 64 << 20
	maxStoredName    = 1024
	maxContainerName = 256
	maxListing       = 10000
)

func showObjectStoreInfo(*call) (*reply, error) {
	return ok(object{
		"swift": object{
			"version": "2.35.0", "max_file_size": maxStored, "max_object_name_length": maxStoredName, "max_container_name_length": maxContainerName,
			"container_listing_limit": maxListing, "account_listing_limit": maxListing, "policies": []object{{"name": storagePolicy, "aliases": storagePolicy, "default": true}},
		},
		"tempurl":          object{"methods": []string{"GET", "HEAD", "PUT", "POST", "DELETE"}, "allowed_digests": []string{"sha1", "sha256", "sha512"}},
		"versioned_writes": object{"allowed_flags": []string{"x-versions-location", "x-history-location"}},
	})
}

const storagePolicy = "Policy-0"

// swiftMessage is what swift/common/swob.py says to each status.
var swiftMessage = map[int]string{
	http.StatusForbidden:             "Access was denied to this resource.",
	http.StatusNotFound:              "The resource could not be found.",
	http.StatusConflict:              "There was a conflict when trying to complete your request.",
	http.StatusPreconditionFailed:    "A precondition for this request was not met.",
	http.StatusRequestEntityTooLarge: "The body of your request was too large for this server.",
	http.StatusUnprocessableEntity:   "Unable to process the contained instructions",
}

func refuse(status int) error {
	return &apiError{status, http.StatusText(status), swiftMessage[status]}
}

func swiftError(e *apiError) (string, any) {
	return "text/html; charset=UTF-8", []byte(fmt.Sprintf("<html><h1>%s</h1><p>%s</p></html>", http.StatusText(e.status), html.EscapeString(e.message)))
}

// accountOf is the project that an account belongs to; ok is false for other accounts.
func accountOf(c *call) (project string, ok bool) {
	return strings.CutPrefix(c.param("account"), "AUTH_")
}

// admitToObjectStore lets in whoever has a temporary URL, a role in the account's project
// (swift/common/middleware/keystoneauth.py) or is named by the container's access list.
func admitToObjectStore(c *call, _ http.Header) error {
	return c.cloud.store.read(func(t *tx) error {
		if c.query("temp_url_sig") != "" {
			return admitTempURL(c, t)
		}
		who, err := c.cloud.identify(t, c.req.Header.Get("X-Auth-Token"), c.now)
		c.by = who
		reads := c.req.Method == http.MethodGet || c.req.Method == http.MethodHead
		project, known := accountOf(c)
		switch {
		case err == nil && known && (who.admin || who.project == project && works(who, reads)):
			return nil
		case known && listed(t.get("container", project+"/"+c.param("container")), who, reads, c.param("*") == ""):
			return nil
		case err != nil:
			return err
		}
		return refuse(http.StatusForbidden)
	})
}

// works reports whether a role of the caller lets them work on what their project has.
func works(who *caller, reads bool) bool {
	return slices.ContainsFunc(who.roles, func(r *record) bool {
		switch r.str("name") {
		case "heat_stack_user":
			return false
		case "reader":
			return reads
		}
		return true
	})
}

// listed reads a container's access list: .r:* (and .rlistings) for everybody, and
// project:user with ids, names or asterisks (swift/common/middleware/acl.py).
func listed(container *record, who *caller, reads, listing bool) bool {
	if container == nil || listing && !reads {
		return false
	}
	header := "X-Container-Write"
	if reads {
		header = "X-Container-Read"
	}
	acl := strings.FieldsFunc(container.obj("headers").str(header), func(r rune) bool { return r == ',' || r == ' ' })
	if reads && slices.Contains(acl, ".r:*") && (!listing || slices.Contains(acl, ".rlistings")) {
		return true
	}
	return who != nil && slices.ContainsFunc(acl, func(entry string) bool {
		project, user, pair := strings.Cut(entry, ":")
		return pair && (project == "*" || project == who.project) && (user == "*" || user == who.user.id || user == who.user.str("name"))
	})
}
