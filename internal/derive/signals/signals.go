// Package signals tells which of the six signals of a service a query reads: how
// much is asked of it, how much fails, how long it takes, how full it is, how much
// waits, and what the business gets out of it.
package signals

import (
	"regexp"
	"slices"
	"strings"
)

// Signal is one of the six.
type Signal string

// The signals, in the order in which the standard lists them.
const (
	Requests    Signal = "request rate"
	Errors      Signal = "error rate"
	Latency     Signal = "latency percentiles"
	Utilisation Signal = "utilisation"
	Backlog     Signal = "queue depth"
	Business    Signal = "business signals"
)

// All lists them.
func All() []Signal {
	return []Signal{Requests, Errors, Latency, Utilisation, Backlog, Business}
}

// Key returns the signal's name as a manifest writes it.
func (s Signal) Key() string { return strings.ReplaceAll(string(s), " ", "-") }

// outcomes are labels that tell how a request ended; chosenFailure chooses those that
// failed, or leaves out those that did not.
const (
	outcomes      = `code|status|status_code|grpc_code|grpc_status|http_response_status_code|http_status_code|outcome|result|response_code|rpc_grpc_status_code`
	chosenFailure = `(?i)\b(` + outcomes + `)\s*(?:(?:=~|=)\s*"[^"]*(?:[45]|err|fail|reject|denied|refus|timeout|invalid|unavailable|internal)[^"]*"|(?:!~|!=)\s*")`
)

// The names of metrics by which signals are known are those of the OpenTelemetry and
// Prometheus conventions, of the usual proxies and client libraries, and of
// CloudWatch:
// https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
// https://prometheus.io/docs/practices/naming/
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
var (
	requests = regexp.MustCompile(`(?i)(request|rpc|http_server|grpc_server_handled|calls|messages?|jobs?|tasks?|events?|records?)[a-z_]*(_total|_count)\b|requests?[a-z_0-9]*:[a-z_]*(rate|increase)|_requests\b|_upstream_rq|\bhistogram_count\s*\(|AWS/\S+/(RequestCount|Invocations|Count|ConsumedReadCapacityUnits)\b`)
	failures = regexp.MustCompile(chosenFailure + `|\bby\s*\([^)]*\b(` + outcomes + `)\b|(errors?|failures?|failed|exceptions?)([_:][a-z0-9_:]+)?_(total|count)\b|errors?:[a-z_]*(rate|increase|ratio)|_rq_(5xx|xx)|AWS/\S+/(HTTPCode\S*|5XXError|4XXError|Errors|SystemErrors|UserErrors)\b`)
	chosen   = regexp.MustCompile(chosenFailure + `|(?i)errors?|failures?|failed|exceptions?|_shed|dropped|rejected|refused|throttled|retries|timeouts?`)
	latency  = regexp.MustCompile(`(?i)\b(histogram_quantile|histogram_fraction|quantile_over_time)\s*\(|_bucket\b|quantile\s*=~?|AWS/\S+/(TargetResponseTime|Latency|IntegrationLatency|Duration|SuccessfulRequestLatency)\b`)
	usage    = regexp.MustCompile(`(?i)container_(cpu|memory)_|process_(cpu|resident_memory)_|_utili[sz]ation|_usage_(ratio|percent)|kubelet_volume_stats_|jvm_memory_used|go_memstats_(heap|alloc)|AWS/(ECS|EC2|Lambda|AppRunner|AutoScaling)/\S*(Utilization|ConcurrentExecutions)|ContainerInsights/\S*(Utilized|_utilization)|run.googleapis.com/container/(cpu|memory)|(Cpu|Memory)(Percentage|WorkingSetBytes)`)
	backlog  = regexp.MustCompile(`(?i)queue[a-z_]*(depth|length|size|messages|ready|waiting)|messages_(ready|unacknowledged)|consumer[a-z_]*_lag|_backlog\b|_pending(_|\b)|in_?flight|active_requests|_waits?(_|\b)|ApproximateNumberOfMessages|ApproximateAgeOfOldestMessage|SurgeQueueLength|MaxOffsetLag`)
	quoted   = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`)
)

// Of returns the signals that a query reads, as far as the names in it tell. A
// business signal is told by Named and by Counts.
func Of(expression string) (out []Signal) {
	bare := quoted.ReplaceAllString(expression, `""`)
	slow := latency.MatchString(expression)
	if requests.MatchString(expression) && !chosen.MatchString(expression) && !strings.Contains(strings.ReplaceAll(bare, "AWS/", ""), " / ") && !slow {
		out = append(out, Requests) // a share of requests says nothing of how many there are
	}
	for _, s := range []struct {
		signal Signal
		seen   bool
	}{{Errors, failures.MatchString(expression)}, {Latency, slow}, {Utilisation, usage.MatchString(expression)}, {Backlog, backlog.MatchString(expression)}} {
		if s.seen {
			out = append(out, s.signal)
		}
	}
	return out
}

// things are what businesses count, as the names of metrics call them.
var things = []string{
	"orders", "checkouts", "payment", "payments", "payout", "payouts", "purchase", "purchases", "sales", "revenue", "carts", "baskets", "booking", "bookings",
	"reservations", "signup", "signups", "login", "logins", "signin", "signins", "invoice", "invoices", "shipment", "shipments", "refund", "refunds",
	"deposit", "deposits", "withdrawal", "withdrawals", "donation", "donations", "rides", "appointments", "customers",
}

// technical are words by which a metric tells of the machine and not of what it is
// for.
var technical = []string{
	"request", "requests", "http", "grpc", "rpc", "sql", "db", "cpu", "memory", "bytes", "connection", "connections", "queue", "cache", "gc", "heap", "thread", "threads",
	"goroutines", "duration", "latency", "seconds", "pool", "retry", "retries", "timeout", "timeouts", "bucket", "kafka", "consumer", "producer", "lag", "partition", "replica",
	"node", "container", "kube", "process", "up", "info", "error", "errors", "migration", "migrations", "prometheus", "alertmanager", "grafana", "ssh", "aws", "nginx", "mysql", "pg", "redis",
}

// Counts reports whether a metric's name says that it counts what the business
// would miss: shop_orders_total.
func Counts(metric string) bool {
	words := strings.FieldsFunc(strings.ToLower(metric), func(c rune) bool { return c == '_' || c == ':' || c == '.' || c == '/' })
	known := slices.ContainsFunc(words, func(w string) bool { return slices.Contains(things, w) })
	return known && !slices.ContainsFunc(words, func(w string) bool { return slices.Contains(technical, w) })
}
