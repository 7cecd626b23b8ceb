package cinder

import (
	"context"
	"net/url"
	"strings"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// The keys of Context.Data that hold backups: the one that the last snapshot of the stack
// made, and the one that is kept when the volume is deleted.
const (
	backupData = "backup_id"
	keptData   = "kept_backup_id"
)

// backUp makes a backup of the volume under the volume's physical name, or finds the one
// with that mark in its description.
func backUp(ctx context.Context, c *resource.Context, mark string) (id string, err error) {
	a, err := blockStorage(c, "3.0")
	if err != nil {
		return "", err
	}
	answer, err := a.Get(ctx, "backups/detail?"+url.Values{"name": {c.PhysicalName(0)}}.Encode())
	if err != nil {
		return "", err
	}
	for _, b := range answer.Subs("backups") {
		if b.String("description") == mark {
			return b.String("id"), nil
		}
	}
	answer, err = a.Post(ctx, "backups", resource.Object("backup", map[string]any{
		"volume_id": c.PhysicalID, "name": c.PhysicalName(0), "description": mark, "force": true,
	}))
	return answer.Sub("backup").String("id"), err
}

func readBackup(ctx context.Context, c *resource.Context, id string) (resource.Values, error) {
	a, err := blockStorage(c, "3.0")
	if err != nil {
		return resource.Values{}, err
	}
	answer, err := a.Get(ctx, "backups/"+id)
	return answer.Sub("backup"), err
}

// SnapshotDelete makes a backup of the volume, with the mark of the resource.
func (volume) SnapshotDelete(ctx context.Context, c *resource.Context) (err error) {
	if c.PhysicalID == "" || c.Data[keptData] != "" {
		return nil
	}
	id, err := backUp(ctx, c, c.Mark())
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	c.Data[keptData] = id
	return nil
}

func (volume) SnapshotDeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if c.Data[keptData] == "" {
		return resource.Done, nil
	}
	b, err := readBackup(ctx, c, c.Data[keptData])
	if err != nil {
		return resource.Progress{}, err
	}
	switch status := b.String("status"); {
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

// Snapshot makes a backup of the volume. Its mark has the time in it: there may be others.
func (volume) Snapshot(ctx context.Context, c *resource.Context) (err error) {
	delete(c.Data, backupData)
	id, err := backUp(ctx, c, c.Mark()+" at "+c.Started.UTC().Format("2006-01-02T15:04:05.000Z"))
	if err != nil {
		return err
	}
	c.Data[backupData] = id
	return nil
}

func (volume) SnapshotComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	b, err := readBackup(ctx, c, c.Data[backupData])
	if err != nil {
		return resource.Progress{}, err
	}
	switch b.String("status") {
	case "creating":
		return c.Pause(), nil
	case "available":
		return resource.Done, nil
	}
	return resource.Progress{}, core.Errorf(core.Conflict, "Error", "%s", yaml.Str(b.Get("fail_reason")))
}

// DeleteSnapshot removes the backup and waits until it is gone.
func (volume) DeleteSnapshot(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	id := c.Data[backupData]
	if id == "" {
		return resource.Done, nil
	}
	b, err := readBackup(ctx, c, id)
	if err != nil {
		return resource.Done, cloud.IgnoreNotFound(err)
	}
	switch status := b.String("status"); status {
	case "creating", "restoring", "deleting":
		return resource.Again(time.Second), nil
	case "error_deleting":
		return resource.Progress{}, resource.InError(status, "Unknown")
	}
	a, err := blockStorage(c, "3.0")
	if err != nil {
		return resource.Progress{}, err
	}
	return resource.Again(100 * time.Millisecond), a.Remove(ctx, "backups/"+id)
}

// RestoreProperties has the backup in the place of other sources.
func (volume) RestoreProperties(properties *yaml.Map, data map[string]string) *yaml.Map {
	if data[backupData] == "" {
		return properties
	}
	out := properties.Clone()
	for _, name := range []string{"imageRef", "image", "source_volid"} {
		out.Delete(name)
	}
	out.Set("backup_id", data[backupData])
	return out
}
