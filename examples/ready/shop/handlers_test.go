package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// quiet is for tests that look at answers, not at logs.
var quiet = slog.New(slog.DiscardHandler)

// trial returns a shop that keeps its orders in memory.
func trial() http.Handler {
	return (&shop{store: newMemory(), metrics: newMetrics(), principalHeader: "X-Shop-Principal"}).routes()
}

// ask sends one request; headers are given as name, value, name, value.
func ask(h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func placed(t *testing.T, w *httptest.ResponseRecorder) order {
	t.Helper()
	if w.Code != http.StatusCreated {
		t.Fatalf("answer %d %s, want 201", w.Code, w.Body)
	}
	var o order
	if err := json.Unmarshal(w.Body.Bytes(), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

const twoLanterns = `{"lines":[{"product":"lantern","quantity":2}]}`

func TestOrderIsPlacedAndReadBack(t *testing.T) {
	h := trial()
	w := ask(h, "POST", "/orders", twoLanterns, "Idempotency-Key", "a")
	o := placed(t, w)
	if o.TotalCents != 9100 || len(o.Lines) != 1 || o.Lines[0].PriceCents != 4550 {
		t.Errorf("order is %+v, want two lanterns at 4550", o)
	}
	if got := w.Header().Get("Location"); got != "/orders/"+o.ID {
		t.Errorf("Location is %q", got)
	}
	again := ask(h, "GET", "/orders/"+o.ID, "")
	if again.Code != http.StatusOK || again.Body.String() != w.Body.String() {
		t.Errorf("read back %d %s, want %s", again.Code, again.Body, w.Body)
	}
}

func TestRetryYieldsTheSameOrder(t *testing.T) {
	h := trial()
	first := placed(t, ask(h, "POST", "/orders", twoLanterns, "Idempotency-Key", "a"))
	retry := ask(h, "POST", "/orders", twoLanterns, "Idempotency-Key", "a")
	if second := placed(t, retry); second.ID != first.ID {
		t.Errorf("retry made order %s beside %s", second.ID, first.ID)
	}
	if retry.Header().Get("Idempotency-Replayed") != "true" {
		t.Error("retry does not say that it is one")
	}
	if other := placed(t, ask(h, "POST", "/orders", twoLanterns, "Idempotency-Key", "b")); other.ID == first.ID {
		t.Error("another key yields the same order")
	}
}

func TestPrincipalsDoNotSeeEachOther(t *testing.T) {
	h := trial()
	mine := placed(t, ask(h, "POST", "/orders", twoLanterns, "Idempotency-Key", "a", "X-Shop-Principal", "ada"))
	theirs := placed(t, ask(h, "POST", "/orders", twoLanterns, "Idempotency-Key", "a", "X-Shop-Principal", "bob"))
	if mine.ID == theirs.ID {
		t.Error("a key of one principal replays the order of another")
	}
	if w := ask(h, "GET", "/orders/"+mine.ID, "", "X-Shop-Principal", "bob"); w.Code != http.StatusNotFound {
		t.Errorf("bob reads ada's order: %d", w.Code)
	}
}

func TestOrderRefused(t *testing.T) {
	h := trial()
	placed(t, ask(h, "POST", "/orders", twoLanterns, "Idempotency-Key", "used"))
	for _, c := range []struct {
		name, key, body string
		status          int
		want            string
	}{
		{"no key", "", twoLanterns, 400, "Idempotency-Key is missing"},
		{"long key", strings.Repeat("k", 201), twoLanterns, 400, "longer than 200"},
		{"key of a different order", "used", `{"lines":[{"product":"rope","quantity":1}]}`, 422, "different order"},
		{"unknown product", "a", `{"lines":[{"product":"kraken","quantity":1}]}`, 422, "no such product"},
		{"no lines", "a", `{"lines":[]}`, 400, "1 to 100 lines"},
		{"nothing of it", "a", `{"lines":[{"product":"rope","quantity":0}]}`, 400, "quantity of"},
		{"less than nothing", "a", `{"lines":[{"product":"rope","quantity":-1}]}`, 400, "quantity of"},
		{"twice the same", "a", `{"lines":[{"product":"rope","quantity":1},{"product":"rope","quantity":1}]}`, 400, "two lines"},
		{"misspelt", "a", `{"lines":[{"produkt":"rope","quantity":1}]}`, 400, "unknown field"},
		{"no JSON", "a", `rope`, 400, "body is no order"},
		{"too much", "a", `{"lines":[{"product":"` + strings.Repeat("x", maxBody) + `","quantity":1}]}`, 400, "too large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := ask(h, "POST", "/orders", c.body, "Idempotency-Key", c.key)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("answer %d %s, want %d with %q", w.Code, w.Body, c.status, c.want)
			}
		})
	}
}

func TestProducts(t *testing.T) {
	w := ask(trial(), "GET", "/products", "")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"id":"compass"`) {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	for path, want := range map[string]int{"/": 404, "/orders": 405, "/orders/nobody": 404} {
		if w := ask(trial(), "GET", path, ""); w.Code != want {
			t.Errorf("GET %s answers %d, want %d", path, w.Code, want)
		}
	}
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
