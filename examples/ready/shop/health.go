package main

import (
	"errors"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// probes are the two questions that a platform asks, kept apart because they
// have different cures: an instance that is not alive is restarted, one that is
// not ready is left alone until it is.
func probes(mux *http.ServeMux, alive, ready func() error) {
	mux.Handle("GET /livez", probe(alive))
	mux.Handle("GET /readyz", probe(ready))
}

func probe(ask func() error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := ask(); err != nil {
			refuse(w, http.StatusServiceUnavailable, err.Error())
			return
		}
		respond(w, http.StatusOK, map[string]string{"status": "ok"})
	})
}

// discreet keeps the reason of a no to itself.
func discreet(ask func() error) func() error {
	return func() error {
		if ask() != nil {
			return errors.New("no")
		}
		return nil
	}
}

// opsRoutes serves probes and metrics on a port of their own. That port has no
// limit on requests in flight and needs no client certificate: an overloaded
// instance must still be able to say that it lives.
func opsRoutes(m *metrics, alive, ready func() error) http.Handler {
	mux := http.NewServeMux()
	probes(mux, alive, ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return mux
}
