package simcloud

import "slices"

// Volumes follow cinder/api/v3/volumes.py and cinder/volume/api.py.

func findVolume(c *call, id string) (*record, error) { return blockFind(c, "volume", "Volume", id) }

// volumeView is a volume as it is shown: with what Cinder's extensions add.
func volumeView(c *call, r *record) object {
	o := volumeAnswer(c, r)
	o["os-vol-tenant-attr:tenant_id"] = r.project
	if image, ok := r.visible()["volume_image_metadata"]; ok {
		o["volume_image_metadata"] = image
	}
	if c.by.admin {
		o["os-vol-host-attr:host"] = hostName + "@lvm#lvm"
		o["os-vol-mig-status-attr:migstat"], o["os-vol-mig-status-attr:name_id"] = nil, nil
	}
	return o
}

// volumeAnswer is a volume as requests that make or change it answer.
func volumeAnswer(c *call, r *record) object {
	o := r.visible()
	delete(o, "volume_image_metadata")
	o["links"] = []object{{"rel": "self", "href": c.cloud.base + "/volume/v3/" + r.project + "/volumes/" + r.id}}
	attached := []object{}
	for _, a := range c.having("attachment", "volume_id", r.id) {
		attached = append(attached, object{
			"id": r.id, "attachment_id": a.id, "volume_id": r.id, "server_id": a.str("server_id"), "device": a.str("device"), "host_name": nil, "attached_at": a.str("attached_at"),
		})
	}
	o["attachments"] = attached
	return o
}

func listVolumes(c *call) (*reply, error) {
	return blockList(c, "volume", "volumes", func(c *call, r *record) object {
		v := volumeView(c, r)
		short := object{}
		for _, k := range []string{"id", "name", "links", "status", "metadata"} {
			short[k] = v[k]
		}
		return short
	})
}

func listVolumeDetails(c *call) (*reply, error) {
	return blockList(c, "volume", "volumes", volumeView)
}

func summarizeVolumes(c *call) (*reply, error) {
	n, size := 0, 0
	for _, r := range c.having("volume", "project", c.by.project) {
		n, size = n+1, size+r.int("size")
	}
	return ok(object{"volume-summary": object{"total_count": n, "total_size": size, "metadata": object{}}})
}

func createVolume(c *call) (*reply, error) {
	in, err := c.want("volume")
	if err != nil {
		return nil, err
	}
	r, err := newVolume(c, c.by.project, oldNames(in))
	if err != nil {
		return nil, err
	}
	v := volumeAnswer(c, r)
	v["status"] = "creating"
	return accepted(object{"volume": v})
}

// newVolume makes a volume, empty or from an image, snapshot, volume or
// backup; its size defaults to that of its source.
func newVolume(c *call, project string, in object) (*record, error) {
	o := object{
		"id": uuidString(), "name": text(in["name"]), "description": in["description"], "status": "available", "bootable": "false", "encrypted": false, "multiattach": in.flag("multiattach"),
		"snapshot_id": null(in.str("snapshot_id")), "source_volid": null(in.str("source_volid")), "consistencygroup_id": nil, "group_id": nil, "replication_status": nil,
		"migration_status": nil, "user_id": c.by.user.id, "created_at": c.now.Format(cinderTime), "updated_at": c.now.Format(cinderTime),
		"availability_zone": "nova", "metadata": in["metadata"],
	}
	if err := checkMetadata(in); err != nil {
		return nil, err
	}
	if o["metadata"] == nil {
		o["metadata"] = map[string]any{}
	}
	if z := in.str("availability_zone"); z != "" && z != "nova" {
		return nil, badRequest("Availability zone '%s' is invalid.", z)
	}
	size, err := whole.coerce("size", in["size"])
	if err != nil {
		return nil, badRequest("Invalid input for field/attribute size. Value: %v.", in["size"])
	}
	least, err := sourceOf(c, in, o)
	if err != nil {
		return nil, err
	}
	n, given := size.(int)
	if !given {
		n = least
	}
	if n < 1 {
		return nil, badRequest("Invalid input received: Volume size '%v' must be an integer and greater than 0", in["size"])
	}
	if n < least {
		return nil, badRequest("Invalid input received: Volume size %dGB cannot be smaller than the size %dGB of its source.", n, least)
	}
	o["size"] = n
	if o["volume_type"], err = volumeTypeName(c, in.str("volume_type")); err != nil {
		return nil, err
	}
	if err := volumeRoom(c, project, "volumes", 1, n); err != nil {
		return nil, err
	}
	c.begin(o, object{"status": "creating"})
	return c.add("volume", project, o), nil
}

