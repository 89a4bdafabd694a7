package signals

import (
	"fmt"
	"testing"
)

// TestOf: queries are told by the names in them.
func TestOf(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		`sum by (path) (rate(http_requests_total{job="shop", path="/a/b"}[5m]))`:                        "[request rate]",
		`sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))`:          "[error rate]",
		`1 - sum(rate(http_requests_total{code!~"5.."}[5m])) / sum(rate(http_requests_total[5m]))`:      "[error rate]",
		`sum by (code) (rate(http_requests_total[5m]))`:                                                 "[request rate error rate]",
		`sum(rate(shop_orders_total{outcome="placed"}[30m])) == 0`:                                      "[]",
		`sum(rate(shop_requests_shed_total[5m])) > 1`:                                                   "[]",
		`histogram_quantile(0.99, sum by (le) (rate(http_server_request_duration_seconds_bucket[5m])))`: "[latency percentiles]",
		`rate(http_server_request_duration_seconds_sum[5m])`:                                            "[]",
		`max(container_memory_working_set_bytes) / max(kube_pod_container_resource_limits)`:             "[utilisation]",
		`sum(db_client_connections_waits_total)`:                                                        "[queue depth]",
		`rabbitmq_queue_messages_ready > 1000`:                                                          "[queue depth]",
		`rate(payment_errors_total[5m])`:                                                                "[error rate]",
		`sum(rate(jobs_processed_total[5m]))`:                                                           "[request rate]",
		`AWS/ApplicationELB/RequestCount`:                                                               "[request rate]",
		`AWS/ApplicationELB/HTTPCode_Target_5XX_Count`:                                                  "[error rate]",
		`AWS/ApplicationELB/TargetResponseTime`:                                                         "[latency percentiles]",
		`AWS/ECS/CPUUtilization`:                                                                        "[utilisation]",
		`AWS/SQS/ApproximateAgeOfOldestMessage`:                                                         "[queue depth]",
		`up == 0`:                                                                                       "[]",
	} {
		if got := fmt.Sprint(Of(query)); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
	for metric, want := range map[string]bool{"shop_orders_total": true, "checkout_payments_total": true, "orders_request_duration_seconds_count": false, "http_requests_total": false, "order_queue_depth": false, "go_threads": false, "prometheus_target_scrapes_sample_out_of_order_total": false, "hibernate_checkouts_pool": false, "Shop/orders_placed": true} {
		if Counts(metric) != want {
			t.Errorf("%s counts what the business would miss: %v", metric, !want)
		}
	}
}
