package dashboards

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/promql"
	"seaworthy.dev/seaworthy/internal/derive/rules"
	"seaworthy.dev/seaworthy/internal/fact"
)

// The languages of questions besides those of alert rules.
const (
	SQL        = "sql"
	Expression = "expression" // Grafana's own sums over other answers
)

// languages maps the types of Grafana's data sources to the language in which they
// are asked; those that are not here are asked in their own.
var languages = map[string]string{
	"prometheus": rules.PromQL, "grafana-amazonprometheus-datasource": rules.PromQL, "grafana-azureprometheus-datasource": rules.PromQL,
	"victoriametrics-datasource": rules.MetricsQL, "victoriametrics-metrics-datasource": rules.MetricsQL,
	"loki": rules.LogQL, "victoriametrics-logs-datasource": rules.LogsQL, "graphite": rules.Graphite,
	"mysql": SQL, "postgres": SQL, "grafana-postgresql-datasource": SQL, "mssql": SQL, "grafana-clickhouse-datasource": SQL, "vertamedia-clickhouse-datasource": SQL,
	"grafana-bigquery-datasource": SQL, "doitintl-bigquery-datasource": SQL, "grafana-athena-datasource": SQL, "frser-sqlite-datasource": SQL,
	"__expr__": Expression, "cloudwatch": CloudWatch,
}

// query adds what a panel asks.
func (r *reader) query(p *fact.Panel, target *decode.Node, source string, hidden bool) {
	if source == panels {
		p.Silent = true
		return
	}
	if q := r.asked(target, source); q != nil {
		q.Hidden = hidden
		p.Queries = append(p.Queries, q)
	}
}

// asked reads one question to a data source; nil where it asks nothing.
func (r *reader) asked(target *decode.Node, source string) *fact.PanelQuery {
	target = decode.Follow(target)
	if !decode.IsMapping(target) {
		return nil
	}
	if r.queries++; r.queries > maxQueries {
		r.partly("it asks more than %d questions, and those from there on are not read", maxQueries)
		return nil
	}
	text := func(key string) string { return strings.TrimSpace(decode.Text(decode.Child(target, key))) }
	q := &fact.PanelQuery{At: r.At(target)}
	from := func(keys ...string) bool {
		for _, key := range keys {
			if t := text(key); t != "" {
				q.Expression, q.At = t, r.At(decode.Child(target, key))
				return true
			}
		}
		return false
	}
	language, known := languages[source]
	plugin := !known && source != "default" && source != "" && !named(source)
	if plugin {
		language = source
	}
	switch {
	case known && (language == rules.PromQL || language == rules.MetricsQL || language == rules.LogQL):
		if !from("expr") {
			return nil
		}
		q.Language = language
		if language != rules.LogQL {
			r.parse(q)
		}
	case known && language == CloudWatch, !known && text("metricName") != "" && text("namespace") != "":
		q.Language = CloudWatch
		if from("expression", "sqlExpression", "queryString") {
			return q
		}
		if text("metricName") == "" {
			return nil
		}
		q.Expression = text("namespace") + "/" + text("metricName")
		q.Parsed, q.Metrics = true, []string{q.Expression}
		q.Reads = []fact.Reading{{Metric: q.Expression, Labels: dimensions(decode.Child(target, "dimensions"))}}
	case known && language == Expression:
		q.Language, q.Parsed = Expression, true
		from("expression")
	case !known && from("expr"): // of a data source that nothing tells about
		if q.Language = rules.Foreign(q.Expression); q.Language == "" {
			q.Language = rules.PromQL
		}
		if q.Language != rules.LogQL {
			r.parse(q)
		}
		if plugin && q.Mistake != "" {
			q.Open, q.Mistake = "its data source, "+source+", may have a language of its own", ""
		}
	case from("rawSql", "rawSQL", "rawQueryText"):
		q.Language = SQL
	case from("query", "queryText", "target", "expression"):
		q.Language = language
	case plugin, asks(target):
		q.Language = language
	default:
		return nil
	}
	return q
}

// named reports whether what stands for a data source is the name that somebody gave
// it, and no type of a plugin: those are written in small letters.
func named(source string) bool {
	return strings.ContainsFunc(source, func(c rune) bool { return c != '-' && c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9') })
}

// asks reports whether a target says more than how its answer is shown.
func asks(target *decode.Node) bool {
	for _, key := range decode.Keys(target) {
		switch key.Value {
		case "refId", "datasource", "hide", "format", "legendFormat", "intervalFactor", "step", "interval", "instant", "range", "expr", "query", "editorMode", "exemplar", "queryType", "useBackend", "disableTextWrap", "fullMetaSearch", "includeNullMetadata", "key", "metric", "target":
			continue
		}
		if v := decode.Child(target, key.Value); !decode.IsNull(v) && (decode.Text(v) != "" || len(v.Content) > 0) {
			return true
		}
	}
	return false
}

// parse reads a question as PromQL.
func (r *reader) parse(q *fact.PanelQuery) {
	parsed, mistake, open := promql.ParseFilled(q.Expression, r.values)
	switch {
	case parsed != nil:
		q.Parsed = true
		r.understood(q, parsed)
	case q.Language == rules.MetricsQL, rules.Foreign(q.Expression) == rules.MetricsQL:
		q.Language, q.Open = rules.MetricsQL, "it is written in MetricsQL"
	case rules.Foreign(q.Expression) == rules.LogQL:
		q.Language = rules.LogQL
	case len(q.Expression) > promql.MaxLength || mistake.Line == 0:
		q.Open = mistake.Message
	case open:
		q.Open = "what its variables stand for was not found out: " + mistake.Message
	default:
		q.Mistake = mistake.Message
	}
}

// understood keeps what a query reads and by what its results are told apart.
func (r *reader) understood(q *fact.PanelQuery, parsed *promql.Query) {
	for _, m := range parsed.Metrics() {
		if m != promql.StandIn {
			q.Metrics = append(q.Metrics, m)
		}
	}
	q.Reads = rules.Reads(parsed)
	labels := parsed.Labels()
	q.Loose = !labels.Closed
	for _, l := range labels.Open {
		if !slices.Contains(q.By, l) {
			q.By = append(q.By, l)
		}
	}
}

func dimensions(n *decode.Node) map[string]string {
	var out map[string]string
	for _, key := range decode.Keys(n) {
		v := decode.Follow(decode.Child(n, key.Value))
		if items := decode.Items(v); len(items) > 0 {
			v = items[0]
		}
		if out == nil {
			out = map[string]string{}
		}
		out[key.Value] = decode.Text(v)
	}
	return out
}
