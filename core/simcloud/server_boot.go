package simcloud

import "slices"

// bootSource returns the image a server boots from, "" when it boots from a
// volume, having checked it against the flavor.
func bootSource(c *call, in object, flavor *record) (string, error) {
	id := lastSegment(in.str("imageRef"))
	devices := in.objs("block_device_mapping_v2")
	fromDevice := slices.ContainsFunc(devices, func(d object) bool { n, given := deviceIndex(d); return given && n == 0 })
	if id == "" {
		if !fromDevice {
			return "", badRequest("Invalid imageRef provided.")
		}
		return "", nil
	}
	image := visibleImage(c, id)
	if image == nil {
		return "", badRequest("Image %s could not be found.", id)
	}
	if s := image.str("status"); s != "active" {
		return "", badRequest("Image %s is not active.", id)
	}
	if flavor.int("ram") < image.int("min_ram") {
		return "", badRequest("Flavor's memory is too small for requested image.")
	}
	if d := flavor.int("disk"); d > 0 && d < image.int("min_disk") {
		return "", badRequest("Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is %d bytes, minimum size is %d bytes.", d<<30, image.int("min_disk")<<30)
	}
	return id, nil
}

// deviceIndex reads boot_index, which clients send as number or text.
func deviceIndex(d object) (int, bool) {
	v, err := whole.coerce("boot_index", d["boot_index"])
	if err != nil || v == nil {
		return 0, false
	}
	return v.(int), true
}

// attachBootDevices makes and attaches the volumes of block_device_mapping_v2.
func attachBootDevices(c *call, server *record, in object) error {
	for _, d := range in.objs("block_device_mapping_v2") {
		if d.str("destination_type") == "local" {
			continue // an image's own or an ephemeral disk
		}
		v, err := bootVolume(c, server, d)
		if err != nil {
			return err
		}
		index, given := deviceIndex(d)
		if !given {
			index = -1
		}
		attachVolume(c, v, server, object{
			"device": null(d.str("device_name")), "delete_on_termination": d.flag("delete_on_termination"), "boot_index": index, "tag": null(d.str("tag")),
		})
	}
	return nil
}

func bootVolume(c *call, server *record, d object) (*record, error) {
	size, err := whole.coerce("volume_size", d["volume_size"])
	if err != nil {
		return nil, err
	}
	id := d.str("uuid")
	want := object{"name": "", "size": size, "volume_type": d["volume_type"]}
	switch d.str("source_type") {
	case "volume":
		v := c.get("volume", id)
		if v == nil || v.project != c.by.project {
			return nil, badRequest("Block Device Mapping is Invalid: failed to get volume %s.", id)
		}
		if s := c.current(v).str("status"); s != "available" {
			return nil, badRequest("Block Device Mapping is Invalid: volume %s is %s, not available.", id, s)
		}
		return v, nil
	case "image":
		if size == nil {
			return nil, badRequest("Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid: volume_size is needed.")
		}
		want["imageRef"] = id
	case "snapshot":
		want["snapshot_id"] = id
	case "blank":
	default:
		return nil, badRequest("Block Device Mapping is Invalid: unknown source_type %q.", d.str("source_type"))
	}
	v, err := newVolume(c, server.project, want)
	if is(err, 404) {
		return nil, badRequest("Block Device Mapping is Invalid: failed to get %s %s.", d.str("source_type"), id)
	}
	return v, err
}
