package nova

import (
	"context"
	"strings"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// blockDevices joins both forms of block devices into Nova's second one. An image beside
// devices is named as the local disk that it is.
func blockDevices(ctx context.Context, c *resource.Context, image string) ([]any, error) {
	var out []any
	for _, m := range c.Properties.Subs("block_device_mapping") {
		d, err := oldDevice(ctx, c, m)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	for _, m := range c.Properties.Subs("block_device_mapping_v2") {
		d, err := newDevice(ctx, c, m)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	if len(out) > 0 && image != "" {
		root := map[string]any{"uuid": image, "source_type": "image", "destination_type": "local", "boot_index": 0, "delete_on_termination": true}
		out = append([]any{root}, out...)
	}
	return out, nil
}

func oldDevice(ctx context.Context, c *resource.Context, m resource.Values) (map[string]any, error) {
	d := map[string]any{"device_name": m.String("device_name"), "destination_type": "volume", "boot_index": -1, "delete_on_termination": m.Bool("delete_on_termination")}
	if isRoot(m.String("device_name")) {
		d["boot_index"] = 0
	}
	if m.Has("volume_size") {
		d["volume_size"] = m.Int("volume_size")
	}
	return d, source(ctx, c, m, d)
}

// isRoot reports whether a device of that name is the first one: vda, /dev/sda.
func isRoot(device string) bool {
	device = strings.TrimPrefix(device, "/dev/")
	return strings.HasSuffix(device, "da")
}

func newDevice(ctx context.Context, c *resource.Context, m resource.Values) (map[string]any, error) {
	d := map[string]any{}
	switch {
	case hasText(m, "volume_id"), hasText(m, "snapshot_id"), hasText(m, "image"):
		d["destination_type"], d["boot_index"], d["delete_on_termination"] = "volume", 0, false
		if err := source(ctx, c, m, d); err != nil {
			return nil, err
		}
	case m.Has("swap_size"):
		d = blank(map[string]any{"guest_format": "swap", "volume_size": m.Int("swap_size")})
	default:
		d = blank(d)
		if m.Has("ephemeral_size") {
			d["volume_size"] = m.Int("ephemeral_size")
		}
		if m.Has("ephemeral_format") {
			d["guest_format"] = m.String("ephemeral_format")
		}
	}
	if hasText(m, "device_name") {
		d["device_name"] = m.String("device_name")
	}
	for _, key := range []string{"device_type", "disk_bus", "boot_index", "volume_size", "delete_on_termination"} {
		if v := m.Get(key); v != nil && v != "" {
			d[key] = v
		}
	}
	return d, nil
}

func blank(d map[string]any) map[string]any {
	d["source_type"], d["destination_type"], d["boot_index"], d["delete_on_termination"] = "blank", "local", -1, true
	return d
}

// source names what a device is made from.
func source(ctx context.Context, c *resource.Context, m resource.Values, d map[string]any) (err error) {
	switch {
	case hasText(m, "volume_id"):
		d["source_type"] = "volume"
		d["uuid"], err = c.Cloud.FindVolume(ctx, m.String("volume_id"))
	case hasText(m, "snapshot_id"):
		d["source_type"] = "snapshot"
		d["uuid"], err = c.Cloud.FindSnapshot(ctx, m.String("snapshot_id"))
	case hasText(m, "image"):
		d["source_type"] = "image"
		d["uuid"], err = c.Cloud.FindImage(ctx, m.String("image"))
	}
	return err
}

func hasText(v resource.Values, name string) bool { return v.String(name) != "" }

// given reports whether a value is there, known or not.
func given(v resource.Values, name string) bool {
	x := v.Get(name)
	return x != nil && x != ""
}

// validateDevices wants one source for each device, and something to boot from.
func validateDevices(c *resource.Context) error {
	p := c.Properties
	old, devices := p.Subs("block_device_mapping"), p.Subs("block_device_mapping_v2")
	if len(old) > 0 && len(devices) > 0 {
		return conflicting("block_device_mapping", "block_device_mapping_v2")
	}
	bootable := given(p, "image") || schema.HasUnknown(p.Get("block_device_mapping")) || schema.HasUnknown(p.Get("block_device_mapping_v2"))
	for _, m := range old {
		switch {
		case given(m, "volume_id") && given(m, "snapshot_id"):
			return conflicting("volume_id", "snapshot_id")
		case !given(m, "volume_id") && !given(m, "snapshot_id"):
			return core.StackValidationFailed("Either volume_id or snapshot_id must be specified for device mapping %s", yaml.Str(m.Get("device_name")))
		}
		bootable = bootable || isRoot(m.String("device_name"))
	}
	for _, m := range devices {
		var sources []string
		for _, name := range []string{"volume_id", "snapshot_id", "image"} {
			if given(m, name) {
				sources = append(sources, name)
			}
		}
		local := given(m, "swap_size") || given(m, "ephemeral_size") || given(m, "ephemeral_format")
		if given(m, "swap_size") && (given(m, "ephemeral_size") || given(m, "ephemeral_format")) || len(sources) > 0 && local {
			return core.StackValidationFailed("A block device must have one source: volume_id, snapshot_id, image, swap_size, or ephemeral_size and ephemeral_format.")
		}
		switch {
		case len(sources) > 1:
			return conflicting(sources...)
		case len(sources) == 0 && !local:
			return core.StackValidationFailed("Either volume_id, snapshot_id, image_id, swap_size, ephemeral_size or ephemeral_format must be specified.")
		}
		bootable = bootable || len(sources) > 0 && (!m.Has("boot_index") || m.Int("boot_index") == 0)
	}
	if !bootable {
		return core.StackValidationFailed("Neither image nor bootable volume is specified for instance %s", c.Name)
	}
	return nil
}

func conflicting(properties ...string) error {
	return core.Errorf(core.Invalid, "ResourcePropertyConflict", "Cannot define the following properties at the same time: %s.", strings.Join(properties, ", "))
}
