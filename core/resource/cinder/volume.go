package cinder

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

func custom(name string) []schema.Constraint { return []schema.Constraint{schema.Custom{Name: name}} }

// Follows heat/engine/resources/openstack/cinder/volume.py.
var volumeType = resource.Type{
	Name:        "OS::Cinder::Volume",
	Description: "A volume of the block storage service: empty, or made from an image, a snapshot, a volume or a backup.",
	Service:     "volumev3",
	Properties: schema.Properties{
		"availability_zone": {Kind: schema.String, Description: "Name of the availability zone that the volume is in."},
		"size": {
			Kind: schema.Integer, UpdateAllowed: true, Constraints: []schema.Constraint{schema.Range{Min: 1}},
			Description: "Size of the volume in GB. It may grow, not shrink. It may be left out when there is a source to take it from.",
		},
		"snapshot_id": {Kind: schema.String, Constraints: custom("cinder.snapshot"), Description: "Name or ID of the snapshot to make the volume from."},
		"backup_id":   {Kind: schema.String, UpdateAllowed: true, Constraints: custom("cinder.backup"), Description: "Name or ID of the backup to make the volume from; another one is restored into it."},
		"name":        {Kind: schema.String, UpdateAllowed: true, Description: "Name of the volume; without it one is made of the stack's and the resource's."},
		"description": {Kind: schema.String, UpdateAllowed: true, Description: "Description of the volume."},
		"volume_type": {Kind: schema.String, UpdateAllowed: true, Constraints: custom("cinder.vtype"), Description: "Name or ID of the volume's type."},
		"metadata":    {Kind: schema.Map, Default: yaml.NewMap(0), UpdateAllowed: true, Description: "Metadata that Cinder keeps with the volume."},
		"imageRef": {
			Kind: schema.String, ReplacedBy: "image", Description: "ID of the image to make the volume from.",
			Support: schema.Support{
				Status: "HIDDEN", Version: "9.0.0", Message: "Use property image.",
				Previous: &schema.Support{Status: "DEPRECATED", Version: "2014.1"},
			},
		},
		"image":           {Kind: schema.String, Constraints: custom("glance.image"), Description: "Name or ID of the image to make the volume from."},
		"source_volid":    {Kind: schema.String, Constraints: custom("cinder.volume"), Description: "Name or ID of the volume to copy."},
		"scheduler_hints": {Kind: schema.Map, Support: schema.Support{Version: "2015.1"}, Description: "Hints to the scheduler."},
		"read_only":       {Kind: schema.Boolean, UpdateAllowed: true, Support: schema.Support{Version: "5.0.0"}, Description: "Whether nobody may write to the volume."},
		"multiattach": {
			Kind: schema.Boolean, Default: false, Description: "Whether the volume may be attached to several servers at once.",
			Support: schema.Support{
				Status: "HIDDEN", Version: "18.0.0", Message: "Use a volume type with multiattach support.", Previous: &schema.Support{Version: "6.0.0"},
			},
		},
	},
	Attributes: schema.Attributes{
		"attachments":         {Kind: schema.String, Live: true, Description: "The volume's attachments as a text.", Support: schema.Support{Status: "DEPRECATED", Version: "9.0.0", Message: "Use attribute attachments_list."}},
		"attachments_list":    {Kind: schema.List, Live: true, Description: "The volume's attachments.", Support: schema.Support{Version: "9.0.0"}},
		"availability_zone":   {Kind: schema.String, Description: "Availability zone that the volume is in."},
		"bootable":            {Kind: schema.String, Description: "Whether a server can boot from the volume."},
		"created_at":          {Kind: schema.String, Description: "When the volume was made."},
		"display_description": {Kind: schema.String, Description: "Description of the volume."},
		"display_name":        {Kind: schema.String, Description: "Name of the volume."},
		"encrypted":           {Kind: schema.String, Description: "Whether the volume is encrypted."},
		"metadata":            {Kind: schema.String, Description: "Metadata of the volume as a JSON text."},
		"metadata_values":     {Kind: schema.Map, Description: "Metadata of the volume."},
		"multiattach":         {Kind: schema.Boolean, Description: "Whether the volume may be attached to several servers at once.", Support: schema.Support{Version: "6.0.0"}},
		"size":                {Kind: schema.String, Description: "Size of the volume in GB."},
		"snapshot_id":         {Kind: schema.String, Description: "Snapshot that the volume was made from."},
		"source_volid":        {Kind: schema.String, Description: "Volume that the volume was copied from."},
		"status":              {Kind: schema.String, Live: true, Description: "Status of the volume."},
		"volume_type":         {Kind: schema.String, Description: "Type of the volume."},
	},
	New: func() resource.Resource { return volume{} },
}

