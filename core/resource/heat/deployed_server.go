package heat

import (
	"context"
	"slices"

	"hearth/core"
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

// collectConfig is the key of a server's metadata that configures its agent.
const collectConfig = "os-collect-config"

type deployedServer struct{}

var (
	_ resource.Updater    = deployedServer{}
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

// Create gives the metadata its room for deployments and tells the agent what to read.
func (deployedServer) Create(_ context.Context, c *resource.Context) error {
	c.PhysicalID = c.ID
	if c.Metadata == nil {
		c.Metadata = yaml.NewMap(2)
	}
	if !c.Metadata.Has("deployments") {
		c.Metadata.Set("deployments", []any{})
	}
	occ := resource.NewValues(c.Metadata).Sub(collectConfig).Map().Clone()
	occ.Set("collectors", []any{"local"})
	c.Metadata.Set(collectConfig, occ)
	return nil
}

// Update has nothing to do: what changes is read when it is asked for.
func (deployedServer) Update(context.Context, *resource.Context, []string) error { return nil }

func (deployedServer) Delete(context.Context, *resource.Context) error { return nil }

func (deployedServer) Attribute(_ context.Context, c *resource.Context, name string) (any, error) {
	switch {
	case c.PhysicalID == "":
		return nil, nil
	case name == "os_collect_config":
		return resource.NewValues(c.Metadata).Sub(collectConfig).Map().Clone(), nil
	case c.Properties.Has("name"):
		return c.Properties.String("name"), nil
	}
	return c.PhysicalName(serverNameLimit), nil
}
