package neutron

import (
	"context"
	"net/http"
	"net/url"

	"github.com/gophercloud/gophercloud/v2"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// A noun is one sort of object of Neutron's API: its place under /v2.0 and its names in
// bodies. Bodies are maps, not structs: a template may put any key into value_specs and
// attributes show any key of the answer. Errors are described for people; cloud.NotFound
// and cloud.Conflict know them.
type noun struct{ path, one, many string }

var (
	networks       = noun{"networks", "network", "networks"}
	subnets        = noun{"subnets", "subnet", "subnets"}
	ports          = noun{"ports", "port", "ports"}
	routers        = noun{"routers", "router", "routers"}
	floatingIPs    = noun{"floatingips", "floatingip", "floatingips"}
	securityGroups = noun{"security-groups", "security_group", "security_groups"}
	securityRules  = noun{"security-group-rules", "security_group_rule", "security_group_rules"}
	segments       = noun{"segments", "segment", "segments"}
	extensions     = noun{"extensions", "extension", "extensions"}
)

// create makes an object of the keys in body.
func (n noun) create(ctx context.Context, c *resource.Context, body map[string]any) (resource.Values, error) {
	client, err := c.Cloud.Network()
	if err != nil {
		return resource.Values{}, err
	}
	var answer yaml.Map
	_, err = client.Post(ctx, client.ServiceURL(n.path), map[string]any{n.one: body}, &answer, nil)
	return resource.NewValues(&answer).Sub(n.one), cloud.Describe(err)
}

// createAll makes several objects in one request, all or none.
func (n noun) createAll(ctx context.Context, c *resource.Context, bodies any) error {
	client, err := c.Cloud.Network()
	if err != nil {
		return err
	}
	_, err = client.Post(ctx, client.ServiceURL(n.path), map[string]any{n.many: bodies}, nil, nil)
	return cloud.Describe(err)
}

// show reads an object.
func (n noun) show(ctx context.Context, c *resource.Context, id string) (resource.Values, error) {
	client, err := c.Cloud.Network()
	if err != nil {
		return resource.Values{}, err
	}
	var answer yaml.Map
	_, err = client.Get(ctx, client.ServiceURL(n.path, id), &answer, nil)
	return resource.NewValues(&answer).Sub(n.one), cloud.Describe(err)
}

// list reads the objects that the filters let through.
func (n noun) list(ctx context.Context, c *resource.Context, filters url.Values) ([]resource.Values, error) {
	return n.listOf(ctx, c, n.path, filters)
}

// listOf is list at another path (the agents of a network).
func (n noun) listOf(ctx context.Context, c *resource.Context, path string, filters url.Values) ([]resource.Values, error) {
	client, err := c.Cloud.Network()
	if err != nil {
		return nil, err
	}
	at := client.ServiceURL(path)
	if len(filters) > 0 {
		at += "?" + filters.Encode()
	}
	var answer yaml.Map
	_, err = client.Get(ctx, at, &answer, nil)
	return resource.NewValues(&answer).Subs(n.many), cloud.Describe(err)
}

// update changes the keys in body.
func (n noun) update(ctx context.Context, c *resource.Context, id string, body map[string]any) error {
	client, err := c.Cloud.Network()
	if err != nil {
		return err
	}
	_, err = client.Put(ctx, client.ServiceURL(n.path, id), map[string]any{n.one: body}, nil, &gophercloud.RequestOpts{OkCodes: []int{http.StatusOK}})
	return cloud.Describe(err)
}

// delete removes an object.
func (n noun) delete(ctx context.Context, c *resource.Context, id string) error {
	client, err := c.Cloud.Network()
	if err != nil {
		return err
	}
	_, err = client.Delete(ctx, client.ServiceURL(n.path, id), nil)
	return cloud.Describe(err)
}

// with runs one call of a gophercloud package.
func with(c *resource.Context, call func(client *gophercloud.ServiceClient) error) error {
	client, err := c.Cloud.Network()
	if err != nil {
		return err
	}
	return cloud.Describe(call(client))
}
