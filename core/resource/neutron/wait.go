package neutron

import (
	"context"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
)

// built says from an object's status whether it is usable
// (heat/engine/resources/openstack/neutron/neutron.py is_built).
func built(c *resource.Context, o resource.Values) (resource.Progress, error) {
	switch status := o.String("status"); status {
	case "ACTIVE", "DOWN":
		return resource.Done, nil
	case "BUILD":
		return resource.Again(pause(c, 250*time.Millisecond, 5*time.Second)), nil
	case "ERROR", "DEGRADED":
		return resource.Progress{}, core.Errorf(core.Conflict, "ResourceInError", "Went to status %s due to %q", status, "Unknown")
	default:
		return resource.Progress{}, core.Errorf(core.Internal, "ResourceUnknownStatus",
			"Resource is not built - Unknown status %s due to %q", status, "Unknown")
	}
}

// pause grows with the time already waited: a quarter of it, between least and most.
func pause(c *resource.Context, least, most time.Duration) time.Duration {
	return min(max(c.Now().Sub(c.Started)/4, least), most)
}

// inUse is the key of Context.Data that says that the object could not be deleted yet.
const inUse = "in_use"

// deleted judges the answer to a delete: gone is success, and in use is to be asked again
// by deleteAgain, for as long as the stack may take.
func deleted(c *resource.Context, err error) error {
	delete(c.Data, inUse)
	switch {
	case err == nil || cloud.NotFound(err):
		return nil
	case cloud.Conflict(err) && c.Now().Add(longestPause).Before(c.Started.Add(timeout(c))):
		c.Data[inUse] = "true"
		return nil
	}
	return err
}

const longestPause = 15 * time.Second

func timeout(c *resource.Context) time.Duration {
	if c.Stack.TimeoutMins > 0 {
		return time.Duration(c.Stack.TimeoutMins) * time.Minute
	}
	return time.Hour
}

// deleteAgain is the DeleteComplete of a Delete that ends in deleted.
func deleteAgain(ctx context.Context, c *resource.Context, remove func(context.Context, *resource.Context) error) (resource.Progress, error) {
	if c.Data[inUse] == "" {
		return resource.Done, nil
	}
	if err := remove(ctx, c); err != nil {
		return resource.Progress{}, err
	}
	if c.Data[inUse] == "" {
		return resource.Done, nil
	}
	return resource.Again(pause(c, 500*time.Millisecond, longestPause)), nil
}
