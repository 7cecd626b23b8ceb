package nova

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/yaml"
)

func (server) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	if c.PhysicalID == "" {
		return nil, nil
	}
	if name == "os_collect_config" {
		return collected(ctx, c)
	}
	if name == "console_urls" {
		return consoles(ctx, c)
	}
	s, err := readServer(ctx, c)
	if err != nil {
		return nil, err
	}
	switch name {
	case "name", "accessIPv4", "accessIPv6", "tags":
		return s.Get(name), nil
	case "instance_name":
		return s.Get("OS-EXT-SRV-ATTR:instance_name"), nil
	case "addresses":
		return addresses(ctx, c, s)
	case "networks":
		return withIDs(ctx, c, addressTexts(s))
	case "first_address":
		return firstAddress(s), nil
	}
	return nil, nil
}

// addressTexts are the server's addresses by network name.
func addressTexts(s resource.Values) *yaml.Map {
	out := yaml.NewMap(1)
	for name := range s.Sub("addresses").Map().All() {
		list := []any{}
		for _, a := range s.Sub("addresses").Subs(name) {
			list = append(list, a.String("addr"))
		}
		out.Set(name, list)
	}
	return out
}

// firstAddress is of the network whose name comes last in the alphabet, as upstream.
func firstAddress(s resource.Values) string {
	texts := addressTexts(s)
	names := texts.Keys()
	slices.Sort(names)
	for _, name := range slices.Backward(names) {
		if list, _ := texts.Get(name); len(list.([]any)) > 0 {
			return list.([]any)[0].(string)
		}
	}
	return ""
}

// withIDs gives every network's entry under its id as well.
func withIDs(ctx context.Context, c *resource.Context, byName *yaml.Map) (*yaml.Map, error) {
	out := byName.Clone()
	for name, v := range byName.All() {
		id, err := c.Cloud.FindNetwork(ctx, name)
		if e, ok := errors.AsType[*core.Error](err); ok && (e.Code == core.NotFound || e.Code == core.Invalid) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out.Set(id, v)
	}
	return out, nil
}

// addresses are the server's, each with its port, the port's subnets and its network.
func addresses(ctx context.Context, c *resource.Context, s resource.Values) (any, error) {
	net, err := network(c)
	if err != nil {
		return nil, err
	}
	answer, err := net.Get(ctx, "ports?device_id="+c.PhysicalID)
	if err != nil {
		return nil, err
	}
	ports := map[string]resource.Values{} // by MAC address
	for _, p := range answer.Subs("ports") {
		ports[p.String("mac_address")] = p
	}
	seen := objects{api: net, cache: map[string]any{}}
	out := yaml.NewMap(1)
	for name := range s.Sub("addresses").Map().All() {
		list := []any{}
		for _, a := range s.Sub("addresses").Subs(name) {
			full, err := fullAddress(ctx, a, ports, seen)
			if err != nil {
				return nil, err
			}
			list = append(list, full)
		}
		out.Set(name, list)
	}
	return withIDs(ctx, c, out)
}

func fullAddress(ctx context.Context, a resource.Values, ports map[string]resource.Values, seen objects) (*yaml.Map, error) {
	full := a.Map().Clone()
	p, ok := ports[a.String("OS-EXT-IPS-MAC:mac_addr")]
	if !ok {
		for _, key := range []string{"port", "subnets", "network"} {
			full.Set(key, nil)
		}
		return full, nil
	}
	full.Set("port", p.String("id"))
	subnets := []any{}
	for _, ip := range p.Subs("fixed_ips") {
		s, err := seen.get(ctx, "subnet", ip.String("subnet_id"))
		if err != nil {
			return nil, err
		}
		subnets = append(subnets, s)
	}
	full.Set("subnets", subnets)
	n, err := seen.get(ctx, "network", p.String("network_id"))
	full.Set("network", n)
	return full, err
}

// objects reads objects of Neutron, each once.
type objects struct {
	api   resource.API
	cache map[string]any
}

func (o objects) get(ctx context.Context, one, id string) (any, error) {
	path := one + "s/" + id
	if v, ok := o.cache[path]; ok {
		return v, nil
	}
	answer, err := o.api.Get(ctx, path)
	if err != nil {
		return nil, err
	}
	o.cache[path] = answer.Get(one)
	return o.cache[path], nil
}

// consoleProtocols are the types of consoles and what Nova calls their protocols.
var consoleProtocols = map[string]string{"novnc": "vnc", "xvpvnc": "vnc", "spice-html5": "spice", "rdp-html5": "rdp", "serial": "serial", "webmks": "mks"}

// consoles are the addresses of all types of consoles; where there is none, the reason.
func consoles(ctx context.Context, c *resource.Context) (any, error) {
	a, err := compute(c, "2.8")
	if err != nil {
		return nil, err
	}
	out := yaml.NewMap(len(consoleProtocols))
	for _, kind := range slices.Sorted(maps.Keys(consoleProtocols)) {
		answer, err := a.Post(ctx, "servers/"+c.PhysicalID+"/remote-consoles", resource.Object("remote_console", map[string]any{"protocol": consoleProtocols[kind], "type": kind}))
		switch {
		case core.ErrorCode(err) == core.Unavailable:
			return nil, err
		case err != nil:
			out.Set(kind, "Cannot get console url: "+strings.TrimSpace(err.Error()))
		default:
			out.Set(kind, answer.Sub("remote_console").String("url"))
		}
	}
	return out, nil
}
