package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// serve has no timeouts and no limits: one client that sends a byte a minute
// holds a connection for as long as it likes (performance/load-test).
func serve(s store) error {
	log.Println("listening on " + getenv("ADDR", ":8080"))
	return http.ListenAndServe(getenv("ADDR", ":8080"), routes(s))
}

func routes(s store) http.Handler {
	w := &web{store: s}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", w.health)
	mux.HandleFunc("GET /metrics", w.metrics)
	mux.HandleFunc("GET /products", w.products)
	mux.HandleFunc("POST /orders", w.placeOrder)
	mux.HandleFunc("GET /orders/{id}", w.readOrder)
	return w.counted(mux)
}

type web struct {
	store    store
	requests atomic.Int64
	errors   atomic.Int64
	micros   atomic.Int64
}

// health answers both probes and asks the database, without a deadline. When
// the database is away every instance is restarted, again and again, and is
// slower to come back than if it had been left alone (health/liveness).
func (w *web) health(out http.ResponseWriter, _ *http.Request) {
	if err := w.store.ping(); err != nil {
		http.Error(out, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(out, "ok")
}

// metrics knows an average: nine fast answers hide one that took ten seconds
// (observability/metrics).
func (w *web) metrics(out http.ResponseWriter, _ *http.Request) {
	fmt.Fprintf(out, "requests_total %d\n", w.requests.Load())
	fmt.Fprintf(out, "errors_total %d\n", w.errors.Load())
	fmt.Fprintf(out, "request_duration_avg_seconds %f\n", float64(w.micros.Load())/1e6/float64(max(w.requests.Load(), 1)))
}

func (w *web) products(out http.ResponseWriter, _ *http.Request) {
	list, err := w.store.products()
	w.answer(out, map[string]any{"products": list}, err)
}

// placeOrder writes the customer's address into the log (privacy/purge has to
// look there too) and takes whatever it is sent, of any size.
func (w *web) placeOrder(out http.ResponseWriter, r *http.Request) {
	var o order
	if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
		http.Error(out, err.Error(), http.StatusBadRequest)
		return
	}
	o.TotalCents = total(o.Lines)
	o, err := w.store.place(o)
	log.Printf("new order %d from %s, total %d", o.ID, o.Email, o.TotalCents)
	w.answer(out, o, err)
}

func (w *web) readOrder(out http.ResponseWriter, r *http.Request) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	o, err := w.store.order(id)
	w.answer(out, o, err)
}

func (w *web) answer(out http.ResponseWriter, value any, err error) {
	switch {
	case errors.Is(err, errNotFound):
		http.Error(out, "not found", http.StatusNotFound)
	case err != nil:
		w.errors.Add(1)
		http.Error(out, err.Error(), http.StatusInternalServerError)
	default:
		out.Header().Set("Content-Type", "application/json")
		json.NewEncoder(out).Encode(value)
	}
}

func (w *web) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		next.ServeHTTP(out, r)
		w.requests.Add(1)
		w.micros.Add(time.Since(begin).Microseconds())
	})
}
