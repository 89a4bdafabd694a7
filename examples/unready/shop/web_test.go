package main

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// The one test: the happy path (performance/test-coverage).
func TestOrder(t *testing.T) {
	h := routes(&memory{})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", "/orders", strings.NewReader(`{"lines":[{"product":"rope","quantity":2}]}`)))
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"total_cents":5980`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w = httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/orders/1", nil))
	if w.Code != 200 {
		t.Fatal(w.Code)
	}
}
