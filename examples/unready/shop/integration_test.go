//go:build integration

package main

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// Red since it was written: nobody's job fails by it (performance/test-coverage).
func TestNegativeQuantityIsRefused(t *testing.T) {
	w := httptest.NewRecorder()
	routes(&memory{}).ServeHTTP(w, httptest.NewRequest("POST", "/orders", strings.NewReader(`{"lines":[{"product":"rope","quantity":-2}]}`)))
	if w.Code < 400 {
		t.Fatalf("the shop pays for it: %d %s", w.Code, w.Body)
	}
}
