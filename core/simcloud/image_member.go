package simcloud

import "slices"

func addImageTag(c *call) (*reply, error) {
	r, err := ownImage(c)
	if err != nil {
		return nil, err
	}
	if tag := c.param("tag"); !slices.Contains(r.strs("tags"), tag) {
		c.update("image", r, object{"tags": anyList(append(r.strs("tags"), tag)), "updated_at": c.now.Format(novaTime)})
	}
	return noContent()
}

func dropImageTag(c *call) (*reply, error) {
	r, err := ownImage(c)
	if err != nil {
		return nil, err
	}
	tag := c.param("tag")
	if !slices.Contains(r.strs("tags"), tag) {
		return nil, notFound("Could not find tag %s.", tag)
	}
	c.update("image", r, object{"tags": anyList(slices.DeleteFunc(r.strs("tags"), func(t string) bool { return t == tag }))})
	return noContent()
}

func memberView(r *record) object {
	o := r.visible()
	o["schema"] = "/v2/schemas/member"
	return o
}

func listImageMembers(c *call) (*reply, error) {
	r, err := findImage(c)
	if err != nil {
		return nil, err
	}
	out := []object{}
	for _, m := range c.having("image_member", "image_id", r.id) {
		if c.by.admin || r.project == c.by.project || m.str("member_id") == c.by.project {
			out = append(out, memberView(m))
		}
	}
	return ok(object{"members": out, "schema": "/v2/schemas/members"})
}

func addImageMember(c *call) (*reply, error) {
	r, err := ownImage(c)
	if err != nil {
		return nil, err
	}
	if r.str("visibility") != "shared" {
		return nil, forbidden("Only shared images have members.")
	}
	member := c.in.str("member")
	if member == "" {
		return nil, badRequest("Expected a member.")
	}
	id := r.id + " " + member
	if c.get("image_member", id) != nil {
		return nil, conflict("", "Image member already exists")
	}
	now := c.now.Format(novaTime)
	m := c.put("image_member", &record{id: id, project: r.project, object: object{
		"image_id": r.id, "member_id": member, "status": "pending", "created_at": now, "updated_at": now,
	}})
	return ok(memberView(m))
}

func findImageMember(c *call) (*record, error) {
	r, err := findImage(c)
	if err != nil {
		return nil, err
	}
	m := c.get("image_member", r.id+" "+c.param("member"))
	if m == nil || !c.by.admin && r.project != c.by.project && m.str("member_id") != c.by.project {
		return nil, notFound("%s not found in the member list of the image %s.", c.param("member"), r.id)
	}
	return m, nil
}

func showImageMember(c *call) (*reply, error) {
	m, err := findImageMember(c)
	if err != nil {
		return nil, err
	}
	return ok(memberView(m))
}

func updateImageMember(c *call) (*reply, error) {
	m, err := findImageMember(c)
	if err != nil {
		return nil, err
	}
	if !c.by.admin && m.str("member_id") != c.by.project {
		return nil, forbidden("Only the member itself may answer.")
	}
	status := c.in.str("status")
	if !slices.Contains([]string{"accepted", "pending", "rejected"}, status) {
		return nil, badRequest("Status must be \"pending\", \"accepted\" or \"rejected\".")
	}
	return ok(memberView(c.update("image_member", m, object{"status": status, "updated_at": c.now.Format(novaTime)})))
}

func dropImageMember(c *call) (*reply, error) {
	if _, err := ownImage(c); err != nil {
		return nil, err
	}
	m, err := findImageMember(c)
	if err != nil {
		return nil, err
	}
	c.drop("image_member", m.id)
	return noContent()
}
