package simcloud

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"
)

// A call is one request on its way through a handler: who asks, what for, and
// the transaction it reads or writes in.
type call struct {
	*tx
	cloud     *Cloud
	req       *http.Request
	requestID string
	by        *caller // nil on routes that need no token
	now       time.Time
	in        object // the JSON body; empty when there was none
	minor     int    // microversion 2.minor of a call to Nova
	injected  Fault  // the rule that hit this call; zero when none did
}

// A reply is an answer of status with body as JSON; []byte is sent as it is.
type reply struct {
	status int
	body   any
	header http.Header
}

func ok(body any) (*reply, error)       { return &reply{status: http.StatusOK, body: body}, nil }
func created(body any) (*reply, error)  { return &reply{status: http.StatusCreated, body: body}, nil }
func accepted(body any) (*reply, error) { return &reply{status: http.StatusAccepted, body: body}, nil }
func noContent() (*reply, error)        { return &reply{status: http.StatusNoContent}, nil }

func (r *reply) with(key, value string) *reply {
	if r.header == nil {
		r.header = http.Header{}
	}
	r.header.Set(key, value)
	return r
}

// param is a path parameter. Routing goes by the escaped path if there is one,
// so that an escaped slash stays within its segment.
func (c *call) param(name string) string {
	v := chi.URLParam(c.req, name)
	if c.req.URL.RawPath != "" {
		if plain, err := url.PathUnescape(v); err == nil {
			return plain
		}
	}
	return v
}

func (c *call) query(name string) string { return c.req.URL.Query().Get(name) }

// want returns the object a request body wraps in its noun.
func (c *call) want(noun string) (object, error) {
	if o := c.in.obj(noun); o != nil {
		return o, nil
	}
	return nil, badRequest("Invalid input: the body must hold an object %q.", noun)
}

const maxBody = 16 << 20

// decode reads a JSON body, if there is one.
func decode(r *http.Request) (object, error) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, badRequest("The request body could not be read.")
	}
	if len(raw) > maxBody {
		return nil, &apiError{http.StatusRequestEntityTooLarge, "RequestTooLarge", "Request is too large."}
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return object{}, nil
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, badRequest("Malformed request body: %v", err)
	}
	switch b := v.(type) {
	case map[string]any:
		return b, nil
	case []any:
		return object{"": b}, nil // JSON patch documents are lists
	}
	return nil, badRequest("Malformed request body: an object was expected.")
}

// uuidString is the id form of everything but Keystone.
func uuidString() string { return uuid.NewString() }

// hexID is the id form of Keystone.
func hexID() string { return strings.ReplaceAll(uuid.NewString(), "-", "") }

// secret returns n random bytes as hex.
func secret(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// The time forms of the services.
const (
	keystoneTime = "2006-01-02T15:04:05.000000Z"
	novaTime     = "2006-01-02T15:04:05Z"
	cinderTime   = "2006-01-02T15:04:05.000000"
)

// is reports whether err is an answer of the given status.
func is(err error, status int) bool {
	var e *apiError
	return errors.As(err, &e) && e.status == status
}
