package main

import (
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics are what the shop tells about itself. HTTP names and labels follow
// OpenTelemetry's semantic conventions, so that queries written for any
// service fit this one.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	active   prometheus.Gauge
	shed     prometheus.Counter
	orders   *prometheus.CounterVec
	revenue  prometheus.Counter
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_server_request_duration_seconds",
			Help: "Time from the request's first byte to the answer's last.",
			// 0.3 is the objective's threshold: it needs a bucket of its own.
			Buckets: []float64{.005, .01, .025, .05, .1, .2, .3, .5, 1, 2.5, 5, 10},
		}, []string{"http_request_method", "http_route", "http_response_status_code"}),
		active: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "http_server_active_requests",
			Help: "Requests in flight.",
		}),
		shed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "shop_requests_shed_total",
			Help: "Requests refused because too many were in flight.",
		}),
		orders: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "shop_orders_total",
			Help: "Orders by outcome: placed, replayed, refused or failed.",
		}, []string{"outcome"}),
		revenue: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "shop_revenue_cents_total",
			Help: "Sum of the placed orders.",
		}),
	}
	m.registry.MustRegister(m.requests, m.active, m.shed, m.orders, m.revenue,
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, outcome := range []string{"placed", "replayed", "refused", "failed"} {
		m.orders.WithLabelValues(outcome) // a series at 0 is a fact, a missing one is a question
	}
	return m
}

// observe counts one answered request.
func (m *metrics) observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// gauge publishes a value that is read when it is asked for.
func (m *metrics) gauge(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// counter publishes a total that is read when it is asked for.
func (m *metrics) counter(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, read))
}

// watchPool publishes how full a connection pool is and how long the queue for
// it was: used against max is utilisation, the waits are the queue.
func (m *metrics) watchPool(pool *pgxpool.Pool) {
	stat := pool.Stat
	m.gauge("db_client_connections_max", "Connections that the pool may open.",
		func() float64 { return float64(stat().MaxConns()) })
	m.gauge("db_client_connections_used", "Connections in use.",
		func() float64 { return float64(stat().AcquiredConns()) })
	m.gauge("db_client_connections_idle", "Open connections that wait for work.",
		func() float64 { return float64(stat().IdleConns()) })
	m.counter("db_client_connections_waits_total", "Acquisitions that had to wait.",
		func() float64 { return float64(stat().EmptyAcquireCount()) })
	m.counter("db_client_connections_wait_seconds_total", "Time spent in those waits.",
		func() float64 { return stat().EmptyAcquireWaitTime().Seconds() })
	m.counter("db_client_connections_timeouts_total", "Acquisitions that gave up.",
		func() float64 { return float64(stat().CanceledAcquireCount()) })
}
