package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"
)

func TestAccessLineSaysWhoDidWhatWithWhatResult(t *testing.T) {
	var lines bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&lines, nil))
	s := &shop{store: newMemory(), metrics: newMetrics(), principalHeader: "X-Shop-Principal"}
	h := observed(s.routes(), log, s.metrics, nil, s.principalHeader)
	ask(h, "POST", "/orders?card=4111", twoLanterns, "Idempotency-Key", "a", "X-Shop-Principal", "ada\nfake line",
		"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")

	if n := bytes.Count(lines.Bytes(), []byte("\n")); n != 1 {
		t.Fatalf("%d lines for one request", n)
	}
	var got map[string]any
	if err := json.Unmarshal(lines.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]any{
		"msg": "access", "method": "POST", "path": "/orders", "route": "/orders", "status": 201.0,
		"principal": "ada\nfake line", "trace_id": "0af7651916cd43dd8448eb211c80319c",
	} {
		if got[field] != want {
			t.Errorf("%s is %v, want %v", field, got[field], want)
		}
	}
	if got["time"] == nil || got["duration_ms"] == nil {
		t.Errorf("line lacks time or duration: %s", lines.String())
	}
}

func TestPanicCostsOneRequest(t *testing.T) {
	var lines bytes.Buffer
	mux := http.NewServeMux()
	mux.HandleFunc("GET /bad", func(http.ResponseWriter, *http.Request) { panic("boom") })
	h := observed(mux, slog.New(slog.NewJSONHandler(&lines, nil)), newMetrics(), nil, "")
	if w := ask(h, "GET", "/bad", ""); w.Code != 500 || bytes.Contains(w.Body.Bytes(), []byte("boom")) {
		t.Errorf("answer %d %s, want 500 without the insides", w.Code, w.Body)
	}
	if !bytes.Contains(lines.Bytes(), []byte("boom")) {
		t.Error("the log does not say what happened")
	}
}

func TestTooManyInFlightAreRefusedAtOnce(t *testing.T) {
	inside, release := make(chan bool), make(chan bool)
	h := limited(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside <- true; <-release }), 1, newMetrics())
	go ask(h, "GET", "/", "")
	<-inside
	if w := ask(h, "GET", "/", ""); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("second request gets %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	close(release)
}

func TestRequestsHaveADeadline(t *testing.T) {
	h := bounded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		fail(w, fmt.Errorf("%w: %w", errUnavailable, r.Context().Err()))
	}), 10*time.Millisecond)
	if w := ask(h, "GET", "/", ""); w.Code != 503 {
		t.Errorf("answer %d, want 503", w.Code)
	}
}

func TestFailTellsNoInsides(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fail(w, errors.New("table orders is on fire")) })
	if w := ask(h, "GET", "/", ""); w.Code != 500 || bytes.Contains(w.Body.Bytes(), []byte("fire")) {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
}

func TestFaultyBuild(t *testing.T) {
	f, err := parseFaults("errors=1, latency=20ms")
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	w := ask(f.spoil(http.NotFoundHandler()), "GET", "/", "")
	if w.Code != 500 || time.Since(begin) < 20*time.Millisecond {
		t.Errorf("answer %d after %s", w.Code, time.Since(begin))
	}
}

func TestPrincipalHeaderCountsOnlyWhereASettingNamesIt(t *testing.T) {
	r, _ := http.NewRequest("GET", "/", nil)
	r.Header.Set("X-Shop-Principal", "ada")
	if got := principalOf(r, ""); got != nobody {
		t.Errorf("an unasked header makes %q of anyone", got)
	}
	if got := principalOf(r, "X-Shop-Principal"); got != "ada" {
		t.Errorf("the gateway's header yields %q", got)
	}
}
