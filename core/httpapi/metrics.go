package httpapi

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count requests by API, method, route template and status.
type Metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

// NewMetrics makes the metrics and registers them.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_http_requests_total", Help: "Requests by API, method, route and status.",
		}, []string{"api", "method", "route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hearth_http_request_duration_seconds", Help: "Time to answer, by API, method and route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"api", "method", "route"}),
	}
	r.MustRegister(m.requests, m.duration)
	return m
}

// observe counts one request. What clients invent (paths, methods) is no label.
func (m *Metrics) observe(c *call, method string, status int, took time.Duration) {
	api, route := "", c.route
	if c.api != nil {
		api = c.api.cfg.Name
	}
	if route == "" {
		method = ""
	}
	m.requests.WithLabelValues(api, method, route, strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(api, method, route).Observe(took.Seconds())
}
