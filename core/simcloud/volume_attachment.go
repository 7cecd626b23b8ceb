package simcloud

// Attachments follow cinder/api/v3/attachments.py (from 3.27), for reading.

func volumeAttachmentView(c *call, r *record) object {
	return object{
		"id": r.id, "instance": r.str("server_id"), "volume_id": r.str("volume_id"), "status": "attached", "attached_at": r.str("attached_at"),
		"detached_at": "", "attach_mode": "rw", "connection_info": object{}, "name": "",
	}
}

func listVolumeAttachments(c *call) (*reply, error) {
	return blockList(c, "attachment", "attachments", volumeAttachmentView)
}

func showVolumeAttachment(c *call) (*reply, error) {
	r, err := blockFind(c, "attachment", "Volume attachment", c.param("id"))
	if err != nil {
		return nil, err
	}
	return ok(object{"attachment": volumeAttachmentView(c, r)})
}
