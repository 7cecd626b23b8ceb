package simcloud

import "maps"

// blockMetadata names the kind whose metadata its methods serve.
type blockMetadata string

func (k blockMetadata) find(c *call) (*record, error) {
	class := map[blockMetadata]string{"volume": "Volume", "snapshot": "Snapshot"}[k]
	return blockFind(c, string(k), class, c.param("id"))
}

func (k blockMetadata) list(c *call) (*reply, error) {
	r, err := k.find(c)
	if err != nil {
		return nil, err
	}
	return ok(object{"metadata": r.object["metadata"]})
}

// write stores what change makes of the metadata and answers with all of it.
func (k blockMetadata) write(c *call, change func(map[string]any)) (map[string]any, error) {
	r, err := k.find(c)
	if err != nil {
		return nil, err
	}
	if err := checkMetadata(c.in); err != nil {
		return nil, err
	}
	m := map[string]any{}
	maps.Copy(m, r.obj("metadata"))
	change(m)
	describe(c, string(k), r, object{"metadata": m})
	return m, nil
}

func (k blockMetadata) add(c *call) (*reply, error) {
	m, err := k.write(c, func(m map[string]any) { maps.Copy(m, c.in.obj("metadata")) })
	if err != nil {
		return nil, err
	}
	return ok(object{"metadata": m})
}

func (k blockMetadata) replace(c *call) (*reply, error) {
	m, err := k.write(c, func(m map[string]any) { clear(m); maps.Copy(m, c.in.obj("metadata")) })
	if err != nil {
		return nil, err
	}
	return ok(object{"metadata": m})
}

func (k blockMetadata) show(c *call) (*reply, error) {
	r, err := k.find(c)
	if err != nil {
		return nil, err
	}
	key := c.param("key")
	v, found := r.obj("metadata")[key]
	if !found {
		return nil, notFound("%s %s has no metadata with key %s.", string(k), r.id, key)
	}
	return ok(object{"meta": object{key: v}})
}

func (k blockMetadata) set(c *call) (*reply, error) {
	key, meta := c.param("key"), c.in.obj("meta")
	if len(meta) != 1 || !meta.has(key) {
		return nil, badRequest("Request body and URI mismatch")
	}
	if _, err := k.write(c, func(m map[string]any) { m[key] = meta[key] }); err != nil {
		return nil, err
	}
	return ok(object{"meta": meta})
}

func (k blockMetadata) remove(c *call) (*reply, error) {
	if _, err := k.show(c); err != nil {
		return nil, err
	}
	if _, err := k.write(c, func(m map[string]any) { delete(m, c.param("key")) }); err != nil {
		return nil, err
	}
	return ok(nil)
}
