package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
)

// collector keeps the bodies that it is sent, as an OTLP collector would.
func collector(t *testing.T, answer int) (address string, bodies chan map[string]any) {
	bodies = make(chan map[string]any, 8)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var b map[string]any
		if r.URL.Path != "/v1/traces" || json.NewDecoder(r.Body).Decode(&b) != nil {
			t.Errorf("collector is asked %s", r.URL.Path)
		}
		bodies <- b
		w.WriteHeader(answer)
	}))
	t.Cleanup(s.Close)
	return s.URL, bodies
}

// dig follows keys and first elements into decoded JSON.
func dig(value any, keys ...string) any {
	for _, key := range keys {
		for {
			list, isList := value.([]any)
			if !isList || len(list) == 0 {
				break
			}
			value = list[0]
		}
		fields, _ := value.(map[string]any)
		value = fields[key]
	}
	return value
}

func TestRequestJoinsTheCallersTrace(t *testing.T) {
	address, bodies := collector(t, 200)
	e := newExporter(address+"/", "shop")
	h := observed(trial(), quiet, newMetrics(), e, "")
	ask(h, "GET", "/products", "", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	e.flush(quiet)

	got := <-bodies
	spans := dig(got, "resourceSpans", "scopeSpans", "spans")
	for field, want := range map[string]any{
		"traceId": "0af7651916cd43dd8448eb211c80319c", "parentSpanId": "b7ad6b7169203331",
		"name": "GET /products", "kind": 2.0,
	} {
		if v := dig(spans, field); v != want {
			t.Errorf("span has %s %v, want %v", field, v, want)
		}
	}
	if v := dig(got, "resourceSpans", "resource", "attributes", "value", "stringValue"); v != "shop" {
		t.Errorf("service name is %v", v)
	}
}

func TestTraceHeaders(t *testing.T) {
	const id, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	for _, c := range []struct {
		name, header    string
		joined, sampled bool
	}{
		{"sampled", "00-" + id + "-" + parent + "-01", true, true},
		{"not sampled", "00-" + id + "-" + parent + "-00", true, false},
		{"a later version", "01-" + id + "-" + parent + "-01-more", true, true},
		{"missing", "", false, true},
		{"all zero", "00-00000000000000000000000000000000-" + parent + "-01", false, true},
		{"too short", "00-0af7-" + parent + "-01", false, true},
		{"no hex", "00-" + id + "-zzzzzzzzzzzzzzzz-01", false, true},
		{"forbidden version", "ff-" + id + "-" + parent + "-01", false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, s := startSpan(joinTrace(t.Context(), http.Header{"Traceparent": {c.header}}), "x", spanServer)
			if got := traceOf(ctx) == id; got != c.joined || s.sampled != c.sampled {
				t.Errorf("joined %v, sampled %v", got, s.sampled)
			}
		})
	}
}

func TestTracesNeverHoldUpARequest(t *testing.T) {
	e := newExporter("http://127.0.0.1:1", "shop")
	for range exportQueue + 5 {
		_, s := startSpan(t.Context(), "x", spanServer)
		e.finish(s)
	}
	if e.lost() != 5 {
		t.Errorf("%v spans dropped, want 5", e.lost())
	}
	e.flush(quiet)
	if e.lost() <= 5 {
		t.Error("spans that nobody took are not counted")
	}
	var none *exporter
	none.finish(&span{sampled: true})
	none.run(t.Context(), quiet)
	if none.lost() != 0 {
		t.Error("no exporter lost something")
	}
}
