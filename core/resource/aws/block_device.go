package aws

import (
	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
)

var blockDeviceMappings = schema.Property{
	Kind: schema.List, Description: "Block device mappings to attach to instance.",
	Item: &schema.Property{Kind: schema.Map, Description: "One disk.", Fields: schema.Properties{
		"DeviceName": {Kind: schema.String, Required: true, Description: "A device name where the volume will be attached in the system at /dev/device_name, e.g. vdb."},
		"Ebs": {Kind: schema.Map, Description: "The volume to attach to the instance.", Fields: schema.Properties{
			"DeleteOnTermination": {Kind: schema.Boolean, Default: true, Description: "Whether the volume goes with the instance."},
			"Iops":                {Kind: schema.Number, NotImplemented: true, Description: noEffect},
			"SnapshotId":          {Kind: schema.String, Description: "The ID of the snapshot to create a volume from.", Constraints: []schema.Constraint{schema.Custom{Name: "cinder.snapshot"}}},
			"VolumeSize":          {Kind: schema.String, Description: "The size of the volume, in GB; that of the snapshot when left out."},
			"VolumeType":          {Kind: schema.String, NotImplemented: true, Description: noEffect},
		}},
		"NoDevice":    {Kind: schema.Map, NotImplemented: true, Description: noEffect},
		"VirtualName": {Kind: schema.String, NotImplemented: true, Description: noEffect},
	}},
}

var schedulerHints = schema.Property{
	Kind: schema.List, Description: "Scheduler hints to pass to Nova (Heat extension).",
	Item: &schema.Property{Kind: schema.Map, Description: "One hint.", Fields: schema.Properties{
		"Key":   {Kind: schema.String, Required: true, Description: "Name of the hint."},
		"Value": {Kind: schema.String, Required: true, Description: "Value of the hint."},
	}},
}

// checkMappings refuses a disk that no snapshot is given for.
func checkMappings(p resource.Values) error {
	for _, m := range p.Subs("BlockDeviceMappings") {
		switch {
		case !m.Has("Ebs"):
			return core.StackValidationFailed("Ebs is missing, this is required when specifying BlockDeviceMappings.")
		case !schema.IsUnknown(m.Get("Ebs")) && !m.Sub("Ebs").Has("SnapshotId"):
			return core.StackValidationFailed("SnapshotId is missing, this is required when specifying BlockDeviceMappings.")
		}
	}
	return nil
}

// devices are the disks as Nova takes them: the image's, then those of the mappings, then
// the volumes; nil when the image's is all.
func devices(p resource.Values, image string) []any {
	mappings, volumes := p.Subs("BlockDeviceMappings"), p.Subs("Volumes")
	if len(mappings)+len(volumes) == 0 {
		return nil
	}
	list := []any{map[string]any{"boot_index": 0, "uuid": image, "source_type": "image", "destination_type": "local", "delete_on_termination": true}}
	for _, m := range mappings {
		ebs := m.Sub("Ebs")
		device := map[string]any{"boot_index": -1, "uuid": ebs.String("SnapshotId"), "source_type": "snapshot", "destination_type": "volume",
			"device_name": m.String("DeviceName"), "delete_on_termination": ebs.Bool("DeleteOnTermination")}
		if size := ebs.String("VolumeSize"); size != "" {
			device["volume_size"] = size
		}
		list = append(list, device)
	}
	for _, v := range volumes {
		list = append(list, map[string]any{"boot_index": -1, "uuid": v.String("VolumeId"), "source_type": "volume", "destination_type": "volume",
			"device_name": v.String("Device"), "delete_on_termination": false})
	}
	return list
}

// hints are scheduler hints as Nova takes them; a name given twice has a list.
func hints(p resource.Values) map[string]any {
	out := map[string]any{}
	for _, h := range p.Subs("NovaSchedulerHints") {
		key, value := h.String("Key"), h.Get("Value")
		switch before := out[key].(type) {
		case nil:
			out[key] = value
		case []any:
			out[key] = append(before, value)
		default:
			out[key] = []any{before, value}
		}
	}
	return out
}

// tags are tags as Nova's metadata.
func tags(p resource.Values) map[string]string {
	out := map[string]string{}
	for _, t := range p.Subs("Tags") {
		out[t.String("Key")] = t.String("Value")
	}
	return out
}
