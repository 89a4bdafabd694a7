package fact

// Shipper carries log lines of workloads or nodes to a platform.
type Shipper struct {
	Ref
	Namespace, Name string
	// Engine is fluent-bit, fluentd, vector, alloy, promtail, otel-collector, ...
	Engine string
}

// AccessLog is a setting that says who did what is logged, or is not.
type AccessLog struct {
	Ref
	// Engine is nginx, haproxy, envoy, traefik, istio, alb, ...
	Engine string
	On     Truth
}
