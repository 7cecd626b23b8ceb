package zaqar

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/zaqar/queue.py.
var queueType = resource.Type{
	Name:              "OS::Zaqar::Queue",
	Description:       "A queue of the messaging service.",
	Service:           "messaging",
	PhysicalNameLimit: 64,
	Support:           schema.Support{Version: "2014.2"},
	Properties: schema.Properties{
		"name": {
			Kind: schema.String, Constraints: []schema.Constraint{schema.Length{Max: 64}},
			Description: "Name of the queue; without it one is made of the stack's and the resource's.",
		},
		"metadata": {Kind: schema.Map, UpdateAllowed: true, Description: "Metadata that Zaqar keeps with the queue."},
	},
	Attributes: schema.Attributes{
		"queue_id": {
			Kind: schema.String, Live: true, Description: "Name of the queue.",
			Support: schema.Support{Status: "HIDDEN", Version: "6.0.0", Previous: &schema.Support{
				Status: "DEPRECATED", Version: "2015.1", Message: "Use get_resource|Ref command instead. For example: { get_resource : <resource_name> }",
				Previous: &schema.Support{Version: "2014.1"},
			}},
		},
		"href": {Kind: schema.String, Description: "Address of the queue."},
	},
	New: func() resource.Resource { return queue{} },
}

type queue struct{}

var (
	_ resource.Finder     = queue{}
	_ resource.Updater    = queue{}
	_ resource.Observer   = queue{}
	_ resource.Attributer = queue{}
	_ resource.Shower     = queue{}
)

// markKey is the key of the queue's metadata that holds the id of the resource's row.
const markKey = "heat_resource"

// messaging is Zaqar, which wants every client to name itself by a UUID.
func messaging(c *resource.Context) (resource.API, error) {
	client, err := c.Cloud.Service(queueType.Service)
	if err != nil {
		return resource.API{}, err
	}
	client.MoreHeaders = map[string]string{"Client-ID": c.ID}
	return resource.API{Client: client}, nil
}

func queueName(c *resource.Context) string {
	if name := c.Properties.String("name"); name != "" {
		return name
	}
	return c.PhysicalName(queueType.PhysicalNameLimit)
}

func pathOf(name string) string { return "queues/" + url.PathEscape(name) }

// Create takes a queue that is there already, as Heat does: Zaqar makes queues when
// somebody uses them.
func (queue) Create(ctx context.Context, c *resource.Context) error {
	a, err := messaging(c)
	if err != nil {
		return err
	}
	name, metadata := queueName(c), yaml.MapOf(markKey, c.ID)
	for key, v := range c.Properties.Sub("metadata").Map().All() {
		metadata.Set(key, v)
	}
	if err = a.Put(ctx, pathOf(name), metadata); err != nil {
		return err
	}
	c.PhysicalID = name
	return change(ctx, a, name, nil, metadata)
}

// change brings the metadata of a queue from what was wanted to what is. Others may have
// put more there; it stays.
func change(ctx context.Context, a resource.API, name string, was, wanted *yaml.Map) error {
	now, err := a.Get(ctx, pathOf(name))
	if err != nil {
		return err
	}
	var patch []map[string]any
	for key := range was.All() {
		if now.Map().Has(key) && !wanted.Has(key) {
			patch = append(patch, map[string]any{"op": "remove", "path": pointer(key)})
		}
	}
	for key, v := range wanted.All() {
		if !now.Map().Has(key) || !yaml.Equal(now.Get(key), v) {
			patch = append(patch, map[string]any{"op": "add", "path": pointer(key), "value": v})
		}
	}
	if len(patch) == 0 {
		return nil
	}
	client := *a.Client
	client.MoreHeaders = maps.Clone(client.MoreHeaders)
	client.MoreHeaders["Content-Type"] = "application/openstack-messaging-v2.0-json-patch"
	_, err = resource.API{Client: &client}.Do(ctx, http.MethodPatch, pathOf(name), patch)
	return err
}

// pointer is the JSON pointer to a key of the metadata.
func pointer(key string) string {
	return "/metadata/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

// Find knows a queue by the mark in its metadata. That a queue answers says nothing.
func (queue) Find(ctx context.Context, c *resource.Context) (bool, error) {
	a, err := messaging(c)
	if err != nil {
		return false, err
	}
	name := queueName(c)
	metadata, err := a.Get(ctx, pathOf(name))
	if err != nil {
		return false, cloud.IgnoreNotFound(err)
	}
	if metadata.String(markKey) != c.ID {
		return false, nil
	}
	c.PhysicalID = name
	return true, nil
}

func (queue) Update(ctx context.Context, c *resource.Context, _ []string) error {
	a, err := messaging(c)
	if err != nil {
		return err
	}
	return change(ctx, a, c.PhysicalID, c.Old.Sub("metadata").Map(), c.Properties.Sub("metadata").Map())
}

// Delete leaves a queue that another resource has taken since.
func (queue) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	a, err := messaging(c)
	if err != nil {
		return err
	}
	metadata, err := a.Get(ctx, pathOf(c.PhysicalID))
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	if by := metadata.String(markKey); by != "" && by != c.ID {
		return nil
	}
	return a.Remove(ctx, pathOf(c.PhysicalID))
}

func read(ctx context.Context, c *resource.Context) (resource.Values, error) {
	a, err := messaging(c)
	if err != nil {
		return resource.Values{}, err
	}
	return a.Get(ctx, pathOf(c.PhysicalID))
}

// Observe sees the metadata without what Create and Zaqar itself put there.
func (queue) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	now, err := read(ctx, c)
	if err != nil || !c.Old.Has("metadata") {
		return nil, err
	}
	was, is := c.Old.Sub("metadata").Map(), yaml.NewMap(0)
	for key, v := range now.Map().All() {
		if was.Has(key) || key != markKey && !strings.HasPrefix(key, "_") {
			is.Set(key, v)
		}
	}
	if yaml.Equal(is, was) {
		return nil, nil
	}
	return yaml.MapOf("metadata", is), nil
}

func (queue) Show(ctx context.Context, c *resource.Context) (any, error) {
	metadata, err := read(ctx, c)
	if err != nil {
		return nil, err
	}
	return yaml.MapOf("metadata", metadata.Map()), nil
}

func (queue) Attribute(_ context.Context, c *resource.Context, name string) (any, error) {
	if name == "href" {
		a, err := messaging(c)
		if err != nil {
			return nil, err
		}
		return a.Client.ServiceURL(pathOf(queueName(c))), nil
	}
	if c.PhysicalID == "" {
		return nil, nil
	}
	return c.PhysicalID, nil
}
