package dashboards

import (
	"fmt"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

func read(t *testing.T, text string) *fact.Dashboard {
	t.Helper()
	got, err := decode.Skim(decode.Document{Data: []byte(text)}, Keep)
	if err != nil {
		t.Fatal(err)
	}
	return Read(got.Root, Source{Ref: fact.Ref{Subject: "grafana/Dashboard x"}, At: func(n *decode.Node) fact.Location { return fact.Location{File: "x", Line: n.Line} }})
}

// TestLanguages: the data source tells the language of a question, whatever way it
// is named; where nothing does, the question itself.
func TestLanguages(t *testing.T) {
	t.Parallel()
	const frame = `{"title": "x", "schemaVersion": 1, "__inputs": [{"name": "DS_PROM", "pluginId": "prometheus"}], "templating": {"list": [{"name": "logs", "type": "datasource", "query": "loki"}]},
		"panels": [{"type": "timeseries", "title": "p", "datasource": %s, "targets": [%s]}]}`
	for _, c := range []struct{ source, target, want string }{
		{`"${DS_PROM}"`, `{"expr": "up"}`, "promql parsed"},
		{`{"type": "prometheus", "uid": "x"}`, `{"expr": "sum(up"}`, "promql broken"},
		{`{"type": "prometheus", "uid": "x"}`, `{"expr": ""}`, ""},
		{`{"uid": "$logs"}`, `{"expr": "{a=\"b\"} |= \"c\""}`, "logql"},
		{`"-- Mixed --"`, `{"datasource": {"type": "loki"}, "expr": "rate({a=\"b\"}[5m])"}`, "logql"},
		{`"-- Dashboard --"`, `{"panelId": 2}`, ""},
		{`null`, `{"expr": "{a=\"b\"} | json"}`, "logql"},
		{`null`, `{"expr": "rate(x[5m]) keep_metric_names"}`, "metricsql open"},
		{`"Metrics"`, `{"expr": "sum(rate(x{a=\"$b\"}[$__rate_interval])"}`, "promql broken"},
		{`{"type": "acme-cube-datasource"}`, `{"expr": "sum of x"}`, "promql open"},
		{`{"type": "victoriametrics-metrics-datasource"}`, `{"expr": "WITH (a = b) a"}`, "metricsql open"},
		{`{"type": "cloudwatch"}`, `{"namespace": "AWS/RDS", "metricName": "CPUUtilization", "dimensions": {"DBInstanceIdentifier": ["db"]}}`, "cloudwatch parsed"},
		{`{"type": "mysql"}`, `{"rawSql": "SELECT 1"}`, "sql"},
		{`{"type": "__expr__"}`, `{"expression": "$A * 2", "type": "math"}`, "expression parsed"},
		{`{"type": "elasticsearch"}`, `{"query": "level:error", "metrics": [{"type": "count"}]}`, "elasticsearch"},
		{`{"type": "tempo"}`, `{"refId": "A", "queryType": "traceql"}`, "tempo"},
		{`{"type": "prometheus"}`, `{"expr": "sum by (pod) ($metric{job=~\"$job\"})"}`, "promql parsed"},
		{`{"type": "prometheus"}`, `{"expr": "sum(rate($metric[5m])"}`, "promql open"},
	} {
		d := read(t, fmt.Sprintf(frame, c.source, c.target))
		var got []string
		for _, q := range d.Panels[0].Queries {
			word := q.Language
			switch {
			case q.Parsed:
				word += " parsed"
			case q.Mistake != "":
				word += " broken"
			case q.Open != "":
				word += " open"
			}
			got = append(got, word)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s of %s: got %v, want %s", c.target, c.source, got, c.want)
		}
	}
}

// TestNone: what is no dashboard, or one of others, is told.
func TestNone(t *testing.T) {
	t.Parallel()
	for text, engine := range map[string]string{
		`{"title": "Comic", "panels": [{"text": "hello"}]}`: "", `{"panels": []}`: "", `[]`: "", `{"name": "x", "rows": [[1, 2]]}`: "",
		`{"title": "x", "layout_type": "free", "widgets": []}`:                                "Datadog",
		`{"displayName": "x", "mosaicLayout": {}}`:                                            "Google Cloud Monitoring",
		`{"kind": "Dashboard", "metadata": {}, "spec": {"panels": {"a": {}}, "layouts": []}}`: "Perses",
		`{"name": "x", "pages": [{"widgets": []}]}`:                                           "New Relic",
	} {
		if d := read(t, text); d != nil {
			t.Errorf("%s is a dashboard", text)
		}
		got, _ := decode.Skim(decode.Document{Data: []byte(text)}, Keep)
		if f := Foreign(got.Root); f != engine {
			t.Errorf("%s is of %q", text, f)
		}
	}
}

// TestAbout: a dashboard is the service's by what it chooses, and shared where most of
// it tells of layers below.
func TestAbout(t *testing.T) {
	t.Parallel()
	names := NamesOf("checkout", []*fact.Set{{Workloads: []*fact.Workload{{Name: "checkout-api", Namespace: "shop"}, {Name: "web", Namespace: "shop"}, {Name: "node-exporter", Namespace: "monitoring"}}}})
	const frame = `{"title": %q, "schemaVersion": 1, "templating": {"list": [%s]}, "panels": [{"type": "stat", "datasource": {"type": "prometheus"}, "targets": [%s]}]}`
	for _, c := range []struct{ title, variable, expr, want string }{
		{"x", "", `sum(rate(http_requests_total{job="checkout-api"}[5m]))`, "service"},
		{"x", "", `sum(rate(http_requests_total{job="shop/checkout-api"}[5m]))`, "service"},
		{"x", "", `sum(rate(http_requests_total{app="web"}[5m]))`, "service"},
		{"x", "", `sum(container_memory_rss{pod=~"checkout-api-.*"})`, "service"},
		{"x", "", `sum(checkout_orders_total)`, "service"},
		{"x", "", `sum(nginx_ingress_controller_requests{namespace="shop"})`, "service"},
		{"x", "", `sum(nginx_ingress_controller_requests)`, "ingress"},
		{"Node Exporter", "", `sum(node_load1{job="node-exporter"})`, "nodes"},
		{"x", "", `sum(kube_pod_info{job="kube-state-metrics"})`, ""},
		{"x", "", `up{job="$job"}`, ""},
		{"The Checkout", "", `up{job="$job"}`, "service"},
		{"Checkouts", "", `up{job="$job"}`, ""},
		{"Web", "", `up{job="$job"}`, ""},
		{"x", `{"name": "namespace", "type": "query", "current": {"value": "shop"}}`, `up{namespace="$namespace"}`, "service"},
		{"x", `{"name": "pod", "type": "query", "query": "label_values(kube_pod_info{namespace=\"shop\"}, pod)"}`, `up{pod="$pod"}`, "service"},
		{"Checkout's database", "", `cnpg_pg_replication_lag{namespace="shop"}`, "database"},
	} {
		d := read(t, fmt.Sprintf(frame, c.title, c.variable, fmt.Sprintf(`{"expr": %q}`, c.expr)))
		about := names.AboutOf(d)
		got := strings.Join(about.Layers, " ")
		if about.Service {
			got = "service"
		}
		if got != c.want {
			t.Errorf("%s, %s: got %q, want %q", c.title, c.expr, got, c.want)
		}
	}
}

// TestShows: panels are told by what they ask, and by their titles above it.
func TestShows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ title, expr, want string }{
		{"p", `sum(rate(http_requests_total[5m]))`, "[request rate]"},
		{"Throughput", `sum(rate(things[5m]))`, "[request rate]"},
		{"Failures", `sum(rate(declined[5m]))`, "[error rate]"},
		{"Request latency", `histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))`, "[latency percentiles]"},
		{"CPU requests", `sum(things)`, "[]"},
		{"Requests", `sum(kube_pod_container_resource_requests)`, "[]"},
		{"Orders", `sum(rate(shop_orders_total[5m]))`, "[business signals]"},
		{"Requests", `sum(rate(x[5m])`, "[]"},
	} {
		d := read(t, fmt.Sprintf(`{"title": "x", "schemaVersion": 1, "panels": [{"type": "stat", "title": %q, "datasource": {"type": "prometheus"}, "targets": [{"expr": %q}]}]}`, c.title, c.expr))
		if got := fmt.Sprint(Shows(d.Panels[0])); got != c.want {
			t.Errorf("%s, %s: got %s, want %s", c.title, c.expr, got, c.want)
		}
	}
}

