package grafana

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

const small = `{"title": "Shop", "panels": [{"type": "stat", "title": "Up", "datasource": {"type": "prometheus"}, "targets": [{"expr": "up"}]}], "schemaVersion": 1}`

func packed(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// TestResource: each way in which an object holds a dashboard is read, or named.
func TestResource(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"spec: {json: '" + small + "'}":                      "Shop 1",
		"spec:\n  json: |\n    " + small:                     "Shop 1",
		"spec: {gzipJson: " + packed(small) + "}":            "Shop 1",
		"spec: {forProvider: {configJson: '" + small + "'}}": "Shop 1",
		"spec: {definition: '" + small + "'}":                "Shop 1",
		"kind: Dashboard\nspec: " + small:                    "Shop 1",
		"kind: DashboardWithAccessInfo\nspec: {title: N, elements: {a: {kind: Panel, spec: {title: p}}}, layout: {kind: GridLayout, spec: {}}}": "N 1",
		"spec: {json: '{broken'}":         "hole: the dashboard of GrafanaDashboard x is no valid JSON: line 1: invalid character 'b' looking for beginning of object key string problem",
		"spec: {gzipJson: '!!!'}":         "hole: gzipJson of GrafanaDashboard x cannot be unpacked: illegal base64 data at input byte 0 problem",
		"spec: {url: https://a.b/c}":      "hole: the dashboard of GrafanaDashboard x is fetched from an address, and was not read",
		"spec: {grafanaCom: {id: 1}}":     "hole: the dashboard of GrafanaDashboard x is taken from grafana.com, and was not read",
		"spec: {configMapRef: {name: a}}": "",
		"spec: null":                      "hole: GrafanaDashboard x holds no dashboard that was understood",
		"spec: {json: '{\"a\": 1}'}":      "hole: the dashboard of GrafanaDashboard x was not understood",
	} {
		doc := decode.Document{File: "x.yaml", Line: 1, Data: []byte(text)}
		root, problem := doc.Parse()
		if problem != nil {
			t.Fatal(problem)
		}
		set, problems := Resource(Object{Ref: fact.Ref{Location: fact.Location{File: "x.yaml", Line: 1}}, Kind: "GrafanaDashboard", Name: "x", Node: root, At: doc.At})
		got := ""
		for _, d := range set.Dashboards {
			got += fmt.Sprint(d.Title, " ", len(d.Panels))
		}
		for _, h := range set.Coverage.Holes {
			got += "hole: " + h.Why
		}
		if len(problems) > 0 {
			got += " problem"
		}
		if got != want {
			t.Errorf("%.60s:\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestLarge: a dashboard of many megabytes is read as far as people look, and says
// where that ends.
func TestLarge(t *testing.T) {
	t.Parallel()
	panel := `{"type": "stat", "title": "p", "fieldConfig": {"x": "` + strings.Repeat("y", 500) + `"}, "datasource": {"type": "prometheus"}, "targets": [{"expr": "sum(rate(x{a=\"$b\"}[$__rate_interval]))"}]}`
	text := `{"title": "Large", "schemaVersion": 1, "panels": [` + strings.Repeat(panel+",", 20_000) + panel + `]}`
	if len(text) < 10<<20 {
		t.Fatalf("only %d bytes", len(text))
	}
	found := File(decode.Document{File: "x.json", Line: 1, Data: []byte(text)}, fact.Ref{}, "x.json", false)
	if !found.Mine || len(found.Facts.Dashboards) != 1 || len(found.Problems) != 1 {
		t.Fatalf("%+v", found.Problems)
	}
	if d := found.Facts.Dashboards[0]; len(d.Panels) != 2000 || d.Partly == "" || !d.Panels[1999].Queries[0].Parsed {
		t.Errorf("%d panels, %q", len(d.Panels), d.Partly)
	}
}

// TestFile: what is no dashboard is left to others, what is broken is said.
func TestFile(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		small: "mine", "\xef\xbb\xbf" + small: "mine", `{"rows": [1]}`: "", `{"panels": [`: "", "[]": "",
		`{"schemaVersion": 1, "panels": [}`: "mine lost", `{"title": "x", "layout_type": "free", "widgets": []}`: "mine lost",
		`{"apiVersion": "v1", "kind": "ConfigMap", "spec": {}, "rows": []}`: "",
	} {
		found := File(decode.Document{File: "x.json", Line: 1, Data: []byte(text)}, fact.Ref{}, "x.json", false)
		got := ""
		if found.Mine {
			got = "mine"
		}
		if len(found.Facts.Coverage.Holes) > 0 {
			got += " lost"
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
