package heat

import (
	"context"

	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/heat/cloud_config.py.
var cloudConfigType = resource.Type{
	Name:        "OS::Heat::CloudConfig",
	Description: "Stores a cloud-config document for cloud-init, written from a map.",
	Support:     schema.Support{Version: "2014.1"},
	Properties: schema.Properties{
		"cloud_config": {Kind: schema.Map, Description: "The cloud-config document; functions in it are resolved before it is stored."},
	},
	Attributes: schema.Attributes{"config": {Kind: schema.String, Description: "The document as text."}},
	New:        func() resource.Resource { return cloudConfig{} },
}

type cloudConfig struct{ softwareConfig }

func (cloudConfig) Create(ctx context.Context, c *resource.Context) error {
	return storeConfig(ctx, c, ungrouped, "#cloud-config\n"+yaml.Dump(c.Properties.Get("cloud_config")))
}
