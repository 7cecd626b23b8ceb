package simcloud

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// A serverAction is one member of POST /servers/{id}/action.
type serverAction struct {
	name string // key of the request body
	verb string // name in messages and instance actions
	from []string
	do   func(c *call, r *record, arg object) (*reply, error)
}

// serverActions follow nova/compute/api.py: from is the vm_states an action is
// allowed in, nil means any.
var serverActions = []serverAction{
	{"os-start", "start", []string{"stopped"}, becomes("ACTIVE", "active", 1, "powering-on")},
	{"os-stop", "stop", []string{"active", "error"}, becomes("SHUTOFF", "stopped", 4, "powering-off")},
	{"pause", "pause", []string{"active"}, becomes("PAUSED", "paused", 3, "pausing")},
	{"unpause", "unpause", []string{"paused"}, becomes("ACTIVE", "active", 1, "unpausing")},
	{"suspend", "suspend", []string{"active"}, becomes("SUSPENDED", "suspended", 4, "suspending")},
	{"resume", "resume", []string{"suspended"}, becomes("ACTIVE", "active", 1, "resuming")},
	{"shelve", "shelve", []string{"active", "stopped", "paused", "suspended"}, becomes("SHELVED_OFFLOADED", "shelved_offloaded", 4, "shelving")},
	{"unshelve", "unshelve", []string{"shelved", "shelved_offloaded"}, becomes("ACTIVE", "active", 1, "unshelving")},
	{"reboot", "reboot", []string{"active", "stopped", "paused", "suspended", "error"}, rebootServer},
	{"rebuild", "rebuild", []string{"active", "stopped", "error"}, rebuildServer},
	{"resize", "resize", []string{"active", "stopped"}, resizeServer},
	{"confirmResize", "confirmResize", []string{"resized"}, confirmResize},
	{"revertResize", "revertResize", []string{"resized"}, revertResize},
	{"lock", "lock", nil, lockServer},
	{"unlock", "unlock", nil, unlockServer},
	{"createImage", "createImage", []string{"active", "stopped", "paused", "suspended"}, createServerImage},
	{"changePassword", "changePassword", []string{"active"}, func(c *call, r *record, arg object) (*reply, error) { return accepted(nil) }},
	{"os-resetState", "reset_state", nil, resetServerState},
	{"os-getConsoleOutput", "get_console_output", nil, consoleOutput},
	{"os-getVNCConsole", "get_vnc_console", nil, oldConsole},
	{"os-getSPICEConsole", "get_spice_console", nil, oldConsole},
	{"addSecurityGroup", "addSecurityGroup", nil, addServerSecurityGroup},
	{"removeSecurityGroup", "removeSecurityGroup", nil, removeServerSecurityGroup},
}

func actOnServer(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(serverActions, func(a serverAction) bool { return c.in.has(a.name) })
	if i < 0 || len(c.in) != 1 {
		return nil, badRequest("There is no such action: %v", slices.Sorted(maps.Keys(c.in)))
	}
	a := serverActions[i]
	if a.name == "os-resetState" && !c.by.admin {
		return nil, forbidden("Policy doesn't allow os_compute_api:os-admin-actions:reset_state to be performed.")
	}
	if a.from != nil {
		if err := unlocked(c, r); err != nil {
			return nil, err
		}
		if s := r.str("vm_state"); !slices.Contains(a.from, s) {
			return nil, conflict("", "Cannot '%s' instance %s while it is in vm_state %s", a.verb, r.id, s)
		}
		if task := r.str("task_state"); task != "" {
			return nil, conflict("", "Cannot '%s' instance %s while it is in task_state %s", a.verb, r.id, task)
		}
	}
	arg := c.in.obj(a.name)
	if arg == nil {
		arg = object{}
	}
	rep, err := a.do(c, r, arg)
	if err == nil {
		logAction(c, r.id, a.verb)
	}
	return rep, err
}

// becomes is the action that ends in a state, by way of a task.
func becomes(status, vmState string, power int, task string) func(*call, *record, object) (*reply, error) {
	return func(c *call, r *record, _ object) (*reply, error) {
		transit(c, r, object{"status": status, "vm_state": vmState, "power_state": power},
			object{"status": r.str("status"), "vm_state": r.str("vm_state"), "power_state": r.int("power_state"), "task_state": task})
		return accepted(nil)
	}
}

