package nova

import (
	"context"
	"net/url"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
)

func (server) Suspend(ctx context.Context, c *resource.Context) error {
	return change(ctx, c, "suspend", "SUSPENDED")
}

func (server) SuspendComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	s, err := readServer(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	switch status := s.String("status"); {
	case status == "SUSPENDED":
		return resource.Done, nil
	case status == "ACTIVE" || passing[status]:
		return c.Pause(), nil
	case status == "ERROR":
		return resource.Progress{}, serverError(s)
	default:
		return resource.Progress{}, resource.UnknownStatus("Suspend of server "+s.String("name")+" failed", status)
	}
}

func (server) Resume(ctx context.Context, c *resource.Context) error {
	return change(ctx, c, "resume", "ACTIVE")
}

func (server) ResumeComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	s, err := readServer(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	return becomesActive(c, s)
}

// change runs an action unless the server is already where it leads.
func change(ctx context.Context, c *resource.Context, action, status string) error {
	if c.PhysicalID == "" {
		return core.Errorf(core.Conflict, "Error", "Cannot %s %s, resource_id not set", action, c.Name)
	}
	s, err := readServer(ctx, c)
	if err != nil || s.String("status") == status {
		return err
	}
	return act(ctx, c, action, nil)
}

// imageData is the key of Context.Data that holds the image that a snapshot makes.
const imageData = "snapshot_image_id"

// SnapshotDelete makes an image of the server under the server's physical name.
func (server) SnapshotDelete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" || c.Data[imageData] != "" {
		return nil
	}
	if found, err := findImage(ctx, c); err != nil || found {
		return err
	}
	a, err := compute(c, "2.45")
	if err != nil {
		return err
	}
	answer, err := a.Post(ctx, "servers/"+c.PhysicalID+"/action", resource.Object("createImage", map[string]any{
		"name": c.PhysicalName(0), "metadata": resource.Object("heat_resource", c.ID),
	}))
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	c.Data[imageData] = answer.String("image_id")
	return nil
}

// findImage takes hold of the image that an interrupted SnapshotDelete made.
func findImage(ctx context.Context, c *resource.Context) (bool, error) {
	client, err := c.Cloud.Image()
	if err != nil {
		return false, err
	}
	answer, err := resource.API{Client: client}.Get(ctx, "images?"+url.Values{"name": {c.PhysicalName(0)}}.Encode())
	if err != nil {
		return false, err
	}
	for _, image := range answer.Subs("images") {
		if image.String("heat_resource") == c.ID {
			c.Data[imageData] = image.String("id")
			return true, nil
		}
	}
	return false, nil
}

func (server) SnapshotDeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if c.Data[imageData] == "" {
		return resource.Done, nil
	}
	client, err := c.Cloud.Image()
	if err != nil {
		return resource.Progress{}, err
	}
	image, err := resource.API{Client: client}.Get(ctx, "images/"+c.Data[imageData])
	if err != nil {
		return resource.Progress{}, err
	}
	switch status := image.String("status"); status {
	case "active":
		return resource.Done, nil
	case "error", "killed", "deleted", "pending_delete", "deactivated":
		return resource.Progress{}, resource.InError(status, "Unknown")
	}
	return c.Pause(), nil
}
