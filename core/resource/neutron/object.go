package neutron

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/attributestags"

	"hearth/core/cloud"
	"hearth/core/resource"
)

// object is what the types that own one object of Neutron have in common.
//
// Create is one call; what takes further calls (tags, agents, rules) is done by
// CreateComplete, which may run twice, so that an object that Find adopts becomes whole
// as well.
type object struct {
	noun   noun
	fields []field
	// status: the object has one, and it is waited for.
	status bool
	// tags: the object takes them.
	tags bool
}

func (o object) Create(ctx context.Context, c *resource.Context) error {
	body, err := createBody(ctx, c, o.fields)
	if err != nil {
		return err
	}
	return o.create(ctx, c, body)
}

func (o object) create(ctx context.Context, c *resource.Context, body map[string]any) error {
	if given, _ := body["description"].(string); given == "" {
		body["description"] = c.Mark()
	}
	made, err := o.noun.create(ctx, c, body)
	if err != nil {
		return err
	}
	c.PhysicalID = made.String("id")
	return nil
}

// Find knows the object by the mark in its description. Where the user gave a
// description, it and the physical name must do, and where the user gave a name as well,
// the object must be younger than the action.
func (o object) Find(ctx context.Context, c *resource.Context) (bool, error) {
	found, err := o.candidates(ctx, c, url.Values{})
	if err != nil || len(found) == 0 {
		return false, err
	}
	c.PhysicalID = found[0].String("id")
	return true, nil
}

// candidates lists the objects that may be the one at hand.
func (o object) candidates(ctx context.Context, c *resource.Context, filters url.Values) ([]resource.Values, error) {
	description := c.Properties.String("description")
	if s := c.Properties.Sub("value_specs"); s.Has("description") {
		description = s.String("description")
	}
	unique := description == ""
	if unique {
		description = c.Mark()
	} else if slices.ContainsFunc(o.fields, func(f field) bool { return f.property == "name" }) {
		name := c.Properties.String("name")
		if unique = !c.Properties.Has("name"); unique {
			name = c.PhysicalName(0)
		}
		filters.Set("name", name)
	}
	filters.Set("description", description)
	found, err := o.noun.list(ctx, c, filters)
	return slices.DeleteFunc(found, func(v resource.Values) bool {
		// A Neutron that knows no such filter lists everything.
		return v.String("description") != description || !unique && !madeSince(v, c.Started)
	}), err
}

// madeSince reports whether an object was made at or after t. Neutron's clock counts
// whole seconds.
func madeSince(o resource.Values, t time.Time) bool {
	at, err := time.Parse(time.RFC3339, o.String("created_at"))
	return err == nil && !at.Before(t.Truncate(time.Second))
}

func (o object) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if p, err := o.built(ctx, c); err != nil || !p.Done {
		return p, err
	}
	if o.tags && len(c.Properties.List("tags")) > 0 {
		return resource.Done, o.setTags(ctx, c)
	}
	return resource.Done, nil
}

func (o object) built(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if !o.status {
		return resource.Done, nil
	}
	now, err := o.noun.show(ctx, c, c.PhysicalID)
	if err != nil {
		return resource.Progress{}, err
	}
	return built(c, now)
}

func (o object) Update(ctx context.Context, c *resource.Context, changed []string) error {
	body, err := updateBody(ctx, c, o.fields, changed)
	if err != nil {
		return err
	}
	return o.change(ctx, c, changed, body)
}

// change sends body and brings the tags up to date.
func (o object) change(ctx context.Context, c *resource.Context, changed []string, body map[string]any) error {
	if len(body) > 0 {
		if err := o.noun.update(ctx, c, c.PhysicalID, body); err != nil {
			return err
		}
	}
	if o.tags && slices.Contains(changed, "tags") {
		return o.setTags(ctx, c)
	}
	return nil
}

func (o object) UpdateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return o.built(ctx, c)
}

func (o object) setTags(ctx context.Context, c *resource.Context) error {
	tags := c.Properties.Strings("tags")
	if tags == nil {
		tags = []string{}
	}
	return with(c, func(client *gophercloud.ServiceClient) error {
		return attributestags.ReplaceAll(ctx, client, o.noun.path, c.PhysicalID, attributestags.ReplaceAllOpts{Tags: tags}).Err
	})
}

func (o object) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	return deleted(c, o.noun.delete(ctx, c, c.PhysicalID))
}

func (o object) DeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return deleteAgain(ctx, c, o.Delete)
}

// Attribute gives the key of that name of Neutron's answer, null once the object is gone.
func (o object) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	now, err := o.read(ctx, c)
	return now.Get(name), err
}

func (o object) Show(ctx context.Context, c *resource.Context) (any, error) {
	now, err := o.read(ctx, c)
	if err != nil || now.Map() == nil {
		return nil, err
	}
	return now.Map(), nil
}

// read is the object as Neutron shows it, empty when there is none.
func (o object) read(ctx context.Context, c *resource.Context) (resource.Values, error) {
	if c.PhysicalID == "" {
		return resource.Values{}, nil
	}
	now, err := o.noun.show(ctx, c, c.PhysicalID)
	if cloud.NotFound(err) {
		return resource.Values{}, nil
	}
	return now, err
}
