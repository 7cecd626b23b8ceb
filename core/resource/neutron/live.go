package neutron

import (
	"context"
	"encoding/json"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// Sound reports whether an object that has failed can be gone on with
// (heat/engine/resources/openstack/neutron/neutron.py needs_replace_failed).
func (o object) Sound(ctx context.Context, c *resource.Context) (bool, error) {
	now, err := o.noun.show(ctx, c, c.PhysicalID)
	if cloud.NotFound(err) {
		return false, nil
	}
	return now.String("status") != "ERROR", err
}

// Observe sees those of the properties that the resource has been given and that Neutron
// can change. What the template gives by name is compared by id; what Neutron adds by
// itself is no difference.
func (o object) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	now, err := o.noun.show(ctx, c, c.PhysicalID)
	if err != nil {
		return nil, err
	}
	live := yaml.NewMap(len(o.fields))
	was := *c
	was.Properties = c.Old
	for _, f := range o.fields {
		is, shown := now.Map().Get(f.name())
		if given := c.Old.Get(f.property); !f.fixed && shown && given != nil && given != "" && f.differs(ctx, &was, given, is) {
			live.Set(f.property, is)
		}
	}
	if tags := c.Old.Get("tags"); o.tags && tags != nil && now.Map().Has("tags") && !covers(tags, now.Get("tags")) {
		live.Set("tags", now.Get("tags"))
	}
	if specs := c.Old.Sub("value_specs").Map(); specs.Len() > 0 {
		found, same := specs.Clone(), true
		for key, wanted := range specs.All() {
			if is, shown := now.Map().Get(key); shown && !covers(wanted, is) {
				found.Set(key, is)
				same = false
			}
		}
		if !same {
			live.Set("value_specs", found)
		}
	}
	return live, nil
}

// differs reports whether Neutron certainly shows something else than what was given.
func (f field) differs(ctx context.Context, c *resource.Context, given, is any) bool {
	if covers(given, is) {
		return false
	}
	if f.value != nil {
		wanted, err := f.value(ctx, c, given)
		return err == nil && !covers(wanted, is)
	}
	return true
}

// covers reports whether what Neutron shows is what was asked for: lists in any order, maps
// perhaps with further keys and lists in them with further items, addresses in any spelling.
func covers(wanted, is any) bool { return matches(wanted, is, false) }

// matches is covers; with more, a list may have further items.
func matches(wanted, is any, more bool) bool {
	switch w := asJSON(wanted).(type) {
	case []any:
		list, _ := asJSON(is).([]any)
		left := slices.Clone(list)
		for _, item := range w {
			i := slices.IndexFunc(left, func(x any) bool { return matches(item, x, more) })
			if i < 0 {
				return false
			}
			left = slices.Delete(left, i, i+1)
		}
		return more || len(left) == 0
	case map[string]any:
		m, _ := asJSON(is).(map[string]any)
		for key, value := range w {
			if value != nil && !matches(value, m[key], true) {
				return false
			}
		}
		return m != nil
	default:
		return sameText(w, asJSON(is))
	}
}

func sameText(a, b any) bool {
	s, t := spelling(a), spelling(b)
	return s == t || strings.EqualFold(s, t) && strings.Count(s, ":") == 5 // MAC addresses
}

// spelling is the one in which values are compared; null is "".
func spelling(v any) string {
	if v == nil {
		return ""
	}
	s, isText := v.(string)
	if !isText {
		return yaml.Str(v)
	}
	if a, err := netip.ParseAddr(s); err == nil {
		return a.String()
	}
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked().String()
	}
	return s
}

// asJSON is a value in the kinds of JSON.
func asJSON(v any) any {
	switch v.(type) {
	case nil, string, bool, int, int64, float64, map[string]any:
		return v
	}
	b, err := json.Marshal(v)
	if err != nil {
		return v
	}
	out, err := yaml.DecodeJSON(b)
	if err != nil {
		return v
	}
	switch x := out.(type) {
	case *yaml.Map:
		m := make(map[string]any, x.Len())
		for key, value := range x.All() {
			m[key] = value
		}
		return m
	default:
		return x
	}
}

