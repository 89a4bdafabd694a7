package rules

import "regexp"

// Signs of LogQL: a choice of streams is followed by a filter or a parser.
// https://grafana.com/docs/loki/latest/query/
var logql = regexp.MustCompile("\\}\\s*(?:\\|=|\\|~|\\|>|!=\\s*[\"`]|!~\\s*[\"`]|!>|\\|\\s*(?:json|logfmt|pattern|regexp|unpack|line_format|label_format|unwrap|decolorize|drop|keep|[a-zA-Z_]\\w*\\s*[=!<>]))")

// Signs of MetricsQL that PromQL does not know.
// https://docs.victoriametrics.com/victoriametrics/metricsql/
var metricsql = regexp.MustCompile(`(?i)\bwith\s*\(|\bkeep_metric_names\b|\b(?:default|ifnot|if)\b|\blimit\s+\d|\[\d*i\]|[{,][^{}"]*"[^"]*"\s+or\s+\w+\s*[=!]|` +
	`\b(?:aggr_over_time|ascent_over_time|count_eq_over_time|count_gt_over_time|count_le_over_time|count_ne_over_time|decreases_over_time|default_rollup|descent_over_time|distinct_over_time|duration_over_time|geomean_over_time|hoeffding_bound_\w+|increase_prometheus|increase_pure|increases_over_time|integrate|lag|lifetime|median_over_time|mode_over_time|outlier_iqr_over_time|quantiles_over_time|range_over_time|rate_over_sum|rollup\w*|scrape_interval|share_\w+_over_time|stale_samples_over_time|sum_eq_over_time|sum_gt_over_time|tfirst_over_time|timestamp_with_name|tlast_change_over_time|tlast_over_time|tmax_over_time|tmin_over_time|zscore_over_time|` +
	`alias|label_copy|label_del|label_graphite_group|label_keep|label_lowercase|label_map|label_match|label_mismatch|label_move|label_set|label_transform|label_uppercase|label_value|labels_equal|` +
	`bitmap_\w+|buckets_limit|end|histogram_share|histogram_avg|interpolate|keep_last_value|keep_next_value|now|prometheus_buckets|rand\w*|range_\w+|remove_resets|running_\w+|smooth_exponential|start|step|timezone_offset|union|vmrange|` +
	`any|bottomk_\w+|distinct|geomean|histogram|mad|median|mode|outliers_\w+|outliersk|quantiles|share|sum2|topk_\w+|zscore)\s*\(`)

// Foreign returns the language whose signs an expression carries that is no
// PromQL; empty where it carries none.
func Foreign(text string) string {
	switch {
	case logql.MatchString(text):
		return LogQL
	case metricsql.MatchString(text):
		return MetricsQL
	}
	return ""
}
