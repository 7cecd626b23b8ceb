package simcloud

// defaultComputeQuota is wide, so that large stacks run without preparation;
// -1 is no limit. Quotas are set with PUT /os-quota-sets/{project}.
var defaultComputeQuota = object{
	"instances": 100000, "cores": -1, "ram": -1, "key_pairs": 10000, "metadata_items": 128, "server_groups": 10000, "server_group_members": 10000,
	"injected_files": 5, "injected_file_content_bytes": 10240, "injected_file_path_bytes": 255,
}

func computeQuota(t *tx, project string) object {
	o := object{}
	if r := t.get("compute_quota", project); r != nil {
		o = r.visible()
	}
	return o.orDefault(defaultComputeQuota)
}

// computeUse sums what the servers of a project take.
func computeUse(t *tx, project string) (cores, ram int) {
	for _, r := range t.s.kinds["server"].indexes["project"].at[project] {
		f := r.obj("flavor")
		cores += f.int("vcpus")
		ram += f.int("ram")
	}
	return cores, ram
}

// serverQuota refuses what would exceed the caller's project's quota.
func serverQuota(c *call, instances, cores, ram int) error {
	q := computeQuota(c.tx, c.by.project)
	exceeded := func(name string, want, used int) error {
		if limit := q.int(name); limit >= 0 && want > 0 && used+want > limit {
			return forbidden("Quota exceeded for %s: Requested %d, but already used %d of %d %s", name, want, used, limit, name)
		}
		return nil
	}
	if err := exceeded("instances", instances, c.count("server", "project", c.by.project)); err != nil {
		return err
	}
	if q.int("cores") < 0 && q.int("ram") < 0 {
		return nil
	}
	usedCores, usedRAM := computeUse(c.tx, c.by.project)
	if err := exceeded("cores", cores, usedCores); err != nil {
		return err
	}
	return exceeded("ram", ram, usedRAM)
}

func showComputeQuota(c *call) (*reply, error) {
	p, err := quotaProject(c)
	if err != nil {
		return nil, err
	}
	o := computeQuota(c.tx, p)
	o["id"] = p
	return ok(object{"quota_set": o})
}

func showComputeQuotaDefaults(c *call) (*reply, error) {
	return ok(object{"quota_set": object{"id": c.param("project")}.orDefault(defaultComputeQuota)})
}

func showComputeQuotaDetail(c *call) (*reply, error) {
	p, err := quotaProject(c)
	if err != nil {
		return nil, err
	}
	cores, ram := computeUse(c.tx, p)
	used := map[string]int{"instances": c.count("server", "project", p), "cores": cores, "ram": ram, "server_groups": c.count("server_group", "project", p)}
	o := object{"id": p}
	for k, limit := range computeQuota(c.tx, p) {
		o[k] = object{"limit": limit, "in_use": used[k], "reserved": 0}
	}
	return ok(object{"quota_set": o})
}

func updateComputeQuota(c *call) (*reply, error) {
	in, err := c.want("quota_set")
	if err != nil {
		return nil, err
	}
	p := c.param("project")
	o := object{}
	if r := c.get("compute_quota", p); r != nil {
		o = r.visible()
	}
	for k, v := range in {
		if _, known := defaultComputeQuota[k]; !known {
			continue // force, tenant_id and quotas of removed features
		}
		n, err := whole.coerce(k, v)
		if err != nil {
			return nil, err
		}
		o[k] = n
	}
	c.put("compute_quota", &record{id: p, object: o})
	return ok(object{"quota_set": computeQuota(c.tx, p)})
}

func deleteComputeQuota(c *call) (*reply, error) {
	c.drop("compute_quota", c.param("project"))
	return accepted(nil)
}

func showComputeLimits(c *call) (*reply, error) {
	p := c.by.project
	if t := c.query("tenant_id"); t != "" && c.by.admin {
		p = t
	}
	q := computeQuota(c.tx, p)
	cores, ram := computeUse(c.tx, p)
	return ok(object{"limits": object{"rate": []any{}, "absolute": object{
		"maxTotalInstances": q["instances"], "totalInstancesUsed": c.count("server", "project", p), "maxTotalCores": q["cores"], "totalCoresUsed": cores,
		"maxTotalRAMSize": q["ram"], "totalRAMUsed": ram, "maxTotalKeypairs": q["key_pairs"], "maxServerMeta": q["metadata_items"], "maxImageMeta": q["metadata_items"],
		"maxServerGroups": q["server_groups"], "totalServerGroupsUsed": c.count("server_group", "project", p), "maxServerGroupMembers": q["server_group_members"],
		"maxPersonality": q["injected_files"], "maxPersonalitySize": q["injected_file_content_bytes"],
		"maxSecurityGroups": -1, "maxSecurityGroupRules": -1, "maxTotalFloatingIps": -1, "totalFloatingIpsUsed": 0, "totalSecurityGroupsUsed": 0,
	}}})
}
