package simcloud

// hostName is the one hypervisor that everything runs on.
const hostName = "sim-1"

func listComputeExtensions(c *call) (*reply, error) { return ok(object{"extensions": []object{}}) }

func listComputeZones(c *call) (*reply, error) {
	return ok(object{"availabilityZoneInfo": []object{{"zoneName": "nova", "zoneState": object{"available": true}, "hosts": nil}}})
}

func listComputeServices(c *call) (*reply, error) {
	out := []object{}
	for i, binary := range []string{"nova-conductor", "nova-scheduler", "nova-compute"} {
		zone := "internal"
		if binary == "nova-compute" {
			zone = "nova"
		}
		out = append(out, object{
			"id": i + 1, "binary": binary, "host": hostName, "zone": zone, "status": "enabled", "state": "up", "updated_at": c.now.Format(cinderTime),
			"disabled_reason": nil, "forced_down": false,
		})
	}
	return ok(object{"services": out})
}

func hypervisorUse(c *call) object {
	cores, ram, disk := 0, 0, 0
	for _, r := range c.s.kinds["server"].records {
		f := r.obj("flavor")
		cores, ram, disk = cores+f.int("vcpus"), ram+f.int("ram"), disk+f.int("disk")
	}
	return object{
		"vcpus": 1 << 20, "vcpus_used": cores, "memory_mb": 1 << 30, "memory_mb_used": ram, "free_ram_mb": 1<<30 - ram, "local_gb": 1 << 30,
		"local_gb_used": disk, "free_disk_gb": 1<<30 - disk, "running_vms": len(c.s.kinds["server"].records), "current_workload": 0, "disk_available_least": 1<<30 - disk,
	}
}

func listHypervisors(c *call) (*reply, error) {
	o := hypervisorUse(c)
	o["hypervisor_hostname"], o["hypervisor_type"], o["hypervisor_version"] = hostName, "simulated", 1000
	o["state"], o["status"], o["host_ip"], o["cpu_info"] = "up", "enabled", "127.0.0.1", object{}
	o["service"] = object{"id": 3, "host": hostName, "disabled_reason": nil}
	o["id"] = 1
	if c.minor >= 53 {
		o["id"] = "b1e43b5f-eec1-44e0-9f10-7b4945c0226d"
	}
	return ok(object{"hypervisors": []object{o}})
}

func showHypervisorStatistics(c *call) (*reply, error) {
	o := hypervisorUse(c)
	o["count"] = 1
	return ok(object{"hypervisor_statistics": o})
}
