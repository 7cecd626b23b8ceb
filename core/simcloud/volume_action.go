package simcloud

import (
	"maps"
	"slices"
)

// A volumeAction is one member of POST /volumes/{id}/action.
type volumeAction struct {
	name   string
	access access
	do     func(c *call, r *record, arg object) (*reply, error)
}

var volumeActions = []volumeAction{
	{"os-extend", 0, extendVolume},
	{"os-reserve", 0, func(c *call, r *record, arg object) (*reply, error) {
		return volumeStatus(c, r, "available", "attaching")
	}},
	{"os-unreserve", 0, func(c *call, r *record, arg object) (*reply, error) {
		return volumeStatus(c, r, "attaching", "available")
	}},
	{"os-begin_detaching", 0, func(c *call, r *record, arg object) (*reply, error) {
		return volumeStatus(c, r, "in-use", "detaching")
	}},
	{"os-roll_detaching", 0, func(c *call, r *record, arg object) (*reply, error) {
		return volumeStatus(c, r, "detaching", "in-use")
	}},
	{"os-attach", 0, markAttached},
	{"os-detach", 0, markDetached},
	{"os-force_detach", admin, markDetached},
	{"os-retype", 0, retypeVolume},
	{"os-set_bootable", 0, func(c *call, r *record, arg object) (*reply, error) {
		b := "false"
		if equals(true, text(arg["bootable"])) {
			b = "true"
		}
		return changeVolume(c, r, object{"bootable": b}, ok)
	}},
	{"os-update_readonly_flag", 0, func(c *call, r *record, arg object) (*reply, error) {
		m := map[string]any{}
		maps.Copy(m, r.obj("metadata"))
		m["readonly"] = map[bool]string{true: "True", false: "False"}[arg.flag("readonly")]
		return changeVolume(c, r, object{"metadata": m}, accepted)
	}},
	{"os-set_image_metadata", 0, func(c *call, r *record, arg object) (*reply, error) {
		m := map[string]any{}
		maps.Copy(m, r.obj("volume_image_metadata"))
		maps.Copy(m, arg.obj("metadata"))
		rep, err := changeVolume(c, r, object{"volume_image_metadata": m}, ok)
		if err == nil {
			rep.body = object{"metadata": m}
		}
		return rep, err
	}},
	{"os-unset_image_metadata", 0, func(c *call, r *record, arg object) (*reply, error) {
		m := map[string]any{}
		maps.Copy(m, r.obj("volume_image_metadata"))
		delete(m, arg.str("key"))
		return changeVolume(c, r, object{"volume_image_metadata": m}, ok)
	}},
	{"os-show_image_metadata", 0, func(c *call, r *record, arg object) (*reply, error) {
		return ok(object{"metadata": r.obj("volume_image_metadata")})
	}},
	{"os-volume_upload_image", 0, uploadVolume},
	{"os-reset_status", admin, func(c *call, r *record, arg object) (*reply, error) {
		if arg.str("status") == "" {
			return nil, badRequest("Invalid input: status is missing")
		}
		return changeVolume(c, r, object{"status": arg.str("status"), "_pending": nil}, accepted)
	}},
	{"os-force_delete", admin, func(c *call, r *record, arg object) (*reply, error) {
		c.drop("volume", r.id)
		return accepted(nil)
	}},
}

