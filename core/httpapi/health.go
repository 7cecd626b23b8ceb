package httpapi

import (
	"bytes"
	"context"
	"net/http"
	"time"
)

// HealthCheck is one thing that must work for the process to be of use.
type HealthCheck struct {
	Name string
	Run  func(context.Context) error
}

// Health answers in the form of oslo.middleware's healthcheck: 200, or 503 with the names
// of the checks that failed. HEAD has no body: 204 or 503.
func Health(checks ...HealthCheck) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		status, reasons := http.StatusOK, []string{}
		for _, c := range checks {
			if err := c.Run(ctx); err != nil {
				status = http.StatusServiceUnavailable
				reasons = append(reasons, c.Name+" is not available")
				callFrom(ctx).err = err
			}
		}
		if r.Method == http.MethodHead {
			if status == http.StatusOK {
				status = http.StatusNoContent
			}
			w.WriteHeader(status)
			return
		}
		WriteJSON(w, status, struct {
			Detailed bool     `json:"detailed"`
			Reasons  []string `json:"reasons"`
		}{false, reasons})
	}
}

// WriteJSON answers with a value, for the few routes that are no operations.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	var buf bytes.Buffer
	if err := encodeJSON(&buf, v); err != nil {
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes())
}
