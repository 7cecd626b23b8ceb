package simcloud

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Images follow glance/api/v2/images.py.

// imageBase are the attributes that clients may set, with their defaults;
// every other attribute is a property and must be a string.
var imageBase = object{
	"name": nil, "visibility": "shared", "protected": false, "os_hidden": false, "container_format": nil, "disk_format": nil, "min_disk": 0, "min_ram": 0, "tags": []any{},
}

var imageReadOnly = map[string]bool{
	"id": true, "status": true, "owner": true, "size": true, "virtual_size": true, "checksum": true, "os_hash_algo": true, "os_hash_value": true,
	"created_at": true, "updated_at": true, "file": true, "self": true, "schema": true, "direct_url": true, "locations": true, "stores": true,
}

// visibleImage returns nil when there is no such image for the caller.
func visibleImage(c *call, id string) *record {
	r := c.get("image", id)
	if r == nil || c.by.admin || r.project == c.by.project || r.str("visibility") == "public" || r.str("visibility") == "community" {
		return r
	}
	if r.str("visibility") == "shared" && c.get("image_member", id+" "+c.by.project) != nil {
		return r
	}
	return nil
}

func findImage(c *call) (*record, error) {
	if r := visibleImage(c, c.param("id")); r != nil {
		return r, nil
	}
	return nil, notFound("No image found with ID %s", c.param("id"))
}

func ownImage(c *call) (*record, error) {
	r, err := findImage(c)
	if err == nil && !c.by.admin && r.project != c.by.project {
		err = forbidden("You are not permitted to modify this image.")
	}
	return r, err
}

func imageView(r *record) object {
	o := r.visible()
	o["owner"] = null(r.project)
	o["self"], o["file"], o["schema"] = "/v2/images/"+r.id, "/v2/images/"+r.id+"/file", "/v2/schemas/image"
	return o
}

func listImages(c *call) (*reply, error) {
	q := c.req.URL.Query()
	views := []object{}
	for _, r := range imageCandidates(c, q) {
		if v := imageView(r); visibleImage(c, r.id) != nil && matchesImage(v, q) {
			views = append(views, v)
		}
	}
	if len(sortings(q)) == 0 {
		slices.Reverse(views) // newest first
	}
	views, more, err := page(views, q, 1000)
	if err != nil {
		return nil, err
	}
	body := object{"images": views, "schema": "/v2/schemas/images", "first": "/v2/images"}
	if more {
		next := c.req.URL.Query()
		next.Set("marker", views[len(views)-1].str("id"))
		body["next"] = "/v2/images?" + next.Encode()
	}
	return ok(body)
}

// imageCandidates narrows a list by name, if one is asked for.
func imageCandidates(c *call, q url.Values) []*record {
	if n := q.Get("name"); n != "" && !strings.HasPrefix(n, "in:") {
		return c.having("image", "name", n)
	}
	return c.all("image")
}

// matchesImage reads Glance's filters: tag, size_min and size_max, in:a,b and
// the plain ones. Community images and hidden ones are listed on request only.
func matchesImage(v object, q url.Values) bool {
	if v.str("visibility") == "community" && q.Get("visibility") != "community" || v.flag("os_hidden") != equals(true, q.Get("os_hidden")) {
		return false
	}
	for k, wanted := range q {
		want := wanted[0]
		switch k {
		case "limit", "marker", "sort", "sort_key", "sort_dir", "os_hidden", "member_status", "fields":
		case "tag":
			for _, t := range wanted {
				if !slices.Contains(v.strs("tags"), t) {
					return false
				}
			}
		case "size_min":
			if v.int("size") < atoi(want) {
				return false
			}
		case "size_max":
			if v.int("size") > atoi(want) {
				return false
			}
		case "visibility":
			if want != "all" && want != v.str("visibility") {
				return false
			}
		default:
			if list, isList := strings.CutPrefix(want, "in:"); isList {
				if !slices.Contains(strings.Split(strings.ReplaceAll(list, `"`, ""), ","), text(v[k])) {
					return false
				}
			} else if !equals(v[k], strings.Trim(want, `"`)) {
				return false
			}
		}
	}
	return true
}

