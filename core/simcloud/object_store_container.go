package simcloud

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	versionsLocation = "X-Versions-Location"
	historyLocation  = "X-History-Location"
)

// containerHeaders are what a container keeps besides its metadata.
var containerHeaders = map[string]bool{
	"X-Container-Read": true, "X-Container-Write": true, "X-Container-Sync-To": true, "X-Container-Sync-Key": true, versionsLocation: true, historyLocation: true,
}

// findContainer is the container of the path; none is refused with 404.
func findContainer(c *call) (*record, error) {
	project, _ := accountOf(c)
	if r := c.get("container", project+"/"+c.param("container")); r != nil {
		return r, nil
	}
	return nil, refuse(http.StatusNotFound)
}

func describeContainer(c *call, r *record, rep *reply) *reply {
	count, bytes := sumStored(c.having("stored_object", "container", r.id))
	return rep.with("X-Container-Object-Count", strconv.Itoa(count)).with("X-Container-Bytes-Used", strconv.Itoa(bytes)).
		with("X-Storage-Policy", storagePolicy).withModified(r).withStored(r.obj("headers"))
}

func showContainer(c *call) (*reply, error) {
	r, err := findContainer(c)
	if err != nil {
		return nil, err
	}
	return describeContainer(c, r, &reply{status: http.StatusNoContent}), nil
}

func listStored(c *call) (*reply, error) {
	r, err := findContainer(c)
	if err != nil {
		return nil, err
	}
	var all []listEntry
	for _, o := range c.having("stored_object", "container", r.id) {
		all = append(all, listEntry{o.str("name"), object{
			"name": o.str("name"), "hash": o.str("etag"), "bytes": o.int("size"), "content_type": o.str("content_type"), "last_modified": o.str("modified"),
		}})
	}
	rep, err := listing(c, all)
	if err != nil {
		return nil, err
	}
	return describeContainer(c, r, rep), nil
}

// putContainer makes a container or, when it is there, changes its headers.
func putContainer(c *call) (*reply, error) {
	project, _ := accountOf(c)
	name := c.param("container")
	if len(name) > maxContainerName || strings.Contains(name, "/") {
		return nil, badRequest("Container name length of %d longer than %d, or with a slash", len(name), maxContainerName)
	}
	r, status := c.get("container", project+"/"+name), http.StatusAccepted
	if r == nil {
		status = http.StatusCreated
		r = &record{id: project + "/" + name, project: project, object: object{"name": name, "headers": map[string]any{}}}
	}
	return writeContainer(c, r, status)
}

func updateContainer(c *call) (*reply, error) {
	r, err := findContainer(c)
	if err != nil {
		return nil, err
	}
	return writeContainer(c, r, http.StatusNoContent)
}

// writeContainer keeps one of the two ways to keep versions: the one asked for last.
func writeContainer(c *call, r *record, status int) (*reply, error) {
	headers := changeHeaders(r.obj("headers"), c.req.Header, "Container", containerHeaders)
	for one, other := range map[string]string{versionsLocation: historyLocation, historyLocation: versionsLocation} {
		v, err := url.PathUnescape(c.req.Header.Get(one))
		if err != nil {
			return nil, badRequest("%s is not well-formed.", one)
		}
		if v != "" {
			if strings.Contains(v, "/") {
				return nil, &apiError{http.StatusPreconditionFailed, "PreconditionFailed", "Container name cannot contain slashes"}
			}
			headers[one] = v
			if c.req.Header.Get(other) != "" {
				return nil, badRequest("Only one of %s or %s may be specified", historyLocation, versionsLocation)
			}
			delete(headers, other)
		}
	}
	next := r.clone()
	next.object["headers"], next.object["modified"] = map[string]any(headers), c.now.Format(cinderTime)
	c.put("container", next)
	return &reply{status: status}, nil
}

func deleteContainer(c *call) (*reply, error) {
	r, err := findContainer(c)
	if err != nil {
		return nil, err
	}
	if c.count("stored_object", "container", r.id) > 0 {
		return nil, refuse(http.StatusConflict)
	}
	c.drop("container", r.id)
	return noContent()
}
