package nova

import (
	"context"
	"net/url"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// The keys of Context.Data that hold images: the one that the last snapshot of the stack
// made, and the one that is kept when the server is deleted.
const (
	imageData = "snapshot_image_id"
	keptData  = "kept_image_id"
)

func images(c *resource.Context) (resource.API, error) {
	client, err := c.Cloud.Image()
	return resource.API{Client: client}, err
}

// makeImage makes an image of the server under the server's physical name, or finds the
// one that an interrupted call has made: by the row's id and, when there may be others,
// by at in its metadata.
func makeImage(ctx context.Context, c *resource.Context, at string) (id string, err error) {
	glance, err := images(c)
	if err != nil {
		return "", err
	}
	answer, err := glance.Get(ctx, "images?"+url.Values{"name": {c.PhysicalName(0)}}.Encode())
	if err != nil {
		return "", err
	}
	for _, image := range answer.Subs("images") {
		if image.String("heat_resource") == c.ID && image.String("heat_snapshot") == at {
			return image.String("id"), nil
		}
	}
	a, err := compute(c, "2.45")
	if err != nil {
		return "", err
	}
	metadata := map[string]string{"heat_resource": c.ID}
	if at != "" {
		metadata["heat_snapshot"] = at
	}
	answer, err = a.Post(ctx, "servers/"+c.PhysicalID+"/action", resource.Object("createImage", map[string]any{"name": c.PhysicalName(0), "metadata": metadata}))
	return answer.String("image_id"), err
}

// imageComplete reports whether an image is there. failed makes the error of one that
// never will be.
func imageComplete(ctx context.Context, c *resource.Context, id string, failed func(status string) error) (resource.Progress, error) {
	glance, err := images(c)
	if err != nil {
		return resource.Progress{}, err
	}
	image, err := glance.Get(ctx, "images/"+id)
	if err != nil {
		return resource.Progress{}, err
	}
	switch status := image.String("status"); status {
	case "active":
		return resource.Done, nil
	case "error", "killed", "deleted", "pending_delete", "deactivated":
		return resource.Progress{}, failed(status)
	}
	return c.Pause(), nil
}

// SnapshotDelete makes an image of the server that stays when the server goes.
func (server) SnapshotDelete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" || c.Data[keptData] != "" {
		return nil
	}
	id, err := makeImage(ctx, c, "")
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	c.Data[keptData] = id
	return nil
}

func (server) SnapshotDeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if c.Data[keptData] == "" {
		return resource.Done, nil
	}
	return imageComplete(ctx, c, c.Data[keptData], func(status string) error { return resource.InError(status, "Unknown") })
}

// Snapshot makes an image of the server.
func (server) Snapshot(ctx context.Context, c *resource.Context) error {
	delete(c.Data, imageData)
	id, err := makeImage(ctx, c, c.Started.UTC().Format("2006-01-02T15:04:05.000Z"))
	if err != nil {
		return err
	}
	c.Data[imageData] = id
	return nil
}

// copying are what a server does while its image is made.
var copying = map[string]bool{"image_uploading": true, "image_snapshot_pending": true, "image_snapshot": true, "image_pending_upload": true}

// SnapshotComplete waits for the image, and for the server to be free again.
func (server) SnapshotComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	p, err := imageComplete(ctx, c, c.Data[imageData], func(status string) error { return core.Errorf(core.Conflict, "Error", "%s", status) })
	if err != nil || !p.Done {
		return p, err
	}
	s, err := readServer(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	if copying[s.String("OS-EXT-STS:task_state")] {
		return c.Pause(), nil
	}
	return resource.Done, nil
}

// DeleteSnapshot removes the image.
func (server) DeleteSnapshot(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if c.Data[imageData] == "" {
		return resource.Done, nil
	}
	glance, err := images(c)
	if err != nil {
		return resource.Progress{}, err
	}
	return resource.Done, glance.Remove(ctx, "images/"+c.Data[imageData])
}

// RestoreProperties has the image in the place of the one that the server was made from.
func (server) RestoreProperties(properties *yaml.Map, data map[string]string) *yaml.Map {
	if data[imageData] == "" {
		return properties
	}
	out := properties.Clone()
	out.Set("image", data[imageData])
	return out
}
