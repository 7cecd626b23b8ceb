package heat

import (
	"bytes"
	"context"
	"crypto/rand"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/accounts"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/containers"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/objects"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// Signals through the object store (heat/engine/resources/signal_responder.py
// _get_swift_signal_url): an object of the resource's in a container of the stack's, which
// whoever has its temporary address may write.

// objectURLData is the key of Context.Data for the object's temporary address.
const objectURLData = "swift_signal_url"

// signalURLLife is how long the address is good for: as long as one can be
// (heat/engine/clients/os/swift.py MAX_EPOCH).
const signalURLLife = 20 * 365 * 24 * time.Hour

// objectStore gives Swift's client. It returns EndpointNotFound when the cloud has none.
func objectStore(ctx context.Context, c *resource.Context) (*gophercloud.ServiceClient, error) {
	client, err := openCloud(ctx, c)
	if err != nil {
		return nil, err
	}
	return client.Service("object-store")
}

// signalObject gives the address of the object, which is made empty at first.
func signalObject(ctx context.Context, c *resource.Context) (string, error) {
	if url := c.Data[objectURLData]; url != "" {
		return url, nil
	}
	swift, err := objectStore(ctx, c)
	if err != nil {
		return "", err
	}
	key, err := tempURLKey(ctx, swift)
	if err != nil {
		return "", cloud.Describe(err)
	}
	container, name := c.Stack.ID, c.PhysicalName(0)
	if _, err := containers.Create(ctx, swift, container, nil).Extract(); err != nil {
		return "", cloud.Describe(err)
	}
	if _, err := objects.Create(ctx, swift, container, name, objects.CreateOpts{Content: bytes.NewReader(nil)}).Extract(); err != nil {
		return "", cloud.Describe(err)
	}
	url, err := objects.CreateTempURL(ctx, swift, container, name, objects.CreateTempURLOpts{
		Method: objects.PUT, TTL: int(signalURLLife.Seconds()), Timestamp: c.Now(), TempURLKey: key, Digest: "sha256"})
	if err != nil {
		return "", err
	}
	c.Data[objectURLData] = url
	return url, nil
}

// tempURLKey gives the account's key for temporary addresses and sets one where there is none.
func tempURLKey(ctx context.Context, swift *gophercloud.ServiceClient) (string, error) {
	account, err := accounts.Get(ctx, swift, nil).Extract()
	if err != nil || account.TempURLKey != "" {
		return account.TempURLKey, err
	}
	key := rand.Text()
	_, err = accounts.Update(ctx, swift, accounts.UpdateOpts{TempURLKey: key}).Extract()
	return key, err
}

// readObject takes the signal that the object holds, if it was written since the
// deployment has changed last.
func readObject(ctx context.Context, c *resource.Context, dep *core.SoftwareDeployment) error {
	swift, err := objectStore(ctx, c)
	if err != nil {
		return err
	}
	got := objects.Download(ctx, swift, c.Stack.ID, c.PhysicalName(0), nil)
	header, err := got.Extract()
	if cloud.NotFound(err) {
		return nil
	}
	if err != nil {
		return cloud.Describe(err)
	}
	defer got.Body.Close()
	if dep.UpdatedAt != nil && !header.LastModified.After(*dep.UpdatedAt) {
		return nil
	}
	content, err := got.ExtractContent()
	if err != nil || len(content) == 0 {
		return err
	}
	details := yaml.NewMap(0)
	if err := details.UnmarshalJSON(content); err != nil {
		return core.Errorf(core.Invalid, "Error", "Failed to parse JSON data: %s", content)
	}
	_, err = receive(ctx, c, dep, details)
	return err
}

// removeObject removes the object, and the container with the last one.
func removeObject(ctx context.Context, c *resource.Context) error {
	if c.Properties.String("signal_transport") != tempURLSignal {
		return nil
	}
	client, err := openCloud(ctx, c)
	if err != nil || !client.HasService("object-store") {
		return err
	}
	swift, err := client.Service("object-store")
	if err != nil {
		return err
	}
	if _, err := objects.Delete(ctx, swift, c.Stack.ID, c.PhysicalName(0), nil).Extract(); cloud.IgnoreNotFound(err) != nil {
		return cloud.Describe(err)
	}
	container, err := containers.Get(ctx, swift, c.Stack.ID, nil).Extract()
	if err == nil && container.ObjectCount == 0 {
		_, err = containers.Delete(ctx, swift, c.Stack.ID).Extract()
	}
	if cloud.IgnoreNotFound(err) != nil && !cloud.Conflict(err) {
		return cloud.Describe(err)
	}
	delete(c.Data, objectURLData)
	return nil
}
