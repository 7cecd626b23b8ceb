package cinder

import (
	"context"
	"net/http"
	"strings"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
)

// Follows heat/engine/resources/openstack/cinder/volume.py CinderVolumeAttachment.
var volumeAttachmentType = resource.Type{
	Name:        "OS::Cinder::VolumeAttachment",
	Description: "Attaches a volume to a server.",
	Service:     "volumev3",
	Properties: schema.Properties{
		"instance_uuid": {Kind: schema.String, Required: true, UpdateAllowed: true, Constraints: custom("nova.server"), Description: "Name or ID of the server."},
		"volume_id":     {Kind: schema.String, Required: true, UpdateAllowed: true, Constraints: custom("cinder.volume"), Description: "Name or ID of the volume."},
		"mountpoint":    {Kind: schema.String, UpdateAllowed: true, Description: "Device name in the server, such as /dev/vdb; a hint that not every hypervisor heeds."},
	},
	New: func() resource.Resource { return volumeAttachment{} },
}

type volumeAttachment struct{}

var (
	_ resource.Finder       = volumeAttachment{}
	_ resource.CreateWaiter = volumeAttachment{}
	_ resource.Updater      = volumeAttachment{}
	_ resource.UpdateWaiter = volumeAttachment{}
	_ resource.DeleteWaiter = volumeAttachment{}
	_ resource.Observer     = volumeAttachment{}
)

// The keys of Context.Data that hold which server and volume are joined: their names may
// mean others by the time of the delete.
const (
	serverData = "server_id"
	volumeData = "volume_id"
)

// joined are the ids of server and volume: as remembered, else as the properties say.
func joined(ctx context.Context, c *resource.Context) (server, volume string, err error) {
	if server, volume = c.Data[serverData], c.Data[volumeData]; server != "" && volume != "" {
		return server, volume, nil
	}
	if server, err = c.Cloud.FindServer(ctx, c.Properties.String("instance_uuid")); err != nil {
		return "", "", err
	}
	volume, err = c.Cloud.FindVolume(ctx, c.Properties.String("volume_id"))
	return server, volume, err
}

func attachments(server string) string { return "servers/" + server + "/os-volume_attachments" }

func (volumeAttachment) Create(ctx context.Context, c *resource.Context) error {
	server, volume, err := joined(ctx, c)
	if err != nil {
		return err
	}
	body := map[string]any{"volumeId": volume}
	if device := c.Properties.String("mountpoint"); device != "" {
		body["device"] = device
	}
	a, err := compute(c)
	if err != nil {
		return err
	}
	answer, err := a.Post(ctx, attachments(server), resource.Object("volumeAttachment", body))
	if err != nil {
		return err
	}
	remember(c, server, volume, answer)
	return nil
}

func remember(c *resource.Context, server, volume string, answer resource.Values) {
	c.PhysicalID, c.Data[serverData], c.Data[volumeData] = answer.Sub("volumeAttachment").String("id"), server, volume
}

// Find knows an attachment by what it joins.
func (volumeAttachment) Find(ctx context.Context, c *resource.Context) (bool, error) {
	server, volume, err := joined(ctx, c)
	if err != nil {
		return false, cloud.IgnoreNotFound(err)
	}
	a, err := compute(c)
	if err != nil {
		return false, err
	}
	answer, err := a.Get(ctx, attachments(server)+"/"+volume)
	if err != nil {
		return false, cloud.IgnoreNotFound(err)
	}
	remember(c, server, volume, answer)
	return true, nil
}

func (volumeAttachment) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	v, err := readVolume(ctx, c, c.Data[volumeData])
	if err != nil {
		return resource.Progress{}, err
	}
	switch status := v.String("status"); {
	case status == "in-use":
		return resource.Done, nil
	case status == "available" || status == "attaching" || status == "reserved":
		return c.Pause(), nil
	case strings.HasPrefix(status, "error"):
		return resource.Progress{}, resource.InError(status, "Unknown")
	default:
		return resource.Progress{}, resource.UnknownStatus("Volume attachment failed", status)
	}
}

func (volumeAttachment) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	server, volume, err := joined(ctx, c)
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	return detach(ctx, c, server, volume)
}

func detach(ctx context.Context, c *resource.Context, server, volume string) error {
	a, err := compute(c)
	if err != nil {
		return err
	}
	_, err = a.Do(ctx, http.MethodDelete, attachments(server)+"/"+volume, nil)
	return cloud.IgnoreNotFound(err)
}

// DeleteComplete waits until the server does not list the volume any more and the volume
// is at rest.
func (volumeAttachment) DeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	server, volume, err := c.Data[serverData], c.Data[volumeData], error(nil)
	if c.PhysicalID == "" || server == "" {
		return resource.Done, nil
	}
	a, err := compute(c)
	if err != nil {
		return resource.Progress{}, err
	}
	if _, err = a.Get(ctx, attachments(server)+"/"+volume); err == nil {
		return c.Pause(), nil
	}
	if !cloud.NotFound(err) {
		return resource.Progress{}, err
	}
	v, err := readVolume(ctx, c, volume)
	switch {
	case cloud.NotFound(err):
		return resource.Done, nil
	case err != nil:
		return resource.Progress{}, err
	case v.String("status") == "detaching":
		return c.Pause(), nil
	case strings.HasPrefix(v.String("status"), "error"):
		return resource.Progress{}, resource.UnknownStatus("Volume detachment failed", v.String("status"))
	}
	return resource.Done, nil
}

// detachingData is the key of Context.Data that says that a running update has not come
// to attach yet.
const detachingData = "detaching"

// Update detaches; UpdateComplete attaches anew once that is done.
func (r volumeAttachment) Update(ctx context.Context, c *resource.Context, _ []string) error {
	c.Data[detachingData] = "true"
	return r.Delete(ctx, c)
}

func (r volumeAttachment) UpdateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if c.Data[detachingData] == "" {
		return r.CreateComplete(ctx, c)
	}
	if p, err := r.DeleteComplete(ctx, c); err != nil || !p.Done {
		return p, err
	}
	c.PhysicalID = ""
	delete(c.Data, serverData)
	delete(c.Data, volumeData)
	found, err := r.Find(ctx, c)
	if err == nil && !found {
		err = r.Create(ctx, c)
	}
	if err != nil {
		return resource.Progress{}, err
	}
	delete(c.Data, detachingData)
	return c.Pause(), nil
}
