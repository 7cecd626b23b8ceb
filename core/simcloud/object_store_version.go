package simcloud

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"
)

// Versions follow swift/common/middleware/versioned_writes/legacy.py: a container that
// names another (or itself) as X-Versions-Location or X-History-Location has what a write
// replaces moved there, as <length of the name, three hexadecimal digits><name>/<time>.

// deleteMarker is the content type of what a deletion leaves in a history.
const deleteMarker = "application/x-deleted;swift_versions_deleted=1"

func versionPrefix(name string) string { return fmt.Sprintf("%03x%s/", len(name), name) }

// versionsOf is the container for the versions of what is in a container, nil when it
// keeps none. One that is not there is refused.
func versionsOf(c *call, container *record) (*record, error) {
	headers := container.obj("headers")
	name := headers.str(versionsLocation) + headers.str(historyLocation)
	if name == "" {
		return nil, nil
	}
	if r := c.get("container", container.project+"/"+name); r != nil {
		return r, nil
	}
	return nil, refuse(http.StatusPreconditionFailed)
}

// archive moves what is about to be replaced into the container for versions.
func archive(c *call, container, old *record) error {
	to, err := versionsOf(c, container)
	if to == nil || err != nil {
		return err
	}
	copyTo(c, old, to, versionName(c, to, old.str("name"), old.modifiedAt()))
	return nil
}

// versionName is a name that no other version has: a clock may stand still.
func versionName(c *call, to *record, name string, at time.Time) string {
	for {
		version := versionPrefix(name) + timestamp(at)
		if c.get("stored_object", to.id+"/"+version) == nil {
			return version
		}
		at = at.Add(10 * time.Microsecond)
	}
}

func copyTo(c *call, r, container *record, name string) {
	keepStored(c, container, name, maps.Clone(r.object), c.get("stored_data", r.id).str("data"))
}

// deleteVersion deletes where versions are kept: X-Versions-Location brings the last
// version back, X-History-Location moves the object there and marks its end. done is false
// when the object is to be deleted as any other.
func deleteVersion(c *call, container *record, name string, old *record) (done bool, err error) {
	to, err := versionsOf(c, container)
	if to == nil || err != nil {
		return false, err
	}
	if container.obj("headers").str(historyLocation) != "" {
		if old == nil {
			return false, nil
		}
		copyTo(c, old, to, versionName(c, to, name, old.modifiedAt()))
		keepStored(c, to, versionName(c, to, name, c.now), object{"content_type": deleteMarker, "size": 0, "etag": emptyETag, "headers": map[string]any{}}, "")
		return false, nil
	}
	var last *record
	for _, r := range c.having("stored_object", "container", to.id) {
		if strings.HasPrefix(r.str("name"), versionPrefix(name)) && r.str("content_type") != deleteMarker && (last == nil || r.str("name") > last.str("name")) {
			last = r
		}
	}
	if last == nil {
		return false, nil
	}
	copyTo(c, last, container, name)
	dropStored(c, last)
	return true, nil
}

const emptyETag = "d41d8cd98f00b204e9800998ecf8427e"
