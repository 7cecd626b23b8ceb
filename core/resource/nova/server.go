package nova

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// serverVersion has descriptions (2.19), tags (2.26) and tags of interfaces and devices
// (2.42), and still shows the flavor's id. A create that says nothing of networks goes
// by bootVersion: from 2.37 it would have to.
const (
	serverVersion = "2.42"
	bootVersion   = "2.19"
)

// Follows heat/engine/resources/openstack/nova/server.py.
var serverType = resource.Type{
	Name:              "OS::Nova::Server",
	MetadataFollows:   true,
	Description:       "A server of the compute service, with its ports, disks and first-boot data.",
	Service:           "compute",
	PhysicalNameLimit: 53,
	Properties:        serverProperties,
	Attributes:        serverAttributes,
	New:               func() resource.Resource { return server{} },
}

type server struct{}

var (
	_ resource.Finder          = server{}
	_ resource.CreateWaiter    = server{}
	_ resource.Updater         = server{}
	_ resource.UpdateWaiter    = server{}
	_ resource.Replacer        = server{}
	_ resource.ReplacePreparer = server{}
	_ resource.ReplaceRestorer = server{}
	_ resource.Salvager        = server{}
	_ resource.Observer        = server{}
	_ resource.DeleteWaiter    = server{}
	_ resource.Checker         = server{}
	_ resource.Suspender       = server{}
	_ resource.Resumer         = server{}
	_ resource.SnapshotDeleter = server{}
	_ resource.Snapshotter     = server{}
	_ resource.SnapshotRemover = server{}
	_ resource.Restorer        = server{}
	_ resource.Attributer      = server{}
	_ resource.Informer        = server{}
	_ resource.Shower          = server{}
	_ resource.Validator       = server{}
	_ resource.Depender        = server{}
)

func serverName(c *resource.Context) string {
	if name := c.Properties.String("name"); name != "" {
		return name
	}
	return c.PhysicalName(serverType.PhysicalNameLimit)
}

// Create makes the ports first, then the server. Its description carries the mark.
func (server) Create(ctx context.Context, c *resource.Context) error {
	if err := prepareAgent(ctx, c); err != nil {
		return err
	}
	body, err := serverBody(ctx, c)
	if err != nil {
		return err
	}
	version := bootVersion
	networks, err := bootNetworks(ctx, c)
	if err != nil {
		return err
	}
	if networks != nil {
		version, body["networks"] = serverVersion, networks
	}
	request := resource.Object("server", body)
	if hints := c.Properties.Sub("scheduler_hints").Map(); hints.Len() > 0 {
		request["os:scheduler_hints"] = hints
	}
	a, err := compute(c, version)
	if err != nil {
		return err
	}
	answer, err := a.Post(ctx, "servers", request)
	if err != nil {
		return err
	}
	c.PhysicalID = answer.Sub("server").String("id")
	return nil
}

// serverBody is the body of a create without its networks.
func serverBody(ctx context.Context, c *resource.Context) (map[string]any, error) {
	p := c.Properties
	body := map[string]any{"name": serverName(c), "description": c.Mark(), "imageRef": ""}
	flavor, err := c.Cloud.FindFlavor(ctx, p.String("flavor"))
	if err != nil {
		return nil, err
	}
	body["flavorRef"] = flavor
	if image := p.String("image"); image != "" {
		if body["imageRef"], err = c.Cloud.FindImage(ctx, image); err != nil {
			return nil, err
		}
	}
	devices, err := blockDevices(ctx, c, fmt.Sprint(body["imageRef"]))
	if err != nil {
		return nil, err
	}
	if len(devices) > 0 {
		body["block_device_mapping_v2"] = devices
	}
	data, err := userData(ctx, c)
	if err != nil {
		return nil, err
	}
	if data != "" {
		body["user_data"] = base64.StdEncoding.EncodeToString([]byte(data))
	}
	for property, key := range map[string]string{
		"key_name": "key_name", "availability_zone": "availability_zone", "config_drive": "config_drive",
		"diskConfig": "OS-DCF:diskConfig", "admin_pass": "adminPass",
	} {
		if v := p.Get(property); v != nil && v != "" {
			body[key] = v
		}
	}
	if m := p.Sub("metadata").Map(); m.Len() > 0 {
		body["metadata"] = metadataTexts(m)
	}
	if files := p.Sub("personality").Map(); files.Len() > 0 {
		list := []any{}
		for path, text := range files.All() {
			list = append(list, map[string]any{"path": path, "contents": base64.StdEncoding.EncodeToString([]byte(yaml.Str(text)))})
		}
		body["personality"] = list
	}
	if groups := p.List("security_groups"); len(groups) > 0 {
		list := []any{}
		for _, g := range groups {
			list = append(list, resource.Object("name", g))
		}
		body["security_groups"] = list
	}
	return body, nil
}

