package shipping

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

// Output says where lines go by a plugin of that name to that place. An exporter
// of OpenTelemetry, or of HTTP, may lead to a platform as well as to somebody who
// passes lines on.
func Output(plugin, to string, at fact.Location) fact.LogOutput {
	name := strings.ToLower(plugin)
	o := fact.LogOutput{Engine: plugin, To: Host(to), At: at, Fate: fates()[name]}
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
			if strings.HasPrefix(Host(to), "seq.") || Host(to) == "seq" {
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

// Host returns the host of an address, and nothing of what may be secret in it.
func Host(to string) string {
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

// Driver says where lines go by a logging driver of Docker, as compose files and
// task definitions name it. Option returns the value of one of its options.
// https://docs.docker.com/engine/logging/configure/
func Driver(name string, option func(string) string, at fact.Location) *fact.LogOutput {
	o := &fact.LogOutput{Engine: name, At: at}
	plugin, _, _ := strings.Cut(name[strings.LastIndexByte(name, '/')+1:], ":")
	switch plugin {
	case "none":
		o.Fate, o.Why = fact.Dropped, "the logging driver is none"
	case "", "json-file", "local", "journald":
		o.Fate = fact.Stays
	case "awslogs":
		o.Fate, o.Engine, o.To = fact.Central, "CloudWatch", option("awslogs-group")
	case "gcplogs":
		o.Fate, o.Engine = fact.Central, "Cloud Logging"
	case "splunk", "logentries", "loki", "loki-docker-driver", "sumologic", "docker-logging-plugin", "elastic-logging-plugin", "logzio-logging-plugin", "dd-log-driver":
		o.Fate, o.To = fact.Central, Host(firstOf(option("splunk-url"), option("loki-url")))
	case "gelf":
		o.Fate, o.To = fact.Central, Host(option("gelf-address"))
	case "syslog":
		o.Fate, o.To, o.Why = fact.PassedOn, Host(option("syslog-address")), "what takes them there is not here"
		if o.To == "" {
			o.Fate, o.Why = fact.Stays, ""
		}
	case "fluentd":
		o.Fate, o.To, o.Why = fact.PassedOn, firstOf(Host(option("fluentd-address")), "localhost"), "what takes them there is not here"
	case "awsfirelens":
		switch to := firstOf(option("Name"), option("name"), option("@type")); to {
		case "":
			o.Why = "the router's own configuration decides, which is not read"
		default:
			*o = Output(to, firstOf(option("Host"), option("host"), option("endpoint"), option("log_group_name")), at)
		}
	default:
		o.Why = "what the driver does is not known here"
	}
	if o.Fate == fact.Central && (o.To == "localhost" || o.To == "127.0.0.1") {
		o.Fate, o.Why = fact.PassedOn, "what takes them on that host is not here"
	}
	return o
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
