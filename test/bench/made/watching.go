package made

import (
	"fmt"
	"strings"
)

// rules writes alert rules, five to a file, with recording rules and unit tests
// beside most of them.
func (w *writer) rules(count int) {
	for n := 0; n < count; n += 5 {
		name := service(n / 5)
		metric := strings.ReplaceAll(name, "-", "_")
		var b, tests strings.Builder
		fmt.Fprintf(&b, "groups:\n  - name: %s\n    interval: 30s\n    rules:\n      - record: job:%s_requests:rate5m\n        expr: sum by (job) (rate(%s_requests_total[5m]))\n", name, metric, metric)
		fmt.Fprintf(&tests, "rule_files: [%s.yaml]\nevaluation_interval: 1m\ntests:\n", name)
		for i := range min(5, count-n) {
			alert := []string{"Errors", "Slow", "Down", "Burning", "BackupOld"}[i]
			expr := []string{
				fmt.Sprintf("sum(rate(%[1]s_requests_total{code=~\"5..\"}[5m])) / sum(rate(%[1]s_requests_total[5m])) > 0.0%[2]d", metric, 1+w.random.IntN(9)),
				fmt.Sprintf("histogram_quantile(0.99, sum by (le) (rate(%s_request_duration_seconds_bucket[5m]))) > %d", metric, 1+w.random.IntN(3)),
				fmt.Sprintf("up{job=\"%s\"} == 0", name),
				fmt.Sprintf("(%[1]s:errors:ratio_rate1h > 14.4 * 0.001 and %[1]s:errors:ratio_rate5m > 14.4 * 0.001)", metric),
				fmt.Sprintf("time() - %s_backup_last_success_timestamp_seconds > 90000", metric),
			}[i]
			fmt.Fprintf(&b, "      - alert: %s%s\n        expr: %s\n        for: %dm\n        labels:\n          severity: %s\n          team: team-%d\n        annotations:\n          summary: \"{{ $labels.job }} has {{ $value }}\"\n          runbook_url: https://git.example.com/shop/shop/src/branch/main/services/%s/docs/%s.md\n",
				strings.ReplaceAll(name, "-", ""), alert, quoted(expr), 1+w.random.IntN(15), pick(w, "critical", "warning", "info"), n%17, name, strings.ToLower(alert))
			if i == 2 {
				fmt.Fprintf(&tests, "  - interval: 1m\n    input_series:\n      - series: 'up{job=\"%s\"}'\n        values: '0x60'\n    alert_rule_test:\n      - eval_time: 40m\n        alertname: %s%s\n        exp_alerts:\n          - exp_labels: {severity: critical, team: team-%d, job: %s}\n", name, strings.ReplaceAll(name, "-", ""), alert, n%17, name)
			}
		}
		w.file(fmt.Sprintf("services/%s/alerts/%s.yaml", name, name), b.String())
		if w.often(60) {
			w.file(fmt.Sprintf("services/%s/alerts/%s_test.yaml", name, name), tests.String())
		}
	}
}

func quoted(expr string) string { return "'" + strings.ReplaceAll(expr, "'", "''") + "'" }

// dashboards writes dashboards of Grafana with a dozen panels or two.
func (w *writer) dashboards(count int) {
	for n := range count {
		name := service(n)
		metric := strings.ReplaceAll(name, "-", "_")
		var panels []string
		for i := range 10 + w.random.IntN(15) {
			expr := pick(w,
				`sum by (code) (rate(`+metric+`_requests_total{namespace=\"$namespace\"}[$__rate_interval]))`,
				`histogram_quantile(0.9, sum by (le) (rate(`+metric+`_request_duration_seconds_bucket{pod=~\"$pod\"}[$__rate_interval])))`,
				`sum(container_memory_working_set_bytes{namespace=\"$namespace\", pod=~\"$pod\"}) by (pod)`,
				`max(`+metric+`_queue_depth)`)
			panels = append(panels, fmt.Sprintf(`{"id": %d, "type": "timeseries", "title": "Panel %d", "gridPos": {"h": 8, "w": 12, "x": %d, "y": %d}, "datasource": {"type": "prometheus", "uid": "${datasource}"}, "fieldConfig": {"defaults": {"unit": "short", "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}]}}, "overrides": []}, "targets": [{"expr": "%s", "legendFormat": "{{pod}}", "refId": "A"}]}`, i, i, i%2*12, i/2*8, expr))
		}
		w.file(fmt.Sprintf("services/%s/dashboards/%s.json", name, name), fmt.Sprintf(`{"uid": "%s", "title": "%s", "schemaVersion": 39, "timezone": "utc", "annotations": {"list": [{"name": "deploys", "enable": true, "expr": "changes(kube_deployment_status_observed_generation[5m]) > 0"}]}, "templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus"}, {"name": "namespace", "type": "query", "query": "label_values(kube_pod_info, namespace)"}, {"name": "pod", "type": "query", "query": "label_values(kube_pod_info{namespace=\"$namespace\"}, pod)"}]}, "panels": [%s]}`, w.hex(8), name, strings.Join(panels, ",\n")))
	}
}

// documents writes runbooks, pages on architecture, records.
func (w *writer) documents(count int) {
	for n := range count {
		name := service(n / 5)
		topic := []string{"errors", "slow", "down", "architecture", "restore"}[n%5]
		var b strings.Builder
		fmt.Fprintf(&b, "# %s: %s\n\nOwner: team-%d. Reviewed on 2026-%02d-%02d.\n\n", name, topic, n%17, 1+w.random.IntN(9), 1+w.random.IntN(28))
		if topic == "architecture" {
			fmt.Fprintf(&b, "```mermaid\nflowchart LR\n  gateway --> %[1]s\n  %[1]s --> %[1]s-db[(%[1]s-db)]\n  %[1]s --> queue\n```\n\n", name)
		}
		for _, part := range []string{"What to check", "What to try", "When to escalate", "Background", "Links"} {
			fmt.Fprintf(&b, "## %s\n\n", part)
			for range 2 + w.random.IntN(4) {
				fmt.Fprintf(&b, "The pool of %s holds at most %d connections; above it requests wait for `acquire_timeout`, and callers see slow answers before they see errors. ", name, 10+w.random.IntN(90))
			}
			b.WriteString("\n\n")
			for i := range 2 + w.random.IntN(5) {
				fmt.Fprintf(&b, "%d. Look at [the dashboard](../dashboards/%s.json), then ask [the owner](#%s).\n", i+1, name, strings.ReplaceAll(strings.ToLower(part), " ", "-"))
			}
			fmt.Fprintf(&b, "\n```sh\nkubectl --namespace %[1]s get pods -l app=%[1]s -o wide | sort\nkubectl --namespace %[1]s rollout restart deployment/%[1]s\n```\n\n", name)
		}
		w.file(fmt.Sprintf("services/%s/docs/%s.md", name, topic), b.String())
	}
}
