package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// maxBody is far above any order that draft.invalid lets through.
const maxBody = 64 << 10

// shop answers what customers ask.
type shop struct {
	store   store
	metrics *metrics
	// principalHeader is where a trusted gateway names the caller; may be empty.
	principalHeader string
}

func (s *shop) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /products", s.listProducts)
	mux.HandleFunc("POST /orders", s.placeOrder)
	mux.HandleFunc("GET /orders/{id}", s.readOrder)
	return mux
}

func (s *shop) listProducts(w http.ResponseWriter, r *http.Request) {
	goods, err := s.store.products(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	respond(w, http.StatusOK, map[string]any{"products": goods})
}

// placeOrder answers 201 for a new order and for one that was placed before
// with the same key; a client that lost the first answer sees no difference.
func (s *shop) placeOrder(w http.ResponseWriter, r *http.Request) {
	d, err := s.readDraft(w, r)
	if err != nil {
		s.metrics.orders.WithLabelValues("refused").Inc()
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	o, replayed, err := s.store.place(r.Context(), d)
	if err != nil {
		s.metrics.orders.WithLabelValues(outcomeOf(err)).Inc()
		fail(w, err)
		return
	}
	if replayed {
		s.metrics.orders.WithLabelValues("replayed").Inc()
		w.Header().Set("Idempotency-Replayed", "true")
	} else {
		s.metrics.orders.WithLabelValues("placed").Inc()
		s.metrics.revenue.Add(float64(o.TotalCents))
	}
	w.Header().Set("Location", "/orders/"+o.ID)
	respond(w, http.StatusCreated, o)
}

func outcomeOf(err error) string {
	if errors.Is(err, errUnknownProduct) || errors.Is(err, errKeyReused) {
		return "refused"
	}
	return "failed"
}

func (s *shop) readDraft(w http.ResponseWriter, r *http.Request) (draft, error) {
	var body struct {
		Lines []struct {
			Product  string `json:"product"`
			Quantity int64  `json:"quantity"`
		} `json:"lines"`
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		return draft{}, fmt.Errorf("body is no order: %w", err)
	}
	d := draft{principal: principalOf(r, s.principalHeader), key: r.Header.Get("Idempotency-Key")}
	for _, l := range body.Lines {
		d.lines = append(d.lines, line{Product: l.Product, Quantity: l.Quantity})
	}
	return d, d.invalid()
}

func (s *shop) readOrder(w http.ResponseWriter, r *http.Request) {
	o, err := s.store.order(r.Context(), principalOf(r, s.principalHeader), r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	respond(w, http.StatusOK, o)
}
