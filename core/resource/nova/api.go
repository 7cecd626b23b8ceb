package nova

import (
	"context"
	"net/http"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
)

// An api is a service at one microversion, with answers as values.
type api struct{ client *gophercloud.ServiceClient }

func compute(c *resource.Context, microversion string) (api, error) {
	client, err := c.Cloud.Compute()
	if err != nil {
		return api{}, err
	}
	return api{cloud.WithMicroversion(client, microversion)}, nil
}

func network(c *resource.Context) (api, error) {
	client, err := c.Cloud.Network()
	return api{client}, err
}

func (a api) do(ctx context.Context, method, path string, body any) (resource.Values, error) {
	answer, err := cloud.Call(ctx, a.client, method, path, body)
	return resource.NewValues(answer), err
}

func (a api) get(ctx context.Context, path string) (resource.Values, error) {
	return a.do(ctx, http.MethodGet, path, nil)
}

func (a api) post(ctx context.Context, path string, body any) (resource.Values, error) {
	return a.do(ctx, http.MethodPost, path, body)
}

func (a api) put(ctx context.Context, path string, body any) error {
	_, err := a.do(ctx, http.MethodPut, path, body)
	return err
}

// remove takes what is not there for removed.
func (a api) remove(ctx context.Context, path string) error {
	_, err := a.do(ctx, http.MethodDelete, path, nil)
	return cloud.IgnoreNotFound(err)
}

// object is the body of a request that wants everything inside one key.
func object(key string, value any) map[string]any { return map[string]any{key: value} }

// pause grows with the time already waited, from 50 ms to 2 s.
func pause(c *resource.Context) resource.Progress {
	return resource.Again(min(max(c.Now().Sub(c.Started)/4, 50*time.Millisecond), 2*time.Second))
}

func resourceInError(status, reason string) error {
	return core.Errorf(core.Conflict, "ResourceInError", `Went to status %s due to "%s"`, status, reason)
}

func unknownStatus(result, status string) error {
	return core.Errorf(core.Conflict, "ResourceUnknownStatus", `%s - Unknown status %s due to "Unknown"`, result, status)
}
