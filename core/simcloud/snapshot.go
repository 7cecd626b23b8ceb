package simcloud

// Snapshots follow cinder/api/v3/snapshots.py.

func findSnapshot(c *call) (*record, error) {
	return blockFind(c, "snapshot", "Snapshot", c.param("id"))
}

// snapshotView is a snapshot as it is shown: with what Cinder's extension adds.
func snapshotView(c *call, r *record) object {
	o := snapshotAnswer(r)
	o["os-extended-snapshot-attributes:project_id"] = r.project
	o["os-extended-snapshot-attributes:progress"] = "100%"
	return o
}

// snapshotAnswer is a snapshot as requests that make or change it answer: whose it is is told
// from microversion 3.41 on only.
func snapshotAnswer(r *record) object {
	o := r.visible()
	delete(o, "user_id")
	return o
}

func listSnapshots(c *call) (*reply, error) {
	return blockList(c, "snapshot", "snapshots", snapshotView)
}

func createSnapshot(c *call) (*reply, error) {
	in, err := c.want("snapshot")
	if err != nil {
		return nil, err
	}
	v, err := findVolume(c, oldNames(in).str("volume_id"))
	if err != nil {
		return nil, err
	}
	if s := v.str("status"); s != "available" && !(s == "in-use" && (in.flag("force") || equals(true, in.str("force")))) {
		return nil, badRequest("Invalid volume: Volume %s status must be available, but current status is: %s.", v.id, s)
	}
	if err := checkMetadata(in); err != nil {
		return nil, err
	}
	if err := volumeRoom(c, c.by.project, "snapshots", 1, v.int("size")); err != nil {
		return nil, err
	}
	o := object{
		"id": uuidString(), "name": text(in["name"]), "description": in["description"], "volume_id": v.id, "size": v.int("size"), "status": "available",
		"metadata": in["metadata"], "created_at": c.now.Format(cinderTime), "updated_at": nil, "user_id": c.by.user.id,
	}
	if o["metadata"] == nil {
		o["metadata"] = map[string]any{}
	}
	c.begin(o, object{"status": "creating"})
	view := snapshotAnswer(c.add("snapshot", c.by.project, o))
	view["status"] = "creating"
	return accepted(object{"snapshot": view})
}

func showSnapshot(c *call) (*reply, error) {
	r, err := findSnapshot(c)
	if err != nil {
		return nil, err
	}
	return ok(object{"snapshot": snapshotView(c, r)})
}

func updateSnapshot(c *call) (*reply, error) {
	r, err := findSnapshot(c)
	if err != nil {
		return nil, err
	}
	in, err := c.want("snapshot")
	if err != nil {
		return nil, err
	}
	return ok(object{"snapshot": snapshotAnswer(c.current(describe(c, "snapshot", r, in)))})
}

func deleteSnapshot(c *call) (*reply, error) {
	r, err := findSnapshot(c)
	if err != nil {
		return nil, err
	}
	if s := r.str("status"); s != "available" && s != "error" {
		return nil, badRequest("Invalid snapshot: Snapshot status must be one of available, error, but is %s.", s)
	}
	c.drop("snapshot", r.id)
	return accepted(nil)
}

func actOnSnapshot(c *call) (*reply, error) {
	r, err := findSnapshot(c)
	if err != nil {
		return nil, err
	}
	status := c.in.obj("os-reset_status").str("status")
	switch {
	case status != "":
		c.update("snapshot", c.get("snapshot", r.id), object{"status": status, "_pending": nil})
	case c.in.has("os-force_delete"):
		c.drop("snapshot", r.id)
	default:
		return nil, badRequest("There is no such action")
	}
	return accepted(nil)
}
