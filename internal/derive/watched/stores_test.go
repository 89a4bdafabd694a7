package watched

import (
	"slices"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
)

// TestOfStore: what an alert on a store watches is told by the names of metrics.
func TestOfStore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, metric string
		want         []Trouble
	}{
		{"postgresql", "pg_replication_lag_seconds", []Trouble{Lag}}, {"postgresql", "cnpg_shop_statements_seconds_total", []Trouble{Slow}},
		{"postgresql", "db_client_connections_used", []Trouble{Pool}}, {"postgresql", "mysql_global_status_slow_queries", nil},
		{"mysql", "AWS/RDS/DatabaseConnections", []Trouble{Pool}}, {"mysql", "AWS/RDS/AuroraReplicaLagMaximum", []Trouble{Lag}}, {"mysql", "AWS/RDS/ReadLatency", []Trouble{Slow}},
		{"mongodb", "mongodb_ss_opLatencies_latency", []Trouble{Slow}}, {"kafka", "kafka_consumergroup_lag_sum", []Trouble{Lag}}, {"kafka", "db_client_connections_used", nil},
		{"rabbitmq", "rabbitmq_queue_messages_ready", []Trouble{Lag}}, {"redis", "redis_up", nil}, {"postgresql", "xpg_replication_lag", nil}, {"postgresql", "pg_stat_activity_counted", nil},
	} {
		if got, _ := (Recorded{}).OfStore(&fact.Alert{Metrics: []string{c.metric}}, c.kind); !slices.Equal(got, c.want) {
			t.Errorf("%s of %s: got %v, want %v", c.metric, c.kind, got, c.want)
		}
	}
	if why := Without("rabbitmq", Slow); why == "" {
		t.Error("a broker has no queries")
	}
	for name, want := range map[string]bool{"Postgres": true, "mariadb": true, "neo4j": false, "": false} {
		if _, known := StoreKind(name); known != want {
			t.Errorf("%q is known: %v", name, known)
		}
	}
	for _, l := range storeLines() {
		if !slices.Contains(Troubles(), l.trouble) || l.pattern == nil && l.reason == "" {
			t.Errorf("the table has %+v", l)
		}
	}
}
