package simcloud

import "maps"

// Volume types follow cinder/api/v3/types.py.

const defaultVolumeType = "lvm"

func findVolumeType(c *call, id string) (*record, error) {
	if id == "default" {
		return c.first("volume_type", "name", defaultVolumeType), nil
	}
	if r := c.get("volume_type", id); r != nil {
		return r, nil
	}
	return nil, notFound("Volume type %s could not be found.", id)
}

// volumeTypeName resolves a type given by name or id; "" is the default type.
func volumeTypeName(c *call, ref string) (string, error) {
	if ref == "" {
		return defaultVolumeType, nil
	}
	if r := c.get("volume_type", ref); r != nil {
		return r.str("name"), nil
	}
	if c.count("volume_type", "name", ref) > 0 {
		return ref, nil
	}
	return "", notFound("Volume type with name %s could not be found.", ref)
}

func volumeTypeView(r *record) object {
	o := r.visible()
	o["os-volume-type-access:is_public"] = o["is_public"]
	o["qos_specs_id"] = nil
	return o
}

func listVolumeTypes(c *call) (*reply, error) {
	views := []object{}
	for _, r := range c.all("volume_type") {
		views = append(views, volumeTypeView(r))
	}
	return ok(object{"volume_types": selectViews(views, c.req.URL.Query())})
}

func createVolumeType(c *call) (*reply, error) {
	in, err := c.want("volume_type")
	if err != nil {
		return nil, err
	}
	name := in.str("name")
	if name == "" {
		return nil, badRequest("Volume type name can not be empty.")
	}
	if c.count("volume_type", "name", name) > 0 {
		return nil, conflict("", "Volume Type %s already exists.", name)
	}
	public := true
	if b, isFlag := in["os-volume-type-access:is_public"].(bool); isFlag {
		public = b
	}
	specs := in["extra_specs"]
	if specs == nil {
		specs = map[string]any{}
	}
	r := c.add("volume_type", "", object{"id": uuidString(), "name": name, "description": in["description"], "is_public": public, "extra_specs": specs})
	return ok(object{"volume_type": volumeTypeView(r)})
}

func showVolumeType(c *call) (*reply, error) {
	r, err := findVolumeType(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	return ok(object{"volume_type": volumeTypeView(r)})
}

func updateVolumeType(c *call) (*reply, error) {
	r, err := findVolumeType(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	in, err := c.want("volume_type")
	if err != nil {
		return nil, err
	}
	changes := object{}
	for _, k := range []string{"name", "description", "is_public"} {
		if v, given := in[k]; given {
			changes[k] = v
		}
	}
	return ok(object{"volume_type": volumeTypeView(c.update("volume_type", r, changes))})
}

func deleteVolumeType(c *call) (*reply, error) {
	r, err := findVolumeType(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	for _, v := range c.all("volume") {
		if v.str("volume_type") == r.str("name") {
			return nil, badRequest("Target volume type is still in use.")
		}
	}
	c.drop("volume_type", r.id)
	return accepted(nil)
}

func listTypeSpecs(c *call) (*reply, error) {
	r, err := findVolumeType(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	return ok(object{"extra_specs": r.object["extra_specs"]})
}

func addTypeSpecs(c *call) (*reply, error) {
	r, err := findVolumeType(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	in, err := c.want("extra_specs")
	if err != nil {
		return nil, err
	}
	specs := map[string]any{}
	maps.Copy(specs, r.obj("extra_specs"))
	maps.Copy(specs, in)
	c.update("volume_type", r, object{"extra_specs": specs})
	return ok(object{"extra_specs": in})
}

func dropTypeSpec(c *call) (*reply, error) {
	r, err := findVolumeType(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	specs := map[string]any{}
	maps.Copy(specs, r.obj("extra_specs"))
	if _, found := specs[c.param("key")]; !found {
		return nil, notFound("Volume Type %s has no extra specs with key %s.", r.id, c.param("key"))
	}
	delete(specs, c.param("key"))
	c.update("volume_type", r, object{"extra_specs": specs})
	return accepted(nil)
}
