package nova

import (
	"context"
	"slices"

	"hearth/core"
	"hearth/core/resource"
)

// NeedsReplace goes by the update policies; a server that begins or ends to boot from a
// volume is another one.
func (server) NeedsReplace(c *resource.Context, changed []string) bool {
	p := c.Properties
	switch {
	case slices.Contains(changed, "flavor") && p.String("flavor_update_policy") == "REPLACE":
		return true
	case slices.Contains(changed, "image") && (p.String("image_update_policy") == "REPLACE" || !given(p, "image") || !given(c.Old, "image")):
		return true
	}
	return slices.Contains(changed, "user_data") && p.String("user_data_update_policy") == "REPLACE"
}

// Update changes at once what can be; resize and rebuild are begun and then followed by
// UpdateComplete. Each step looks at the server first, so that the call may be repeated.
func (server) Update(ctx context.Context, c *resource.Context, changed []string) error {
	delete(c.Data, resizedData)
	delete(c.Data, rebuiltData)
	for _, step := range []struct {
		property string
		do       func(context.Context, *resource.Context) error
	}{
		{"name", rename},
		{"metadata", updateMetadata},
		{"tags", setTags},
		{"admin_pass", changePassword},
		{"networks", updateNetworks},
		{"software_config_transport", changeTransport},
	} {
		if slices.Contains(changed, step.property) {
			if err := step.do(ctx, c); err != nil {
				return err
			}
		}
	}
	return nil
}

func rename(ctx context.Context, c *resource.Context) error {
	a, err := compute(c, serverVersion)
	if err != nil {
		return err
	}
	return a.Put(ctx, "servers/"+c.PhysicalID, resource.Object("server", resource.Object("name", serverName(c))))
}

func updateMetadata(ctx context.Context, c *resource.Context) error {
	a, err := compute(c, serverVersion)
	if err != nil {
		return err
	}
	return a.Put(ctx, "servers/"+c.PhysicalID+"/metadata", resource.Object("metadata", metadataTexts(c.Properties.Sub("metadata").Map())))
}

func changePassword(ctx context.Context, c *resource.Context) error {
	return act(ctx, c, "changePassword", resource.Object("adminPass", c.Properties.String("admin_pass")))
}

// act runs an action of the server.
func act(ctx context.Context, c *resource.Context, action string, argument any) error {
	a, err := compute(c, serverVersion)
	if err != nil {
		return err
	}
	_, err = a.Post(ctx, "servers/"+c.PhysicalID+"/action", resource.Object(action, argument))
	return err
}

// The keys of Context.Data that hold the flavor and the image that a running update has
// asked for: when the server comes to rest with another, the update has failed.
const (
	resizedData = "resized_to"
	rebuiltData = "rebuilt_to"
)

// UpdateComplete brings flavor and image to what the properties say, one after the other.
func (server) UpdateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	wantFlavor, wantImage, err := wanted(ctx, c)
	if err != nil || wantFlavor == "" && wantImage == "" {
		return resource.Done, err
	}
	s, err := readServer(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	switch status := s.String("status"); {
	case status == "VERIFY_RESIZE" && s.Get("OS-EXT-STS:task_state") == nil:
		return c.Pause(), act(ctx, c, "confirmResize", nil)
	case s.Get("OS-EXT-STS:task_state") != nil || slices.Contains([]string{"RESIZE", "REBUILD", "VERIFY_RESIZE", "REVERT_RESIZE"}, status):
		return c.Pause(), nil
	case status == "ERROR" && c.Data[rebuiltData] != "":
		return resource.Progress{}, core.Errorf(core.Conflict, "ResourceUnknownStatus", "Rebuilding server failed, status '%s'", status)
	case wantFlavor != "" && s.Sub("flavor").String("id") != wantFlavor:
		if c.Data[resizedData] != "" {
			return resource.Progress{}, resource.UnknownStatus("Resizing to '"+c.Properties.String("flavor")+"' failed, status '"+status+"'", status)
		}
		c.Data[resizedData] = wantFlavor
		return c.Pause(), act(ctx, c, "resize", resource.Object("flavorRef", wantFlavor))
	case wantImage != "" && s.Sub("image").String("id") != wantImage:
		if c.Data[rebuiltData] != "" {
			return resource.Progress{}, resource.UnknownStatus("Rebuilding server failed, status '"+status+"'", status)
		}
		c.Data[rebuiltData] = wantImage
		return c.Pause(), act(ctx, c, "rebuild", rebuildArguments(c, wantImage))
	case status == "ERROR":
		return resource.Progress{}, serverError(s)
	}
	delete(c.Data, resizedData)
	delete(c.Data, rebuiltData)
	return resource.Done, nil
}

// wanted are the ids of the flavor and the image that an update changes; "" for none.
func wanted(ctx context.Context, c *resource.Context) (flavor, image string, err error) {
	if name := c.Properties.String("flavor"); name != c.Old.String("flavor") {
		if flavor, err = c.Cloud.FindFlavor(ctx, name); err != nil {
			return "", "", err
		}
	}
	if name := c.Properties.String("image"); name != "" && name != c.Old.String("image") {
		image, err = c.Cloud.FindImage(ctx, name)
	}
	return flavor, image, err
}

func rebuildArguments(c *resource.Context, image string) map[string]any {
	body := map[string]any{"imageRef": image}
	if c.Properties.String("image_update_policy") == "REBUILD_PRESERVE_EPHEMERAL" {
		body["preserve_ephemeral"] = true
	}
	if pass := c.Properties.String("admin_pass"); pass != "" {
		body["adminPass"] = pass
	}
	if m := c.Properties.Sub("metadata").Map(); m.Len() > 0 {
		body["metadata"] = metadataTexts(m)
	}
	return body
}
