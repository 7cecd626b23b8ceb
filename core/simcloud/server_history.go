package simcloud

// logAction keeps what was done to a server, by request.
func logAction(c *call, server, action string) {
	c.put("instance_action", &record{id: c.requestID + " " + server, project: c.by.project, object: object{
		"action": action, "instance_uuid": server, "request_id": c.requestID, "user_id": c.by.user.id, "project_id": c.by.project,
		"start_time": c.now.Format(cinderTime), "updated_at": c.now.Format(cinderTime), "message": nil,
	}})
}

func listInstanceActions(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	out := []object{}
	for _, a := range c.having("instance_action", "instance_uuid", r.id) {
		out = append([]object{a.visible()}, out...)
	}
	return ok(object{"instanceActions": out})
}

func showInstanceAction(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	a := c.get("instance_action", c.param("request")+" "+r.id)
	if a == nil {
		return nil, notFound("Action for request_id %s on instance %s not found", c.param("request"), r.id)
	}
	o := a.visible()
	o["events"] = []object{{"event": "compute_" + a.str("action"), "start_time": a.str("start_time"), "finish_time": a.str("updated_at"), "result": "Success", "traceback": nil}}
	return ok(object{"instanceAction": o})
}
