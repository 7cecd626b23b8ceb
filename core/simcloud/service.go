package simcloud

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"
)

// A service is one OpenStack API: where it is mounted, its routes, and how it
// words its errors.
type service struct {
	name      string
	mount     string
	routes    []route
	errorBody func(*apiError) (contentType string, body any)
	// requestHeaders are the names under which the request id is answered.
	requestHeaders []string
	// prepare runs before the handler; nil when the service needs nothing.
	prepare func(*call, http.Header) error
}

// A route is one operation. op is its name in fault rules.
type route struct {
	method, path, op string
	do               func(*call) (*reply, error)
	access           access
}

// access says who may call a route and how it uses the store.
type access uint8

const (
	open     access = 1 << iota // no token needed
	admin                       // needs the role admin
	writes                      // a GET that may create what it reads
	selfTx                      // the handler opens its own transactions
	rawBody                     // the body is not JSON
	needsOne                    // needs a project-scoped token
)

func (s *service) router(c *Cloud) http.Handler {
	mux := chi.NewRouter()
	for _, rt := range s.routes {
		mux.MethodFunc(rt.method, rt.path, s.handler(c, rt))
	}
	lost := func(status int, message string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			s.fail(c, w, r, newRequestID(), &apiError{status, http.StatusText(status), message})
		}
	}
	mux.NotFound(lost(http.StatusNotFound, "The resource could not be found."))
	mux.MethodNotAllowed(lost(http.StatusMethodNotAllowed, "The method is not allowed for this resource."))
	return mux
}

func newRequestID() string { return "req-" + uuidString() }

func (s *service) handler(cloud *Cloud, rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{cloud: cloud, req: r, requestID: newRequestID(), now: cloud.now().UTC()}
		f := faultOf(&cloud.faults, s.name, rt.op, r)
		if f != nil {
			if !wait(r.Context(), f.Latency) {
				return
			}
			if !f.AfterEffect && f.answers() {
				s.injected(w, r, c.requestID, f)
				return
			}
			c.injected = *f
		}
		rep, err := s.run(c, rt, w.Header())
		if err == nil && f != nil && f.AfterEffect {
			s.injected(w, r, c.requestID, f)
			return
		}
		if err != nil {
			s.fail(cloud, w, r, c.requestID, err)
			return
		}
		for k, v := range rep.header {
			w.Header()[k] = v
		}
		s.send(w, r, c.requestID, rep.status, "application/json", rep.body)
	}
}

// run authenticates, authorises and executes one call.
func (s *service) run(c *call, rt route, answer http.Header) (*reply, error) {
	if rt.access&open == 0 {
		if err := c.authenticate(rt.access); err != nil {
			return nil, err
		}
	}
	if s.prepare != nil {
		if err := s.prepare(c, answer); err != nil {
			return nil, err
		}
	}
	if rt.access&rawBody == 0 {
		var err error
		if c.in, err = decode(c.req); err != nil {
			return nil, err
		}
	}
	if rt.access&selfTx != 0 {
		return rt.do(c)
	}
	var rep *reply
	within := func(t *tx) (err error) {
		c.tx = t
		rep, err = rt.do(c)
		return err
	}
	if rt.access&writes == 0 && (rt.method == http.MethodGet || rt.method == http.MethodHead) {
		return rep, c.cloud.store.read(within)
	}
	err := c.cloud.store.write(c.req.Context(), within)
	return rep, err
}

// authenticate identifies the caller and checks the route's demands.
func (c *call) authenticate(need access) error {
	err := c.cloud.store.read(func(t *tx) error {
		who, err := c.cloud.identify(t, c.req.Header.Get("X-Auth-Token"), c.now)
		c.by = who
		return err
	})
	if err != nil {
		return err
	}
	if need&admin != 0 && !c.by.admin {
		return forbidden("You are not authorized to perform the requested action.")
	}
	if need&needsOne != 0 && c.by.project == "" {
		return forbidden("The token is not scoped to a project.")
	}
	return nil
}

func (s *service) fail(c *Cloud, w http.ResponseWriter, r *http.Request, requestID string, err error) {
	e := asAPIError(err)
	if e.status == http.StatusInternalServerError && !errors.Is(err, context.Canceled) {
		c.log.ErrorContext(r.Context(), "simulated cloud failed", "service", s.name, "method", r.Method, "path", r.URL.Path, "error", err)
	}
	render := s.errorBody
	if e.status == http.StatusUnauthorized {
		render = keystoneError
		w.Header().Set("WWW-Authenticate", `Keystone uri="`+c.base+`"`)
	}
	kind, body := render(e)
	s.send(w, r, requestID, e.status, kind, body)
}

func (s *service) send(w http.ResponseWriter, r *http.Request, requestID string, status int, kind string, body any) {
	h := w.Header()
	for _, name := range s.requestHeaders {
		h[name] = []string{requestID} // the wire spelling, not Go's
	}
	raw, isRaw := body.([]byte)
	if body != nil && !isRaw {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			status, raw = http.StatusInternalServerError, nil
		}
	}
	if body != nil && h.Get("Content-Type") == "" {
		h.Set("Content-Type", kind)
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(raw) // fails when the client has gone
	}
}