// observe adds the agents in charge of an object, when they were given and the user
// may see them.
func (s scheduling) observe(ctx context.Context, c *resource.Context, property string, live *yaml.Map) {
	if !c.Old.Has(property) {
		return
	}
	now, err := noun{many: "agents"}.listOf(ctx, c, s.hosting(c.PhysicalID), nil)
	if err != nil {
		return
	}
	ids := []any{}
	for _, agent := range now {
		ids = append(ids, agent.String("id"))
	}
	if !covers(c.Old.Get(property), ids) {
		live.Set(property, ids)
	}
}

// Observe sees the DHCP agents, too. Whether a network is shared is left to its owner, as
// in Heat.
func (n *Net) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	live, err := n.object.Observe(ctx, c)
	if err == nil {
		live.Delete("shared")
		dhcpAgents.observe(ctx, c, "dhcp_agent_ids", live)
	}
	return live, err
}

// Observe leaves alone whether the network is shared, as Heat does.
func (n *ProviderNet) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	live, err := n.object.Observe(ctx, c)
	if err == nil {
		live.Delete("shared")
	}
	return live, err
}

// Observe sees the L3 agents, too.
func (r *Router) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	live, err := r.object.Observe(ctx, c)
	if err == nil {
		l3Agents.observe(ctx, c, "l3_agent_ids", live)
	}
	return live, err
}

// Observe sees the gateway, too, where the template has named one or ruled it out.
func (s *Subnet) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	live, err := s.object.Observe(ctx, c)
	gateway, ok := gatewayIP(c.Old)
	if err != nil || !ok || gateway == "auto" {
		return live, err
	}
	now, err := s.noun.show(ctx, c, c.PhysicalID)
	if is := now.Get("gateway_ip"); err == nil && !covers(gateway, is) {
		live.Set("gateway_ip", is)
	}
	return live, err
}

// Observe sees the addresses, too: one that was asked for and is not there.
func (p *Port) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	live, err := p.object.Observe(ctx, c)
	given := c.Old.List("fixed_ips")
	if err != nil || len(given) == 0 {
		return live, err
	}
	now, err := p.noun.show(ctx, c, c.PhysicalID)
	if err != nil {
		return live, err
	}
	wanted, err := fixedIPs(ctx, c, given)
	if err != nil {
		return live, nil //nolint:nilerr // a subnet that is not there by its name says nothing of the port
	}
	if !matches(wanted, now.Get("fixed_ips"), true) {
		live.Set("fixed_ips", now.Get("fixed_ips"))
	}
	return live, nil
}

// Observe sees inline rules that are gone, too. Further ones may be resources of their own.
func (g *SecurityGroup) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	live, err := g.object.Observe(ctx, c)
	if err != nil || len(c.Old.List("rules")) == 0 {
		return live, err
	}
	was := *c
	was.Properties = c.Old
	wanted, err := g.wantedRules(ctx, &was)
	if err != nil {
		return live, nil //nolint:nilerr // a group that is not there by its name says nothing of this one
	}
	current, err := securityRules.list(ctx, c, url.Values{"security_group_id": {c.PhysicalID}})
	if err != nil {
		return live, err
	}
	found := []any{}
	for _, rule := range current {
		found = append(found, rule.Map())
	}
	for _, body := range wanted {
		if !slices.ContainsFunc(current, func(rule resource.Values) bool { return ruleKeyOf(rule.Get) == body.key() }) {
			live.Set("rules", found)
			break
		}
	}
	return live, nil
}

// Observe sees where the address leads, and not its DNS name, which cannot be changed.
func (f *FloatingIP) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	live, err := f.object.Observe(ctx, c)
	if err == nil {
		live.Delete("dns_name")
		live.Delete("dns_domain")
		live.Delete("value_specs")
	}
	return live, err
}
