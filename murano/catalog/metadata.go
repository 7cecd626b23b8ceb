package catalog

import (
	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/patch"
)

// Metadata reads what an upload says of its package beside the manifest. Returns Invalid
// for what does not fit (murano/api/v1/validation_schemas.py PKG_UPLOAD_SCHEMA, which is
// that of a patch).
func Metadata(m *yaml.Map) (Upload, error) {
	u := Upload{Enabled: true}
	if m.Len() == 0 {
		return u, nil
	}
	if err := patch.Validate(PackageRules.Schema, m); err != nil {
		return u, murano.Explain(core.Invalid, "Package schema is not valid: %s", err)
	}
	texts := func(key string) []string {
		v, _ := m.Get(key)
		list, _ := v.([]any)
		var out []string
		for _, item := range list {
			out = append(out, yaml.Str(item))
		}
		return out
	}
	u.Tags, u.Categories = texts("tags"), texts("categories")
	public, _ := m.Get("is_public")
	u.IsPublic = public == true
	if enabled, ok := m.Get("enabled"); ok {
		u.Enabled = enabled == true
	}
	return u, nil
}
