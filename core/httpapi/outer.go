package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"github.com/google/uuid"
)

// Outer is what stands around everything a listener serves.
type Outer struct {
	Log     *slog.Logger // nil: no access log
	Metrics *Metrics     // nil: none
	// TrustProxy takes scheme, host and prefix of links from X-Forwarded-* headers.
	TrustProxy bool
	// Origins may call from a browser ("*" for any); none: no CORS.
	Origins []string
}

// Wrap puts request ids, the access log, metrics, CORS and a last guard against panics
// around a handler.
func (o Outer) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		c := newCall(r)
		c.requestID, c.trustProxy = "req-"+uuid.NewString(), o.TrustProxy
		if id := r.Header.Get("X-Openstack-Request-Id"); requestID.MatchString(id) {
			c.globalRequest = id
		}
		r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
		c.request = r
		w.Header().Set("X-Openstack-Request-Id", c.requestID)
		rec := &recorder{ResponseWriter: w}
		defer o.done(rec, r, c, started)
		if o.cors(rec, r) {
			return
		}
		next.ServeHTTP(rec, r)
	})
}

var requestID = regexp.MustCompile(`^req-[0-9a-fA-F-]{32,36}$`)

// done ends a request: 500 after a panic that no API took, one line of log, the metrics.
func (o Outer) done(rec *recorder, r *http.Request, c *call, started time.Time) {
	v := recover()
	failure, _ := v.(error)
	if v != nil && !errors.Is(failure, http.ErrAbortHandler) && rec.status == 0 {
		c.err = failure
		http.Error(rec, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		v = nil
	}
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	took := time.Since(started)
	if o.Metrics != nil {
		o.Metrics.observe(c, r.Method, rec.status, took)
	}
	if o.Log != nil {
		o.log(rec, r, c, took)
	}
	if v != nil {
		panic(v)
	}
}

// log writes the path without its query, which may hold signatures.
func (o Outer) log(rec *recorder, r *http.Request, c *call, took time.Duration) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", rec.status),
		slog.Int64("bytes", rec.bytes), slog.Duration("took", took), slog.String("remote", r.RemoteAddr),
		slog.String("request_id", c.requestID),
	}
	if c.globalRequest != "" {
		attrs = append(attrs, slog.String("global_request_id", c.globalRequest))
	}
	if c.caller != nil {
		attrs = append(attrs, slog.String("user", c.caller.UserID), slog.String("project", c.caller.ProjectID))
	}
	if rec.status >= 500 {
		level = slog.LevelError
		if c.err != nil {
			attrs = append(attrs, slog.String("error", c.err.Error()))
		}
	}
	o.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// recorder remembers the status and counts the bytes of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Flush sends what is buffered, for streams.
func (r *recorder) Flush() { _ = http.NewResponseController(r.ResponseWriter).Flush() }

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

var _ http.Flusher = (*recorder)(nil)
