// Package accesslogs checks that each request leaves a record of who did what,
// when, and with what result.
package accesslogs

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes what takes traffic where a proxy on its way, or the service itself,
// writes a line for each request that has all five fields.
func Check(in expect.Input) (out verdict.Findings) {
	for _, r := range in.Here.Routes {
		if strings.EqualFold(r.Annotations["nginx.ingress.kubernetes.io/enable-access-log"], "false") {
			out.Fail(r.Ref, "switched-off", "%s switches off the access log of its requests, by nginx.ingress.kubernetes.io/enable-access-log: false", r.Ref.Title(r.Name))
		}
	}
	if in.Declared != nil && in.Declared.AccessLines != nil && takes(in.Here) {
		own := in.Declared.AccessLines
		code(&out, own)
		if len(own.Missing) == 0 && own.Resolves {
			return out
		}
	}
	for _, w := range in.Here.Workloads {
		if in.Here.TakesTraffic(w) {
			workload(in, &out, w)
		}
	}
	return out
}

func takes(set *fact.Set) bool {
	return slices.ContainsFunc(set.Workloads, set.TakesTraffic)
}

// code judges the code that the manifest names.
func code(out *verdict.Findings, own *fact.AccessLines) {
	switch {
	case !own.Resolves:
		out.Unclear(own.Ref, "code-missing", "%s is to write a line for each request, and it cannot be read", own.File)
	case len(own.Missing) > 0:
		out.Unclear(own.Ref, "code-missing", "%s is to write a line for each request, and its names for %s do not stand in it", own.File, strings.Join(own.Missing, ", "))
	default:
		out.Pass(own.Ref, "complete", "%s writes a line for each request, with time, method, path, status and principal", own.File)
	}
}

// workload judges the logs of proxies that requests to a workload pass.
func workload(in expect.Input, out *verdict.Findings, w *fact.Workload) {
	var off, on *fact.AccessLog
	for _, set := range in.All {
		for _, l := range set.AccessLogs {
			if !covers(l, w) || l.Scope.Everything && !meshed(in.Here, w) {
				continue
			}
			switch {
			case l.On.IsNot() && (off == nil || narrower(l, off)):
				off = l
			case l.On.Is() && (on == nil || narrower(l, on) || len(lacks(l)) < len(lacks(on)) && !narrower(on, l)):
				on = l
			}
		}
	}
	for _, l := range []*fact.AccessLog{on, off} {
		if l != nil && len(l.Records) > 0 {
			out.Fail(l.Ref.At(l.At), "records-secrets", "%s writes %s into each line, which lets readers of the log act as the client", l.Name, strings.Join(l.Records, " and "))
		}
	}
	switch {
	case off != nil && (on == nil || narrower(off, on)):
		out.Fail(w.Ref, "switched-off", "%s, so requests to %s leave no record there", says(off), w.Name)
	case on == nil:
	case on.Fields == nil:
		out.Unclear(w.Ref, "fields-unknown", "%s writes a line for each request to %s, and which fields it has is not known: %s", on.Name, w.Name, on.FieldsWhy)
	case len(lacks(on)) == 0:
		out.Pass(w.Ref, "complete", "%s writes a line for each request to %s, with time, method, path, status and principal", on.Name, w.Name)
	case slices.Equal(lacks(on), []string{string(fact.FieldPrincipal)}):
		why := "names no principal"
		if on.Doubt != "" {
			why = on.Doubt
		}
		out.Unclear(w.Ref, "no-principal", "%s writes time, method, path and status of each request to %s; %s %s, so who asked is known only where %s writes it", on.Name, w.Name, on.Format, why, w.Name)
	default:
		out.Fail(w.Ref, "fields-missing", "%s writes a line for each request to %s, and %s lacks %s", on.Name, w.Name, on.Format, strings.Join(lacks(on), ", "))
	}
}

func says(l *fact.AccessLog) string {
	if l.On.Why != "" {
		return l.On.Why
	}
	return "the access log of " + l.Name + " is off"
}

// lacks lists those of the five fields that a log's lines do not have.
func lacks(l *fact.AccessLog) (out []string) {
	for _, f := range fact.AccessFields() {
		if !slices.Contains(l.Fields, f) {
			out = append(out, string(f))
		}
	}
	return out
}

// narrower reports whether one log is about fewer workloads than another, and so
// has the last word.
func narrower(a, b *fact.AccessLog) bool { return breadth(a) < breadth(b) }

func breadth(l *fact.AccessLog) int {
	switch {
	case l.Scope.Selects != nil && !l.Scope.Selects.Everything, l.Scope.Settings != "":
		return 0
	case l.Scope.Everything:
		return 2
	}
	return 1
}

// meshed reports whether a workload is shown to be part of a mesh: by a label of
// its own or of its namespace, or by rules of the mesh there.
func meshed(set *fact.Set, w *fact.Workload) bool {
	if w.PodLabels["sidecar.istio.io/inject"] == "true" || w.PodAnnotations["sidecar.istio.io/inject"] == "true" {
		return true
	}
	for _, n := range set.Namespaces {
		if n.Name == w.Namespace && (n.Labels["istio-injection"] == "enabled" || n.Labels["istio.io/rev"] != "") {
			return true
		}
	}
	return slices.ContainsFunc(set.Meshes, func(m *fact.Mesh) bool { return m.Engine == "istio" && m.Namespace == w.Namespace })
}

// covers reports whether requests to a workload pass the proxy of a log.
func covers(l *fact.AccessLog, w *fact.Workload) bool {
	s := l.Scope
	switch {
	case w.Platform != fact.Kubernetes:
		return false
	case s.Everything:
		return true
	case s.Namespace != w.Namespace:
		return false
	case s.Settings != "":
		return slices.ContainsFunc(w.Volumes, func(v fact.Volume) bool { return slices.Contains(v.Settings, s.Settings) })
	case s.Selects != nil:
		return s.Selects.Matches(w.PodLabels)
	}
	return false
}
