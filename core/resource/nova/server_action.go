package nova

import (
	"context"

	"hearth/core"
	"hearth/core/resource"
)

func (server) Suspend(ctx context.Context, c *resource.Context) error {
	return change(ctx, c, "suspend", "SUSPENDED")
}

func (server) SuspendComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	s, err := readServer(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	switch status := s.String("status"); {
	case status == "SUSPENDED":
		return resource.Done, nil
	case status == "ACTIVE" || passing[status]:
		return c.Pause(), nil
	case status == "ERROR":
		return resource.Progress{}, serverError(s)
	default:
		return resource.Progress{}, resource.UnknownStatus("Suspend of server "+s.String("name")+" failed", status)
	}
}

func (server) Resume(ctx context.Context, c *resource.Context) error {
	return change(ctx, c, "resume", "ACTIVE")
}

func (server) ResumeComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	s, err := readServer(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	return becomesActive(c, s)
}

// change runs an action unless the server is already where it leads.
func change(ctx context.Context, c *resource.Context, action, status string) error {
	if c.PhysicalID == "" {
		return core.Errorf(core.Conflict, "Error", "Cannot %s %s, resource_id not set", action, c.Name)
	}
	s, err := readServer(ctx, c)
	if err != nil || s.String("status") == status {
		return err
	}
	return act(ctx, c, action, nil)
}
