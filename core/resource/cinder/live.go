package cinder

import (
	"context"
	"maps"
	"strings"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// Sound reports whether a volume that has failed can be gone on with.
func (volume) Sound(ctx context.Context, c *resource.Context) (bool, error) {
	v, err := readVolume(ctx, c, c.PhysicalID)
	if err != nil {
		return false, cloud.IgnoreNotFound(err)
	}
	status := v.String("status")
	return status != "error" && status != "deleting", nil
}

// Observe sees name, description, metadata, type and whether the volume is read-only. A
// volume that somebody has made larger is left so: it cannot shrink.
func (volume) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	v, err := readVolume(ctx, c, c.PhysicalID)
	if err != nil {
		return nil, err
	}
	old, live := c.Old, yaml.NewMap(5)
	for _, property := range []string{"name", "description"} {
		if was := old.String(property); was != "" && was != v.String(property) {
			live.Set(property, v.String(property))
		}
	}
	was := *c
	was.Properties = old
	now := resource.NewValues(v.Sub("metadata").Map().Clone())
	if old.Has("read_only") && now.Has("readonly") && old.Bool("read_only") != strings.EqualFold(now.String("readonly"), "true") {
		live.Set("read_only", !old.Bool("read_only"))
	}
	if old.Has("metadata") && !maps.Equal(ownMetadata(metadata(&was)), ownMetadata(texts(now.Map()))) {
		live.Set("metadata", valuesOf(ownMetadata(texts(now.Map()))))
	}
	if name := old.String("volume_type"); name != "" {
		if is, err := hasType(ctx, c, v, name); err == nil && !is {
			live.Set("volume_type", v.String("volume_type"))
		}
	}
	return live, nil
}

// ownMetadata is metadata without what Cinder and Create put there.
func ownMetadata(m map[string]string) map[string]string {
	maps.DeleteFunc(m, func(key, _ string) bool { return key == markKey || key == "readonly" || key == "attached_mode" })
	return m
}

func texts(m *yaml.Map) map[string]string {
	out := make(map[string]string, m.Len())
	for key, v := range m.All() {
		out[key] = yaml.Str(v)
	}
	return out
}

func valuesOf(m map[string]string) *yaml.Map {
	out := yaml.NewMap(len(m))
	for key, v := range m {
		out.Set(key, v)
	}
	return out
}

// Observe asks whether server and volume are still joined.
func (volumeAttachment) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	server, volume, err := joined(ctx, c)
	if err != nil {
		return nil, err
	}
	a, err := compute(c)
	if err != nil {
		return nil, err
	}
	_, err = a.Get(ctx, attachments(server)+"/"+volume)
	return nil, err
}
