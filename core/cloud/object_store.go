package cloud

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strings"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/accounts"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/containers"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/objects"
)

// ObjectStore is Swift's client.
func (c *Client) ObjectStore() (*gophercloud.ServiceClient, error) { return c.Service("object-store") }

// lastExpiry is when temporary URLs end: as late as 32 bits can say, less a minute
// (heat/engine/clients/os/swift.py MAX_EPOCH).
var lastExpiry = time.Unix(1<<31-1-60, 0)

// TempURL gives an address under which whoever has it may call the method (PUT, GET) on an
// object of the client's account, until 2038. An account without a key to sign with gets
// one (heat/engine/clients/os/swift.py get_temp_url). The object need not be there.
func (c *Client) TempURL(ctx context.Context, method, container, object string) (string, error) {
	sc, err := c.ObjectStore()
	if err != nil {
		return "", err
	}
	key, err := c.tempURLKey(ctx, sc)
	if err != nil {
		return "", Describe(err)
	}
	return objects.CreateTempURL(ctx, sc, container, object, objects.CreateTempURLOpts{
		Method: objects.HTTPMethod(method), Timestamp: lastExpiry, TempURLKey: key, Digest: "sha256",
	})
}

// tempURLKey never lets two callers of this process set a key at once: the address of the
// one whose key is overwritten would be good for nothing.
func (c *Client) tempURLKey(ctx context.Context, sc *gophercloud.ServiceClient) (string, error) {
	c.cloud.tempURLKeys.Lock()
	defer c.cloud.tempURLKeys.Unlock()
	account, err := accounts.Get(ctx, sc, nil).Extract()
	if err != nil || account.TempURLKey != "" {
		return account.TempURLKey, err
	}
	secret := make([]byte, 16)
	rand.Read(secret)
	if _, err := accounts.Update(ctx, sc, accounts.UpdateOpts{TempURLKey: hex.EncodeToString(secret)}).Extract(); err != nil {
		return "", err
	}
	account, err = accounts.Get(ctx, sc, nil).Extract()
	if err != nil {
		return "", err
	}
	return account.TempURLKey, nil
}

// SignalWaiting is what an object for signals holds before the first.
const SignalWaiting = "in progress"

// SignalURL makes a container that keeps what is overwritten in it and an object there, and
// gives the address to PUT signals to: each is a version of the object
// (heat/engine/clients/os/swift.py get_signal_url).
func (c *Client) SignalURL(ctx context.Context, container, object string) (string, error) {
	sc, err := c.ObjectStore()
	if err != nil {
		return "", err
	}
	if _, err := containers.Create(ctx, sc, container, containers.CreateOpts{VersionsLocation: container}).Extract(); err != nil {
		return "", Describe(err)
	}
	if _, err := objects.Create(ctx, sc, container, object, objects.CreateOpts{Content: strings.NewReader(SignalWaiting)}).Extract(); err != nil {
		return "", Describe(err)
	}
	return c.TempURL(ctx, "PUT", container, object)
}

// Signals reads the objects of a container whose name holds that of the object, oldest
// first: every version that SignalURL's address was given, but for the one that says that
// there is none yet. A container that is not there has none.
func (c *Client) Signals(ctx context.Context, container, object string) ([]string, error) {
	sc, err := c.ObjectStore()
	if err != nil {
		return nil, err
	}
	pages, err := objects.List(sc, container, nil).AllPages(ctx)
	if err != nil {
		return nil, IgnoreNotFound(err)
	}
	list, err := objects.ExtractInfo(pages)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, o := range list {
		if !strings.Contains(o.Name, object) {
			continue
		}
		got := objects.Download(ctx, sc, container, o.Name, nil)
		text, err := got.ExtractContent()
		switch {
		case NotFound(err): // overwritten or deleted meanwhile
		case err != nil:
			return nil, Describe(err)
		case string(text) != SignalWaiting:
			out = append(out, string(text))
		}
	}
	return out, nil
}

// ForgetSignals removes the object with all versions, and the container with its last
// object. What is not there is removed.
func (c *Client) ForgetSignals(ctx context.Context, container, object string) error {
	sc, err := c.ObjectStore()
	if err != nil {
		return err
	}
	for err == nil { // each deletion brings the version before back
		_, err = objects.Delete(ctx, sc, container, object, nil).Extract()
	}
	if !NotFound(err) {
		return Describe(err)
	}
	_, err = containers.Delete(ctx, sc, container).Extract()
	if Conflict(err) {
		return nil
	}
	return IgnoreNotFound(err)
}