type volume struct{}

var (
	_ resource.Finder          = volume{}
	_ resource.CreateWaiter    = volume{}
	_ resource.Updater         = volume{}
	_ resource.UpdateWaiter    = volume{}
	_ resource.DeleteWaiter    = volume{}
	_ resource.Salvager        = volume{}
	_ resource.Observer        = volume{}
	_ resource.Checker         = volume{}
	_ resource.SnapshotDeleter = volume{}
	_ resource.Snapshotter     = volume{}
	_ resource.SnapshotRemover = volume{}
	_ resource.Restorer        = volume{}
	_ resource.Attributer      = volume{}
	_ resource.Shower          = volume{}
	_ resource.Validator       = volume{}
)

// markKey is the key of the volume's metadata that holds the id of the resource's row.
const markKey = "heat_resource"

// sources are the properties that say what a volume is made from.
var sources = []string{"image", "source_volid", "snapshot_id"}

// Validate wants a size or a source, and no two sources.
func (volume) Validate(_ context.Context, c *resource.Context) error {
	var given []string
	for _, name := range sources {
		if v := c.Properties.Get(name); v != nil && v != "" {
			given = append(given, name)
		}
	}
	list := "[" + strings.Join(given, ", ") + "]"
	alone := slices.DeleteFunc(slices.Clone(given), func(name string) bool { return name == "image" }) // whose size is not the volume's
	switch {
	case c.Properties.Has("size") && len(given) > 1:
		return core.StackValidationFailed(`If "size" is provided, only one of "image", "source_volid", "snapshot_id" can be specified, but currently specified options: %s.`, list)
	case !c.Properties.Has("size") && !c.Properties.Has("backup_id") && len(alone) != 1:
		return core.StackValidationFailed(`If neither "backup_id" nor "size" is provided, one and only one of "source_volid", "snapshot_id" must be specified, but currently specified options: [%s].`, strings.Join(alone, ", "))
	}
	return nil
}

func volumeName(c *resource.Context) string {
	if name := c.Properties.String("name"); name != "" {
		return name
	}
	return c.PhysicalName(0)
}

// metadata is the user's and the mark, as texts.
func metadata(c *resource.Context) map[string]string {
	out := map[string]string{markKey: c.ID}
	for k, v := range c.Properties.Sub("metadata").Map().All() {
		if s, ok := v.(string); ok {
			out[k] = s
		} else {
			out[k] = yaml.Dumps(v, false)
		}
	}
	return out
}

func (volume) Create(ctx context.Context, c *resource.Context) error {
	p, version := c.Properties, "3.0"
	body := map[string]any{"name": volumeName(c), "metadata": metadata(c)}
	for _, key := range []string{"availability_zone", "size", "description"} {
		if p.Has(key) {
			body[key] = p.Get(key)
		}
	}
	if p.Bool("multiattach") {
		body["multiattach"] = true
	}
	for _, find := range []struct {
		property, key string
		find          func(context.Context, string) (string, error)
	}{
		{"volume_type", "volume_type", c.Cloud.FindVolumeType},
		{"image", "imageRef", c.Cloud.FindImage},
		{"snapshot_id", "snapshot_id", c.Cloud.FindSnapshot},
		{"source_volid", "source_volid", c.Cloud.FindVolume},
		{"backup_id", "backup_id", c.Cloud.FindBackup},
	} {
		name := p.String(find.property)
		if name == "" {
			continue
		}
		id, err := find.find(ctx, name)
		if err != nil {
			return err
		}
		body[find.key] = id
		if find.property == "backup_id" {
			version = "3.47"
		}
	}
	request := resource.Object("volume", body)
	if hints := p.Sub("scheduler_hints").Map(); hints.Len() > 0 {
		request["OS-SCH-HNT:scheduler_hints"] = hints
	}
	a, err := blockStorage(c, version)
	if err != nil {
		return err
	}
	answer, err := a.Post(ctx, "volumes", request)
	if err != nil {
		return err
	}
	c.PhysicalID = answer.Sub("volume").String("id")
	return nil
}

