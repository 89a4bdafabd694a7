package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// recorder remembers how a request was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	cause  error // why it was not answered as asked
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// observed writes one access line, one measurement and one span per request.
// It must stand right around the router: only the router knows the route, and
// it leaves it in the request that it was given.
func observed(next http.Handler, log *slog.Logger, m *metrics, traces *exporter, principalHeader string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		m.active.Inc()
		ctx, s := startSpan(joinTrace(r.Context(), r.Header), r.Method, spanServer)
		r = r.WithContext(ctx)
		rec := &recorder{ResponseWriter: w}

		recovered(next).ServeHTTP(rec, r)

		m.active.Dec()
		if rec.status == 0 {
			rec.status = http.StatusOK // nothing written: net/http says 200
		}
		took, route := time.Since(begin), routeOf(r)
		m.observe(methodLabel(r.Method), route, rec.status, took)

		s.name, s.failed = r.Method+" "+route, rec.status >= 500
		s.attributes["http.request.method"] = r.Method
		s.attributes["http.route"] = route
		s.attributes["url.path"] = r.URL.Path
		s.attributes["http.response.status_code"] = int64(rec.status)
		traces.finish(s)

		attributes := []slog.Attr{
			slog.String("method", r.Method),
			slog.String("path", r.URL.Path),
			slog.String("route", route),
			slog.Int("status", rec.status),
			slog.String("principal", principalOf(r, principalHeader)),
			slog.Int64("bytes", rec.bytes),
			slog.Float64("duration_ms", float64(took.Microseconds())/1000),
			slog.String("remote", r.RemoteAddr),
			slog.String("trace_id", traceOf(ctx)),
		}
		if rec.cause != nil {
			attributes = append(attributes, slog.String("error", rec.cause.Error()))
		}
		log.LogAttrs(ctx, slog.LevelInfo, "access", attributes...)
	})
}

// routeOf returns the pattern that the router chose. It is never the path:
// callers choose that, and each one would become a series.
func routeOf(r *http.Request) string {
	if _, path, found := strings.Cut(r.Pattern, " "); found {
		return path
	}
	return "none"
}

// methodLabel keeps invented methods from becoming series.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut,
		http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "_OTHER"
}

// recovered turns a panic into an answer, so that one bad request costs one
// request, and its connection's other streams live on.
func recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p) // the way to say: drop this connection
			default:
				fail(w, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// bounded gives each request a deadline that everything below it inherits.
func bounded(next http.Handler, timeout time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// limited refuses requests beyond a number in flight. A quick no keeps the ones
// inside fast; a queue would make all of them late.
func limited(next http.Handler, most int, m *metrics) http.Handler {
	places := make(chan struct{}, most)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
			next.ServeHTTP(w, r)
		default:
			m.shed.Inc()
			refuse(w, http.StatusServiceUnavailable, "too many requests in flight: try again")
		}
	})
}

// farewell asks clients on standing connections to open a new one elsewhere.
// Closing idle connections from this side instead would race with a request
// that is already on its way.
func farewell(next http.Handler, leaving func() bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if leaving() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
