package simcloud

// defaultNetworkQuota is wide, so that large stacks run without preparation;
// -1 is no limit. Quotas are set with PUT /v2.0/quotas/{project}.
var defaultNetworkQuota = object{
	"network": 10000, "subnet": 10000, "port": 100000, "router": 10000, "floatingip": 10000, "security_group": 10000,
	"security_group_rule": 100000, "subnetpool": -1, "rbac_policy": 10, "trunk": -1,
}

func networkQuota(t *tx, project string) object {
	o := object{}
	if r := t.get("network_quota", project); r != nil {
		o = r.visible()
	}
	return o.orDefault(defaultNetworkQuota)
}

func quotaProject(c *call) (string, error) {
	p := c.param("project")
	if !c.by.admin && p != c.by.project {
		return "", forbidden("rule:get_quota is disallowed by policy")
	}
	return p, nil
}

func listNetworkQuotas(c *call) (*reply, error) {
	out := []object{}
	for _, r := range c.all("network_quota") {
		o := networkQuota(c.tx, r.id)
		o["tenant_id"], o["project_id"] = r.id, r.id
		out = append(out, o)
	}
	return ok(object{"quotas": out})
}

func showNetworkQuota(c *call) (*reply, error) {
	if c.param("project") == "tenant" || c.param("project") == "project" {
		return ok(object{c.param("project"): object{"tenant_id": c.by.project, "project_id": c.by.project}})
	}
	p, err := quotaProject(c)
	if err != nil {
		return nil, err
	}
	return ok(object{"quota": networkQuota(c.tx, p)})
}

func showNetworkQuotaDefault(c *call) (*reply, error) {
	if _, err := quotaProject(c); err != nil {
		return nil, err
	}
	return ok(object{"quota": object{}.orDefault(defaultNetworkQuota)})
}

func showNetworkQuotaDetails(c *call) (*reply, error) {
	p, err := quotaProject(c)
	if err != nil {
		return nil, err
	}
	out := object{}
	for k, limit := range networkQuota(c.tx, p) {
		used := 0
		if _, kept := c.s.kinds[k]; kept {
			used = c.count(k, "project", p)
		}
		out[k] = object{"limit": limit, "used": used, "reserved": 0}
	}
	return ok(object{"quota": out})
}

func updateNetworkQuota(c *call) (*reply, error) {
	in, err := c.want("quota")
	if err != nil {
		return nil, err
	}
	p := c.param("project")
	o := object{}
	if r := c.get("network_quota", p); r != nil {
		o = r.visible()
	}
	for k, v := range in {
		if _, known := defaultNetworkQuota[k]; !known {
			return nil, badRequest("Unrecognized attribute(s) '%s'", k)
		}
		n, err := whole.coerce(k, v)
		if err != nil {
			return nil, err
		}
		o[k] = n
	}
	c.put("network_quota", &record{id: p, object: o})
	return ok(object{"quota": networkQuota(c.tx, p)})
}

func deleteNetworkQuota(c *call) (*reply, error) {
	c.drop("network_quota", c.param("project"))
	return noContent()
}
