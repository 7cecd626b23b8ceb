package cinder

import (
	"context"

	"hearth/core/resource"
	"hearth/core/yaml"
)

func (volume) Show(ctx context.Context, c *resource.Context) (any, error) {
	v, err := readVolume(ctx, c, c.PhysicalID)
	return v.Map(), err
}

// Attribute gives most values as the texts that upstream gives.
func (volume) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	if c.PhysicalID == "" {
		return nil, nil
	}
	v, err := readVolume(ctx, c, c.PhysicalID)
	if err != nil {
		return nil, err
	}
	switch name {
	case "metadata":
		return yaml.Dumps(userMetadata(v), false), nil
	case "metadata_values":
		return userMetadata(v), nil
	case "display_name":
		return v.Get("name"), nil
	case "display_description":
		return v.Get("description"), nil
	case "attachments_list":
		return v.Get("attachments"), nil
	case "multiattach":
		return v.Get("multiattach"), nil
	}
	return yaml.Str(v.Get(name)), nil
}

// userMetadata is the volume's metadata without the mark.
func userMetadata(v resource.Values) *yaml.Map {
	m := v.Sub("metadata").Map().Clone()
	m.Delete(markKey)
	return m
}