func createImage(c *call) (*reply, error) {
	in := maps.Clone(c.in)
	for k := range in {
		if imageReadOnly[k] && k != "id" && k != "owner" {
			return nil, forbidden("Attribute '%s' is read-only.", k)
		}
	}
	project := c.by.project
	if o := in.str("owner"); o != "" && o != project {
		if !c.by.admin {
			return nil, forbidden("You are not permitted to create images owned by '%s'.", o)
		}
		project = o
	}
	delete(in, "owner")
	if id := in.str("id"); id != "" && c.get("image", id) != nil {
		return nil, conflict("", "Image ID %s already exists!", id)
	}
	if err := checkImage(c, in); err != nil {
		return nil, err
	}
	r := newImage(c, project, in)
	rep, err := created(imageView(r))
	if err != nil {
		return nil, err
	}
	return rep.with("Location", c.cloud.base+"/image/v2/images/"+r.id).with("OpenStack-image-import-methods", "glance-direct,web-download"), nil
}

// newImage stores an image that has no data yet.
func newImage(c *call, project string, o object) *record {
	if o.str("id") == "" {
		o["id"] = uuidString()
	}
	now := c.now.Format(novaTime)
	o.orDefault(imageBase).orDefault(object{
		"status": "queued", "size": nil, "virtual_size": nil, "checksum": nil, "os_hash_algo": nil, "os_hash_value": nil, "created_at": now, "updated_at": now,
	})
	return c.add("image", project, o)
}

var (
	diskFormats      = []string{"ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop"}
	containerFormats = []string{"ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed"}
)

// checkImage refuses what Glance's schema refuses.
func checkImage(c *call, o object) error {
	for k, v := range o {
		switch k {
		case "visibility":
			if !slices.Contains([]string{"public", "private", "shared", "community"}, o.str(k)) {
				return badRequest("Provided object does not match schema 'image': '%v' is not one of ['community', 'public', 'private', 'shared']", v)
			}
			if o.str(k) == "public" && !c.by.admin {
				return forbidden("You are not authorized to complete publicize_image action.")
			}
		case "disk_format":
			if v != nil && !slices.Contains(diskFormats, o.str(k)) {
				return badRequest("Invalid disk format '%v' for image.", v)
			}
		case "container_format":
			if v != nil && !slices.Contains(containerFormats, o.str(k)) {
				return badRequest("Invalid container format '%v' for image.", v)
			}
		case "min_disk", "min_ram":
			if n, isNumber := number(v); !isNumber || n < 0 {
				return badRequest("Provided object does not match schema 'image': %v is not of type 'integer'", v)
			}
		case "protected", "os_hidden":
			if _, isFlag := v.(bool); !isFlag {
				return badRequest("Provided object does not match schema 'image': %v is not of type 'boolean'", v)
			}
		case "tags":
			if len(o.strs(k)) != len(o.list(k)) {
				return badRequest("Provided object does not match schema 'image': tags must be strings")
			}
		default:
			if _, isText := v.(string); !isText && v != nil && !imageReadOnly[k] && k[0] != '_' {
				return badRequest("Provided object does not match schema 'image': %v is not of type 'string'", v)
			}
		}
	}
	return nil
}

func showImage(c *call) (*reply, error) {
	r, err := findImage(c)
	if err != nil {
		return nil, err
	}
	return ok(imageView(r))
}

func deleteImage(c *call) (*reply, error) {
	r, err := ownImage(c)
	if err != nil {
		return nil, err
	}
	if r.flag("protected") {
		return nil, forbidden("Image %s is protected and cannot be deleted.", r.id)
	}
	for _, m := range c.having("image_member", "image_id", r.id) {
		c.drop("image_member", m.id)
	}
	c.drop("image_data", r.id)
	c.drop("image", r.id)
	return noContent()
}
