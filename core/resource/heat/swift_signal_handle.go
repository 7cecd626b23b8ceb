package heat

import (
	"context"

	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/objects"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
)

// Follows heat/engine/resources/openstack/heat/swiftsignal.py SwiftSignalHandle.
var swiftSignalHandleType = resource.Type{
	Name:        "OS::Heat::SwiftSignalHandle",
	Description: "Receives signals as an object of the object store, which whoever has its temporary URL may write.",
	Support:     schema.Support{Version: "2014.2"},
	Service:     "object-store",
	Attributes: schema.Attributes{
		"token":    {Kind: schema.String, Live: true, Description: "Empty, since temporary URLs need no token; wait condition handles have one."},
		"endpoint": {Kind: schema.String, Live: true, Description: "Address to PUT signals to."},
		"curl_cli": {Kind: schema.String, Live: true, Description: "A curl command that signals success; add --data-binary to send more."},
	},
	New: func() resource.Resource { return swiftSignalHandle{} },
}

type swiftSignalHandle struct{}

var (
	_ resource.Finder     = swiftSignalHandle{}
	_ resource.Attributer = swiftSignalHandle{}
	_ resource.Referencer = swiftSignalHandle{}
)

// endpointData is the key of Context.Data for the temporary URL.
const endpointData = "endpoint"

func (swiftSignalHandle) Create(ctx context.Context, c *resource.Context) error {
	name := c.PhysicalName(0)
	url, err := c.Cloud.SignalURL(ctx, c.Stack.ID, name)
	if err != nil {
		return err
	}
	c.PhysicalID, c.Data[endpointData] = name, url
	return nil
}

func (swiftSignalHandle) Find(ctx context.Context, c *resource.Context) (bool, error) {
	sc, err := c.Cloud.ObjectStore()
	if err != nil {
		return false, err
	}
	name := c.PhysicalName(0)
	if _, err := objects.Get(ctx, sc, c.Stack.ID, name, nil).Extract(); err != nil {
		return false, cloud.IgnoreNotFound(err)
	}
	url, err := c.Cloud.TempURL(ctx, "PUT", c.Stack.ID, name)
	if err != nil {
		return false, err
	}
	c.PhysicalID, c.Data[endpointData] = name, url
	return true, nil
}

func (swiftSignalHandle) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	if err := c.Cloud.ForgetSignals(ctx, c.Stack.ID, c.PhysicalID); err != nil {
		return err
	}
	delete(c.Data, endpointData)
	return nil
}

func (swiftSignalHandle) Attribute(_ context.Context, c *resource.Context, name string) (any, error) {
	if c.PhysicalID == "" {
		return nil, nil
	}
	switch url := c.Data[endpointData]; name {
	case "token":
		return "", nil
	case "endpoint":
		return url, nil
	case "curl_cli":
		return "curl -i -X PUT '" + url + "'", nil
	}
	return nil, nil
}

// ReferenceID is the temporary URL.
func (swiftSignalHandle) ReferenceID(c *resource.Context) any {
	if url := c.Data[endpointData]; url != "" {
		return url
	}
	return nil
}
