package simcloud

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// storedHeaders are what an object keeps besides its metadata.
var storedHeaders = map[string]bool{"Content-Disposition": true, "Content-Encoding": true, "Cache-Control": true, "Content-Language": true, "Expires": true}

func findStored(c *call) (*record, error) {
	project, _ := accountOf(c)
	if r := c.get("stored_object", project+"/"+c.param("container")+"/"+c.param("*")); r != nil {
		return r, nil
	}
	return nil, refuse(http.StatusNotFound)
}

func describeStored(r *record, rep *reply) *reply {
	return rep.with("Content-Type", r.str("content_type")).with("Content-Length", strconv.Itoa(r.int("size"))).with("Etag", r.str("etag")).
		withModified(r).withStored(r.obj("headers"))
}

func showStored(c *call) (*reply, error) {
	r, err := findStored(c)
	if err != nil {
		return nil, err
	}
	return describeStored(r, &reply{status: http.StatusOK}), nil
}

func (t *tx) storedData(r *record) ([]byte, error) {
	return base64.StdEncoding.DecodeString(t.get("stored_data", r.id).str("data"))
}

func downloadStored(c *call) (*reply, error) {
	r, err := findStored(c)
	if err != nil {
		return nil, err
	}
	data, err := c.storedData(r)
	if err != nil {
		return nil, err
	}
	return describeStored(r, &reply{status: http.StatusOK, body: data}), nil
}

// uploadStored reads the data before it takes the store, so that a slow upload holds
// nobody up.
func uploadStored(c *call) (*reply, error) {
	data, err := io.ReadAll(io.LimitReader(c.req.Body, maxStored+1))
	switch {
	case err != nil:
		return nil, badRequest("The object could not be read.")
	case len(data) > maxStored:
		return nil, refuse(http.StatusRequestEntityTooLarge)
	case len(c.param("*")) > maxStoredName:
		return nil, badRequest("Object name length of %d longer than %d", len(c.param("*")), maxStoredName)
	}
	var rep *reply
	err = c.cloud.store.write(c.req.Context(), func(t *tx) error {
		c.tx = t
		rep, err = storeUpload(c, data)
		return err
	})
	return rep, err
}

func storeUpload(c *call, data []byte) (*reply, error) {
	container, err := findContainer(c)
	if err != nil {
		return nil, err
	}
	name := c.param("*")
	old := c.get("stored_object", container.id+"/"+name)
	if old != nil && c.req.Header.Get("If-None-Match") == "*" {
		return nil, refuse(http.StatusPreconditionFailed)
	}
	o := object{"content_type": c.req.Header.Get("Content-Type"), "headers": map[string]any(changeHeaders(nil, c.req.Header, "Object", storedHeaders))}
	if from := c.req.Header.Get("X-Copy-From"); from != "" {
		if data, err = copyStored(c, from, o); err != nil {
			return nil, err
		}
	}
	if o.str("content_type") == "" {
		o["content_type"] = "application/octet-stream"
	}
	sum := md5.Sum(data)
	etag := hex.EncodeToString(sum[:])
	if want := strings.Trim(c.req.Header.Get("Etag"), `"`); want != "" && want != etag {
		return nil, refuse(http.StatusUnprocessableEntity)
	}
	if old != nil {
		if err := archive(c, container, old); err != nil {
			return nil, err
		}
	}
	o["etag"], o["size"] = etag, len(data)
	r := keepStored(c, container, name, o, base64.StdEncoding.EncodeToString(data))
	rep, err := created(nil)
	return rep.with("Etag", etag).withModified(r), err
}

// copyStored reads the object that X-Copy-From names, within the account, into o.
func copyStored(c *call, from string, o object) ([]byte, error) {
	path, err := url.PathUnescape(strings.TrimPrefix(from, "/"))
	if err != nil {
		return nil, badRequest("X-Copy-From is not well-formed.")
	}
	project, _ := accountOf(c)
	source := c.get("stored_object", project+"/"+path)
	if source == nil {
		return nil, refuse(http.StatusNotFound)
	}
	if o.str("content_type") == "" {
		o["content_type"] = source.str("content_type")
	}
	headers := o.obj("headers")
	headers.orDefault(source.obj("headers"))
	return c.storedData(source)
}

// keepStored writes an object with what is known of it and its data in base 64.
func keepStored(c *call, container *record, name string, o object, data string) *record {
	id := container.id + "/" + name
	o["name"], o["container"], o["modified"] = name, container.id, c.now.Format(cinderTime)
	c.put("stored_data", &record{id: id, project: container.project, object: object{"data": data}})
	return c.put("stored_object", &record{id: id, project: container.project, object: o})
}

// updateStored replaces the metadata of an object.
func updateStored(c *call) (*reply, error) {
	r, err := findStored(c)
	if err != nil {
		return nil, err
	}
	changes := object{"headers": map[string]any(changeHeaders(nil, c.req.Header, "Object", storedHeaders)), "modified": c.now.Format(cinderTime)}
	if kind := c.req.Header.Get("Content-Type"); kind != "" {
		changes["content_type"] = kind
	}
	c.update("stored_object", r, changes)
	return accepted(nil)
}

func deleteStored(c *call) (*reply, error) {
	container, err := findContainer(c)
	if err != nil {
		return nil, err
	}
	old := c.get("stored_object", container.id+"/"+c.param("*"))
	done, err := deleteVersion(c, container, c.param("*"), old)
	if err != nil {
		return nil, err
	}
	if !done {
		if old == nil {
			return nil, refuse(http.StatusNotFound)
		}
		dropStored(c, old)
	}
	return noContent()
}

func dropStored(c *call, r *record) {
	c.drop("stored_object", r.id)
	c.drop("stored_data", r.id)
}
