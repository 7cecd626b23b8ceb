package simcloud

import "maps"

func listServerMetadata(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	return ok(object{"metadata": r.object["metadata"]})
}

func addServerMetadata(c *call) (*reply, error) { return writeServerMetadata(c, true) }

func replaceServerMetadata(c *call) (*reply, error) { return writeServerMetadata(c, false) }

func writeServerMetadata(c *call, merge bool) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	in, err := c.want("metadata")
	if err != nil {
		return nil, err
	}
	if err := checkMetadata(c.in); err != nil {
		return nil, err
	}
	next := map[string]any{}
	if merge {
		maps.Copy(next, r.obj("metadata"))
	}
	maps.Copy(next, in)
	changeServer(c, r, object{"metadata": next})
	return ok(object{"metadata": next})
}

func showServerMeta(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	k := c.param("key")
	v, found := r.obj("metadata")[k]
	if !found {
		return nil, notFound("Metadata item was not found")
	}
	return ok(object{"meta": object{k: v}})
}

func setServerMeta(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	k := c.param("key")
	meta := c.in.obj("meta")
	if len(meta) != 1 || !meta.has(k) {
		return nil, badRequest("Request body and URI mismatch")
	}
	if err := checkMetadata(object{"metadata": map[string]any(meta)}); err != nil {
		return nil, err
	}
	next := maps.Clone(r.obj("metadata"))
	next[k] = meta[k]
	changeServer(c, r, object{"metadata": map[string]any(next)})
	return ok(object{"meta": meta})
}

func dropServerMeta(c *call) (*reply, error) {
	if _, err := showServerMeta(c); err != nil {
		return nil, err
	}
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	next := maps.Clone(r.obj("metadata"))
	delete(next, c.param("key"))
	changeServer(c, r, object{"metadata": map[string]any(next)})
	return noContent()
}
