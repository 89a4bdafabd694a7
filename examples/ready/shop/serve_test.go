package main

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// running is a shop that serves on loopback.
type running struct {
	shop, ops string // addresses
	stop      func() // as SIGTERM does
	ended     chan error
	log       *journal
}

// journal keeps what the shop logs.
type journal struct {
	lock sync.Mutex
	text strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.lock.Lock()
	defer j.lock.Unlock()
	return j.text.Write(p)
}

func (j *journal) holds(text string) bool {
	j.lock.Lock()
	defer j.lock.Unlock()
	return strings.Contains(j.text.String(), text)
}

func start(t *testing.T, s settings) *running {
	t.Helper()
	s.addr, s.opsAddr = "127.0.0.1:0", "127.0.0.1:0"
	if s.store == "" {
		s.store = "memory"
	}
	if s.requestTimeout == 0 {
		s.requestTimeout = 5 * time.Second
	}
	if s.maxInFlight == 0 {
		s.maxInFlight = 8
	}
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{stop: cancel, ended: make(chan error, 1), log: &journal{}}
	up := make(chan struct{})
	a := &app{
		settings: s, log: slog.New(slog.NewTextHandler(r.log, nil)), metrics: newMetrics(), ready: newReadiness(time.Now), pulse: newPulse(time.Now),
		listening: func(shop, ops net.Addr) { r.shop, r.ops = shop.String(), ops.String(); close(up) },
	}
	go func() { r.ended <- a.run(ctx) }()
	select {
	case <-up:
	case err := <-r.ended:
		t.Fatalf("shop does not start: %v", err)
	}
	t.Cleanup(func() { cancel(); <-r.ended })
	return r
}

func (r *running) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-r.ended:
		r.ended <- err // for the cleanup
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("shop does not end")
		return nil
	}
}

func eventually(t *testing.T, what string, ask func() bool) {
	t.Helper()
	for range 200 {
		if ask() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("not within 4 s: %s", what)
}

// inFlight waits until the shop works on a request.
func (r *running) inFlight(t *testing.T) {
	t.Helper()
	eventually(t, "a request in flight", func() bool {
		resp, err := http.Get("http://" + r.ops + "/metrics")
		return err == nil && strings.Contains(body(t, resp), "http_server_active_requests 1\n")
	})
}

// status returns the answer's code on a connection of its own, 0 without one.
func status(address, path string) int {
	c := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 2 * time.Second}
	resp, err := c.Get("http://" + address + path)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

// The order of things at a stop: not ready while still serving, standing
// connections told to go, new ones refused, what is in flight answered, then
// the end, with success.
func TestStopLosesNothing(t *testing.T) {
	r := start(t, settings{drainDelay: 2 * time.Second, drainTimeout: 10 * time.Second,
		faults: faults{latency: 3 * time.Second}})
	eventually(t, "ready", func() bool { return status(r.ops, "/readyz") == 200 })

	standing, err := net.Dial("tcp", r.shop)
	if err != nil {
		t.Fatal(err)
	}
	defer standing.Close()
	answers := bufio.NewReader(standing)
	fmt.Fprintf(standing, "GET /products HTTP/1.1\r\nHost: shop\r\n\r\n")
	r.inFlight(t)
	r.stop()

	eventually(t, "not ready", func() bool { return status(r.ops, "/readyz") == 503 })
	if got := status(r.ops, "/livez"); got != 200 {
		t.Errorf("livez answers %d while draining; a restart would cut the drain off", got)
	}
	if got := status(r.shop, "/readyz"); got != 503 {
		t.Errorf("a new connection while the word spreads gets %d, want an answer", got)
	}
	resp, err := http.ReadResponse(answers, nil)
	if err != nil {
		t.Fatalf("the request in flight was lost: %v", err)
	}
	if !strings.Contains(body(t, resp), "compass") {
		t.Error("the request in flight got another answer")
	}
	if err := r.end(t); err != nil {
		t.Errorf("stop ends with %v", err)
	}
	if got := status(r.shop, "/readyz"); got != 0 {
		t.Errorf("still serving after the end: %d", got)
	}
}

func TestStopTellsStandingConnectionsToGo(t *testing.T) {
	var leaving atomic.Bool
	h := farewell(http.NotFoundHandler(), leaving.Load)
	if got := ask(h, "GET", "/", "").Header().Get("Connection"); got != "" {
		t.Errorf("Connection is %q while serving", got)
	}
	leaving.Store(true)
	if got := ask(h, "GET", "/", "").Header().Get("Connection"); got != "close" {
		t.Errorf("Connection is %q while draining, want close", got)
	}
}

func TestStopKeepsItsDeadline(t *testing.T) {
	r := start(t, settings{drainTimeout: 100 * time.Millisecond, faults: faults{latency: time.Minute}})
	go status(r.shop, "/products")
	r.inFlight(t)
	r.stop()
	if err := r.end(t); err == nil || !strings.Contains(err.Error(), "still in flight") {
		t.Errorf("ends with %v, want word of what was cut off", err)
	}
}

func TestStartsWithoutTheDatabase(t *testing.T) {
	r := start(t, settings{store: "postgres", poolSize: 1, databaseURL: "postgres://shop@127.0.0.1:1/shop", migrate: true})
	eventually(t, "the store was asked", func() bool {
		resp, err := http.Get("http://" + r.ops + "/readyz")
		return err == nil && resp.StatusCode == 503 && strings.Contains(body(t, resp), "database")
	})
	if got := status(r.ops, "/livez"); got != 200 {
		t.Errorf("livez answers %d; a restart does not bring a database", got)
	}
	resp, err := http.Get("http://" + r.shop + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	if text := body(t, resp); resp.StatusCode != 503 || strings.Contains(text, "database") {
		t.Errorf("the port that customers reach answers %d %s, want 503 without reason", resp.StatusCode, text)
	}
	if got := status(r.shop, "/products"); got != 503 {
		t.Errorf("products without a database answer %d, want 503", got)
	}
}

func TestMetrics(t *testing.T) {
	r := start(t, settings{})
	status(r.shop, "/products")
	status(r.shop, "/made/up")
	resp, err := http.Get("http://" + r.ops + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	page := body(t, resp)
	for _, series := range []string{
		`http_server_request_duration_seconds_bucket{http_request_method="GET",http_response_status_code="200",http_route="/products",le="0.3"} 1`,
		`http_route="none"`,
		`shop_orders_total{outcome="placed"} 0`,
		`shop_ready`,
		`go_goroutines`,
		`process_cpu_seconds_total`,
	} {
		if !strings.Contains(page, series) {
			t.Errorf("metrics lack %s", series)
		}
	}
	if strings.Contains(page, "made/up") {
		t.Error("a path that a caller made up became a series")
	}
}

func TestProbesAnswerWhyNot(t *testing.T) {
	p := newPulse(time.Now)
	h := opsRoutes(newMetrics(), p.stuck, func() error { return errDraining })
	if w := ask(h, "GET", "/readyz", ""); w.Code != 503 || !strings.Contains(w.Body.String(), "draining") {
		t.Errorf("readyz answers %d %s", w.Code, w.Body)
	}
	if w := ask(h, "GET", "/livez", ""); w.Code != 200 {
		t.Errorf("livez answers %d %s", w.Code, w.Body)
	}
}
