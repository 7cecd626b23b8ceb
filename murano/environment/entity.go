package environment

import (
	"strings"

	"hearth/core/yaml"
)

// entityIDs gives the ids of all objects in a value, itself included
// (murano/common/utils.py build_entity_map).
func entityIDs(value any) []string {
	var ids []string
	switch v := value.(type) {
	case *yaml.Map:
		if header, ok := v.Get(keyHeader); ok {
			if h, ok := header.(*yaml.Map); ok {
				if id, _ := h.Get("id"); id != nil {
					ids = append(ids, yaml.Str(id))
				}
			}
		}
		for _, item := range v.All() {
			ids = append(ids, entityIDs(item)...)
		}
	case []any:
		for _, item := range v {
			ids = append(ids, entityIDs(item)...)
		}
	}
	return ids
}

// sanitized is what stands in the place of a secret (murano/common/helpers/token_sanitizer.py).
const sanitized = "*** SANITIZED ***"

// sanitize copies a value with the texts masked whose keys look like secrets.
func sanitize(value any) any {
	switch v := value.(type) {
	case *yaml.Map:
		out := yaml.NewMap(v.Len())
		for k, item := range v.All() {
			if _, text := item.(string); text && isSecret(k) {
				item = sanitized
			} else {
				item = sanitize(item)
			}
			out.Set(k, item)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = sanitize(item)
		}
		return out
	}
	return value
}

func isSecret(key string) bool {
	key = strings.ToLower(key)
	for _, word := range []string{"token", "pass", "trustid"} {
		if strings.Contains(key, word) {
			return true
		}
	}
	return false
}