// FuzzRead: whatever JSON it is, reading ends and tells what it is about.
func FuzzRead(f *testing.F) {
	f.Add(`{"title": "x", "schemaVersion": 1, "rows": [{"panels": [{"targets": [{"expr": "up"}]}]}], "annotations": {"list": [{"expr": "x", "tags": ["a"]}]}}`)
	f.Add(`{"spec": {"title": "x", "elements": {"a": {"kind": "Panel", "spec": {}}}, "layout": {"kind": "RowsLayout", "spec": {"rows": [{"spec": {"layout": {}}}]}}}, "kind": "Dashboard"}`)
	f.Add(`{"widgets": [{"type": "metric", "properties": {"metrics": [["A", "b", "c", "d"], ["...", "e"], [".", "."], [{"expression": "m1"}]]}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		got, err := decode.Skim(decode.Document{Data: []byte(text)}, Keep)
		if err != nil {
			return
		}
		Foreign(got.Root)
		d := Read(got.Root, Source{At: func(n *decode.Node) fact.Location { return fact.Location{} }})
		if d == nil {
			return
		}
		NamesOf("x", nil).AboutOf(d)
		for _, p := range d.Panels {
			Shows(p)
			Changed(p)
			Where(p, d)
		}
		for _, m := range d.Marks {
			Marked(m)
		}
	})
}
