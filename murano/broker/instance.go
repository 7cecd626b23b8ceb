package broker

import (
	"context"
	"net/http"

	"hearth/core"
	"hearth/core/httpapi"
	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// order is the body of a request for an instance.
type order struct {
	service, plan, organization, space string
	parameters                         *yaml.Map
}

// maxBody is how large a request may be.
const maxBody = 1 << 20

// readOrder reads the body of a request. Without parameters there are none; upstream fails.
func readOrder(ctx context.Context) (*order, error) {
	raw, err := httpapi.ReadBody(ctx, maxBody)
	if err != nil {
		return nil, err
	}
	v, err := yaml.DecodeJSON(raw)
	if err != nil {
		return nil, murano.Explain(core.Invalid, "Malformed request body")
	}
	body, ok := v.(*yaml.Map)
	if !ok {
		return nil, murano.Explain(core.Invalid, "Malformed request body")
	}
	o := &order{parameters: &yaml.Map{}}
	for _, field := range []struct {
		name string
		at   *string
	}{{"space_guid", &o.space}, {"organization_guid", &o.organization}, {"plan_id", &o.plan}, {"service_id", &o.service}} {
		v, ok := body.Get(field.name)
		if !ok {
			return nil, murano.Raise(core.NotFound, "KeyError", "'%s'", field.name)
		}
		if *field.at, ok = v.(string); !ok || *field.at == "" {
			return nil, murano.Explain(core.Invalid, "%s is not a text", field.name)
		}
	}
	if v, _ := body.Get("parameters"); v != nil {
		if o.parameters, ok = v.(*yaml.Map); !ok {
			return nil, murano.Explain(core.Invalid, "parameters is not an object")
		}
	}
	return o, nil
}

// provision adds the application to the environment of the space and deploys it. An instance
// that there is already is left as it is: platforms ask again when they got no answer.
func (b *Broker) provision(ctx context.Context, caller *core.Caller, instanceID string) (int, any, error) {
	o, err := readOrder(ctx)
	if err != nil {
		return 0, nil, err
	}
	known, err := store.FindBrokerInstance(ctx, b.cfg.Store.Reader(), caller.ProjectID, instanceID)
	if err != nil || known != nil {
		return http.StatusAccepted, nothing{}, err
	}
	pkg, err := b.cfg.Catalog.Find(ctx, caller, o.service)
	if err != nil {
		return 0, nil, err
	}
	environmentID, err := b.environmentOf(ctx, caller, o.space)
	if err != nil {
		return 0, nil, err
	}
	session, err := b.cfg.Environments.Open(ctx, caller, environmentID)
	if err != nil {
		return 0, nil, err
	}
	app, serviceID := application(o, pkg)
	if _, err := b.cfg.Environments.AddServices(ctx, caller, environmentID, session.ID, "", app); err != nil {
		return 0, nil, err
	}
	instance := &murano.BrokerInstance{ID: instanceID, ServiceID: serviceID, EnvironmentID: environmentID, OrganizationID: o.organization, TenantID: caller.ProjectID}
	err = b.write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		return store.CreateBrokerInstance(ctx, tx, instance)
	})
	if corestore.IsUnique(err) {
		return 0, nil, murano.Explain(core.Conflict, "The service instance %s is another's", instanceID)
	}
	if err != nil {
		return 0, nil, err
	}
	if err := b.cfg.Environments.Deploy(ctx, caller, environmentID, session.ID); err != nil {
		_ = b.forget(ctx, instanceID) // the error is the news
		return 0, nil, err
	}
	return http.StatusAccepted, nothing{}, nil
}

