package cinder

import (
	"context"
	"net/url"
	"strings"

	"hearth/core/cloud"
	"hearth/core/resource"
)

// backupData is the key of Context.Data that holds the backup that a snapshot makes.
const backupData = "backup_id"

// SnapshotDelete makes a backup of the volume under the volume's physical name, with the
// mark in its description.
func (volume) SnapshotDelete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" || c.Data[backupData] != "" {
		return nil
	}
	a, err := blockStorage(c, "3.0")
	if err != nil {
		return err
	}
	answer, err := a.Get(ctx, "backups/detail?"+url.Values{"name": {c.PhysicalName(0)}}.Encode())
	if err != nil {
		return err
	}
	for _, b := range answer.Subs("backups") {
		if b.String("description") == c.Mark() {
			c.Data[backupData] = b.String("id")
			return nil
		}
	}
	answer, err = a.Post(ctx, "backups", resource.Object("backup", map[string]any{
		"volume_id": c.PhysicalID, "name": c.PhysicalName(0), "description": c.Mark(), "force": true,
	}))
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	c.Data[backupData] = answer.Sub("backup").String("id")
	return nil
}

func (volume) SnapshotDeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if c.Data[backupData] == "" {
		return resource.Done, nil
	}
	a, err := blockStorage(c, "3.0")
	if err != nil {
		return resource.Progress{}, err
	}
	answer, err := a.Get(ctx, "backups/"+c.Data[backupData])
	if err != nil {
		return resource.Progress{}, err
	}
	switch status := answer.Sub("backup").String("status"); {
	case status == "creating":
		return c.Pause(), nil
	case status == "available":
		return resource.Done, nil
	case strings.HasPrefix(status, "error"):
		return resource.Progress{}, resource.InError(status, "Unknown")
	default:
		return resource.Progress{}, resource.UnknownStatus("Volume backup failed", status)
	}
}
