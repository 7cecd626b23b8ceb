package broker

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"

	"hearth/core"
	"hearth/core/httpapi"
	corestore "hearth/core/store"
	"hearth/murano"
	"hearth/murano/api"
	"hearth/murano/catalog"
	"hearth/murano/environment"
)

// Config says what the broker works with.
type Config struct {
	Store        *corestore.Store
	Environments *environment.Service
	Catalog      *catalog.Service
	// Login gives the caller of a name and a password in the broker's project. It returns
	// Unauthorized when they are wrong.
	Login func(ctx context.Context, user, password string) (*core.Caller, error)
	// Authenticate knows the tokens of those callers.
	Authenticate httpapi.Authenticate
	Log          *slog.Logger
}

// Broker answers the requests of platforms.
type Broker struct {
	cfg    Config
	http   *httpapi.API
	faults httpapi.Faults
}

var _ http.Handler = (*Broker)(nil)

// New makes the broker, to be mounted at /v2.
func New(cfg Config) *Broker {
	b := &Broker{cfg: cfg, faults: api.Faults()}
	b.http = httpapi.New(httpapi.Config{
		Name: "broker", Title: "Service broker", Version: "v2", Description: "Packages of the catalogue as services of a platform.",
		Server: "/v2", Faults: b.faults, Authenticate: cfg.Authenticate, Log: cfg.Log,
	})
	b.routes()
	return b
}

// routes is every operation (murano/cfapi/router.py).
func (b *Broker) routes() {
	register(b, "GET", "/catalog", "catalog", "List the services", b.listServices)
	register(b, "PUT", "/service_instances/{instance_id}", "provision", "Make an instance of a service", b.provision)
	register(b, "DELETE", "/service_instances/{instance_id}", "deprovision", "Remove an instance", b.deprovision)
	register(b, "GET", "/service_instances/{instance_id}/last_operation", "last_operation", "Show how far an instance has come", b.lastOperation)
	register(b, "PUT", "/service_instances/{instance_id}/service_bindings/{app_id}", "bind", "Get the credentials of an instance", b.bind)
	register(b, "DELETE", "/service_instances/{instance_id}/service_bindings/{app_id}", "unbind", "Nothing: credentials are not taken back", b.unbind)
}

// answer is a status with a JSON value, or without when that is nil.
type answer struct {
	Status      int
	ContentType string `header:"Content-Type"`
	Body        []byte
}

type handler func(ctx context.Context, caller *core.Caller, instanceID string) (status int, body any, err error)

func register(b *Broker, method, path, id, summary string, h handler) {
	httpapi.Register(b.http, method, path, "", summary, func(ctx context.Context, _ *struct{}) (*answer, error) {
		status, body, err := h(ctx, httpapi.CallerFrom(ctx), httpapi.Request(ctx).PathValue("instance_id"))
		if err != nil {
			return nil, err
		}
		out := &answer{Status: status, ContentType: "application/json"}
		if body != nil {
			if out.Body, err = json.Marshal(body); err != nil {
				return nil, err
			}
		}
		return out, nil
	}, httpapi.ID(id), httpapi.Tag("broker"))
}

// nothing is the body of an answer that says all by its status.
type nothing struct{}

// ServeHTTP logs the caller in and answers (murano/api/middleware/ext_context.py).
func (b *Broker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user, password, ok := r.BasicAuth()
	if !ok {
		b.refuse(w, r, murano.Explain(core.Unauthorized, "Authorization required"))
		return
	}
	caller, err := b.cfg.Login(r.Context(), user, password)
	if core.ErrorCode(err) == core.Unauthorized {
		err = murano.Explain(core.Unauthorized, "Your credentials are wrong. Please try again")
	}
	if err != nil {
		b.refuse(w, r, err)
		return
	}
	r.Header.Set("X-Auth-Token", caller.Token)
	b.http.ServeHTTP(w, r)
}

func (b *Broker) refuse(w http.ResponseWriter, r *http.Request, err error) {
	a := b.faults.Answer(r, err)
	body, ok := a.Body.([]byte)
	if !ok {
		var buf bytes.Buffer
		e := json.NewEncoder(&buf)
		e.SetEscapeHTML(false)
		_ = e.Encode(a.Body) // a struct of texts
		body = bytes.TrimSpace(buf.Bytes())
	}
	if a.ContentType == "" {
		a.ContentType = "application/json"
	}
	w.Header().Set("Content-Type", a.ContentType)
	w.WriteHeader(a.Status)
	_, _ = w.Write(body)
}
