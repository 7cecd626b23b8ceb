package cloud

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"github.com/gophercloud/gophercloud/v2"

	"hearth/core"
)

// FindNetwork gives the id of the network with that id or name. Like every finder: none
// is a NotFound error of type EntityNotFound, several an Invalid error of type
// PhysicalResourceNameAmbiguity, and what was found is believed for ten seconds.
func (c *Client) FindNetwork(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, network, nameOrID)
}

// FindSubnet is FindNetwork for subnets.
func (c *Client) FindSubnet(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, subnet, nameOrID)
}

// FindPort is FindNetwork for ports.
func (c *Client) FindPort(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, port, nameOrID)
}

// FindRouter is FindNetwork for routers.
func (c *Client) FindRouter(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, router, nameOrID)
}

// FindSecurityGroup is FindNetwork for security groups; of several of one name that of
// the client's own project counts.
func (c *Client) FindSecurityGroup(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, securityGroup, nameOrID)
}

// FindFloatingIP is FindNetwork for floating IPs, whose name is their address.
func (c *Client) FindFloatingIP(ctx context.Context, addressOrID string) (string, error) {
	return c.find(ctx, floatingIP, addressOrID)
}

// FindSubnetPool is FindNetwork for subnet pools.
func (c *Client) FindSubnetPool(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, subnetPool, nameOrID)
}

// FindAddressScope is FindNetwork for address scopes.
func (c *Client) FindAddressScope(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, addressScope, nameOrID)
}

// FindQoSPolicy is FindNetwork for QoS policies.
func (c *Client) FindQoSPolicy(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, qosPolicy, nameOrID)
}

// FindSegment is FindNetwork for network segments.
func (c *Client) FindSegment(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, segment, nameOrID)
}

// FindFlavor is FindNetwork for flavors.
func (c *Client) FindFlavor(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, flavor, nameOrID)
}

// FindServer is FindNetwork for servers.
func (c *Client) FindServer(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, server, nameOrID)
}

// FindServerGroup is FindNetwork for server groups.
func (c *Client) FindServerGroup(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, serverGroup, nameOrID)
}

// FindKeypair is FindNetwork for key pairs of the client's user; a name is its own id.
func (c *Client) FindKeypair(ctx context.Context, name string) (string, error) {
	return c.find(ctx, keypair, name)
}

// FindImage is FindNetwork for images.
func (c *Client) FindImage(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, image, nameOrID)
}

// FindVolume is FindNetwork for volumes.
func (c *Client) FindVolume(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, volume, nameOrID)
}

// FindVolumeType is FindNetwork for volume types.
func (c *Client) FindVolumeType(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, volumeType, nameOrID)
}

// FindSnapshot is FindNetwork for volume snapshots.
func (c *Client) FindSnapshot(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, snapshot, nameOrID)
}

// FindBackup is FindNetwork for volume backups.
func (c *Client) FindBackup(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, backup, nameOrID)
}

// FindUser is FindNetwork for users of the identity service.
func (c *Client) FindUser(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, user, nameOrID)
}

// FindProject is FindNetwork for projects of the identity service.
func (c *Client) FindProject(ctx context.Context, nameOrID string) (string, error) {
	return c.find(ctx, project, nameOrID)
}

type findKey struct {
	client     uint64
	word, name string
}

func (c *Client) find(ctx context.Context, e entity, nameOrID string) (string, error) {
	if nameOrID == "" {
		return "", core.EntityNotFound(e.word, nameOrID)
	}
	if c == nil {
		return "", core.Errorf(core.Unavailable, "EndpointNotFound", "There is no cloud to look up the %s (%s) in.", e.word, nameOrID)
	}
	return c.cloud.found.Get(ctx, findKey{c.serial, e.word, nameOrID}, loader(func(ctx context.Context, _ findKey) (string, error) {
		return c.lookUp(ctx, e, nameOrID)
	}))
}

func (c *Client) lookUp(ctx context.Context, e entity, nameOrID string) (string, error) {
	sc, err := c.Service(e.service)
	if err != nil {
		return "", err
	}
	var ignored any
	_, err = sc.Get(ctx, sc.ServiceURL(e.path, url.PathEscape(nameOrID)), &ignored, nil) //nolint:bodyclose // gophercloud closes what it decodes
	if err == nil {
		return nameOrID, nil
	}
	// A name where an id belongs is not found, not well-formed, or nobody's business.
	if f := faultOf(err); f == nil || !slices.Contains([]int{http.StatusNotFound, http.StatusBadRequest, http.StatusForbidden}, f.Status) {
		return "", Describe(err)
	}
	if e.nameIsID {
		return "", core.EntityNotFound(e.word, nameOrID)
	}
	ids, err := c.listByName(ctx, sc, e, nameOrID)
	switch {
	case err != nil:
		return "", Describe(err)
	case len(ids) == 0:
		return "", core.EntityNotFound(e.word, nameOrID)
	case len(ids) > 1:
		return "", core.Errorf(core.Invalid, "PhysicalResourceNameAmbiguity", "Multiple physical resources were found with name (%s).", nameOrID)
	}
	return ids[0], nil
}

// listByName gives the ids of what has that name: of the client's own project when it
// has any, else of whatever it sees.
func (c *Client) listByName(ctx context.Context, sc *gophercloud.ServiceClient, e entity, name string) ([]string, error) {
	nameKey := e.name
	if nameKey == "" {
		nameKey = "name"
	}
	query := url.Values{}
	switch {
	case e.word == flavor.word:
		query.Set("is_public", "None")
	case e.pattern:
		query.Set(nameKey, "^"+regexp.QuoteMeta(name)+"$")
	case !e.unfiltered:
		query.Set(nameKey, name)
	}
	var own, all []string
	for next := sc.ServiceURL(e.path) + "?" + query.Encode(); next != ""; {
		var page map[string]any
		if _, err := sc.Get(ctx, next, &page, nil); err != nil { //nolint:bodyclose // gophercloud closes what it decodes
			return nil, err
		}
		items, _ := page[e.key].([]any)
		for _, x := range items {
			item, _ := x.(map[string]any)
			id, _ := item["id"].(string)
			if item[nameKey] != name || id == "" {
				continue
			}
			all = append(all, id)
			if p := c.session.projectID; item["project_id"] == p || item["tenant_id"] == p || item["owner"] == p {
				own = append(own, id)
			}
		}
		next = nextPage(page, e.key)
	}
	if len(own) > 0 {
		return own, nil
	}
	return all, nil
}

// nextPage is the address of the next page of a list as Nova, Neutron and Cinder give it.
func nextPage(page map[string]any, key string) string {
	links, _ := page[key+"_links"].([]any)
	for _, x := range links {
		link, _ := x.(map[string]any)
		if link["rel"] == "next" {
			href, _ := link["href"].(string)
			return href
		}
	}
	return ""
}
