package logs

import (
	"net/url"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// fates says what becomes of lines that go out by a plugin, whatever shipper has
// it: the names mean the same in all of them.
func fates() map[string]fact.Fate {
	out := map[string]fact.Fate{}
	for fate, names := range map[fact.Fate]string{
		fact.Central: `loki grafana_loki lokiexporter es elasticsearch elasticsearch_dynamic elasticsearch_data_stream opensearch opensearch_data_stream
			cloudwatch cloudwatch_logs awscloudwatchlogs aws_cloudwatch_logs stackdriver google_cloud googlecloud gcp_stackdriver_logs
			datadog datadog_logs splunk splunk_hec splunk_hec_logs splunkhec nrlogs newrelic new_relic new_relic_logs logdna mezmo
			azure azure_monitor_logs azuremonitor azure_logs_ingestion azure-loganalytics azuredataexplorer gelf graylog logz logzio humio humio_logs
			sumologic papertrail honeycomb axiom coralogix dynatrace sematext_logs sematext clickhouse victorialogs vlogs betterstack better_stack
			chronicle oracle_log_analytics skywalking bigquery gcp_chronicle_unstructured observe alibabacloud_logservice tencentcloud_logservice appsignal logtail signalfx sapm
			opensearchexporter elasticsearchexporter doris databend quickwit parseable openobserve`,
		fact.PassedOn: `forward secure_forward forwarder kafka kafka2 kafka-rest rdkafka2 kinesis kinesis_streams kinesis_firehose firehose aws_kinesis_streams aws_kinesis_firehose kinesis_streams_aggregated
			pubsub gcp_pubsub google_cloud_pubsub googlecloudpubsub nats redis pulsar amqp sqs sns aws_sqs aws_sns azure_event_hub azureeventhub azure_event_hubs mqtt syslog remote_syslog syslog_rfc5424
			tcp socket udp vector opentelemetry otlp otlphttp otlp_http otlpgrpc otlp_grpc loadbalancing http out_http websocket logstash rabbitmq awskinesis`,
		fact.Archived: `s3 aws_s3 awss3 gcs google_cloud_storage gcp_cloud_storage azure_blob azureblob azure-storage-append-blob azurestorage azure-storage webhdfs oss aliyun_oss clickhouse_archive td googlecloudstorage`,
		fact.Stays:    `file`,
		fact.Dropped:  `null nullout stdout console debug logging nop blackhole noop nopexporter exit counter flowcounter print`,
	} {
		for _, name := range strings.Fields(names) {
			out[name] = fate
		}
	}
	return out
}

// output says where lines go by a plugin of that name to that place. An exporter
// of OpenTelemetry, or of HTTP, may lead to a platform as well as to somebody who
// passes lines on.
func output(plugin, to string, at fact.Location) fact.LogOutput {
	name := strings.ToLower(plugin)
	o := fact.LogOutput{Engine: plugin, To: host(to), At: at, Fate: fates()[name]}
	if o.Fate == fact.PassedOn && platform(to) {
		o.Fate = fact.Central
	}
	switch o.Fate {
	case fact.FateUnknown:
		o.Why = "what " + plugin + " does is not known here"
	case fact.PassedOn:
		o.Why = "what takes them there is not here"
	}
	return o
}

// platform reports whether an address is that of a platform of logs, by the names
// that these have.
func platform(to string) bool {
	to = strings.ToLower(to)
	for _, name := range []string{
		"loki", "elastic", "opensearch", "splunk", "datadoghq", "nr-data.net", "newrelic", "honeycomb", "grafana.net", "logzio", "logz.io", "sumologic",
		"dynatrace", "coralogix", "papertrail", "axiom", "betterstack", "logtail", "graylog", "victorialogs", "victoria-logs", "signoz", "openobserve", "quickwit",
		"googleapis.com", "amazonaws.com/v1/logs", "monitor.azure.com", "lightstep", "uptrace", "mezmo", "logdna", "humio", "clickhouse", "seq", "parseable", "last9", "observeinc", "solarwinds", "chronosphere", "sentry.io", "edgedelta",
	} {
		if name == "seq" { // a word within others
			if strings.HasPrefix(host(to), "seq.") || host(to) == "seq" {
				return true
			}
			continue
		}
		if strings.Contains(to, name) {
			return true
		}
	}
	return false
}

// host returns the host of an address, and nothing of what may be secret in it.
func host(to string) string {
	to = strings.Trim(strings.TrimSpace(to), `"'`)
	if i := strings.IndexAny(to, ", "); i > 0 {
		to = to[:i]
	}
	if !strings.Contains(to, "://") {
		to = "x://" + to
	}
	u, err := url.Parse(to)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
