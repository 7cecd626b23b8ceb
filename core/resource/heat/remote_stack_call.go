package heat

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
)

// heatAPI is the orchestration API of some cloud. gophercloud's own requests are not used:
// they read files and addresses that a template names on the machine they run on.
type heatAPI struct{ client *gophercloud.ServiceClient }

func (a heatAPI) do(ctx context.Context, method, path string, body any) (resource.Values, error) {
	answer, err := cloud.Call(ctx, a.client, method, path, body)
	return resource.NewValues(answer), err
}

func (a heatAPI) post(ctx context.Context, path string, body any) (resource.Values, error) {
	return a.do(ctx, http.MethodPost, path, body)
}

func (a heatAPI) put(ctx context.Context, path string, body any) error {
	_, err := a.do(ctx, http.MethodPut, path, body)
	return err
}

func (a heatAPI) remove(ctx context.Context, path string) error {
	_, err := a.do(ctx, http.MethodDelete, path, nil)
	return cloud.IgnoreNotFound(err)
}

// stack shows a stack by its name, or name and id.
func (a heatAPI) stack(ctx context.Context, identity string) (resource.Values, error) {
	answer, err := a.do(ctx, http.MethodGet, "stacks/"+identity, nil)
	return answer.Sub("stack"), err
}

func stackPath(c *resource.Context) string { return "stacks/" + c.PhysicalName(0) + "/" + c.PhysicalID }

// templateRequest is what validating, creating and updating have in common.
func templateRequest(c *resource.Context) map[string]any {
	body := map[string]any{"template": c.Properties.String("template")}
	if p := c.Properties.Sub("parameters").Map(); p.Len() > 0 {
		body["parameters"] = p
	}
	if len(c.Files) > 0 {
		body["files"] = c.Files
	}
	return body
}

// stackRequest is what creating and updating have in common.
func stackRequest(c *resource.Context) map[string]any {
	body := templateRequest(c)
	body["disable_rollback"] = true
	if c.Properties.Has("timeout") {
		body["timeout_mins"] = c.Properties.Int("timeout")
	}
	return body
}

func stackAction(ctx context.Context, c *resource.Context, action string) error {
	if c.PhysicalID == "" {
		return core.Errorf(core.Invalid, "Error", "Cannot %s %s, resource not found", action, c.Name)
	}
	api, err := connect(ctx, c)
	if err != nil {
		return err
	}
	_, err = api.post(ctx, stackPath(c)+"/actions", map[string]any{action: nil})
	return err
}

// stackProgress asks how far an action of the stack has come.
func stackProgress(ctx context.Context, c *resource.Context, want core.Action) (resource.Progress, error) {
	api, err := connect(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	stack, err := api.stack(ctx, c.PhysicalName(0)+"/"+c.PhysicalID)
	if err != nil {
		return resource.Progress{}, err
	}
	action, status := splitState(stack)
	switch {
	case action != want || status == core.InProgress:
		return resource.Again(min(max(c.Now().Sub(c.Started)/4, 100*time.Millisecond), 5*time.Second)), nil
	case status == core.Complete:
		return resource.Done, nil
	case status == core.Failed:
		return resource.Progress{}, stackInError(stack)
	}
	return resource.Progress{}, core.Errorf(core.Conflict, "ResourceUnknownStatus", `Resource failed - Unknown status %s due to "%s"`,
		stack.String("stack_status"), stack.String("stack_status_reason"))
}

func splitState(stack resource.Values) (core.Action, core.Status) {
	action, status, _ := strings.Cut(stack.String("stack_status"), "_")
	return core.Action(action), core.Status(status)
}

func stackInError(stack resource.Values) error {
	return core.Errorf(core.Conflict, "ResourceInError", `Went to status %s due to "%s"`, stack.String("stack_status"), stack.String("stack_status_reason"))
}
