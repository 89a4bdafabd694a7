package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Kinds and states as OTLP numbers them.
const (
	spanServer = 2
	spanClient = 3
	spanFailed = 2
)

// span is one piece of work inside a trace.
type span struct {
	traceID    [16]byte
	id, parent [8]byte // an all-zero parent means none
	sampled    bool
	name       string
	kind       int
	begin, end time.Time
	attributes map[string]any // string or int64
	failed     bool
}

type spanKey struct{}

// spanOf returns the span that ctx is in, nil outside of any.
func spanOf(ctx context.Context) *span {
	s, _ := ctx.Value(spanKey{}).(*span)
	return s
}

// traceOf returns the trace id for logs, empty outside of any.
func traceOf(ctx context.Context) string {
	if s := spanOf(ctx); s != nil {
		return hex.EncodeToString(s.traceID[:])
	}
	return ""
}

// startSpan begins a piece of work inside the one that ctx is in.
func startSpan(ctx context.Context, name string, kind int) (context.Context, *span) {
	s := &span{name: name, kind: kind, begin: time.Now(), sampled: true, attributes: map[string]any{}}
	if parent := spanOf(ctx); parent != nil {
		s.traceID, s.parent, s.sampled = parent.traceID, parent.id, parent.sampled
	} else {
		rand.Read(s.traceID[:])
	}
	rand.Read(s.id[:])
	return context.WithValue(ctx, spanKey{}, s), s
}

// joinTrace returns a context in the caller's trace, as the W3C header
// traceparent names it; ctx itself where the header is missing or malformed.
func joinTrace(ctx context.Context, header http.Header) context.Context {
	parts := strings.Split(header.Get("traceparent"), "-")
	if len(parts) < 4 || len(parts[0]) != 2 || parts[0] == "ff" || len(parts[3]) != 2 {
		return ctx
	}
	remote := &span{}
	flags, err := hex.DecodeString(parts[3])
	if err != nil || !decodeID(remote.traceID[:], parts[1]) || !decodeID(remote.id[:], parts[2]) {
		return ctx
	}
	remote.sampled = flags[0]&1 == 1
	return context.WithValue(ctx, spanKey{}, remote)
}

// decodeID fills id; false where text is not of its length or all zero.
func decodeID(id []byte, text string) bool {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(id) || strings.Trim(text, "0") == "" {
		return false
	}
	copy(id, b)
	return true
}

// queryTracer makes a span of each database statement. Statements carry their
// values as parameters, so their text says nothing about anyone.
type queryTracer struct{ out *exporter }

func (q queryTracer) TraceQueryStart(ctx context.Context, c *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if spanOf(ctx) == nil { // readiness checks and the like stand for no request
		return ctx
	}
	text := strings.Join(strings.Fields(data.SQL), " ")
	operation, _, _ := strings.Cut(text, " ")
	ctx, s := startSpan(ctx, operation, spanClient)
	s.attributes["db.system.name"] = "postgresql"
	s.attributes["db.namespace"] = c.Config().Database
	s.attributes["db.query.text"] = text
	s.attributes["server.address"] = c.Config().Host
	return ctx
}

func (q queryTracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	if s := spanOf(ctx); s != nil && s.kind == spanClient {
		s.failed = data.Err != nil
		q.out.finish(s)
	}
}
