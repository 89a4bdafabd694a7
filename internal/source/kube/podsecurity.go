package kube

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

func (r Reader) breaches(o *object, t template, spec *decode.Node) []fact.Breach {
	meta := metav1.ObjectMeta{Name: o.meta.Name, Labels: t.meta.Labels, Annotations: t.meta.Annotations}
	out := r.pods.Breaches(&meta, t.spec)
	for i := range out {
		out[i].At = o.at(breachNode(&out[i], t.node, spec))
	}
	return out
}

// breachFields maps a control to the fields that it looks at, relative to a
// container and to the pod, the most telling first.
var breachFields = map[string][]string{
	"allowPrivilegeEscalation":   {"securityContext.allowPrivilegeEscalation", "securityContext"},
	"appArmorProfile":            {"securityContext.appArmorProfile"},
	"capabilities_baseline":      {"securityContext.capabilities.add", "securityContext.capabilities"},
	"capabilities_restricted":    {"securityContext.capabilities", "securityContext"},
	"hostNamespaces":             {"hostNetwork", "hostPID", "hostIPC"},
	"hostPathVolumes":            {"volumes"},
	"hostPorts":                  {"ports"},
	"hostProbesAndHostLifecycle": {"livenessProbe", "readinessProbe", "startupProbe", "lifecycle"},
	"privileged":                 {"securityContext.privileged"},
	"procMount":                  {"securityContext.procMount"},
	"procMount_restricted":       {"securityContext.procMount"},
	"restrictedVolumes":          {"volumes"},
	"runAsNonRoot":               {"securityContext.runAsNonRoot", "securityContext"},
	"runAsUser":                  {"securityContext.runAsUser"},
	"seLinuxOptions":             {"securityContext.seLinuxOptions"},
	"seccompProfile_baseline":    {"securityContext.seccompProfile"},
	"seccompProfile_restricted":  {"securityContext.seccompProfile", "securityContext"},
	"sysctls":                    {"securityContext.sysctls"},
	"windowsHostProcess":         {"securityContext.windowsOptions.hostProcess"},
}

// breachNode finds the field that a breach is about: in a container that the
// evaluator names, else in the pod, else the first container named.
func breachNode(b *fact.Breach, template, spec *decode.Node) *decode.Node {
	var named []*decode.Node
	for _, list := range []string{"initContainers", "containers", "ephemeralContainers"} {
		for _, c := range decode.Items(decode.Child(spec, list)) {
			if name := decode.Text(decode.Child(c, "name")); name != "" && strings.Contains(b.Detail, `"`+name+`"`) {
				named = append(named, decode.Follow(c))
			}
		}
	}
	fields := breachFields[strings.TrimSpace(b.Check)]
	for _, holder := range append(named, spec) {
		for _, field := range fields {
			if n := keyAt(holder, field); n != nil {
				return n
			}
		}
	}
	if len(named) > 0 {
		return named[0]
	}
	return firstOf(spec, template)
}

func keyAt(n *decode.Node, path string) *decode.Node {
	parent, field := path, ""
	if dot := strings.LastIndexByte(path, '.'); dot >= 0 {
		parent, field = path[:dot], path[dot+1:]
		for _, step := range strings.Split(parent, ".") {
			n = decode.Child(n, step)
		}
		return decode.KeyOf(n, field)
	}
	return decode.KeyOf(n, path)
}