func actOnVolume(c *call) (*reply, error) {
	r, err := findVolume(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(volumeActions, func(a volumeAction) bool { return c.in.has(a.name) })
	if i < 0 {
		return nil, badRequest("There is no such action: %v", slices.Sorted(maps.Keys(c.in)))
	}
	a := volumeActions[i]
	if a.access&admin != 0 && !c.by.admin {
		return nil, forbidden("Policy doesn't allow volume_extension:%s to be performed.", a.name)
	}
	arg := c.in.obj(a.name)
	if arg == nil {
		arg = object{}
	}
	return a.do(c, r, arg)
}

func changeVolume(c *call, r *record, changes object, answer func(any) (*reply, error)) (*reply, error) {
	changes["updated_at"] = c.now.Format(cinderTime)
	c.update("volume", c.get("volume", r.id), changes)
	return answer(nil)
}

func volumeStatus(c *call, r *record, from, to string) (*reply, error) {
	if s := r.str("status"); s != from {
		return nil, badRequest("Invalid volume: Volume %s status must be %s, but current status is: %s.", r.id, from, s)
	}
	return changeVolume(c, r, object{"status": to, "_pending": nil}, accepted)
}

func extendVolume(c *call, r *record, arg object) (*reply, error) {
	size, err := whole.coerce("new_size", arg["new_size"])
	n, _ := size.(int)
	if err != nil || n <= r.int("size") {
		return nil, badRequest("Invalid input received: New size for extend must be greater than current size. (current: %d, extended: %v).", r.int("size"), arg["new_size"])
	}
	if s := r.str("status"); s != "available" && s != "in-use" {
		return nil, badRequest("Invalid volume: Volume %s status must be available or in-use to extend, but current status is: %s.", r.id, s)
	}
	if err := volumeRoom(c, r.project, "volumes", 0, n-r.int("size")); err != nil {
		return nil, err
	}
	next := c.get("volume", r.id).clone()
	next.object["size"] = n
	next.object["updated_at"] = c.now.Format(cinderTime)
	c.begin(next.object, object{"status": "extending", "size": r.int("size")})
	if next.str("status") == "ERROR" || next.str("status") == "error" {
		next.object["status"], next.object["size"] = "error_extending", r.int("size")
	}
	c.put("volume", next)
	return accepted(nil)
}

// markAttached is what Nova calls; clients use it to attach elsewhere.
func markAttached(c *call, r *record, arg object) (*reply, error) {
	if s := r.str("status"); s != "available" && s != "attaching" && !(s == "in-use" && r.flag("multiattach")) {
		return nil, badRequest("Invalid volume: status must be available or attaching, but is %s.", s)
	}
	c.add("attachment", r.project, object{
		"id": uuidString(), "server_id": arg.str("instance_uuid"), "volume_id": r.id, "device": arg.str("mountpoint"), "delete_on_termination": false,
		"boot_index": -1, "tag": nil, "attached_at": c.now.Format(cinderTime),
	})
	return changeVolume(c, r, object{"status": "in-use", "_pending": nil}, accepted)
}

func markDetached(c *call, r *record, arg object) (*reply, error) {
	for _, a := range c.having("attachment", "volume_id", r.id) {
		if id := arg.str("attachment_id"); id == "" || id == a.id {
			detachVolume(c, a)
		}
	}
	if c.count("attachment", "volume_id", r.id) > 0 {
		return accepted(nil)
	}
	return changeVolume(c, r, object{"status": "available"}, accepted)
}

func retypeVolume(c *call, r *record, arg object) (*reply, error) {
	name, err := volumeTypeName(c, arg.str("new_type"))
	if err != nil {
		return nil, err
	}
	if s := r.str("status"); s != "available" && s != "in-use" {
		return nil, badRequest("Invalid volume: Retype requires volume status to be available or in-use, but current status is: %s.", s)
	}
	next := c.get("volume", r.id).clone()
	next.object["volume_type"] = name
	c.begin(next.object, object{"status": "retyping", "volume_type": r.object["volume_type"]})
	c.put("volume", next)
	return accepted(nil)
}

func uploadVolume(c *call, r *record, arg object) (*reply, error) {
	if s := r.str("status"); s != "available" && !(s == "in-use" && arg.flag("force")) {
		return nil, badRequest("Invalid volume: Volume status must be available, but current status is: %s.", s)
	}
	format := arg.str("disk_format")
	if format == "" {
		format = "raw"
	}
	image := newImage(c, c.by.project, object{"name": arg.str("image_name"), "disk_format": format, "container_format": "bare", "visibility": "private"})
	c.update("image", image, object{"status": "active", "size": r.int("size") << 30})
	return accepted(object{"os-volume_upload_image": object{
		"id": r.id, "image_id": image.id, "image_name": arg.str("image_name"), "status": "uploading", "size": r.int("size"), "disk_format": format,
		"container_format": "bare", "display_description": r.object["description"], "updated_at": c.now.Format(cinderTime), "volume_type": nil,
	}})
}
