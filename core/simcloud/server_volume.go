package simcloud

import "fmt"

// attachVolume joins a volume to a server; how holds device,
// delete_on_termination, boot_index and tag.
func attachVolume(c *call, v, server *record, how object) *record {
	if how.str("device") == "" {
		how["device"] = fmt.Sprintf("/dev/vd%c", 'a'+nextDevice(c, server, how))
	}
	how["id"], how["server_id"], how["volume_id"] = uuidString(), server.id, v.id
	how["attached_at"] = c.now.Format(cinderTime)
	a := c.add("attachment", server.project, how)
	c.update("volume", c.get("volume", v.id), object{"status": "in-use", "_pending": nil, "updated_at": c.now.Format(cinderTime)})
	return a
}

// nextDevice keeps /dev/vda for the root disk.
func nextDevice(c *call, server *record, how object) int {
	if n, given := number(how["boot_index"]); given && n == 0 {
		return 0
	}
	n := c.count("attachment", "server_id", server.id)
	if server.str("image_id") != "" {
		n++
	}
	return n % 26
}

// detachVolume frees a volume and returns it, nil when it is gone already.
func detachVolume(c *call, a *record) *record {
	c.drop("attachment", a.id)
	v := c.get("volume", a.str("volume_id"))
	if v == nil {
		return nil
	}
	if c.count("attachment", "volume_id", v.id) > 0 {
		return v
	}
	return c.update("volume", v, object{"status": "available", "updated_at": c.now.Format(cinderTime)})
}

func attachmentView(c *call, a *record) object {
	o := object{"volumeId": a.str("volume_id"), "serverId": a.str("server_id"), "device": a.str("device")}
	if c.minor < 89 {
		o["id"] = a.str("volume_id")
	} else {
		o["attachment_id"], o["bdm_uuid"] = a.id, a.id
	}
	if c.minor >= 70 {
		o["tag"] = a.object["tag"]
	}
	if c.minor >= 79 {
		o["delete_on_termination"] = a.flag("delete_on_termination")
	}
	return o
}

func listServerVolumes(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	out := []object{}
	for _, a := range c.having("attachment", "server_id", r.id) {
		out = append(out, attachmentView(c, a))
	}
	return ok(object{"volumeAttachments": out})
}

func findAttachment(c *call) (server, a *record, err error) {
	if server, err = findServer(c, c.param("id")); err != nil {
		return nil, nil, err
	}
	for _, a := range c.having("attachment", "server_id", server.id) {
		if a.str("volume_id") == c.param("volume") {
			return server, a, nil
		}
	}
	return nil, nil, notFound("Instance %s is not attached to volume %s", server.id, c.param("volume"))
}

func showServerVolume(c *call) (*reply, error) {
	_, a, err := findAttachment(c)
	if err != nil {
		return nil, err
	}
	return ok(object{"volumeAttachment": attachmentView(c, a)})
}

func attachServerVolume(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	if err := unlocked(c, r); err != nil {
		return nil, err
	}
	in, err := c.want("volumeAttachment")
	if err != nil {
		return nil, err
	}
	id := in.str("volumeId")
	v := c.get("volume", id)
	if v == nil || v.project != r.project {
		return nil, notFound("Volume %s could not be found.", id)
	}
	if s := r.str("vm_state"); s == "building" || s == "error" {
		return nil, conflict("", "Cannot 'attach_volume' instance %s while it is in vm_state %s", r.id, s)
	}
	status := c.current(v).str("status")
	shared := status == "in-use" && v.flag("multiattach")
	if status != "available" && status != "reserved" && !shared {
		return nil, badRequest("Invalid volume: volume %s status must be available or reserved, but the current status is %s.", id, status)
	}
	for _, a := range c.having("attachment", "server_id", r.id) {
		if a.str("volume_id") == id {
			return nil, badRequest("Invalid volume: volume %s already attached", id)
		}
		if d := in.str("device"); d != "" && d == a.str("device") {
			return nil, conflict("", "The supplied device path (%s) is in use.", d)
		}
	}
	a := attachVolume(c, v, r, object{
		"device": null(in.str("device")), "delete_on_termination": in.flag("delete_on_termination"), "boot_index": -1, "tag": null(in.str("tag")),
	})
	logAction(c, r.id, "attach_volume")
	return ok(object{"volumeAttachment": attachmentView(c, a)})
}

func updateServerVolume(c *call) (*reply, error) {
	r, a, err := findAttachment(c)
	if err != nil {
		return nil, err
	}
	in, err := c.want("volumeAttachment")
	if err != nil {
		return nil, err
	}
	changes := object{}
	if b, given := in["delete_on_termination"].(bool); given {
		changes["delete_on_termination"] = b
	}
	if id := in.str("volumeId"); id != "" && id != a.str("volume_id") {
		v := c.get("volume", id)
		if v == nil || v.project != r.project {
			return nil, notFound("Volume %s could not be found.", id)
		}
		if s := c.current(v).str("status"); s != "available" {
			return nil, badRequest("Invalid volume: volume %s is %s.", id, s)
		}
		changes["volume_id"] = id
		c.update("volume", v, object{"status": "in-use"})
		c.update("volume", c.get("volume", a.str("volume_id")), object{"status": "available"})
	}
	c.update("attachment", a, changes)
	return accepted(nil)
}

func detachServerVolume(c *call) (*reply, error) {
	r, a, err := findAttachment(c)
	if err != nil {
		return nil, err
	}
	if err := unlocked(c, r); err != nil {
		return nil, err
	}
	if n, given := number(a.object["boot_index"]); given && n == 0 {
		return nil, badRequest("Cannot detach a root device volume")
	}
	detachVolume(c, a)
	logAction(c, r.id, "detach_volume")
	return accepted(nil)
}
