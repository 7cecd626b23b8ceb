package nova

import (
	"context"
	"net/url"
	"strings"
	"time"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
)

// Follows heat/engine/resources/openstack/nova/keypair.py.
var keyPairType = resource.Type{
	Name:        "OS::Nova::KeyPair",
	Description: "A key pair to log in to servers with: one that is given, or one that Nova makes.",
	Support:     schema.Support{Version: "2014.1"},
	Service:     "compute",
	Properties: schema.Properties{
		"name": {
			Kind: schema.String, Required: true, Description: "Name of the key pair, unique among those of its user.",
			Constraints: []schema.Constraint{schema.Length{Min: 1, Max: 255}},
		},
		"save_private_key": {
			Kind: schema.Boolean, Default: false,
			Description: "Whether to keep the private key of a pair that Nova makes, for the attribute private_key. Without it the private key is lost.",
		},
		"public_key": {Kind: schema.String, Description: "The public key to register; without it Nova makes a pair."},
		"type": {
			Kind: schema.String, Description: "Type of the key.", Support: schema.Support{Version: "8.0.0"},
			Constraints: []schema.Constraint{schema.OneOf("ssh", "x509")},
		},
		"user": {
			Kind: schema.String, Description: "Name or ID of the user to whom the pair belongs; only administrators may name another than themselves.",
			Support: schema.Support{Version: "9.0.0"}, Constraints: []schema.Constraint{schema.Custom{Name: "keystone.user"}},
		},
	},
	Attributes: schema.Attributes{
		"public_key":  {Kind: schema.String, Description: "The public key."},
		"private_key": {Kind: schema.String, Description: "The private key, when save_private_key is on and Nova made the pair; else empty."},
	},
	New: func() resource.Resource { return keyPair{} },
}

type keyPair struct{}

var (
	_ resource.Finder          = keyPair{}
	_ resource.Checker         = keyPair{}
	_ resource.ReplacePreparer = keyPair{}
	_ resource.Attributer      = keyPair{}
	_ resource.Shower          = keyPair{}
	_ resource.Referencer      = keyPair{}
)

// privateKeyData is the key of Context.Data that holds the private key.
const privateKeyData = "private_key"

// keyPairs is the service at the version that the properties need, and the path of the
// pair in it.
func keyPairs(ctx context.Context, c *resource.Context) (a resource.API, path, user string, err error) {
	version, query := "2.2", ""
	if name := c.Properties.String("user"); name != "" {
		if user, err = c.Cloud.FindUser(ctx, name); err != nil {
			return a, "", "", err
		}
		version, query = "2.10", "?user_id="+url.QueryEscape(user)
	}
	name := c.PhysicalID
	if name == "" {
		name = c.Properties.String("name")
	}
	a, err = compute(c, version)
	return a, "os-keypairs/" + url.PathEscape(name) + query, user, err
}

func (keyPair) Create(ctx context.Context, c *resource.Context) error {
	a, _, user, err := keyPairs(ctx, c)
	if err != nil {
		return err
	}
	body := map[string]any{"name": c.Properties.String("name")}
	for _, key := range []string{"public_key", "type"} {
		if c.Properties.Has(key) {
			body[key] = c.Properties.String(key)
		}
	}
	if user != "" {
		body["user_id"] = user
	}
	answer, err := a.Post(ctx, "os-keypairs", resource.Object("keypair", body))
	if err != nil {
		return err
	}
	c.PhysicalID = c.Properties.String("name")
	if key := answer.Sub("keypair").String("private_key"); key != "" && c.Properties.Bool("save_private_key") {
		c.Data[privateKeyData] = key
	}
	return nil
}

// Find knows a pair by its name, unless it is older than the action or of another key.
// One whose private key was to be saved is of no use any more: it is removed.
func (k keyPair) Find(ctx context.Context, c *resource.Context) (bool, error) {
	a, path, _, err := keyPairs(ctx, c)
	if err != nil {
		return false, err
	}
	answer, err := a.Get(ctx, path)
	if cloud.NotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	found := answer.Sub("keypair")
	if !madeSince(found.String("created_at"), c.Started) {
		return false, nil
	}
	given := strings.TrimSpace(c.Properties.String("public_key"))
	if given != "" && given != strings.TrimSpace(found.String("public_key")) {
		return false, nil
	}
	if given == "" && c.Properties.Bool("save_private_key") {
		return false, a.Remove(ctx, path)
	}
	c.PhysicalID = c.Properties.String("name")
	return true, nil
}

// madeSince compares a time of the cloud, to the second and by its own clock, with ours.
func madeSince(created string, since time.Time) bool {
	const clocksDiffer = time.Minute
	for _, layout := range []string{"2006-01-02T15:04:05.999999", time.RFC3339} {
		if t, err := time.Parse(layout, created); err == nil {
			return t.After(since.Add(-clocksDiffer))
		}
	}
	return false
}

func (keyPair) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	a, path, _, err := keyPairs(ctx, c)
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	return a.Remove(ctx, path)
}

// PrepareReplace frees the name.
func (k keyPair) PrepareReplace(ctx context.Context, c *resource.Context) error {
	return k.Delete(ctx, c)
}

func (k keyPair) Check(ctx context.Context, c *resource.Context) error {
	_, err := k.Show(ctx, c)
	return err
}

func (keyPair) Show(ctx context.Context, c *resource.Context) (any, error) {
	a, path, _, err := keyPairs(ctx, c)
	if err != nil {
		return nil, err
	}
	answer, err := a.Get(ctx, path)
	if err != nil {
		return nil, err
	}
	return answer.Get("keypair"), nil
}

func (keyPair) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	switch {
	case name == "private_key":
		return c.Data[privateKeyData], nil
	case c.Properties.Has("public_key"):
		return c.Properties.String("public_key"), nil
	case c.PhysicalID == "":
		return nil, nil
	}
	a, path, _, err := keyPairs(ctx, c)
	if err != nil {
		return nil, err
	}
	answer, err := a.Get(ctx, path)
	if err != nil {
		return nil, err
	}
	return answer.Sub("keypair").Get("public_key"), nil
}

func (keyPair) ReferenceID(c *resource.Context) any {
	if c.PhysicalID == "" {
		return c.Name
	}
	return c.PhysicalID
}
