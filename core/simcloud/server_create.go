package simcloud

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
)

// createServer answers POST /servers.
func createServer(c *call) (*reply, error) {
	in, err := c.want("server")
	if err != nil {
		return nil, err
	}
	if err := checkServer(c, in); err != nil {
		return nil, err
	}
	flavor, err := flavorFor(c, in.str("flavorRef"))
	if err != nil {
		return nil, err
	}
	low, high, err := howMany(in)
	if err != nil {
		return nil, err
	}
	if err := serverQuota(c, low, flavor.int("vcpus")*low, flavor.int("ram")*low); err != nil {
		return nil, err
	}
	group, err := hintedGroup(c)
	if err != nil {
		return nil, err
	}
	reservation, pass := "r-"+secret(4), in.str("adminPass")
	if pass == "" {
		pass = secret(6)
	}
	var first *record
	for i := range high {
		name := in.str("name")
		if high > 1 {
			name = fmt.Sprintf("%s-%d", name, i+1)
		}
		r, err := bootServer(c, in, name, flavor, reservation, i)
		if err != nil {
			return nil, err
		}
		if group != nil {
			group = c.update("server_group", group, object{"members": anyList(append(group.strs("members"), r.id))})
		}
		if first == nil {
			first = r
		}
	}
	if in.flag("return_reservation_id") {
		return accepted(object{"reservation_id": reservation})
	}
	names := []object{}
	for _, g := range groupsOf(c, first.id) {
		names = append(names, object{"name": g.str("name")})
	}
	links := serverLinks(c, first.id)
	rep, err := accepted(object{"server": object{
		"id": first.id, "links": links, "OS-DCF:diskConfig": first.str("OS-DCF:diskConfig"), "security_groups": names, "adminPass": pass, "status": "BUILD",
	}})
	if err != nil {
		return nil, err
	}
	return rep.with("Location", links[0].str("href")), nil
}

func howMany(in object) (low, high int, err error) {
	low, high = 1, 0
	for k, into := range map[string]*int{"min_count": &low, "max_count": &high} {
		if v, given := in[k]; given {
			n, err := whole.coerce(k, v)
			if err != nil || n == nil || n.(int) < 1 {
				return 0, 0, badRequest("Invalid input for field/attribute %s. Value: %v. An integer of at least 1 was expected", k, v)
			}
			*into = n.(int)
		}
	}
	if high == 0 {
		high = low
	}
	if low > high {
		return 0, 0, badRequest("min_count must be <= max_count")
	}
	return low, high, nil
}

var zoneForm = regexp.MustCompile(`^nova(:[^:]*){0,2}$`)

var notInHostname = regexp.MustCompile(`[^A-Za-z0-9-]+`)

// checkServer covers what Nova's JSON schema and early checks refuse.
func checkServer(c *call, in object) error {
	name := in.str("name")
	if strings.TrimSpace(name) == "" || len(name) > 255 {
		return badRequest("Invalid input for field/attribute name. Value: %v. '%v' is too short or too long", in["name"], in["name"])
	}
	if s := in.str("user_data"); s != "" {
		if len(s) > 65535 {
			return badRequest("Invalid input for field/attribute user_data. '...' is too long")
		}
		if _, err := base64.StdEncoding.DecodeString(s); err != nil {
			return badRequest("Invalid input for field/attribute user_data. '...' is not a 'base64'")
		}
	}
	if in.has("tags") && c.minor < 52 || in.has("description") && c.minor < 19 {
		return badRequest("Invalid input for field/attribute server. Additional properties are not allowed ('tags' needs 2.52, 'description' 2.19)")
	}
	if z := in.str("availability_zone"); z != "" && !zoneForm.MatchString(z) {
		return badRequest("The requested availability zone is not available")
	}
	if k := in.str("key_name"); k != "" && c.get("keypair", c.by.user.id+" "+k) == nil {
		return badRequest("Invalid key_name provided.")
	}
	return checkMetadata(in)
}

