package metrics

import (
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// signal is one of the six that a service is watched by.
type signal struct {
	name string
	seen func(expression string) bool
}

// The names of metrics by which signals are known are those of the
// OpenTelemetry and Prometheus conventions. What a business signal is called
// is known to nobody else, so none is ever recognised.
var (
	requests = regexp.MustCompile(`(?i)(request|rpc|http_server|grpc_server_handled|calls)[a-z_]*(_total|_count)\b`)
	failures = regexp.MustCompile(`(?i)((code|status|status_code|grpc_code|http_response_status_code|outcome|result)\s*(=~|!~|=|!=)\s*")|(errors?|failures?|failed|exceptions?)(_[a-z]+)*_(total|count)\b`)
	latency  = regexp.MustCompile(`(?i)\b(histogram_quantile|histogram_fraction)\s*\(|_bucket\b|quantile\s*=`)
	usage    = regexp.MustCompile(`(?i)container_(cpu|memory)_|process_(cpu|resident_memory)_|_utili[sz]ation|_usage_(ratio|percent)|kubelet_volume_stats_`)
	backlog  = regexp.MustCompile(`(?i)queue[a-z_]*(depth|length|size|messages|ready)|messages_(ready|unacknowledged)|consumer[a-z_]*_lag|_backlog\b|_pending\b`)
)

func signals() []signal {
	return []signal{
		// A share of requests says nothing of how many there are.
		{"request rate", func(e string) bool {
			return requests.MatchString(e) && !failures.MatchString(e) && !strings.Contains(e, "/") && !latency.MatchString(e)
		}},
		{"error rate", failures.MatchString},
		{"latency", latency.MatchString},
		{"utilisation", usage.MatchString},
		{"queue depth", backlog.MatchString},
		{"business signals", func(string) bool { return false }},
	}
}

// used returns which signals the alerts use, each with an alert that does, and
// those that none uses.
func used(alerts []*fact.Alert) (by []string, none []string) {
	for _, s := range signals() {
		found := ""
		for _, a := range alerts {
			if s.seen(a.Expression) {
				found = s.name + " (" + a.Name + ")"
				break
			}
		}
		if found == "" {
			none = append(none, s.name)
		} else {
			by = append(by, found)
		}
	}
	return by, none
}
