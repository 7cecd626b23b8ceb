package simcloud

import (
	"fmt"
	"net/http"
)

// defaultVolumeQuota is wide, so that large stacks run without preparation;
// -1 is no limit. Quotas are set with PUT /os-quota-sets/{project}.
var defaultVolumeQuota = object{
	"volumes": 100000, "snapshots": 100000, "gigabytes": -1, "backups": 100000, "backup_gigabytes": -1, "groups": 10, "per_volume_gigabytes": -1,
}

func volumeQuota(t *tx, project string) object {
	o := object{}
	if r := t.get("volume_quota", project); r != nil {
		o = r.visible()
	}
	return o.orDefault(defaultVolumeQuota)
}

// gigabytes sums volumes and snapshots of a project.
func gigabytes(t *tx, project string) int {
	n := 0
	for _, kind := range []string{"volume", "snapshot"} {
		for _, r := range t.s.kinds[kind].indexes["project"].at[project] {
			n += r.int("size")
		}
	}
	return n
}

// volumeRoom answers 413 when more volumes or snapshots, or more gigabytes,
// would exceed the project's quota.
func volumeRoom(c *call, project, what string, more, size int) error {
	q := volumeQuota(c.tx, project)
	over := func(format string, a ...any) error {
		return &apiError{http.StatusRequestEntityTooLarge, "", fmt.Sprintf(format, a...)}
	}
	kind := what[:len(what)-1]
	if limit, used := q.int(what), c.count(kind, "project", project); limit >= 0 && used+more > limit {
		if kind == "volume" {
			return over("VolumeLimitExceeded: Maximum number of volumes allowed (%d) exceeded for quota 'volumes'.", limit)
		}
		return over("SnapshotLimitExceeded: Maximum number of snapshots allowed (%d) exceeded", limit)
	}
	if limit := q.int("per_volume_gigabytes"); limit >= 0 && size > limit {
		return over("VolumeSizeExceedsLimit: Requested volume size %dG is larger than maximum allowed limit %dG.", size, limit)
	}
	if limit := q.int("gigabytes"); limit >= 0 {
		if used := gigabytes(c.tx, project); used+size > limit {
			return over("VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested %dG, quota is %dG and %dG has been consumed.", size, limit, used)
		}
	}
	return nil
}

func showVolumeQuota(c *call) (*reply, error) {
	target := c.param("target")
	if !c.by.admin && target != c.by.project {
		return nil, forbidden("Policy doesn't allow volume_extension:quotas:show to be performed.")
	}
	q := volumeQuota(c.tx, target)
	if equals(true, c.query("usage")) {
		used := map[string]int{
			"volumes": c.count("volume", "project", target), "snapshots": c.count("snapshot", "project", target), "backups": c.count("backup", "project", target), "gigabytes": gigabytes(c.tx, target),
		}
		for k, limit := range q {
			q[k] = object{"limit": limit, "in_use": used[k], "reserved": 0, "allocated": 0}
		}
	}
	q["id"] = target
	return ok(object{"quota_set": q})
}

func showVolumeQuotaDefaults(c *call) (*reply, error) {
	return ok(object{"quota_set": object{"id": c.param("target")}.orDefault(defaultVolumeQuota)})
}

func updateVolumeQuota(c *call) (*reply, error) {
	in, err := c.want("quota_set")
	if err != nil {
		return nil, err
	}
	target := c.param("target")
	o := object{}
	if r := c.get("volume_quota", target); r != nil {
		o = r.visible()
	}
	for k, v := range in {
		if _, known := defaultVolumeQuota[k]; !known {
			continue // tenant_id and quotas by volume type
		}
		n, err := whole.coerce(k, v)
		if err != nil {
			return nil, err
		}
		o[k] = n
	}
	c.put("volume_quota", &record{id: target, object: o})
	return ok(object{"quota_set": volumeQuota(c.tx, target)})
}

func deleteVolumeQuota(c *call) (*reply, error) {
	c.drop("volume_quota", c.param("target"))
	return ok(nil)
}

func showVolumeLimits(c *call) (*reply, error) {
	p := c.by.project
	q := volumeQuota(c.tx, p)
	return ok(object{"limits": object{"rate": []any{}, "absolute": object{
		"maxTotalVolumes": q["volumes"], "totalVolumesUsed": c.count("volume", "project", p), "maxTotalSnapshots": q["snapshots"], "totalSnapshotsUsed": c.count("snapshot", "project", p),
		"maxTotalVolumeGigabytes": q["gigabytes"], "totalGigabytesUsed": gigabytes(c.tx, p), "maxTotalBackups": q["backups"], "totalBackupsUsed": c.count("backup", "project", p),
		"maxTotalBackupGigabytes": q["backup_gigabytes"], "totalBackupGigabytesUsed": 0,
	}}})
}
