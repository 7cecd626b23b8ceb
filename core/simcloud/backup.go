package simcloud

// Backups follow cinder/api/v3/backups.py.

func findBackup(c *call) (*record, error) { return blockFind(c, "backup", "Backup", c.param("id")) }

func backupView(c *call, r *record) object {
	o := r.visible()
	o["links"] = []object{{"rel": "self", "href": c.cloud.base + "/volume/v3/" + r.project + "/backups/" + r.id}}
	return o
}

func listBackups(c *call) (*reply, error) { return blockList(c, "backup", "backups", backupView) }

func createBackup(c *call) (*reply, error) {
	in, err := c.want("backup")
	if err != nil {
		return nil, err
	}
	v, err := findVolume(c, in.str("volume_id"))
	if err != nil {
		return nil, err
	}
	if s := v.str("status"); s != "available" && !(s == "in-use" && in.flag("force")) {
		return nil, badRequest("Invalid volume: Volume to be backed up must be available or in-use, but the current status is \"%s\".", s)
	}
	container := in["container"]
	if container == nil {
		container = "volumebackups"
	}
	o := object{
		"id": uuidString(), "name": text(in["name"]), "description": in["description"], "volume_id": v.id, "size": v.int("size"), "status": "available",
		"container": container, "is_incremental": in.flag("incremental"), "has_dependent_backups": false, "snapshot_id": in["snapshot_id"], "fail_reason": nil,
		"object_count": 1, "availability_zone": "nova", "created_at": c.now.Format(cinderTime), "updated_at": c.now.Format(cinderTime), "data_timestamp": c.now.Format(cinderTime),
		"user_id": c.by.user.id, "os-backup-project-attr:project_id": c.by.project,
	}
	c.begin(o, object{"status": "creating"})
	r := c.add("backup", c.by.project, o)
	return accepted(object{"backup": object{"id": r.id, "name": r.str("name"), "links": backupView(c, r)["links"]}})
}

func showBackup(c *call) (*reply, error) {
	r, err := findBackup(c)
	if err != nil {
		return nil, err
	}
	return ok(object{"backup": backupView(c, r)})
}

func updateBackup(c *call) (*reply, error) {
	r, err := findBackup(c)
	if err != nil {
		return nil, err
	}
	in, err := c.want("backup")
	if err != nil {
		return nil, err
	}
	return ok(object{"backup": backupView(c, describe(c, "backup", r, in))})
}

func deleteBackup(c *call) (*reply, error) {
	r, err := findBackup(c)
	if err != nil {
		return nil, err
	}
	if s := r.str("status"); s != "available" && s != "error" {
		return nil, badRequest("Invalid backup: Backup status must be available or error")
	}
	c.drop("backup", r.id)
	return accepted(nil)
}

// restoreBackup writes into a given volume, or into a new one of its size.
func restoreBackup(c *call) (*reply, error) {
	r, err := findBackup(c)
	if err != nil {
		return nil, err
	}
	if s := r.str("status"); s != "available" {
		return nil, badRequest("Invalid backup: Backup status must be available, but is %s.", s)
	}
	in, err := c.want("restore")
	if err != nil {
		return nil, err
	}
	var v *record
	if id := in.str("volume_id"); id != "" {
		if v, err = findVolume(c, id); err != nil {
			return nil, err
		}
		if s := v.str("status"); s != "available" {
			return nil, badRequest("Invalid volume: Volume to be restored to must be available, but is %s.", s)
		}
		if v.int("size") < r.int("size") {
			return nil, badRequest("Invalid volume: volume size %d is too small to restore backup of size %d.", v.int("size"), r.int("size"))
		}
		next := c.get("volume", v.id).clone()
		c.begin(next.object, object{"status": "restoring-backup"})
		v = c.put("volume", next)
	} else {
		name := in.str("name")
		if name == "" {
			name = "restore_backup_" + r.id
		}
		if v, err = newVolume(c, c.by.project, object{"name": name, "size": r.int("size")}); err != nil {
			return nil, err
		}
	}
	return accepted(object{"restore": object{"backup_id": r.id, "volume_id": v.id, "volume_name": v.str("name")}})
}
