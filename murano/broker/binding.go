package broker

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano/store"
)

// The action that gives credentials, how long it may take, and how often its result is asked
// for.
const (
	credentialsAction = "getCredentials"
	patience          = 30 * time.Second
	pause             = 100 * time.Millisecond
)

// bind runs the application's action for credentials and gives what it returns. It is 500
// when there is no such action, or no result of it.
func (b *Broker) bind(ctx context.Context, caller *core.Caller, instanceID string) (int, any, error) {
	instance, err := store.FindBrokerInstance(ctx, b.cfg.Store.Reader(), caller.ProjectID, instanceID)
	if err != nil || instance == nil {
		return http.StatusOK, nothing{}, err
	}
	e, err := b.cfg.Environments.Show(ctx, caller, instance.EnvironmentID, "")
	if err != nil {
		return 0, nil, err
	}
	action := findAction(e.Services, instance.ServiceID)
	if action == "" {
		return http.StatusInternalServerError, nil, nil
	}
	taskID, err := b.cfg.Environments.Act(ctx, caller, instance.EnvironmentID, action, &yaml.Map{})
	if err != nil {
		return 0, nil, err
	}
	result, err := b.result(ctx, caller, instance.EnvironmentID, taskID)
	if err != nil {
		return 0, nil, err
	}
	if m, ok := result.(map[string]any); ok && m["credentials"] != nil {
		return http.StatusOK, result, nil
	}
	if result == nil {
		return http.StatusInternalServerError, nil, nil
	}
	return http.StatusOK, map[string]any{"credentials": result}, nil
}

// unbind does nothing, as upstream.
func (b *Broker) unbind(context.Context, *core.Caller, string) (int, any, error) {
	return http.StatusOK, nothing{}, nil
}

// findAction gives the id of the action for credentials of a service; "" when there is none.
func findAction(services any, serviceID string) string {
	list, _ := services.([]any)
	for _, item := range list {
		header := mapAt(item, "?")
		if id, _ := header.Get("id"); id != serviceID {
			continue
		}
		actions := mapAt(header, "_actions")
		for id := range actions.All() {
			if strings.Contains(id, credentialsAction) {
				return id
			}
		}
	}
	return ""
}

// mapAt gives the map under a key; an empty one when there is none.
func mapAt(v any, key string) *yaml.Map {
	if m, ok := v.(*yaml.Map); ok {
		if at, _ := m.Get(key); at != nil {
			if found, ok := at.(*yaml.Map); ok {
				return found
			}
		}
	}
	return &yaml.Map{}
}

// result waits for what an action returns; nil when it fails or takes too long.
func (b *Broker) result(ctx context.Context, caller *core.Caller, environmentID, taskID string) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		raw, err := b.cfg.Environments.ActionResult(ctx, caller, environmentID, taskID)
		if err != nil {
			return nil, err
		}
		var r struct {
			IsException *bool `json:"isException"`
			Result      any   `json:"result"`
		}
		if err := json.Unmarshal(raw, &r); err != nil {
			return nil, err
		}
		if r.IsException != nil {
			if *r.IsException {
				return nil, nil
			}
			return r.Result, nil
		}
		select {
		case <-ctx.Done():
			return nil, nil
		case <-time.After(pause):
		}
	}
}
