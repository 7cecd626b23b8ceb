package cloud

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gophercloud/gophercloud/v2"

	"hearth/core"
)

// A serviceKind is what a client needs to know of a service: the types under which
// catalogues list it, and the version that its endpoint may lack.
type serviceKind struct {
	name    string
	types   []string
	version string // path that the endpoint must end with; "" leaves it
}

var serviceKinds = []serviceKind{
	{"compute", []string{"compute"}, ""},
	{"network", []string{"network", "networking"}, "v2.0"},
	{"image", []string{"image"}, "v2"},
	{"volumev3", []string{"volumev3", "block-storage", "block-store", "volume"}, ""},
	{"identity", []string{"identity"}, "v3"},
	{"object-store", []string{"object-store"}, ""},
	{"orchestration", []string{"orchestration"}, ""},
	{"load-balancer", []string{"load-balancer"}, ""},
	{"dns", []string{"dns"}, "v2"},
	{"key-manager", []string{"key-manager"}, "v1"},
	{"container-infra", []string{"container-infra", "container-infrastructure", "container-infrastructure-management"}, "v1"},
	{"sharev2", []string{"sharev2", "shared-file-system", "share"}, ""},
	{"workflowv2", []string{"workflowv2", "workflow"}, "v2"},
	{"messaging", []string{"messaging", "message"}, "v2"},
}

// kindOf finds what is known of a service type or an alias; other types stand alone.
func kindOf(serviceType string) serviceKind {
	for _, k := range serviceKinds {
		if slices.Contains(k.types, serviceType) {
			return k
		}
	}
	return serviceKind{name: serviceType, types: []string{serviceType}}
}

// Compute is Nova's client. Set Microversion on a copy (WithMicroversion).
func (c *Client) Compute() (*gophercloud.ServiceClient, error) { return c.Service("compute") }

// Network is Neutron's client.
func (c *Client) Network() (*gophercloud.ServiceClient, error) { return c.Service("network") }

// Image is Glance's client.
func (c *Client) Image() (*gophercloud.ServiceClient, error) { return c.Service("image") }

// Volume is Cinder's client.
func (c *Client) Volume() (*gophercloud.ServiceClient, error) { return c.Service("volumev3") }

// Identity is Keystone's client.
func (c *Client) Identity() (*gophercloud.ServiceClient, error) { return c.Service("identity") }

// Service gives a new client of a service by its type in the catalogue, or an alias of
// it. A service that the catalogue lacks is an Invalid error of type EndpointNotFound.
func (c *Client) Service(serviceType string) (*gophercloud.ServiceClient, error) {
	k := kindOf(serviceType)
	url, ok := c.endpoint(k)
	switch {
	case ok:
	case c != nil && c.region != "":
		return nil, core.Errorf(core.Invalid, "EndpointNotFound", "%s endpoint for %s service in %s region not found", c.cloud.cfg.Interface, k.name, c.region)
	default:
		return nil, core.Errorf(core.Invalid, "EndpointNotFound", "The %s service is not in the service catalog.", k.name)
	}
	sc := &gophercloud.ServiceClient{ProviderClient: c.session.provider, Endpoint: url, Type: k.name}
	if k.version != "" && !strings.HasSuffix(url, "/"+k.version+"/") {
		sc.ResourceBase = url + k.version + "/"
	}
	return sc, nil
}

// HasService reports whether the catalogue offers a service of the type or an alias.
func (c *Client) HasService(serviceType string) bool {
	_, ok := c.endpoint(kindOf(serviceType))
	return ok
}

func (c *Client) endpoint(k serviceKind) (string, bool) {
	if c == nil {
		return "", false
	}
	cfg := c.cloud.cfg
	region := cmp.Or(c.region, cfg.Region)
	for _, t := range k.types {
		for _, entry := range c.session.catalog {
			if entry.Type != t {
				continue
			}
			for _, e := range entry.Endpoints {
				if e.Interface == cfg.Interface && (region == "" || e.RegionID == region || e.Region == region) {
					return strings.TrimRight(e.URL, "/") + "/", true
				}
			}
		}
	}
	return "", false
}

// WithMicroversion is a copy of a client that speaks the given microversion.
func WithMicroversion(sc *gophercloud.ServiceClient, version string) *gophercloud.ServiceClient {
	c := *sc
	c.Microversion = version
	return &c
}
