package native

import (
	"slices"

	"hearth/core/yaml"
)

// heatTemplateVersion is what all templates of programs are written in.
const heatTemplateVersion = "2013-05-23"

// mergeTemplates merges right into left: maps key by key, lists without what is in them
// already; of other values the right one counts, but of texts and null the left one
// (murano/dsl/helpers.py merge_dicts). Both stay as they are. It returns TypeError where the
// types differ.
func mergeTemplates(left, right *yaml.Map, path string) (*yaml.Map, error) {
	out := left.Clone()
	for key, new := range right.All() {
		old, ok := left.Get(key)
		if !ok {
			out.Set(key, new)
			continue
		}
		at := path + "/" + key
		if a, b := yaml.TypeName(old), yaml.TypeName(new); a != b {
			if textOrNull(old) && textOrNull(new) {
				continue
			}
			return nil, failure("TypeError", "Cannot merge templates: %s is %s in one and %s in the other", at, a, b)
		}
		switch new := new.(type) {
		case *yaml.Map:
			merged, err := mergeTemplates(old.(*yaml.Map), new, at)
			if err != nil {
				return nil, err
			}
			out.Set(key, merged)
		case []any:
			out.Set(key, united(old.([]any), new))
		default:
			out.Set(key, new)
		}
	}
	return out, nil
}

func textOrNull(v any) bool {
	_, text := v.(string)
	return text || v == nil
}

func united(lists ...[]any) []any {
	out := []any{}
	for _, item := range slices.Concat(lists...) {
		if !slices.ContainsFunc(out, func(v any) bool { return yaml.Equal(v, item) }) {
			out = append(out, item)
		}
	}
	return out
}

// completed is a template with what every template that is pushed has.
func completed(t *yaml.Map, description any) *yaml.Map {
	out := t.Clone()
	if !out.Has("heat_template_version") {
		out.Set("heat_template_version", heatTemplateVersion)
	}
	if !out.Has("description") && description != nil && description != "" {
		out.Set("description", str(description))
	}
	return out
}

// resourcesOf are the resources of a template; nil when it has no such section, which a stack
// is not made of.
func resourcesOf(t *yaml.Map) any {
	if v, _ := t.Get("Resources"); v != nil {
		return v
	}
	v, _ := t.Get("resources")
	return v
}
