package resource

import (
	"context"
	"net/http"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"hearth/core"
	"hearth/core/cloud"
)

// API is a service's API as resource types use it: bodies and answers are values, since
// attributes show whatever the service answers. Errors are described for people;
// cloud.NotFound and cloud.Conflict know them.
type API struct{ Client *gophercloud.ServiceClient }

// Do sends a request; a nil body is none.
func (a API) Do(ctx context.Context, method, path string, body any) (Values, error) {
	answer, err := cloud.Call(ctx, a.Client, method, path, body)
	return NewValues(answer), err
}

// Get reads.
func (a API) Get(ctx context.Context, path string) (Values, error) {
	return a.Do(ctx, http.MethodGet, path, nil)
}

// Post makes or does something.
func (a API) Post(ctx context.Context, path string, body any) (Values, error) {
	return a.Do(ctx, http.MethodPost, path, body)
}

// Put changes.
func (a API) Put(ctx context.Context, path string, body any) error {
	_, err := a.Do(ctx, http.MethodPut, path, body)
	return err
}

// Remove deletes; what is not there is removed.
func (a API) Remove(ctx context.Context, path string) error {
	_, err := a.Do(ctx, http.MethodDelete, path, nil)
	return cloud.IgnoreNotFound(err)
}

// FindMarked is Finder for objects whose description is the mark: it takes the one that a
// list, found in the answer to path under a key, has of it.
func (a API) FindMarked(ctx context.Context, c *Context, path, key string) (found bool, err error) {
	answer, err := a.Get(ctx, path)
	if err != nil {
		return false, err
	}
	for _, o := range answer.Subs(key) {
		if o.String("description") == c.Mark() {
			c.PhysicalID = o.String("id")
			return true, nil
		}
	}
	return false, nil
}

// Object is the body of a request that wants everything inside one key.
func Object(key string, value any) map[string]any { return map[string]any{key: value} }

// Pause asks again after a time that grows with the time already waited, from 50 ms to 2 s.
func (c *Context) Pause() Progress {
	return Again(min(max(c.Now().Sub(c.Started)/4, 50*time.Millisecond), 2*time.Second))
}

// InError is the failure of an object that its service calls broken.
func InError(status, reason string) error {
	return core.Errorf(core.Conflict, "ResourceInError", `Went to status %s due to "%s"`, status, reason)
}

// UnknownStatus is the failure of an object in a status that no type expects.
func UnknownStatus(result, status string) error {
	return core.Errorf(core.Conflict, "ResourceUnknownStatus", `%s - Unknown status %s due to "Unknown"`, result, status)
}
