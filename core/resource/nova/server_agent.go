package nova

import (
	"context"

	"hearth/core/collect"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// softwareConfig is the user_data_format of servers that take software deployments.
const softwareConfig = "SOFTWARE_CONFIG"

// hasAgent reports whether something in the server asks for deployments.
func hasAgent(p resource.Values) bool { return p.String("user_data_format") == softwareConfig }

// prepareAgent makes what lets the agent in.
func prepareAgent(ctx context.Context, c *resource.Context) error {
	if !hasAgent(c.Properties) {
		return nil
	}
	return collect.Prepare(ctx, c)
}

func changeTransport(ctx context.Context, c *resource.Context) error {
	if !hasAgent(c.Properties) {
		return nil
	}
	return collect.Update(ctx, c)
}

// releaseServer removes what was made for a server that is gone.
func releaseServer(ctx context.Context, c *resource.Context) error {
	if hasAgent(c.Properties) {
		if err := collect.Forget(ctx, c); err != nil {
			return err
		}
	}
	return deletePorts(ctx, c)
}

// Inform tells the agent what to read: first what Nova has, then what the transport brings.
func (server) Inform(ctx context.Context, c *resource.Context, metadata *yaml.Map) error {
	if !hasAgent(c.Properties) {
		return nil
	}
	return collect.Describe(ctx, c, metadata, "ec2")
}

// collected is the configuration of the agent, empty where there is none.
func collected(ctx context.Context, c *resource.Context) (any, error) {
	metadata := c.Metadata.Clone()
	if err := (server{}).Inform(ctx, c, metadata); err != nil {
		return nil, err
	}
	return resource.NewValues(metadata).Sub(collect.Key).Map().Clone(), nil
}
