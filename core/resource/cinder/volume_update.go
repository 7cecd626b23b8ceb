package cinder

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/resource"
)

// restoredData is the key of Context.Data that holds the backup that a running update has
// begun to restore.
const restoredData = "restored_from"

// detachedData is the key of Context.Data that holds the server, and behind a space the
// device, from which a running update has taken the volume to restore a backup into it.
const detachedData = "detached_from"

// setAside takes the volume from its server; UpdateComplete gives it back in the end.
func setAside(ctx context.Context, c *resource.Context, v resource.Values) error {
	list := v.Subs("attachments")
	if len(list) == 0 {
		return core.Errorf(core.Conflict, "Error", "Volume in use")
	}
	server := list[0].String("server_id")
	c.Data[detachedData] = server + " " + list[0].String("device")
	if err := c.Checkpoint(ctx); err != nil {
		return err
	}
	return detach(ctx, c, server, c.PhysicalID)
}

func attachAgain(ctx context.Context, c *resource.Context) error {
	a, err := compute(c)
	if err != nil {
		return err
	}
	server, device, _ := strings.Cut(c.Data[detachedData], " ")
	attachment := map[string]any{"volumeId": c.PhysicalID}
	if device != "" {
		attachment["device"] = device
	}
	if _, err := a.Post(ctx, attachments(server), resource.Object("volumeAttachment", attachment)); err != nil {
		return err
	}
	delete(c.Data, detachedData)
	return nil
}

// Update changes at once what can be; restoring, retyping and extending are begun and
// followed by UpdateComplete, each when the volume is at rest.
func (volume) Update(ctx context.Context, c *resource.Context, changed []string) error {
	delete(c.Data, restoredData)
	p := c.Properties
	if slices.Contains(changed, "size") && p.Int("size") < c.Old.Int("size") {
		return core.NotSupported("Shrinking volume")
	}
	a, err := blockStorage(c, "3.0")
	if err != nil {
		return err
	}
	if slices.Contains(changed, "name") || slices.Contains(changed, "description") {
		body := map[string]any{"name": volumeName(c), "description": p.String("description")}
		if _, err := a.Do(ctx, http.MethodPut, "volumes/"+c.PhysicalID, resource.Object("volume", body)); err != nil {
			return err
		}
	}
	if slices.Contains(changed, "metadata") {
		if _, err := a.Do(ctx, http.MethodPut, "volumes/"+c.PhysicalID+"/metadata", resource.Object("metadata", metadata(c))); err != nil {
			return err
		}
	}
	if slices.Contains(changed, "read_only") {
		return setReadOnly(ctx, c)
	}
	return nil
}

func (volume) UpdateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	v, err := readVolume(ctx, c, c.PhysicalID)
	if err != nil {
		return resource.Progress{}, err
	}
	status := v.String("status")
	switch {
	case slices.Contains(working, status), status == "attaching", status == "detaching":
		return c.Pause(), nil
	case strings.HasPrefix(status, "error"):
		return resource.Progress{}, resource.InError(status, "Unknown")
	}
	begun, err := nextStep(ctx, c, v)
	switch {
	case err != nil:
		return resource.Progress{}, err
	case begun:
		return c.Pause(), nil
	}
	delete(c.Data, restoredData)
	return resource.Done, nil
}

// nextStep begins the first change that the volume does not show yet.
func nextStep(ctx context.Context, c *resource.Context, v resource.Values) (begun bool, err error) {
	p, old := c.Properties, c.Old
	if name := p.String("backup_id"); name != "" && name != old.String("backup_id") && c.Data[restoredData] != name {
		if v.String("status") == "in-use" {
			return true, setAside(ctx, c, v)
		}
		backup, err := c.Cloud.FindBackup(ctx, name)
		if err != nil {
			return false, err
		}
		a, err := blockStorage(c, "3.0")
		if err != nil {
			return false, err
		}
		c.Data[restoredData] = name
		_, err = a.Post(ctx, "backups/"+backup+"/restore", resource.Object("restore", resource.Object("volume_id", c.PhysicalID)))
		return true, err
	}
	if name := p.String("volume_type"); name != "" && name != old.String("volume_type") {
		is, err := hasType(ctx, c, v, name)
		if err != nil {
			return false, err
		}
		if !is {
			return true, act(ctx, c, "3.0", "os-retype", map[string]any{"new_type": name, "migration_policy": "on-demand"})
		}
	}
	if size := p.Int("size"); size > v.Int("size") && size != old.Int("size") {
		version := "3.0"
		if v.String("status") == "in-use" {
			version = "3.42"
		}
		return true, act(ctx, c, version, "os-extend", resource.Object("new_size", size))
	}
	if c.Data[detachedData] == "" {
		return false, nil
	}
	if v.String("status") == "in-use" { // by an attempt before
		delete(c.Data, detachedData)
		return false, nil
	}
	return true, attachAgain(ctx, c)
}

// hasType reports whether the volume is of the type with that name or id.
func hasType(ctx context.Context, c *resource.Context, v resource.Values, nameOrID string) (bool, error) {
	have := v.String("volume_type")
	if have == nameOrID {
		return true, nil
	}
	want, err := c.Cloud.FindVolumeType(ctx, nameOrID)
	if err != nil || have == "" {
		return false, err
	}
	id, err := c.Cloud.FindVolumeType(ctx, have)
	return id == want, err
}
