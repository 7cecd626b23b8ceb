package simcloud

import (
	"slices"
	"strings"
)

func listServerTags(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	return ok(object{"tags": r.object["tags"]})
}

// checkTags follows Nova: up to 50 tags of up to 60 characters, no / or comma.
func checkTags(tags []string) error {
	if len(tags) > 50 {
		return badRequest("The number of tags exceeded the per-server limit 50")
	}
	for _, t := range tags {
		if t == "" || len(t) > 60 || strings.ContainsAny(t, "/,") {
			return badRequest("Tag '%s' is invalid.", t)
		}
	}
	return nil
}

func replaceServerTags(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	tags := c.in.strs("tags")
	if err := checkTags(tags); err != nil {
		return nil, err
	}
	changeServer(c, r, object{"tags": anyList(tags)})
	return ok(object{"tags": anyList(tags)})
}

func clearServerTags(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	changeServer(c, r, object{"tags": []any{}})
	return noContent()
}

func taggedServer(c *call) (*record, error) {
	r, err := findServer(c, c.param("id"))
	if err == nil && !slices.Contains(r.strs("tags"), c.param("tag")) {
		err = notFound("Server %s has no tag '%s'", r.id, c.param("tag"))
	}
	return r, err
}

func checkServerTag(c *call) (*reply, error) {
	if _, err := taggedServer(c); err != nil {
		return nil, err
	}
	return noContent()
}

func addServerTag(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	tag := c.param("tag")
	if slices.Contains(r.strs("tags"), tag) {
		return noContent()
	}
	tags := append(r.strs("tags"), tag)
	if err := checkTags(tags); err != nil {
		return nil, err
	}
	changeServer(c, r, object{"tags": anyList(tags)})
	return created(nil)
}

func dropServerTag(c *call) (*reply, error) {
	r, err := taggedServer(c)
	if err != nil {
		return nil, err
	}
	changeServer(c, r, object{"tags": anyList(slices.DeleteFunc(r.strs("tags"), func(t string) bool { return t == c.param("tag") }))})
	return noContent()
}
