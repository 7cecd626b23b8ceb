package nova

import (
	"context"
	"maps"
	"slices"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// Sound reports whether a server that has failed can be gone on with.
func (server) Sound(ctx context.Context, c *resource.Context) (bool, error) {
	s, err := readServer(ctx, c)
	if err != nil {
		return false, cloud.IgnoreNotFound(err)
	}
	return !slices.Contains([]string{"ERROR", "DELETED", "SOFT_DELETED"}, s.String("status")), nil
}

// Observe sees name, flavor, image, metadata, tags and interfaces of an active server. In
// another state there is nothing to be sure of.
func (server) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	s, err := readServer(ctx, c)
	if err != nil {
		return nil, err
	}
	switch status := s.String("status"); status {
	case "ACTIVE":
	case "DELETED", "SOFT_DELETED":
		return nil, core.EntityNotFound("Server", c.PhysicalID)
	default:
		return nil, core.Errorf(core.Conflict, "Error", "Server %s is not in ACTIVE state", c.Name)
	}
	old, live := c.Old, yaml.NewMap(6)
	if given(old, "name") && s.String("name") != old.String("name") {
		live.Set("name", s.String("name"))
	}
	for property, find := range map[string]func(context.Context, string) (string, error){"flavor": c.Cloud.FindFlavor, "image": c.Cloud.FindImage} {
		now := s.Sub(property).String("id")
		if given(old, property) && now != "" && differs(ctx, old.String(property), now, find) {
			live.Set(property, now)
		}
	}
	if now := s.Sub("metadata").Map(); old.Has("metadata") && !maps.Equal(metadataTexts(old.Sub("metadata").Map()), metadataTexts(now)) {
		live.Set("metadata", now)
	}
	if now := s.Strings("tags"); old.Has("tags") && !sameTexts(old.Strings("tags"), now) {
		live.Set("tags", s.List("tags"))
	}
	nets, err := liveNetworks(ctx, c)
	if err != nil {
		return nil, err
	}
	if nets != nil {
		live.Set("networks", nets)
	}
	return live, nil
}

// differs reports whether what a template calls nameOrID is certainly not the object with
// that id.
func differs(ctx context.Context, nameOrID, id string, find func(context.Context, string) (string, error)) bool {
	if nameOrID == id {
		return false
	}
	meant, err := find(ctx, nameOrID)
	return err == nil && meant != id
}

func sameTexts(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// liveNetworks are the entries of networks that still have their interface, and one for
// each interface that none of them has made; nil when all is as it was. Where Nova chooses
// the interfaces there is nothing to compare.
func liveNetworks(ctx context.Context, c *resource.Context) ([]any, error) {
	nets := c.Old.Subs("networks")
	if len(nets) == 0 || nets[0].String("allocate_network") != "" {
		return nil, nil
	}
	attached, err := nics(ctx, c)
	if err != nil {
		return nil, err
	}
	keep, err := keptPorts(ctx, c, nets, attached)
	if err != nil {
		return nil, nil //nolint:nilerr // a port that is not there by its name says nothing of the server
	}
	live, same := []any{}, true
	for i, net := range nets {
		if keep[i] == "" {
			same = false
			continue
		}
		live = append(live, net.Map())
	}
	for _, n := range attached {
		if !slices.Contains(keep, n.port) {
			same = false
			live = append(live, yaml.MapOf("port", n.port))
		}
	}
	if same {
		return nil, nil
	}
	return live, nil
}

// forgetGonePorts lets go of own ports that somebody has removed.
func forgetGonePorts(ctx context.Context, c *resource.Context, attached []nic) error {
	a, err := network(c)
	if err != nil {
		return err
	}
	var left []ownPort
	for _, p := range ownPorts(c) {
		if !slices.ContainsFunc(attached, func(n nic) bool { return n.port == p.ID }) {
			if _, err := a.Get(ctx, "ports/"+p.ID); cloud.NotFound(err) {
				continue
			} else if err != nil {
				return err
			}
		}
		left = append(left, p)
	}
	rememberPorts(c, left)
	return nil
}
