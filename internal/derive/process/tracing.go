package process

import (
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// exporters are the variables that tell a tracing library where spans go:
// OpenTelemetry's, Datadog's, Jaeger's, Zipkin's, Elastic's, X-Ray's and New
// Relic's own names.
var exporters = map[string]bool{
	"OTEL_EXPORTER_OTLP_ENDPOINT": true, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": true,
	"OTEL_EXPORTER_JAEGER_ENDPOINT": true, "OTEL_EXPORTER_JAEGER_AGENT_HOST": true, "OTEL_EXPORTER_ZIPKIN_ENDPOINT": true,
	"DD_AGENT_HOST": true, "DD_TRACE_AGENT_URL": true, "DD_TRACE_AGENT_HOSTNAME": true,
	"JAEGER_AGENT_HOST": true, "JAEGER_ENDPOINT": true,
	"ZIPKIN_ENDPOINT": true, "MANAGEMENT_ZIPKIN_TRACING_ENDPOINT": true, "MANAGEMENT_OTLP_TRACING_ENDPOINT": true,
	"ELASTIC_APM_SERVER_URL": true, "AWS_XRAY_DAEMON_ADDRESS": true, "NEW_RELIC_LICENSE_KEY": true,
}

// Variable is one variable of an environment.
type Variable struct {
	Name, Value string
	// Elsewhere is true where the value is kept elsewhere and not known.
	Elsewhere bool
	At        fact.Location
}

// Tracing reads what an environment says of spans. A value that comes from
// elsewhere counts as written but is not known.
func Tracing(vars []Variable) (out fact.Tracing) {
	sampler, ratio := "", ""
	for i := range vars {
		e := &vars[i]
		written := e.Value != "" || e.Elsewhere
		value := strings.ToLower(strings.TrimSpace(e.Value))
		at := e.At
		off := func() { out.Off, out.OffAt = e.Name+"="+value, at }
		switch {
		case !written:
		case exporters[e.Name]:
			if out.Exporter == "" {
				out.Exporter, out.At = e.Name, at
			}
		case e.Name == "OTEL_SERVICE_NAME" || e.Name == "DD_SERVICE" || e.Name == "JAEGER_SERVICE_NAME" ||
			e.Name == "ELASTIC_APM_SERVICE_NAME" || e.Name == "NEW_RELIC_APP_NAME" || e.Name == "AWS_XRAY_TRACING_NAME":
			out.Named = true
		case e.Name == "OTEL_RESOURCE_ATTRIBUTES":
			out.Named = out.Named || e.Elsewhere || strings.Contains(value, "service.name=")
		case e.Name == "OTEL_PROPAGATORS" && value != "":
			for _, p := range strings.Split(value, ",") {
				out.Propagators = append(out.Propagators, strings.TrimSpace(p))
			}
			out.PropagatorsAt = at
		case e.Name == "OTEL_SDK_DISABLED" && value == "true",
			e.Name == "OTEL_TRACES_EXPORTER" && value == "none",
			e.Name == "DD_TRACE_ENABLED" && (value == "false" || value == "0"),
			e.Name == "OTEL_TRACES_SAMPLER" && value == "always_off":
			off()
		case e.Name == "OTEL_TRACES_SAMPLER":
			sampler = value
		case e.Name == "OTEL_TRACES_SAMPLER_ARG":
			ratio = value
			if n, err := strconv.ParseFloat(ratio, 64); err == nil && n == 0 && out.Off == "" {
				out.OffAt = at
			}
		}
	}
	// With parentbased_ in front, a ratio of 0 leaves the choice to the caller.
	if n, err := strconv.ParseFloat(ratio, 64); err == nil && n == 0 && sampler == "traceidratio" && out.Off == "" {
		out.Off = "OTEL_TRACES_SAMPLER=traceidratio with OTEL_TRACES_SAMPLER_ARG=" + ratio
	}
	return out
}
