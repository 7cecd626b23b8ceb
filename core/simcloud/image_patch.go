package simcloud

import (
	"net/http"
	"strings"
)

// patchImage applies the JSON patch subset of Glance: add, replace and remove
// of top-level attributes (application/openstack-images-v2.1-json-patch).
func patchImage(c *call) (*reply, error) {
	if kind := c.req.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/openstack-images-v2.") {
		return nil, &apiError{http.StatusUnsupportedMediaType, "", "Unsupported Content-Type " + kind}
	}
	r, err := ownImage(c)
	if err != nil {
		return nil, err
	}
	steps, isList := c.in[""].([]any)
	if !isList {
		return nil, badRequest("Request body must be a JSON array of operation objects.")
	}
	next := r.clone()
	for _, s := range steps {
		if err := patchStep(next.object, asObject(s)); err != nil {
			return nil, err
		}
	}
	changed := object{}
	for k, v := range next.object {
		if k[0] != '_' && text(v) != text(r.object[k]) {
			changed[k] = v
		}
	}
	if err := checkImage(c, changed); err != nil {
		return nil, err
	}
	next.object["updated_at"] = c.now.Format(novaTime)
	return ok(imageView(c.put("image", next)))
}

func patchStep(o, step object) error {
	op, path := step.str("op"), strings.NewReplacer("~1", "/", "~0", "~").Replace(strings.TrimPrefix(step.str("path"), "/"))
	if op == "" { // the older form {"replace": "/name", "value": …}
		for _, k := range []string{"add", "replace", "remove"} {
			if p := step.str(k); p != "" {
				op, path = k, strings.TrimPrefix(p, "/")
			}
		}
	}
	if path == "" || path[0] == '_' {
		return badRequest("Invalid operation: a path is needed.")
	}
	if imageReadOnly[path] {
		return forbidden("Attribute '%s' is read-only.", path)
	}
	_, isBase := imageBase[path]
	switch op {
	case "add", "replace":
		if op == "replace" && !o.has(path) {
			return conflict("", "Property %s does not exist.", path)
		}
		o[path] = step["value"]
	case "remove":
		if isBase {
			return forbidden("Property %s may not be removed.", path)
		}
		if !o.has(path) {
			return conflict("", "Property %s does not exist.", path)
		}
		delete(o, path)
	default:
		return badRequest("Operations must be one of: 'add', 'replace', 'remove'.")
	}
	return nil
}