// Find knows a volume by its name and the mark in its metadata.
func (volume) Find(ctx context.Context, c *resource.Context) (bool, error) {
	a, err := blockStorage(c, "3.0")
	if err != nil {
		return false, err
	}
	answer, err := a.Get(ctx, "volumes/detail?"+url.Values{"name": {volumeName(c)}}.Encode())
	if err != nil {
		return false, err
	}
	for _, v := range answer.Subs("volumes") {
		if v.Sub("metadata").String(markKey) == c.ID {
			c.PhysicalID = v.String("id")
			return true, nil
		}
	}
	return false, nil
}

func readVolume(ctx context.Context, c *resource.Context, id string) (resource.Values, error) {
	a, err := blockStorage(c, "3.0")
	if err != nil {
		return resource.Values{}, err
	}
	answer, err := a.Get(ctx, "volumes/"+id)
	return answer.Sub("volume"), err
}

// working are the statuses in which Cinder is still at work on a volume.
var working = []string{"creating", "downloading", "restoring-backup", "extending", "retyping", "backing-up", "uploading", "maintenance", "reserved", "awaiting-transfer"}

func (volume) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	v, err := readVolume(ctx, c, c.PhysicalID)
	if err != nil {
		return resource.Progress{}, err
	}
	switch status := v.String("status"); {
	case status == "available":
		if c.Properties.Bool("read_only") {
			return resource.Done, setReadOnly(ctx, c)
		}
		return resource.Done, nil
	case slices.Contains(working, status):
		return c.Pause(), nil
	case strings.HasPrefix(status, "error"):
		return resource.Progress{}, resource.InError(status, "Unknown")
	default:
		return resource.Progress{}, resource.UnknownStatus("Volume creation failed", status)
	}
}

func act(ctx context.Context, c *resource.Context, version, action string, argument any) error {
	a, err := blockStorage(c, version)
	if err != nil {
		return err
	}
	_, err = a.Post(ctx, "volumes/"+c.PhysicalID+"/action", resource.Object(action, argument))
	return err
}

func setReadOnly(ctx context.Context, c *resource.Context) error {
	return act(ctx, c, "3.0", "os-update_readonly_flag", resource.Object("readonly", c.Properties.Bool("read_only")))
}

// Delete does nothing but what DeleteComplete does: a volume may have to come to rest first.
func (volume) Delete(context.Context, *resource.Context) error { return nil }

// inUseGrace is how long a volume that is deleted may stay attached: its server may be
// going at the same time.
const inUseGrace = 30 * time.Second

func (volume) DeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if c.PhysicalID == "" {
		return resource.Done, nil
	}
	v, err := readVolume(ctx, c, c.PhysicalID)
	if err != nil {
		return resource.Done, cloud.IgnoreNotFound(err)
	}
	switch status := v.String("status"); {
	case status == "deleting", status == "detaching", slices.Contains(working, status):
		return c.Pause(), nil
	case status == "in-use" || status == "attaching":
		if c.Now().Sub(c.Started) > inUseGrace {
			return resource.Progress{}, core.Errorf(core.Conflict, "Error", "Volume in use")
		}
		return c.Pause(), nil
	case status == "error_deleting":
		return resource.Progress{}, resource.InError(status, "Unknown")
	}
	a, err := blockStorage(c, "3.0")
	if err != nil {
		return resource.Progress{}, err
	}
	if _, err = a.Do(ctx, http.MethodDelete, "volumes/"+c.PhysicalID, nil); err != nil {
		return resource.Done, cloud.IgnoreNotFound(err)
	}
	return c.Pause(), nil
}

func (volume) Check(ctx context.Context, c *resource.Context) error {
	v, err := readVolume(ctx, c, c.PhysicalID)
	if err != nil {
		return err
	}
	if status := v.String("status"); status != "available" && status != "in-use" {
		return core.Errorf(core.Conflict, "Error", "'status': expected '['available', 'in-use']', got '%s'", status)
	}
	return nil
}
