package environment

import (
	"context"
	"slices"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// Deployment is a task as the API shows it.
type Deployment struct {
	murano.Task
	State string
}

// Deployments gives the deployments of an environment, the newest first. Returns what
// checkEnvironment does.
func (s *Service) Deployments(ctx context.Context, caller *core.Caller, environmentID string) ([]Deployment, error) {
	db := s.store.Reader()
	if _, err := checkEnvironment(ctx, db, caller, environmentID); err != nil {
		return nil, err
	}
	tasks, err := store.TasksOf(ctx, db, environmentID)
	if err != nil {
		return nil, err
	}
	return withState(ctx, db, tasks)
}

// AllDeployments gives the deployments of all environments of the caller's project, the
// newest first.
func (s *Service) AllDeployments(ctx context.Context, caller *core.Caller) ([]Deployment, error) {
	db := s.store.Reader()
	tasks, err := store.TasksOfTenant(ctx, db, caller.ProjectID)
	if err != nil {
		return nil, err
	}
	return withState(ctx, db, tasks)
}

func withState(ctx context.Context, db corestore.DB, tasks []murano.Task) ([]Deployment, error) {
	ids := make([]string, len(tasks))
	for i, t := range tasks {
		ids[i] = t.ID
	}
	troubles, err := store.TroublesOf(ctx, db, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]Deployment, len(tasks))
	for i, t := range tasks {
		tr := troubles[t.ID]
		out[i] = Deployment{t, murano.DeploymentState(t.FinishedAt != nil, tr.Errors, tr.Warnings)}
	}
	return out, nil
}

// Reports gives the reports of a deployment in their order: all, or, when serviceIDs are
// given, those about these services and what is in them. Returns what checkEnvironment
// does, NotFound for an unknown deployment and Invalid for another environment's.
func (s *Service) Reports(ctx context.Context, caller *core.Caller, environmentID, deploymentID string, serviceIDs []string) ([]murano.Report, error) {
	db := s.store.Reader()
	if _, err := checkEnvironment(ctx, db, caller, environmentID); err != nil {
		return nil, err
	}
	t, err := store.FindTask(ctx, db, deploymentID)
	switch {
	case err != nil:
		return nil, err
	case t == nil:
		return nil, murano.Explain(core.NotFound, "")
	case t.EnvironmentID != environmentID:
		return nil, murano.Explain(core.Invalid, "")
	}
	if len(serviceIDs) == 0 {
		return store.ReportsOf(ctx, db, t.ID, nil)
	}
	ids, err := entitiesOf(t, serviceIDs)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return store.ReportsOf(ctx, db, t.ID, ids)
}

// entitiesOf gives the ids of the services of a task that are asked for, and of the objects
// in them.
func entitiesOf(t *murano.Task, serviceIDs []string) ([]string, error) {
	if len(t.Description) == 0 {
		return nil, nil
	}
	description, err := decodeModel(t.Description)
	if err != nil {
		return nil, err
	}
	v, _ := description.Get(keyServices)
	services, _ := v.([]any)
	var ids []string
	for _, service := range services {
		if slices.Contains(serviceIDs, objectID(service)) {
			ids = append(ids, entityIDs(service)...)
		}
	}
	return ids, nil
}

// LastStatuses gives the newest report about each service of an environment, or anything
// in it, by the service's id; null where there is none. Returns what checkEnvironment does.
func (s *Service) LastStatuses(ctx context.Context, caller *core.Caller, environmentID, sessionID string) ([]LastStatus, error) {
	db := s.store.Reader()
	e, err := checkEnvironment(ctx, db, caller, environmentID)
	if err != nil {
		return nil, err
	}
	model, err := currentModel(ctx, db, e, sessionID)
	if err != nil {
		return nil, err
	}
	value, err := readServices(objects(model), "", "")
	if err != nil {
		return nil, err
	}
	services, _ := value.([]any)
	out := make([]LastStatus, 0, len(services))
	for _, service := range services {
		r, err := store.LastReport(ctx, db, e.ID, entityIDs(service))
		if err != nil {
			return nil, err
		}
		out = append(out, LastStatus{objectID(service), r})
	}
	return out, nil
}

// LastStatus is the newest report about a service; Report is nil when there is none.
type LastStatus struct {
	ServiceID string
	Report    *murano.Report
}

// objectID gives the id in the header of an object; "" when it has none.
func objectID(object any) string {
	m, _ := object.(*yaml.Map)
	h, _ := m.Get(keyHeader)
	header, _ := h.(*yaml.Map)
	id, ok := header.Get("id")
	if !ok {
		return ""
	}
	return yaml.Str(id)
}