func checkMetadata(in object) error {
	m := in.obj("metadata")
	if in["metadata"] != nil && m == nil {
		return badRequest("Invalid input for field/attribute metadata. Value: %v. A dictionary was expected", in["metadata"])
	}
	for k, v := range m {
		s, isText := v.(string)
		if !isText || len(s) > 255 || k == "" || len(k) > 255 {
			return badRequest("Invalid input for field/attribute %s. Value: %v. A string of up to 255 characters was expected", k, v)
		}
	}
	return nil
}

// lastSegment accepts a reference as an id or as a URL.
func lastSegment(ref string) string { return ref[strings.LastIndex(ref, "/")+1:] }

func hintedGroup(c *call) (*record, error) {
	hints := c.in.obj("os:scheduler_hints")
	if hints == nil {
		hints = c.in.obj("OS-SCH-HNT:scheduler_hints")
	}
	id := hints.str("group")
	if id == "" {
		return nil, nil
	}
	g := c.get("server_group", id)
	if g == nil || g.project != c.by.project {
		return nil, badRequest("Instance group %s could not be found.", id)
	}
	return g, nil
}

// bootServer makes one server with its ports and volumes.
func bootServer(c *call, in object, name string, flavor *record, reservation string, index int) (*record, error) {
	id := uuidString()
	boot, err := bootSource(c, in, flavor)
	if err != nil {
		return nil, err
	}
	own, err := plugServer(c, id, in)
	if err != nil {
		return nil, err
	}
	zone, pinned := "nova", ""
	if z := in.str("availability_zone"); z != "" {
		zone, _, _ = strings.Cut(z, ":")
		pinned = zone
	}
	disk := in.str("OS-DCF:diskConfig")
	if disk == "" {
		disk = "MANUAL"
	}
	drive := ""
	if b, isFlag := in["config_drive"].(bool); isFlag && b || strings.EqualFold(in.str("config_drive"), "true") {
		drive = "True"
	}
	tags := in.list("tags")
	if tags == nil {
		tags = []any{}
	}
	metadata := in["metadata"]
	if metadata == nil {
		metadata = map[string]any{}
	}
	now := c.now.Format(novaTime)
	host := strings.ToLower(notInHostname.ReplaceAllString(name, "-"))
	o := object{
		"id": id, "name": name, "status": "ACTIVE", "vm_state": "active", "task_state": nil, "power_state": 1, "tenant_id": c.by.project, "user_id": c.by.user.id,
		"created": now, "updated": now, "launched_at": c.now.Add(c.cloud.buildTime).Format(cinderTime), "image_id": boot, "metadata": metadata,
		"key_name": null(in.str("key_name")), "config_drive": drive, "description": in["description"], "tags": tags, "locked": false, "locked_reason": nil,
		"availability_zone": zone, "_pinned_zone": pinned, "host": hostName, "hostname": host, "user_data": in["user_data"], "accessIPv4": in.str("accessIPv4"),
		"accessIPv6": in.str("accessIPv6"), "OS-DCF:diskConfig": disk, "reservation_id": reservation, "launch_index": index, "_ports": anyList(own),
	}
	setFlavor(o, flavor)
	c.begin(o, object{"status": "BUILD", "vm_state": "building", "task_state": "spawning", "power_state": 0, "launched_at": nil})
	r := c.add("server", c.by.project, o)
	if err := attachBootDevices(c, r, in); err != nil {
		return nil, err
	}
	logAction(c, id, "create")
	c.cloud.startAgent(r) // which sees the server once the call is committed
	return r, nil
}

// setFlavor keeps a copy of the flavor, which may be deleted while in use.
func setFlavor(o object, f *record) {
	o["_flavor_id"] = f.id
	o["flavor"] = map[string]any{
		"original_name": f.str("name"), "vcpus": f.int("vcpus"), "ram": f.int("ram"), "disk": f.int("disk"), "ephemeral": f.int("OS-FLV-EXT-DATA:ephemeral"),
		"swap": f.int("swap"), "extra_specs": f.object["extra_specs"],
	}
}

func flavorFor(c *call, ref string) (*record, error) {
	if f := c.get("flavor", lastSegment(ref)); f != nil && flavorOpen(c, f) {
		return f, nil
	}
	return nil, badRequest("Flavor %s could not be found.", lastSegment(ref))
}
