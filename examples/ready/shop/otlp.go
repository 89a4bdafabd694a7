package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	exportEvery = 2 * time.Second
	exportBatch = 512
	exportQueue = 4096
)

// exporter sends finished spans to a collector as OTLP over HTTP, in its JSON
// form. The official SDK would do the same for twenty times the code; a shop
// that calls nobody but its database needs no more than this. Traces never
// hold up a request: what does not fit into the queue is dropped and counted.
type exporter struct {
	url, service string
	client       *http.Client
	queue        chan *span
	dropped      atomic.Int64
}

// newExporter returns an exporter to the collector's base address, or nil
// where that is empty; a nil exporter takes spans and forgets them.
func newExporter(endpoint, service string) *exporter {
	if endpoint == "" {
		return nil
	}
	return &exporter{
		url:     strings.TrimSuffix(endpoint, "/") + "/v1/traces",
		service: service,
		client:  &http.Client{Timeout: 5 * time.Second},
		queue:   make(chan *span, exportQueue),
	}
}

// finish ends a span and hands it over.
func (e *exporter) finish(s *span) {
	s.end = time.Now()
	if e == nil || !s.sampled {
		return
	}
	select {
	case e.queue <- s:
	default:
		e.dropped.Add(1)
	}
}

// lost returns how many spans were dropped.
func (e *exporter) lost() float64 {
	if e == nil {
		return 0
	}
	return float64(e.dropped.Load())
}

// run sends batches until ctx ends, then what is left.
func (e *exporter) run(ctx context.Context, log *slog.Logger) {
	if e == nil {
		return
	}
	tick := time.NewTicker(exportEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			e.flush(log)
			return
		case <-tick.C:
			e.flush(log)
		}
	}
}

func (e *exporter) flush(log *slog.Logger) {
	for {
		batch := e.take()
		if len(batch) == 0 {
			return
		}
		if err := e.send(batch); err != nil {
			e.dropped.Add(int64(len(batch)))
			log.Warn("traces are lost", "spans", len(batch), "error", err.Error())
			return // the collector has a problem; the next tick is soon enough
		}
	}
}

func (e *exporter) take() (batch []*span) {
	for len(batch) < exportBatch {
		select {
		case s := <-e.queue:
			batch = append(batch, s)
		default:
			return batch
		}
	}
	return batch
}

func (e *exporter) send(batch []*span) error {
	body, err := json.Marshal(payload(e.service, batch))
	if err != nil {
		return fmt.Errorf("encode spans: %w", err)
	}
	resp, err := e.client.Post(e.url, "application/json", bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("send spans: %w", err)
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16)) // so that the connection is used again
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("send spans: collector answers %s", resp.Status)
	}
	return nil
}

// object spares four struct types for a format that is only ever written.
type object = map[string]any

// payload returns an ExportTraceServiceRequest in OTLP's JSON mapping: ids in
// hex, 64-bit numbers as strings.
func payload(service string, batch []*span) object {
	spans := make([]object, len(batch))
	for i, s := range batch {
		one := object{
			"traceId":           hex.EncodeToString(s.traceID[:]),
			"spanId":            hex.EncodeToString(s.id[:]),
			"name":              s.name,
			"kind":              s.kind,
			"startTimeUnixNano": strconv.FormatInt(s.begin.UnixNano(), 10),
			"endTimeUnixNano":   strconv.FormatInt(s.end.UnixNano(), 10),
			"attributes":        attributes(s.attributes),
		}
		if s.parent != [8]byte{} {
			one["parentSpanId"] = hex.EncodeToString(s.parent[:])
		}
		if s.failed {
			one["status"] = object{"code": spanFailed}
		}
		spans[i] = one
	}
	return object{"resourceSpans": []object{{
		"resource":   object{"attributes": attributes(object{"service.name": service})},
		"scopeSpans": []object{{"scope": object{"name": "shop"}, "spans": spans}},
	}}}
}

func attributes(values map[string]any) []object {
	list := make([]object, 0, len(values))
	for key, v := range values {
		value := object{"stringValue": v}
		if n, isNumber := v.(int64); isNumber {
			value = object{"intValue": strconv.FormatInt(n, 10)}
		}
		list = append(list, object{"key": key, "value": value})
	}
	return list
}
