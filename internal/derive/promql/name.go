package promql

// metricName is the label under which Prometheus keeps a metric's name.
const metricName = "__name__"
