// Package collect is what the agent in a server (os-collect-config) is told: where the
// server's metadata are and what lets it read them. It is worked out whenever the metadata
// are read, so that no secret of it is stored with them.
package collect

import (
	"context"
	"slices"
	"strings"

	"hearth/core/resource"
	"hearth/core/yaml"
)

// The transports of metadata that Hearth serves itself (software_config_transport).
const (
	PollCFN  = "POLL_SERVER_CFN"
	PollHeat = "POLL_SERVER_HEAT"
)

// Key is the key of a server's metadata that configures its agent.
const Key = "os-collect-config"

const transportProperty = "software_config_transport"

// formerData is the key of Context.Data for transports that the server had before.
const formerData = "former_transports"

// sections are the parts of the configuration by the transport that they are for.
var sections = map[string]string{PollCFN: "cfn", PollHeat: "heat"}

// Prepare makes the account that the server's transport needs, if it needs one.
func Prepare(ctx context.Context, c *resource.Context) error {
	if c.Properties.String(transportProperty) != PollHeat {
		return nil
	}
	_, err := c.Links.SignalLogin(ctx, c)
	return err
}

// Update goes over to another transport.
func Update(ctx context.Context, c *resource.Context) error {
	before := c.Old.String(transportProperty)
	former := strings.Fields(c.Data[formerData])
	if sections[before] != "" && !slices.Contains(former, before) {
		c.Data[formerData] = strings.Join(append(former, before), " ")
	}
	if before == PollHeat && c.Properties.String(transportProperty) != PollHeat {
		if err := c.Links.ForgetLogin(ctx, c); err != nil {
			return err
		}
	}
	return Prepare(ctx, c)
}

// Forget removes what Prepare has made.
func Forget(ctx context.Context, c *resource.Context) error {
	if c.Properties.String(transportProperty) != PollHeat {
		return nil
	}
	return c.Links.ForgetLogin(ctx, c)
}

// Describe puts the room for deployments and the agent's configuration into metadata. The
// agent asks first what collectors name, then the transport, then what is in the server
// (heat/engine/resources/server_base.py _populate_deployments_metadata).
func Describe(ctx context.Context, c *resource.Context, metadata *yaml.Map, collectors ...string) error {
	if !metadata.Has("deployments") {
		metadata.Set("deployments", []any{})
	}
	given, _ := metadata.Get(Key)
	config, ok := given.(*yaml.Map)
	if config = config.Clone(); !ok {
		config = yaml.NewMap(2)
	}
	transport := c.Properties.String(transportProperty)
	for _, former := range strings.Fields(c.Data[formerData]) {
		if former != transport { // what the server booted with must not count any more
			section, err := describe(ctx, c, former)
			if err != nil {
				return err
			}
			for _, key := range section.Keys() {
				section.Set(key, nil)
			}
			config.Set(sections[former], section)
		}
	}
	list := []any{}
	for _, name := range collectors {
		list = append(list, name)
	}
	if name := sections[transport]; name != "" {
		section, err := describe(ctx, c, transport)
		if err != nil {
			return err
		}
		config.Set(name, section)
		list = append(list, name)
	}
	config.Set("collectors", append(list, "local"))
	metadata.Set(Key, config)
	return nil
}

// describe is the section of a transport.
func describe(ctx context.Context, c *resource.Context, transport string) (*yaml.Map, error) {
	if transport == PollCFN {
		access, secret := c.Links.AccessKey(c)
		return yaml.MapOf("metadata_url", c.Links.MetadataURL(), "access_key_id", access, "secret_access_key", secret,
			"stack_name", c.Stack.Name, "path", c.Name+".Metadata"), nil
	}
	var login resource.SignalLogin
	if transport == c.Properties.String(transportProperty) {
		var err error
		if login, err = c.Links.SignalLogin(ctx, c); err != nil {
			return nil, err
		}
	}
	return yaml.MapOf("auth_url", login.AuthURL, "user_id", login.UserID, "password", login.Password, "project_id", login.ProjectID,
		"stack_id", c.Stack.Name+"/"+c.Stack.ID, "resource_name", c.Name, "region_name", login.Region), nil
}