// transit stores the state a server ends in and what it shows meanwhile.
func transit(c *call, r *record, end, during object) *record {
	next := c.get("server", r.id).clone()
	for k, v := range end {
		next.object[k] = v
	}
	next.object["task_state"], next.object["updated"] = nil, c.now.Format(novaTime)
	c.begin(next.object, during)
	return c.put("server", next)
}

func rebootServer(c *call, r *record, arg object) (*reply, error) {
	kind := arg.str("type")
	switch {
	case kind == "HARD":
	case kind == "SOFT" && r.str("vm_state") != "active":
		return nil, conflict("", "Cannot 'reboot' instance %s while it is in vm_state %s", r.id, r.str("vm_state"))
	case kind != "SOFT":
		return nil, badRequest("Invalid input for field/attribute type. Value: %s. '%s' is not one of ['HARD', 'SOFT']", kind, kind)
	}
	during := object{"status": "REBOOT", "vm_state": "active", "task_state": "rebooting"}
	if kind == "HARD" {
		during = object{"status": "HARD_REBOOT", "vm_state": r.str("vm_state"), "task_state": "rebooting_hard"}
	}
	transit(c, r, object{"status": "ACTIVE", "vm_state": "active", "power_state": 1}, during)
	return accepted(nil)
}

func rebuildServer(c *call, r *record, arg object) (*reply, error) {
	id := lastSegment(arg.str("imageRef"))
	if image := visibleImage(c, id); image == nil || image.str("status") != "active" {
		return nil, badRequest("Cannot find image for rebuild")
	}
	if err := checkMetadata(arg); err != nil {
		return nil, err
	}
	end := object{"image_id": id}
	if s := r.str("status"); s == "ERROR" {
		end["status"], end["vm_state"], end["power_state"] = "ACTIVE", "active", 1
	}
	for _, k := range []string{"name", "metadata", "description", "accessIPv4", "accessIPv6", "key_name", "user_data", "OS-DCF:diskConfig"} {
		if v, given := arg[k]; given {
			end[k] = v
		}
	}
	next := transit(c, r, end, object{"status": "REBUILD", "task_state": "rebuilding"})
	v := serverView(c, c.current(next))
	if v["adminPass"] = arg["adminPass"]; v["adminPass"] == nil {
		v["adminPass"] = secret(6)
	}
	return accepted(object{"server": v})
}

func resizeServer(c *call, r *record, arg object) (*reply, error) {
	f, err := flavorFor(c, arg.str("flavorRef"))
	if err != nil {
		return nil, err
	}
	if f.id == r.str("_flavor_id") {
		return nil, badRequest("When resizing, instances must change flavor!")
	}
	old := r.obj("flavor")
	if err := serverQuota(c, 0, f.int("vcpus")-old.int("vcpus"), f.int("ram")-old.int("ram")); err != nil {
		return nil, err
	}
	end := object{"status": "VERIFY_RESIZE", "vm_state": "resized", "_old_flavor": map[string]any(old), "_old_flavor_id": r.str("_flavor_id"), "_old_state": r.str("vm_state")}
	setFlavor(end, f)
	transit(c, r, end, object{"status": "RESIZE", "vm_state": r.str("vm_state"), "task_state": "resize_prep"})
	return accepted(nil)
}

// afterResize is the state a server had before it was resized.
func afterResize(r *record) object {
	if r.str("_old_state") == "stopped" {
		return object{"status": "SHUTOFF", "vm_state": "stopped", "power_state": 4}
	}
	return object{"status": "ACTIVE", "vm_state": "active", "power_state": 1}
}

func confirmResize(c *call, r *record, _ object) (*reply, error) {
	end := afterResize(r)
	end["_old_flavor"], end["_old_flavor_id"] = nil, nil
	changeServer(c, r, end)
	return noContent()
}

func revertResize(c *call, r *record, _ object) (*reply, error) {
	end := afterResize(r)
	end["flavor"], end["_flavor_id"] = r.object["_old_flavor"], r.str("_old_flavor_id")
	transit(c, r, end, object{"status": "REVERT_RESIZE", "vm_state": "resized", "task_state": "resize_reverting"})
	return accepted(nil)
}

