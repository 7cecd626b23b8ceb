package cinder

import (
	"hearth/core/cloud"
	"hearth/core/resource"
)

// blockStorage is Cinder. "3.0" does for all but backups as a source (3.47) and volumes
// that are extended in use (3.42).
func blockStorage(c *resource.Context, microversion string) (resource.API, error) {
	client, err := c.Cloud.Volume()
	if err != nil {
		return resource.API{}, err
	}
	return resource.API{Client: cloud.WithMicroversion(client, microversion)}, nil
}

func compute(c *resource.Context) (resource.API, error) {
	client, err := c.Cloud.Compute()
	return resource.API{Client: client}, err
}
