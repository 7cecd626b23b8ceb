package nova

import (
	"hearth/core/cloud"
	"hearth/core/resource"
)

// compute is Nova at one microversion.
func compute(c *resource.Context, microversion string) (resource.API, error) {
	client, err := c.Cloud.Compute()
	if err != nil {
		return resource.API{}, err
	}
	return resource.API{Client: cloud.WithMicroversion(client, microversion)}, nil
}

func network(c *resource.Context) (resource.API, error) {
	client, err := c.Cloud.Network()
	return resource.API{Client: client}, err
}