// sourceOf checks what a volume is made from and returns its least size.
func sourceOf(c *call, in, o object) (int, error) {
	if id := in.str("snapshot_id"); id != "" {
		s, err := blockFind(c, "snapshot", "Snapshot", id)
		if err != nil {
			return 0, err
		}
		if s.str("status") != "available" {
			return 0, badRequest("Invalid snapshot: Originating snapshot status must be one of 'available' values")
		}
		if v := c.get("volume", s.str("volume_id")); v != nil {
			o["bootable"] = v.str("bootable")
		}
		return s.int("size"), nil
	}
	if id := in.str("source_volid"); id != "" {
		v, err := findVolume(c, id)
		if err != nil {
			return 0, err
		}
		o["bootable"] = v.str("bootable")
		return v.int("size"), nil
	}
	if id := in.str("backup_id"); id != "" {
		b, err := blockFind(c, "backup", "Backup", id)
		if err != nil {
			return 0, err
		}
		return b.int("size"), nil
	}
	ref := in.str("imageRef")
	if ref == "" {
		ref = in.str("image_id")
	}
	if ref == "" {
		return 0, nil
	}
	image := visibleImage(c, lastSegment(ref))
	if image == nil {
		return 0, badRequest("Invalid image identifier or unable to access requested image.")
	}
	if s := image.str("status"); s != "active" {
		return 0, badRequest("Invalid input received: Image %s is not active.", image.id)
	}
	o["bootable"] = "true"
	o["volume_image_metadata"] = map[string]any{
		"image_id": image.id, "image_name": image.str("name"), "container_format": text(image.object["container_format"]), "disk_format": text(image.object["disk_format"]),
		"checksum": text(image.object["checksum"]), "size": text(image.object["size"]), "min_disk": text(image.object["min_disk"]), "min_ram": text(image.object["min_ram"]),
	}
	return max(image.int("min_disk"), (image.int("size")+1<<30-1)>>30), nil
}

func showVolume(c *call) (*reply, error) {
	r, err := findVolume(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	return ok(object{"volume": volumeView(c, r)})
}

func updateVolume(c *call) (*reply, error) {
	r, err := findVolume(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	in, err := c.want("volume")
	if err != nil {
		return nil, err
	}
	return ok(object{"volume": volumeAnswer(c, c.current(describe(c, "volume", r, in)))})
}

// oldNames accepts the version 1 spelling that clients still send.
func oldNames(in object) object {
	for _, k := range []string{"name", "description"} {
		if v, given := in["display_"+k]; given && !in.has(k) {
			in[k] = v
		}
	}
	return in
}

// describe changes name, description and metadata of a Cinder record.
func describe(c *call, kind string, r *record, in object) *record {
	oldNames(in)
	changes := object{"updated_at": c.now.Format(cinderTime)}
	for _, k := range []string{"name", "description", "metadata"} {
		if v, given := in[k]; given {
			changes[k] = v
		}
	}
	return c.update(kind, c.get(kind, r.id), changes)
}

var removable = []string{"available", "error", "error_restoring", "error_extending", "error_managing"}

func deleteVolume(c *call) (*reply, error) {
	r, err := findVolume(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	if err := volumeFree(c, r, c.query("cascade") != ""); err != nil {
		return nil, err
	}
	c.drop("volume", r.id)
	return accepted(nil)
}

// volumeFree refuses what cannot be deleted; with cascade the snapshots go.
func volumeFree(c *call, r *record, cascade bool) error {
	snapshots := c.having("snapshot", "volume_id", r.id)
	if !slices.Contains(removable, r.str("status")) || c.count("attachment", "volume_id", r.id) > 0 || len(snapshots) > 0 && !cascade {
		return badRequest("Invalid volume: Volume status must be available or error or error_restoring or error_extending or error_managing and must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.")
	}
	for _, s := range snapshots {
		c.drop("snapshot", s.id)
	}
	return nil
}
