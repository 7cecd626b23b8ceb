package swift

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/accounts"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/containers"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/objects"
	"github.com/gophercloud/gophercloud/v2/pagination"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/swift/container.py.
var containerType = resource.Type{
	Name:        "OS::Swift::Container",
	Description: "A container of the object store.",
	Service:     "object-store",
	// The longest name that Swift takes.
	PhysicalNameLimit: 256,
	Properties: schema.Properties{
		"name":              {Kind: schema.String, Description: "Name of the container; without it one is made of the stack's and the resource's."},
		"X-Container-Read":  {Kind: schema.String, Description: "Access list of who may read what is in the container."},
		"X-Container-Write": {Kind: schema.String, Description: "Access list of who may write into the container."},
		"X-Container-Meta":  {Kind: schema.Map, Default: yaml.NewMap(0), Description: "Metadata of the container, each a header X-Container-Meta-{key}."},
		"X-Account-Meta":    {Kind: schema.Map, Default: yaml.NewMap(0), Description: "Metadata of the account, each a header X-Account-Meta-{key}."},
		"PurgeOnDelete": {
			Kind: schema.Boolean, Default: false, Support: schema.Support{Version: "2015.1"},
			Description: "Whether the container goes with everything in it; otherwise one that is not empty cannot be deleted.",
		},
	},
	Attributes: schema.Attributes{
		"DomainName":    {Kind: schema.String, Description: "Host of the container's URL."},
		"WebsiteURL":    {Kind: schema.String, Description: "URL of the container."},
		"RootURL":       {Kind: schema.String, Description: "URL of the container's account."},
		"ObjectCount":   {Kind: schema.Integer, Description: "How many objects are in the container."},
		"BytesUsed":     {Kind: schema.Integer, Description: "How many bytes are in the container."},
		"HeadContainer": {Kind: schema.Map, Description: "All headers of the container."},
	},
	New: func() resource.Resource { return container{} },
}

type container struct{}

var (
	_ resource.Finder       = container{}
	_ resource.DeleteWaiter = container{}
	_ resource.Checker      = container{}
	_ resource.Observer     = container{}
	_ resource.Attributer   = container{}
	_ resource.Shower       = container{}
)

func containerName(c *resource.Context) string {
	if name := c.Properties.String("name"); name != "" {
		return name
	}
	return c.PhysicalName(containerType.PhysicalNameLimit)
}

// metadata gives the values of a map as headers have them.
func metadata(m *yaml.Map) map[string]string {
	out := map[string]string{}
	for k, v := range m.All() {
		out[k] = yaml.Str(v)
	}
	return out
}

func (container) Create(ctx context.Context, c *resource.Context) error {
	sc, err := c.Cloud.ObjectStore()
	if err != nil {
		return err
	}
	p, name := c.Properties, containerName(c)
	_, err = containers.Create(ctx, sc, name, containers.CreateOpts{
		Metadata: metadata(p.Sub("X-Container-Meta").Map()), ContainerRead: p.String("X-Container-Read"), ContainerWrite: p.String("X-Container-Write"),
	}).Extract()
	if err != nil {
		return cloud.Describe(err)
	}
	c.PhysicalID = name
	if account := metadata(p.Sub("X-Account-Meta").Map()); len(account) > 0 {
		_, err = accounts.Update(ctx, sc, accounts.UpdateOpts{Metadata: account}).Extract()
	}
	return cloud.Describe(err)
}

// Find knows a container by the name that was made for it. One of a given name may be
// anybody's; making it once more changes nothing.
func (container) Find(ctx context.Context, c *resource.Context) (bool, error) {
	if c.Properties.String("name") != "" {
		return false, nil
	}
	if _, err := head(ctx, c, containerName(c)); err != nil {
		return false, cloud.IgnoreNotFound(err)
	}
	c.PhysicalID = containerName(c)
	return true, nil
}

// head reads the headers of a container, their names in lower case.
func head(ctx context.Context, c *resource.Context, name string) (*yaml.Map, error) {
	sc, err := c.Cloud.ObjectStore()
	if err != nil {
		return nil, err
	}
	answer := containers.Get(ctx, sc, name, nil)
	if answer.Err != nil {
		return nil, cloud.Describe(answer.Err)
	}
	out := yaml.NewMap(len(answer.Header))
	for _, key := range slices.Sorted(maps.Keys(answer.Header)) {
		out.Set(strings.ToLower(key), answer.Header.Get(key))
	}
	return out, nil
}

// some gives the names of a few objects in a container; none when it is not there.
func some(ctx context.Context, c *resource.Context) ([]string, error) {
	sc, err := c.Cloud.ObjectStore()
	if err != nil {
		return nil, err
	}
	var names []string
	err = objects.List(sc, c.PhysicalID, objects.ListOpts{Limit: batch}).EachPage(ctx, func(_ context.Context, page pagination.Page) (bool, error) {
		var err error
		names, err = objects.ExtractNames(page)
		return false, err
	})
	return names, cloud.IgnoreNotFound(err)
}

// batch is how many objects one step of a deletion removes.
const batch = 50

// Delete refuses a container with objects in it unless they may go, too.
func (container) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" || c.Properties.Bool("PurgeOnDelete") {
		return nil
	}
	names, err := some(ctx, c)
	if err == nil && len(names) > 0 {
		return core.Errorf(core.Invalid, "ResourceActionNotSupported",
			"Deleting non-empty container (%s) when PurgeOnDelete is False is not supported for resource.", c.PhysicalID)
	}
	return err
}

func (container) DeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if c.PhysicalID == "" {
		return resource.Done, nil
	}
	sc, err := c.Cloud.ObjectStore()
	if err != nil {
		return resource.Progress{}, err
	}
	if c.Properties.Bool("PurgeOnDelete") {
		names, err := some(ctx, c)
		if err != nil {
			return resource.Progress{}, err
		}
		for _, name := range names {
			if _, err := objects.Delete(ctx, sc, c.PhysicalID, name, nil).Extract(); cloud.IgnoreNotFound(err) != nil {
				return resource.Progress{}, cloud.Describe(err)
			}
		}
		if len(names) == batch {
			return c.Pause(), nil
		}
	}
	_, err = containers.Delete(ctx, sc, c.PhysicalID).Extract()
	return resource.Done, cloud.IgnoreNotFound(err)
}

func (container) Check(ctx context.Context, c *resource.Context) error {
	_, err := head(ctx, c, c.PhysicalID)
	return err
}

func (container) Show(ctx context.Context, c *resource.Context) (any, error) {
	return head(ctx, c, c.PhysicalID)
}

// Attribute gives counts as the texts that they are in headers, and null for a container
// that cannot be read.
func (container) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	sc, err := c.Cloud.ObjectStore()
	if err != nil {
		return nil, err
	}
	root := strings.TrimRight(sc.Endpoint, "/")
	switch name {
	case "RootURL":
		return root, nil
	case "WebsiteURL":
		return root + "/" + c.PhysicalID, nil
	case "DomainName":
		u, err := url.Parse(root)
		if err != nil {
			return nil, err
		}
		return u.Hostname(), nil
	}
	if c.PhysicalID == "" {
		return nil, nil
	}
	headers, err := head(ctx, c, c.PhysicalID)
	if err != nil {
		c.Log.WarnContext(ctx, "a container cannot be read", "container", c.PhysicalID, "error", err)
		return nil, nil
	}
	switch name {
	case "ObjectCount":
		return resource.NewValues(headers).Get("x-container-object-count"), nil
	case "BytesUsed":
		return resource.NewValues(headers).Get("x-container-bytes-used"), nil
	}
	return headers, nil
}
