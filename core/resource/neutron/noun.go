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

// request asks Neutron for path, which may have a query. It sends body and decodes into
// answer what there is of the two; no codes stand for those usual for the method.
func request(ctx context.Context, c *resource.Context, method, path string, body, answer any, codes ...int) error {
	return with(c, func(client *gophercloud.ServiceClient) error {
		_, err := client.Request(ctx, method, client.ServiceURL(path), //nolint:bodyclose // gophercloud closes what it decodes
			&gophercloud.RequestOpts{JSONBody: body, JSONResponse: answer, OkCodes: codes})
		return err
	})
}

// at is the path of an object.
func (n noun) at(id string) string { return n.path + "/" + id }

// create makes an object of the keys in body.
func (n noun) create(ctx context.Context, c *resource.Context, body map[string]any) (resource.Values, error) {
	var answer yaml.Map
	err := request(ctx, c, http.MethodPost, n.path, map[string]any{n.one: body}, &answer)
	return resource.NewValues(&answer).Sub(n.one), err
}

// createAll makes several objects in one request, all or none.
func (n noun) createAll(ctx context.Context, c *resource.Context, bodies any) error {
	return request(ctx, c, http.MethodPost, n.path, map[string]any{n.many: bodies}, nil)
}

// show reads an object.
func (n noun) show(ctx context.Context, c *resource.Context, id string) (resource.Values, error) {
	var answer yaml.Map
	err := request(ctx, c, http.MethodGet, n.at(id), nil, &answer)
	return resource.NewValues(&answer).Sub(n.one), err
}

// list reads the objects that the filters let through.
func (n noun) list(ctx context.Context, c *resource.Context, filters url.Values) ([]resource.Values, error) {
	return n.listOf(ctx, c, n.path, filters)
}

// listOf is list at another path (the agents of a network).
func (n noun) listOf(ctx context.Context, c *resource.Context, path string, filters url.Values) ([]resource.Values, error) {
	if len(filters) > 0 {
		path += "?" + filters.Encode()
	}
	var answer yaml.Map
	err := request(ctx, c, http.MethodGet, path, nil, &answer)
	return resource.NewValues(&answer).Subs(n.many), err
}

// update changes the keys in body.
func (n noun) update(ctx context.Context, c *resource.Context, id string, body map[string]any) error {
	return request(ctx, c, http.MethodPut, n.at(id), map[string]any{n.one: body}, nil, http.StatusOK)
}

// delete removes an object.
func (n noun) delete(ctx context.Context, c *resource.Context, id string) error {
	return request(ctx, c, http.MethodDelete, n.at(id), nil, nil)
}

// with runs one call of a gophercloud package.
func with(c *resource.Context, call func(client *gophercloud.ServiceClient) error) error {
	client, err := c.Cloud.Network()
	if err != nil {
		return err
	}
	return cloud.Describe(call(client))
}
