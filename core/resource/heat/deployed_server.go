package heat

import (
	"context"
	"slices"

	"hearth/core"
	"hearth/core/collect"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/heat/deployed_server.py and
// heat/engine/resources/server_base.py.
var deployedServerType = resource.Type{
	Name:              "OS::Heat::DeployedServer",
	MetadataFollows:   true,
	Description:       "Stands for a server that somebody else has made, so that software can be deployed to it.",
	PhysicalNameLimit: serverNameLimit,
	Properties: schema.Properties{
		"name": {Kind: schema.String, UpdateAllowed: true, Description: "Name of the server."},
		"metadata": {
			Kind: schema.Map, UpdateAllowed: true, Description: "Accepted for templates that have it, and ignored.",
			Support: schema.Support{Status: deprecated, Version: "9.0.0", Message: "This property will be ignored", Previous: &schema.Support{Version: "8.0.0"}},
		},
		"software_config_transport": {
			Kind: schema.String, Default: "POLL_SERVER_CFN", UpdateAllowed: true,
			Description: "How the server gets the metadata of its deployments.",
			Constraints: []schema.Constraint{schema.OneOf("POLL_SERVER_CFN", "POLL_SERVER_HEAT", "POLL_TEMP_URL", "ZAQAR_MESSAGE")},
		},
		"deployment_swift_data": {
			Kind: schema.Map, Default: yaml.NewMap(0), UpdateAllowed: true, Support: schema.Support{Version: "9.0.0"},
			Description: "Where the metadata is kept in the object store for POLL_TEMP_URL.",
			Fields: schema.Properties{
				"container": {Kind: schema.String, Constraints: []schema.Constraint{schema.Length{Min: 1}}, Description: "Name of the container."},
				"object":    {Kind: schema.String, Constraints: []schema.Constraint{schema.Length{Min: 1}}, Description: "Name of the object."},
			},
		},
	},
	Attributes: schema.Attributes{
		"name":              {Kind: schema.String, Description: "Name of the server."},
		"os_collect_config": {Kind: schema.Map, Live: true, Support: schema.Support{Version: "9.0.0"}, Description: "Configuration of the agent in the server."},
	},
	New: func() resource.Resource { return deployedServer{} },
}

// serverNameLimit is the longest name that Heat gives a server.
const serverNameLimit = 53

type deployedServer struct{ resource.AccountSwitch }

var (
	_ resource.Updater    = deployedServer{}
	_ resource.Suspender  = deployedServer{}
	_ resource.Resumer    = deployedServer{}
	_ resource.Informer   = deployedServer{}
	_ resource.Attributer = deployedServer{}
	_ resource.Validator  = deployedServer{}
)

// Validate refuses the transports that need a service to push to.
func (deployedServer) Validate(_ context.Context, c *resource.Context) error {
	t := c.Properties.String("software_config_transport")
	if slices.Contains([]string{"POLL_TEMP_URL", "ZAQAR_MESSAGE"}, t) {
		return core.NotSupported("Software config transport " + t)
	}
	return nil
}

func (deployedServer) Create(ctx context.Context, c *resource.Context) error {
	c.PhysicalID = c.ID
	return collect.Prepare(ctx, c)
}

// Update goes over to another transport; the rest is read when it is asked for.
func (deployedServer) Update(ctx context.Context, c *resource.Context, changed []string) error {
	if !slices.Contains(changed, "software_config_transport") {
		return nil
	}
	return collect.Update(ctx, c)
}

func (deployedServer) Delete(ctx context.Context, c *resource.Context) error {
	return collect.Forget(ctx, c)
}

// Inform tells the agent what to read.
func (deployedServer) Inform(ctx context.Context, c *resource.Context, metadata *yaml.Map) error {
	return collect.Describe(ctx, c, metadata)
}

func (d deployedServer) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	switch {
	case c.PhysicalID == "":
		return nil, nil
	case name == "os_collect_config":
		metadata := c.Metadata.Clone()
		err := d.Inform(ctx, c, metadata)
		return resource.NewValues(metadata).Sub(collect.Key).Map(), err
	case c.Properties.Has("name"):
		return c.Properties.String("name"), nil
	}
	return c.PhysicalName(serverNameLimit), nil
}
