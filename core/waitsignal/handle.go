package waitsignal

import (
	"context"
	"strings"

	"hearth/core/resource"
	"hearth/core/yaml"
)

// Handle is a handle as CloudFormation has it: its reference is the address to which
// signals are sent (heat/engine/resources/aws/cfn/wait_condition_handle.py). The address
// needs no token.
type Handle struct{}

var (
	_ resource.Signaler   = Handle{}
	_ resource.Referencer = Handle{}
)

// Create implements resource.Resource.
func (Handle) Create(_ context.Context, c *resource.Context) error {
	NameHandle(c)
	return nil
}

// NameHandle gives a handle its physical id. Upstream's is the id of a user made for the
// handle: hexadecimal, without dashes.
func NameHandle(c *resource.Context) { c.PhysicalID = strings.ReplaceAll(c.ID, "-", "") }

// Delete implements resource.Resource.
func (Handle) Delete(context.Context, *resource.Context) error { return nil }

// Signal keeps the signal in the metadata; nothing is no signal.
func (Handle) Signal(_ context.Context, c *resource.Context, body any) (string, error) {
	if body == nil {
		return "", nil
	}
	if c.Metadata == nil {
		c.Metadata = yaml.NewMap(1)
	}
	return CloudFormation.Keep(c.Metadata, body)
}

// ReferenceID is the address.
func (Handle) ReferenceID(c *resource.Context) any {
	if c.PhysicalID == "" {
		return c.Name
	}
	return c.Links.WaitConditionURL(c)
}
