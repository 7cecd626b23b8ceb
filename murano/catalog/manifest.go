package catalog

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/version"
)

// Format is the language of a package.
type Format struct{ Name, Version string }

// The formats of packages.
const (
	MuranoPL = "MuranoPL"
	HeatHOT  = "Heat.HOT"
)

// formats are those that are understood, with the versions of each.
var formats = map[string][]string{
	MuranoPL: {"1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0"},
	HeatHOT:  {"1.0.0"},
}

// manifest is manifest.yaml, checked.
type manifest struct {
	format      Format
	fullName    string
	version     string
	kind        string
	name        string
	description *string
	author      *string
	supplier    *yaml.Map
	logo        string // "" when not given
	tags        []string
	classes     []string // of a MuranoPL package
	ui          string
}

const maxManifestNodes = 20_000

func readManifest(a *Archive) (*manifest, error) {
	if !a.Has("manifest.yaml") {
		return nil, loadError("Unable to find package manifest")
	}
	src, err := a.Read("manifest.yaml")
	if err != nil {
		return nil, err
	}
	node, err := yaml.Parse(src, yaml.Options{MaxBytes: 1 << 20, MaxNodes: maxManifestNodes, MaxDepth: 50})
	if err != nil {
		return nil, loadError("Unable to load due to '%s'", err)
	}
	top, ok := node.Plain().(*yaml.Map)
	if !ok {
		return nil, formatError("the manifest is not a mapping")
	}
	return parseManifest(top)
}

func parseManifest(top *yaml.Map) (*manifest, error) {
	m := &manifest{}
	var err error
	if m.format, err = ParseFormat(text(top, "Format", "")); err != nil {
		return nil, err
	}
	if m.fullName = text(top, "FullName", ""); m.fullName == "" {
		return nil, formatError("FullName is not specified")
	}
	if !ValidFullName(m.fullName) {
		return nil, formatError("Invalid FullName %s", m.fullName)
	}
	v, err := version.Coerce(text(top, "Version", "0.0.0"))
	if err != nil {
		return nil, formatError("%s", err)
	}
	m.version = v.String()
	kind, _ := top.Get("Type")
	if m.kind = yaml.Str(kind); m.kind != murano.Application && m.kind != murano.Library {
		return nil, formatError("Invalid package Type %s", m.kind)
	}
	m.name = text(top, "Name", m.fullName)
	m.description, m.author = optional(top, "Description"), optional(top, "Author")
	m.logo, m.ui = text(top, "Logo", ""), text(top, "UI", "ui.yaml")
	if err := m.parts(top); err != nil {
		return nil, err
	}
	return m, nil
}

// parts reads what is not a text.
func (m *manifest) parts(top *yaml.Map) error {
	m.supplier = &yaml.Map{}
	if v, _ := top.Get("Supplier"); v != nil {
		s, ok := v.(*yaml.Map)
		if !ok {
			return formatError("Supplier is not a mapping")
		}
		m.supplier = s
	}
	if v, _ := top.Get("Tags"); v != nil {
		list, ok := v.([]any)
		if !ok {
			return formatError("Tags is not a list")
		}
		for _, tag := range list {
			m.tags = append(m.tags, yaml.Str(tag))
		}
	}
	v, _ := top.Get("Classes")
	if v == nil || m.format.Name != MuranoPL {
		return nil
	}
	classes, ok := v.(*yaml.Map)
	if !ok {
		return formatError("Classes is not a mapping")
	}
	m.classes = classes.Keys()
	return nil
}

func (m *manifest) supplierJSON() json.RawMessage {
	raw, err := yaml.EncodeJSON(m.supplier)
	if err != nil {
		return json.RawMessage("{}")
	}
	return raw
}

// ParseFormat reads the Format of a manifest: "Heat.HOT/1.0", "MuranoPL/1.4", or a bare version
// of MuranoPL; nothing is MuranoPL/1.0. It returns Invalid for one that is not understood.
func ParseFormat(spec string) (Format, error) {
	spec = cmp.Or(spec, MuranoPL+"/1.0")
	if spec[0] >= '0' && spec[0] <= '9' {
		spec = MuranoPL + "/" + spec
	}
	i := strings.LastIndexByte(spec, '/')
	if i < 0 {
		return Format{}, formatError("Unsupported format %s", spec)
	}
	name := strings.TrimSpace(spec[:i])
	v, err := version.Coerce(spec[i+1:])
	if err != nil || !slices.Contains(formats[name], v.String()) {
		return Format{}, formatError("Unsupported format %s", spec)
	}
	return Format{name, v.String()}, nil
}

var fullName = regexp.MustCompile(`^[\pL\pN_.]+$`)

// ValidFullName reports whether a package may be called so.
func ValidFullName(s string) bool {
	return fullName.MatchString(s) && !strings.HasPrefix(s, ".") && !strings.HasSuffix(s, ".") && !strings.Contains(s, "..")
}

// text gives a value as Python's str has it (1.0, True), or instead when it is absent or
// empty.
func text(m *yaml.Map, key, instead string) string {
	v, _ := m.Get(key)
	if v == nil || v == "" {
		return instead
	}
	return yaml.Str(v)
}

func optional(m *yaml.Map, key string) *string {
	v, _ := m.Get(key)
	if v == nil {
		return nil
	}
	s := yaml.Str(v)
	return &s
}
