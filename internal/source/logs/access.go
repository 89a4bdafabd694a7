package logs

import (
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// meshRoot is Istio's default root namespace, whose rules hold in every other.
const meshRoot = "istio-system"

// Telemetry reads what Istio's Telemetry says of access logs.
// https://istio.io/latest/docs/reference/config/telemetry/
func Telemetry(ref fact.Ref, namespace, name string, root *decode.Node, at func(*decode.Node) fact.Location) fact.Set {
	var out fact.Set
	spec := decode.Child(root, "spec")
	for _, item := range decode.Items(decode.Child(spec, "accessLogging")) {
		l := &fact.AccessLog{
			Ref: ref, Engine: "istio", Name: "Istio (Telemetry " + name + ")", On: fact.Yes(at(item)), At: at(item), Format: "its provider",
			FieldsWhy: "the mesh's accessLogFormat is not here",
		}
		if on(decode.Text(decode.Child(item, "disabled"))) {
			l.On = fact.No(at(item))
			l.On.Why = "Telemetry " + name + " disables access logging"
		}
		labels := map[string]string{}
		for _, key := range decode.Keys(decode.Dig(spec, "selector", "matchLabels")) {
			labels[key.Value] = decode.Text(decode.Dig(spec, "selector", "matchLabels", key.Value))
		}
		switch {
		case len(labels) > 0:
			l.Scope = fact.AccessScope{Namespace: namespace, Selects: &fact.Selector{Labels: labels}}
		case decode.Child(spec, "targetRefs") != nil || decode.Child(spec, "targetRef") != nil:
			continue // gateways alone
		case namespace == meshRoot:
			l.Scope = fact.AccessScope{Everything: true}
		default:
			l.Scope = fact.AccessScope{Namespace: namespace, Selects: &fact.Selector{Everything: true}}
		}
		out.AccessLogs = append(out.AccessLogs, l)
	}
	return out
}

// MeshConfig reads the mesh's own settings of Istio, as its ConfigMap, its
// operator and the values of its chart have them. An empty accessLogFile logs
// nothing by itself.
// https://istio.io/latest/docs/tasks/observability/logs/access-log/
func MeshConfig(f File, root *decode.Node) (fact.Set, []fact.Problem) {
	mesh := root
	if inner := decode.Child(root, "meshConfig"); inner != nil {
		mesh = inner
	}
	format := decode.Child(mesh, "accessLogFormat")
	file := decode.Child(mesh, "accessLogFile")
	if file == nil && format == nil {
		return fact.Set{}, nil
	}
	l := &fact.AccessLog{Ref: f.Ref, Engine: "istio", Name: "Istio (" + f.title() + ")", Scope: fact.AccessScope{Everything: true}, At: f.Doc.At(decode.KeyOf(mesh, "accessLogFile")), Format: "its default format"}
	l.On = fact.Truth{Known: decode.Text(file) != "", Yes: true, At: l.At, Why: "a Telemetry decides"}
	if text := decode.Text(format); text != "" {
		l.Format = "its accessLogFormat"
		l.Fields, l.Records, l.Query = envoyFields(text)
		l.At = f.Doc.At(decode.KeyOf(mesh, "accessLogFormat"))
	} else {
		l.Fields = []fact.AccessField{fact.FieldTime, fact.FieldMethod, fact.FieldPath, fact.FieldStatus}
	}
	return fact.Set{AccessLogs: []*fact.AccessLog{l}}, nil
}

var operator = regexp.MustCompile(`%([A-Z_]+)(?:\(([^)]*)\))?`)

// envoyFields lists what a format of Envoy's writes.
// https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
func envoyFields(format string) (fields []fact.AccessField, secret []string, query bool) {
	seen := map[fact.AccessField]bool{}
	for _, m := range operator.FindAllStringSubmatch(format, -1) {
		arg := strings.ToLower(m[2])
		switch name := m[1]; {
		case name == "START_TIME" || name == "EMIT_TIME":
			seen[fact.FieldTime] = true
		case name == "RESPONSE_CODE":
			seen[fact.FieldStatus] = true
		case name == "PATH":
			seen[fact.FieldPath] = true
		case strings.HasPrefix(name, "DOWNSTREAM_PEER_") && name != "DOWNSTREAM_PEER_CERT_V_START" && name != "DOWNSTREAM_PEER_CERT_V_END", name == "REQUESTED_PRINCIPAL":
			seen[fact.FieldPrincipal] = true
		case name == "DYNAMIC_METADATA" && (strings.Contains(arg, "jwt") || strings.Contains(arg, "istio_authn")):
			seen[fact.FieldPrincipal] = true
		case name == "FILTER_STATE" && strings.Contains(arg, "principal"):
			seen[fact.FieldPrincipal] = true
		case name == "REQ" || name == "REQ_WITHOUT_QUERY":
			header, _, _ := strings.Cut(arg, "?")
			switch {
			case arg == ":method":
				seen[fact.FieldMethod] = true
			case strings.Contains(arg, ":path") || strings.Contains(arg, "original-path"):
				seen[fact.FieldPath] = true
				query = query || name == "REQ"
			case header == "authorization":
				secret = append(secret, "the header Authorization")
			case header == "cookie":
				secret = append(secret, "the cookies")
			case strings.Contains(header, "principal") || strings.Contains(header, "user") && header != "user-agent" || strings.Contains(header, "subject"):
				seen[fact.FieldPrincipal] = true
			}
		}
	}
	for _, f := range fact.AccessFields() {
		if seen[f] {
			fields = append(fields, f)
		}
	}
	if fields == nil {
		fields = []fact.AccessField{}
	}
	return fields, secret, query
}
