package exchangetest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Documented gives a handler that answers as h does, and makes the test fail with each
// answer that is not as the document says that h serves at /openapi.json: in its status,
// the type and the shape of its body, and its headers. A request that succeeds must be as
// the document says, too.
func Documented(t testing.TB, h http.Handler) http.Handler {
	t.Helper()
	return DocumentedAt(t, "", h)
}

// DocumentedAt is Documented for an API below a prefix of h, as is its document.
func DocumentedAt(t testing.TB, prefix string, h http.Handler) http.Handler {
	t.Helper()
	checked, err := Check(h, prefix, func(err error) { t.Errorf("not as documented: %v", err) })
	if err != nil {
		t.Fatal(err)
	}
	return checked
}

// Check is Documented where there is no test at hand: report gets what is not as the
// document says. Check fails when h serves no document that can be read.
func Check(h http.Handler, prefix string, report func(error)) (http.Handler, error) {
	res := httptest.NewRecorder()
	h.ServeHTTP(res, httptest.NewRequest(http.MethodGet, prefix+"/openapi.json", nil))
	d, err := read(res.Body.Bytes())
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, prefix+"/") {
			h.ServeHTTP(w, r)
			return
		}
		asked := *r // what is behind may change its URL and its headers
		asked.URL, asked.Header = without(prefix, r.URL), r.Header.Clone()
		var sent bytes.Buffer
		if r.Body != nil {
			r.Body = body{io.TeeReader(r.Body, &sent), r.Body}
		}
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		h.ServeHTTP(rec, r)
		for _, err := range d.check(&Exchange{Request: &asked, Sent: sent.Bytes(), Status: rec.status, Header: rec.Header(), Answer: rec.body.Bytes()}) {
			report(err)
		}
	}), nil
}

// without is an address without a prefix of its path.
func without(prefix string, from *url.URL) *url.URL {
	u := *from
	u.Path, u.RawPath = strings.TrimPrefix(u.Path, prefix), strings.TrimPrefix(u.RawPath, prefix)
	return &u
}

// Exchange is a request and its answer.
type Exchange struct {
	Request *http.Request // its body is in Sent, as far as it was read
	Sent    []byte
	Status  int
	Header  http.Header
	Answer  []byte
}

type body struct {
	io.Reader
	io.Closer
}

// recorder keeps what it passes on.
type recorder struct {
	http.ResponseWriter
	status int
	begun  bool
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	if !r.begun && status >= 200 {
		r.begun, r.status = true, status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.begun = true
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// documents are those that have been read: each service of a test serves the same.
var documents sync.Map

func read(raw []byte) (*Document, error) {
	if d, ok := documents.Load(string(raw)); ok {
		return d.(*Document), nil
	}
	d, err := ReadDocument(raw)
	if err != nil {
		return nil, err
	}
	documents.Store(string(raw), d)
	return d, nil
}