func lockServer(c *call, r *record, arg object) (*reply, error) {
	changeServer(c, r, object{"locked": true, "locked_reason": arg["locked_reason"]})
	return accepted(nil)
}

func unlockServer(c *call, r *record, _ object) (*reply, error) {
	changeServer(c, r, object{"locked": false, "locked_reason": nil})
	return accepted(nil)
}

func resetServerState(c *call, r *record, arg object) (*reply, error) {
	switch arg.str("state") {
	case "active":
		changeServer(c, r, object{"status": "ACTIVE", "vm_state": "active", "_pending": nil})
	case "error":
		changeServer(c, r, object{"status": "ERROR", "vm_state": "error", "_pending": nil})
	default:
		return nil, badRequest("Invalid input for field/attribute state. Value: %v. It is not one of ['active', 'error']", arg["state"])
	}
	return accepted(nil)
}

func createServerImage(c *call, r *record, arg object) (*reply, error) {
	if arg.str("name") == "" {
		return nil, badRequest("Invalid input for field/attribute name. '' is too short")
	}
	o := object{"name": arg.str("name"), "disk_format": "qcow2", "container_format": "bare", "visibility": "private", "image_type": "snapshot", "instance_uuid": r.id}
	for k, v := range arg.obj("metadata") {
		o[k] = v
	}
	image := newImage(c, c.by.project, o)
	c.update("image", image, object{"status": "active", "size": r.obj("flavor").int("disk") << 20})
	if c.minor >= 45 {
		return accepted(object{"image_id": image.id})
	}
	rep := &reply{status: http.StatusAccepted}
	return rep.with("Location", c.cloud.base+"/image/v2/images/"+image.id), nil
}

func consoleOutput(c *call, r *record, arg object) (*reply, error) {
	lines := []string{
		"Linux version 6.1.0 (simulated)\n", fmt.Sprintf("cloud-init: instance %s\n", r.id),
		fmt.Sprintf("cloud-init: finished at %s\n", r.str("created")), "\n", r.str("hostname") + " login: \n",
	}
	length := arg["length"]
	if s, isText := length.(string); isText {
		length, _ = strconv.Atoi(s)
	}
	if n, given := number(length); given && n >= 0 && n < len(lines) {
		lines = lines[len(lines)-n:]
	}
	out := ""
	for _, l := range lines {
		out += l
	}
	return ok(object{"output": out})
}

func oldConsole(c *call, r *record, arg object) (*reply, error) {
	return ok(object{"console": object{"type": arg.str("type"), "url": c.cloud.base + "/console/" + r.id + "?token=" + secret(16)}})
}

// createConsole answers POST /servers/{id}/remote-consoles (from 2.6).
func createConsole(c *call) (*reply, error) {
	r, err := findServer(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	in, err := c.want("remote_console")
	if err != nil {
		return nil, err
	}
	return ok(object{"remote_console": object{"protocol": in.str("protocol"), "type": in.str("type"), "url": c.cloud.base + "/console/" + r.id + "?token=" + secret(16)}})
}

func addServerSecurityGroup(c *call, r *record, arg object) (*reply, error) {
	return changeServerGroups(c, r, arg, func(have []string, id string) ([]string, bool) {
		return append(have, id), !slices.Contains(have, id)
	})
}

func removeServerSecurityGroup(c *call, r *record, arg object) (*reply, error) {
	return changeServerGroups(c, r, arg, func(have []string, id string) ([]string, bool) {
		rest := slices.DeleteFunc(slices.Clone(have), func(h string) bool { return h == id })
		return rest, len(rest) < len(have)
	})
}

func changeServerGroups(c *call, r *record, arg object, change func(have []string, id string) ([]string, bool)) (*reply, error) {
	id, err := groupByName(c, arg.str("name"))
	if err != nil {
		return nil, notFound("Security group %s not found for project %s.", arg.str("name"), r.project)
	}
	changed := false
	for _, p := range c.having("port", "device_id", r.id) {
		if next, differs := change(p.strs("security_groups"), id); differs {
			c.touch("port", p, object{"security_groups": anyList(next)})
			changed = true
		}
	}
	if !changed && c.in.has("removeSecurityGroup") {
		return nil, notFound("Security group %s not associated with the instance %s", id, r.id)
	}
	return accepted(nil)
}