// environmentOf gives the environment of a space; it makes one when there is none, or none
// any more.
func (b *Broker) environmentOf(ctx context.Context, caller *core.Caller, spaceID string) (string, error) {
	space, err := store.FindBrokerSpace(ctx, b.cfg.Store.Reader(), spaceID)
	if err != nil {
		return "", err
	}
	if space != nil {
		_, err := b.cfg.Environments.Show(ctx, caller, space.EnvironmentID, "")
		if core.ErrorCode(err) != core.NotFound {
			return space.EnvironmentID, err
		}
	}
	e, _, err := b.cfg.Environments.Create(ctx, caller, yaml.MapOf("name", "my_"+murano.NewID()))
	if err != nil {
		return "", err
	}
	space = &murano.BrokerSpace{ID: spaceID, EnvironmentID: e.ID}
	return e.ID, b.write(ctx, func(ctx context.Context, tx *corestore.Tx) error { return store.SaveBrokerSpace(ctx, tx, space) })
}

// application makes the object of an instance: the parameters of the request, each object in
// them with an id, and a header that says which package it is of.
func application(o *order, pkg *murano.Package) (app *yaml.Map, id string) {
	id = murano.NewID()
	app = yaml.MapOf("name", o.space, "?", yaml.MapOf(o.plan, yaml.MapOf("name", pkg.Name), "type", pkg.FullyQualifiedName, "id", id))
	for name, value := range o.parameters.All() {
		if name == "?" {
			continue // is the broker's
		}
		if m, ok := value.(*yaml.Map); ok {
			giveIDs(m)
		}
		app.Set(name, value)
	}
	return app, id
}

func giveIDs(object *yaml.Map) {
	for name, value := range object.All() {
		m, ok := value.(*yaml.Map)
		if !ok {
			continue
		}
		if name == "?" {
			m.Set("id", murano.NewID())
		}
		giveIDs(m)
	}
}

// deprovision removes the application and deploys the environment without it.
func (b *Broker) deprovision(ctx context.Context, caller *core.Caller, instanceID string) (int, any, error) {
	instance, err := store.FindBrokerInstance(ctx, b.cfg.Store.Reader(), caller.ProjectID, instanceID)
	if err != nil || instance == nil {
		return http.StatusOK, nothing{}, err
	}
	session, err := b.cfg.Environments.Open(ctx, caller, instance.EnvironmentID)
	if err != nil {
		return 0, nil, err
	}
	err = b.cfg.Environments.DeleteServices(ctx, caller, instance.EnvironmentID, session.ID, instance.ServiceID)
	if core.ErrorCode(err) == core.NotFound { // it has been removed before
		if err := b.cfg.Environments.DeleteSession(ctx, caller, instance.EnvironmentID, session.ID); err != nil {
			return 0, nil, err
		}
		return http.StatusOK, nothing{}, b.forget(ctx, instanceID)
	}
	if err != nil {
		return 0, nil, err
	}
	return http.StatusAccepted, nothing{}, b.cfg.Environments.Deploy(ctx, caller, instance.EnvironmentID, session.ID)
}

// operation is how far an instance has come.
type operation struct {
	State       string `json:"state"`
	Description string `json:"description"`
}

// lastOperation tells what the status of the instance's environment is.
func (b *Broker) lastOperation(ctx context.Context, caller *core.Caller, instanceID string) (int, any, error) {
	instance, err := store.FindBrokerInstance(ctx, b.cfg.Store.Reader(), caller.ProjectID, instanceID)
	if err != nil || instance == nil {
		return http.StatusGone, nothing{}, err
	}
	e, err := b.cfg.Environments.Show(ctx, caller, instance.EnvironmentID, "")
	if err != nil {
		return 0, nil, err
	}
	switch e.Status {
	case murano.EnvironmentReady:
		return http.StatusOK, operation{"succeeded", "operation succeed"}, nil
	case murano.EnvironmentDeployFailure, murano.EnvironmentDeleteFailure:
		return http.StatusOK, operation{"failed", string(e.Status) + ". Please correct it manually"}, nil
	}
	return http.StatusAccepted, operation{"in progress", "operation in progress"}, nil
}

func (b *Broker) write(ctx context.Context, fn func(context.Context, *corestore.Tx) error) error {
	return b.cfg.Store.Write(ctx, fn)
}

func (b *Broker) forget(ctx context.Context, instanceID string) error {
	return b.write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		return store.DeleteBrokerInstance(ctx, tx, instanceID)
	})
}
