package agent

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"hearth/murano/store"
)

const (
	maxOutput = 1 << 20  // of a script, to either side
	maxLog    = 64 << 10 // that is kept
	maxBody   = 2*maxOutput + 64<<10
)

// Handler is what servers call, with the token of their queue:
//
//	GET  /{queue}/next                       200 the next step, a shell script; 204 none for now
//	POST /{queue}/plans/{plan}/steps/{step}  a form with code, stdout and stderr; 200 goes on, 204 done
//	POST /{queue}/log                        the end of the server's log; 204
//
// 403 says that the server is let in no more or, of a step, that its outcome is in already; 429
// and whatever else is no answer: it is to be asked again.
func (s *Service) Handler() http.Handler {
	mux := chi.NewRouter()
	mux.Route("/{queue}", func(r chi.Router) {
		r.Use(s.admit)
		r.Get("/next", s.handle(s.getNext))
		r.Post("/plans/{plan}/steps/{step}", s.handle(s.postStep))
		r.Post("/log", s.handle(s.postLog))
	})
	return mux
}

// admit lets in who has the queue's token. Whether the queue is there still, each call sees.
func (s *Service) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if !s.admits(r.Header.Get("Authorization"), chi.URLParam(r, "queue")) {
			http.Error(w, errRefused.Message, http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// handle turns errors into statuses.
func (s *Service) handle(do func(w http.ResponseWriter, r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := do(w, r)
		tooLarge, isTooLarge := errors.AsType[*http.MaxBytesError](err)
		_, isForm := errors.AsType[*formError](err)
		switch {
		case err == nil:
		case errors.Is(err, errRefused):
			http.Error(w, errRefused.Message, http.StatusForbidden)
		case isTooLarge:
			http.Error(w, tooLarge.Error(), http.StatusRequestEntityTooLarge)
		case isForm:
			http.Error(w, err.Error(), http.StatusBadRequest)
		case s.ctx.Err() != nil, r.Context().Err() != nil:
			// The service stops, or the server has gone: it is to ask again, anew.
			w.Header().Set("Connection", "close")
			http.Error(w, "Ask again", http.StatusTooManyRequests)
		default:
			s.log.Error("answer an agent", "path", r.URL.Path, "error", err)
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}
	}
}

func (s *Service) getNext(w http.ResponseWriter, r *http.Request) error {
	step, err := s.next(r.Context(), chi.URLParam(r, "queue"))
	if err != nil {
		return err
	}
	if step == nil {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	w.Header().Set("Content-Type", "text/x-shellscript; charset=utf-8")
	_, _ = w.Write(step) // who has gone asks again
	return nil
}

// formError says what is wrong with what a server posts.
type formError struct{ message string }

func (e *formError) Error() string { return e.message }

func (s *Service) postStep(w http.ResponseWriter, r *http.Request) error {
	done, err := strconv.Atoi(chi.URLParam(r, "step"))
	if err != nil {
		return &formError{"the number of the step is none"}
	}
	q, err := store.FindAgentQueueByID(r.Context(), s.store.Reader(), chi.URLParam(r, "queue"))
	if err != nil {
		return err
	}
	if q == nil {
		return errRefused
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	form, err := r.MultipartReader()
	if err != nil {
		return &formError{"a multipart form is wanted"}
	}
	came, err := outcomeOf(form)
	if err != nil {
		return err
	}
	more, err := s.answer(r.Context(), q, chi.URLParam(r, "plan"), done, came)
	if err != nil {
		return err
	}
	if !more {
		w.WriteHeader(http.StatusNoContent)
	}
	return nil
}

func outcomeOf(form *multipart.Reader) (*outcome, error) {
	var out outcome
	code := ""
	fields := map[string]*string{"code": &code, "stdout": &out.Stdout, "stderr": &out.Stderr}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, formFailure(err)
		}
		into := fields[part.FormName()]
		if into == nil {
			return nil, &formError{"the form has a field that is not known"}
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, formFailure(err)
		}
		*into = lastOf(content, maxOutput)
	}
	n, err := strconv.Atoi(strings.TrimSpace(code))
	if err != nil {
		return nil, &formError{"code is no exit code"}
	}
	out.Code = n
	return &out, nil
}

// formFailure is err of a form that could not be read.
func formFailure(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return &formError{"the form cannot be read"}
}

// lastOf is the end of an output as a text.
func lastOf(content []byte, most int) string {
	return strings.ToValidUTF8(string(content[max(len(content)-most, 0):]), "\uFFFD")
}

func (s *Service) postLog(w http.ResponseWriter, r *http.Request) error {
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return formFailure(err)
	}
	if err := s.keepLog(r.Context(), chi.URLParam(r, "queue"), lastOf(content, maxLog)); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
