package simcloud

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
)

// seed fills an empty store and brings the catalog and the service user up to
// date at every start.
func (c *Cloud) seed(ctx context.Context, o Options) error {
	return c.store.write(ctx, func(t *tx) error {
		if t.get("domain", "default") == nil {
			if o.AdminPassword == "" {
				return errors.New("simulated cloud: the first start needs an admin password")
			}
			if err := seedIdentity(t, o.AdminPassword); err != nil {
				return err
			}
			if err := c.seedObjects(ctx, t); err != nil {
				return err
			}
		}
		dropExpiredTokens(t, c.now().UTC())
		for _, e := range slices.Concat(ownEndpoints, o.Endpoints) {
			setEndpoint(t, e)
		}
		if err := seedStackDomain(t, o.StackDomainPassword); err != nil {
			return err
		}
		return seedServiceUser(t, o.ServicePassword)
	})
}

var ownEndpoints = []Endpoint{
	{"identity", "keystone", ownAddress},
	{"compute", "nova", ownAddress + "/compute/v2.1"},
	{"network", "neutron", ownAddress + "/network"},
	{"image", "glance", ownAddress + "/image"},
	{"volumev3", "cinderv3", ownAddress + "/volume/v3/%(project_id)s"},
	{"block-storage", "cinder", ownAddress + "/volume/v3/%(project_id)s"},
	{"object-store", "swift", ownAddress + "/v1/AUTH_%(project_id)s"},
}

func newUser(t *tx, domain, name, password string) (*record, error) {
	o := object{"id": hexID(), "name": name, "domain_id": domain, "enabled": true, "options": map[string]any{}, "password_expires_at": nil}
	if err := setPassword(o, password); err != nil {
		return nil, err
	}
	return t.add("user", "", o), nil
}

// userWith gives the user of that name, with the password.
func userWith(t *tx, domain, name, password string) (*record, error) {
	for _, u := range t.having("user", "name", name) {
		if u.str("domain_id") != domain {
			continue
		}
		if passwordIs(u, password) {
			return u, nil
		}
		next := u.clone()
		if err := setPassword(next.object, password); err != nil {
			return nil, err
		}
		return t.put("user", next), nil
	}
	return newUser(t, domain, name, password)
}

func seedIdentity(t *tx, password string) error {
	t.add("domain", "", object{"id": "default", "name": "Default", "description": "The default domain", "enabled": true, "tags": []any{}, "options": map[string]any{}})
	t.add("region", "", object{"id": "RegionOne", "description": "", "parent_region_id": nil})
	for _, name := range []string{"admin", "member", "reader", "heat_stack_owner", "heat_stack_user"} {
		t.add("role", "", object{"id": hexID(), "name": name, "domain_id": nil, "description": nil, "options": map[string]any{}})
	}
	for _, name := range []string{"admin", "demo", "service"} {
		t.add("project", "", object{
			"id": hexID(), "name": name, "domain_id": "default", "parent_id": "default", "description": "", "enabled": true, "is_domain": false,
			"tags": []any{}, "options": map[string]any{},
		})
	}
	for _, g := range []struct{ user, project, roles string }{
		{"admin", "admin", "admin member reader heat_stack_owner"},
		{"admin", "demo", "admin member reader heat_stack_owner"},
		{"demo", "demo", "member reader heat_stack_owner"},
	} {
		u := t.first("user", "name", g.user)
		if u == nil {
			var err error
			if u, err = newUser(t, "default", g.user, password); err != nil {
				return err
			}
		}
		for _, role := range strings.Fields(g.roles) {
			grant(t, "user", u.id, "project", t.first("project", "name", g.project).id, t.first("role", "name", role).id)
		}
	}
	return nil
}

func seedServiceUser(t *tx, password string) error {
	if password == "" {
		return nil
	}
	u, err := userWith(t, "default", "hearth", password)
	if err != nil {
		return err
	}
	grant(t, "user", u.id, "project", t.first("project", "name", "service").id, t.first("role", "name", "admin").id)
	return nil
}

// seedStackDomain makes the domain that Heat makes its stacks' users in, and who may.
func seedStackDomain(t *tx, password string) error {
	if password == "" {
		return nil
	}
	d := t.first("domain", "name", "heat")
	if d == nil {
		d = t.add("domain", "", object{"id": hexID(), "name": "heat", "description": "Stack projects and users", "enabled": true, "tags": []any{}, "options": map[string]any{}})
	}
	u, err := userWith(t, d.id, "heat_domain_admin", password)
	if err != nil {
		return err
	}
	grant(t, "user", u.id, "domain", d.id, t.first("role", "name", "admin").id)
	return nil
}

// seedObjects makes what templates expect to find: flavors, images, a private
// network that a router joins to a public one, and a volume type.
func (c *Cloud) seedObjects(ctx context.Context, t *tx) error {
	for i, f := range []struct {
		name            string
		ram, disk, cpus int
	}{{"m1.tiny", 512, 1, 1}, {"m1.small", 2048, 20, 1}, {"m1.medium", 4096, 40, 2}, {"m1.large", 8192, 80, 4}, {"m1.xlarge", 16384, 160, 8}} {
		t.add("flavor", "", object{
			"id": string(rune('1' + i)), "name": f.name, "ram": f.ram, "disk": f.disk, "vcpus": f.cpus, "swap": 0, "rxtx_factor": 1.0, "OS-FLV-EXT-DATA:ephemeral": 0,
			"OS-FLV-DISABLED:disabled": false, "os-flavor-access:is_public": true, "description": nil, "extra_specs": map[string]any{},
		})
	}
	t.add("volume_type", "", object{"id": uuidString(), "name": defaultVolumeType, "description": nil, "is_public": true, "extra_specs": map[string]any{"volume_backend_name": "lvm"}})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/", nil)
	if err != nil {
		return err
	}
	owner := t.first("project", "name", "admin").id
	k := &call{tx: t, cloud: c, req: req, now: c.now().UTC(), by: &caller{user: t.first("user", "name", "admin"), project: owner, admin: true}}
	for _, i := range []struct {
		name                  string
		size, minDisk, minRAM int
	}{
		{"cirros-0.6.2-x86_64-disk", 21430272, 0, 0},
		{"debian-12-genericcloud-amd64", 347144192, 3, 0},
	} {
		r := newImage(k, owner, object{"name": i.name, "visibility": "public", "disk_format": "qcow2", "container_format": "bare", "min_disk": i.minDisk, "min_ram": i.minRAM})
		k.update("image", r, object{"status": "active", "size": i.size})
	}
	return k.seedNetworks(owner)
}

func (c *call) seedNetworks(owner string) error {
	private, err := networks.make(c, object{"name": "private", "shared": true, "project_id": owner})
	if err != nil {
		return err
	}
	inside, err := subnets.make(c, object{"network_id": private.id, "name": "private-subnet", "ip_version": 4, "cidr": "10.0.0.0/16", "dns_nameservers": []any{"8.8.8.8"}})
	if err != nil {
		return err
	}
	public, err := networks.make(c, object{"name": "public", "router:external": true, "project_id": owner})
	if err != nil {
		return err
	}
	_, err = subnets.make(c, object{"network_id": public.id, "name": "public-subnet", "ip_version": 4, "cidr": "172.24.4.0/24", "enable_dhcp": false})
	if err != nil {
		return err
	}
	router, err := routers.make(c, object{"name": "router1", "external_gateway_info": map[string]any{"network_id": public.id}})
	if err != nil {
		return err
	}
	_, err = plugSubnet(c, router, inside.id)
	return err
}
