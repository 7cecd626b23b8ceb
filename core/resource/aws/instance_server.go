package aws

import (
	"context"
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// computeVersion has descriptions and still takes a create that says nothing of networks.
const computeVersion = "2.19"

// portData is the key of Context.Data that holds the port made for SubnetId.
const portData = "port_id"

// passing are the statuses that lead to ACTIVE.
var passing = []string{"BUILD", "HARD_REBOOT", "PASSWORD", "REBOOT", "RESCUE", "RESIZE", "REVERT_RESIZE", "SHUTOFF", "SUSPENDED", "VERIFY_RESIZE", "MIGRATING"}

func compute(c *resource.Context) (resource.API, error) {
	client, err := c.Cloud.Compute()
	if err != nil {
		return resource.API{}, err
	}
	return resource.API{Client: cloud.WithMicroversion(client, computeVersion)}, nil
}

func readServer(ctx context.Context, c *resource.Context) (resource.Values, error) {
	a, err := compute(c)
	if err != nil {
		return resource.Values{}, err
	}
	answer, err := a.Get(ctx, "servers/"+c.PhysicalID)
	return answer.Sub("server"), err
}

// Create boots a server whose description carries the mark.
func (instance) Create(ctx context.Context, c *resource.Context) error {
	p := c.Properties
	image, err := c.Cloud.FindImage(ctx, p.String("ImageId"))
	if err != nil {
		return err
	}
	flavor, err := c.Cloud.FindFlavor(ctx, p.String("InstanceType"))
	if err != nil {
		return err
	}
	body := map[string]any{"name": c.PhysicalName(instanceType.PhysicalNameLimit), "description": c.Mark(), "imageRef": image, "flavorRef": flavor, "metadata": tags(p)}
	if ports, err := bootPorts(ctx, c); err != nil {
		return err
	} else if len(ports) > 0 {
		body["networks"] = ports
	}
	for property, key := range map[string]string{"KeyName": "key_name", "AvailabilityZone": "availability_zone"} {
		if v := p.String(property); v != "" {
			body[key] = v
		}
	}
	if data := p.String("UserData"); data != "" {
		body["user_data"] = base64.StdEncoding.EncodeToString([]byte(data))
	}
	if list := devices(p, image); list != nil {
		body["block_device_mapping_v2"] = list
	}
	var groups []any
	for _, g := range securityGroups(p) {
		groups = append(groups, resource.Object("name", g))
	}
	if groups != nil {
		body["security_groups"] = groups
	}
	request := resource.Object("server", body)
	if h := hints(p); len(h) > 0 {
		request["os:scheduler_hints"] = h
	}
	a, err := compute(c)
	if err != nil {
		return err
	}
	answer, err := a.Post(ctx, "servers", request)
	c.PhysicalID = answer.Sub("server").String("id")
	return err
}

func securityGroups(p resource.Values) []any {
	return slices.Concat(p.List("SecurityGroups"), p.List("SecurityGroupIds"))
}

// Find knows a server by its name and the mark in its description.
func (instance) Find(ctx context.Context, c *resource.Context) (bool, error) {
	a, err := compute(c)
	if err != nil {
		return false, err
	}
	name := "^" + regexp.QuoteMeta(c.PhysicalName(instanceType.PhysicalNameLimit)) + "$"
	return a.FindMarked(ctx, c, "servers/detail?"+url.Values{"name": {name}}.Encode(), "servers")
}

func (instance) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	s, err := readServer(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	return becomesActive(c, s)
}

func becomesActive(c *resource.Context, s resource.Values) (resource.Progress, error) {
	switch status := s.String("status"); {
	case status == "ACTIVE":
		return resource.Done, nil
	case slices.Contains(passing, status):
		return c.Pause(), nil
	case status == "ERROR":
		fault := s.Sub("fault")
		return resource.Progress{}, resource.InError("ERROR", "Message: "+fault.String("message")+", Code: "+yaml.Str(fault.Get("code")))
	default:
		return resource.Progress{}, resource.UnknownStatus(s.String("name")+" is not active", status)
	}
}

// Update changes the metadata and begins to resize.
func (instance) Update(ctx context.Context, c *resource.Context, changed []string) error {
	a, err := compute(c)
	if err != nil {
		return err
	}
	if slices.Contains(changed, "Tags") {
		if err := a.Put(ctx, "servers/"+c.PhysicalID+"/metadata", resource.Object("metadata", tags(c.Properties))); err != nil {
			return err
		}
	}
	if !slices.Contains(changed, "InstanceType") {
		return nil
	}
	flavor, err := c.Cloud.FindFlavor(ctx, c.Properties.String("InstanceType"))
	if err != nil {
		return err
	}
	s, err := readServer(ctx, c)
	if err != nil || s.Sub("flavor").String("id") == flavor || s.String("status") != "ACTIVE" {
		return err
	}
	_, err = a.Post(ctx, "servers/"+c.PhysicalID+"/action", resource.Object("resize", resource.Object("flavorRef", flavor)))
	return err
}

// UpdateComplete confirms a resize.
func (instance) UpdateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	s, err := readServer(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	if s.String("status") != "VERIFY_RESIZE" {
		return becomesActive(c, s)
	}
	a, err := compute(c)
	if err != nil {
		return resource.Progress{}, err
	}
	_, err = a.Post(ctx, "servers/"+c.PhysicalID+"/action", map[string]any{"confirmResize": nil})
	return c.Pause(), err
}

func (instance) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	a, err := compute(c)
	if err != nil {
		return err
	}
	return a.Remove(ctx, "servers/"+c.PhysicalID)
}

// DeleteComplete waits until the server is gone; the port made for it follows.
func (instance) DeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if c.PhysicalID != "" {
		s, err := readServer(ctx, c)
		status := s.String("status")
		switch {
		case err != nil && !cloud.NotFound(err):
			return resource.Progress{}, err
		case err == nil && status != "DELETED" && status != "SOFT_DELETED":
			return c.Pause(), nil
		}
	}
	return resource.Done, deletePort(ctx, c)
}

func (instance) Check(ctx context.Context, c *resource.Context) error {
	s, err := readServer(ctx, c)
	if status := s.String("status"); err == nil && status != "ACTIVE" {
		err = core.Errorf(core.Conflict, "Error", "'status': expected 'ACTIVE', got '%s'", status)
	}
	return err
}

func (instance) Show(ctx context.Context, c *resource.Context) (any, error) {
	s, err := readServer(ctx, c)
	return s.Map(), err
}

// Attribute reads the zone, or under every other name the first address.
func (instance) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	if c.PhysicalID == "" {
		return nil, nil
	}
	s, err := readServer(ctx, c)
	if err != nil {
		return nil, err
	}
	if name == "AvailabilityZone" {
		return s.Get("OS-EXT-AZ:availability_zone"), nil
	}
	addresses := s.Sub("addresses")
	networks := addresses.Map().Keys()
	slices.Sort(networks)
	for _, n := range slices.Backward(networks) { // upstream takes the last name in the alphabet
		if list := addresses.Subs(n); len(list) > 0 {
			return list[0].String("addr"), nil
		}
	}
	return "0.0.0.0", nil
}