// metadataTexts is metadata as Nova takes it: texts; what is none is written as JSON.
func metadataTexts(m *yaml.Map) map[string]string {
	out := make(map[string]string, m.Len())
	for k, v := range m.All() {
		if s, ok := v.(string); ok {
			out[k] = s
		} else {
			out[k] = yaml.Dumps(v, false)
		}
	}
	return out
}

// Find knows a server by its name and the mark in its description. It also takes hold of
// the ports that were made for it.
func (server) Find(ctx context.Context, c *resource.Context) (bool, error) {
	if err := findPorts(ctx, c); err != nil {
		return false, err
	}
	a, err := compute(c, serverVersion)
	if err != nil {
		return false, err
	}
	name := "^" + regexp.QuoteMeta(serverName(c)) + "$"
	return a.FindMarked(ctx, c, "servers/detail?"+url.Values{"name": {name}}.Encode(), "servers")
}

// CreateComplete waits until the server is active, then sets its tags.
func (server) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	s, err := readServer(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	if p, err := becomesActive(c, s); err != nil || !p.Done {
		return p, err
	}
	if len(c.Properties.List("tags")) > 0 {
		return resource.Done, setTags(ctx, c)
	}
	return resource.Done, nil
}

func readServer(ctx context.Context, c *resource.Context) (resource.Values, error) {
	a, err := compute(c, serverVersion)
	if err != nil {
		return resource.Values{}, err
	}
	answer, err := a.Get(ctx, "servers/"+c.PhysicalID)
	return answer.Sub("server"), err
}

// passing are the statuses that lead to ACTIVE without more being done.
var passing = map[string]bool{
	"BUILD": true, "HARD_REBOOT": true, "PASSWORD": true, "REBOOT": true, "REBUILD": true, "RESCUE": true, "RESIZE": true, "REVERT_RESIZE": true,
	"SHUTOFF": true, "SUSPENDED": true, "VERIFY_RESIZE": true, "MIGRATING": true,
}

func becomesActive(c *resource.Context, s resource.Values) (resource.Progress, error) {
	switch status := s.String("status"); {
	case status == "ACTIVE":
		return resource.Done, nil
	case passing[status]:
		return c.Pause(), nil
	case status == "ERROR":
		return resource.Progress{}, serverError(s)
	default:
		return resource.Progress{}, resource.UnknownStatus(s.String("name")+" is not active", status)
	}
}

func serverError(s resource.Values) error {
	message, code := "Unknown", "Unknown"
	if fault := s.Sub("fault"); fault.Map() != nil {
		message, code = fault.String("message"), yaml.Str(fault.Get("code"))
	}
	return resource.InError("ERROR", fmt.Sprintf("Message: %s, Code: %s", message, code))
}

func setTags(ctx context.Context, c *resource.Context) error {
	a, err := compute(c, serverVersion)
	if err != nil {
		return err
	}
	tags := c.Properties.Strings("tags")
	if tags == nil {
		tags = []string{}
	}
	return a.Put(ctx, "servers/"+c.PhysicalID+"/tags", resource.Object("tags", tags))
}

// Delete asks for the server to go; its own ports follow it in DeleteComplete.
func (server) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	a, err := compute(c, serverVersion)
	if err != nil {
		return err
	}
	return a.Remove(ctx, "servers/"+c.PhysicalID)
}

// errorGrace is how long a server may stay in ERROR after its delete: it may have been
// there before.
const errorGrace = 30 * time.Second

func (server) DeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if c.PhysicalID == "" {
		return resource.Done, releaseServer(ctx, c)
	}
	s, err := readServer(ctx, c)
	status := s.String("status")
	switch {
	case cloud.NotFound(err), status == "DELETED", status == "SOFT_DELETED":
		return resource.Done, releaseServer(ctx, c)
	case err != nil:
		return resource.Progress{}, err
	case status == "ERROR" && s.Get("OS-EXT-STS:task_state") == nil && c.Now().Sub(c.Started) > errorGrace:
		fault := s.Sub("fault")
		return resource.Progress{}, core.Errorf(core.Conflict, "ResourceInError", "Server %s delete failed: (%s) %s",
			s.String("name"), yaml.Str(fault.Get("code")), fault.String("message"))
	}
	return c.Pause(), nil
}

func (server) Show(ctx context.Context, c *resource.Context) (any, error) {
	s, err := readServer(ctx, c)
	return s.Map(), err
}

func (server) Check(ctx context.Context, c *resource.Context) error {
	s, err := readServer(ctx, c)
	if err != nil {
		return err
	}
	if status := s.String("status"); status != "ACTIVE" {
		return core.Errorf(core.Conflict, "Error", "'status': expected 'ACTIVE', got '%s'", status)
	}
	return nil
}

// Validate checks what the properties say together.
func (server) Validate(_ context.Context, c *resource.Context) error {
	if err := validateDevices(c); err != nil {
		return err
	}
	return validateNetworks(c)
}

// Dependencies are the subnets on the server's networks: a server that boots before them
// has no address.
func (server) Dependencies(self resource.Sibling, all []resource.Sibling) []string {
	return subnetsOfNetworks(self, all)
}
