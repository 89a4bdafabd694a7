package fact

import (
	"strconv"
	"strings"
)

// TakesTraffic reports whether users or other services talk to the port, as
// far as its name tells: ports for metrics, probes and profiles are asked by the
// platform alone.
func (p Port) TakesTraffic() bool { return takesTraffic(p.Name) }

// TakesTraffic reports whether users or other services talk to the port, as
// far as its name tells.
func (p ServicePort) TakesTraffic() bool { return takesTraffic(p.Name) }

func takesTraffic(port string) bool {
	port = strings.ToLower(port)
	first, _, _ := strings.Cut(port, "-")
	last := port[strings.LastIndexByte(port, '-')+1:]
	return !asked(first) && !asked(last)
}

// asked reports whether a word of a port's name says that the platform asks it.
func asked(word string) bool {
	switch word {
	case "metrics", "prometheus", "probe", "probes", "health", "healthz", "healthcheck", "profiling", "pprof":
		return true
	}
	return false
}

// TakesTraffic reports whether the workload serves requests that are its work,
// and not only questions about its metrics and its health.
func (s *Set) TakesTraffic(w *Workload) bool {
	if !s.Serving(w) {
		return false
	}
	named := 0
	for _, c := range w.Main() {
		for _, p := range c.Ports {
			if named++; p.TakesTraffic() {
				return true
			}
		}
	}
	for _, svc := range s.ServicesFor(w) {
		for _, p := range svc.Ports {
			if named++; p.TakesTraffic() {
				return true
			}
		}
	}
	return named == 0 // a probe or a service without ports shows that it serves
}

// MayOnlyReport reports whether nothing but a port that the workload's own
// annotations give to Prometheus shows that it serves: no service selects it, so
// the platform may be the only one that asks there. Where they name no port,
// Prometheus asks each.
func (s *Set) MayOnlyReport(w *Workload) bool {
	if w.PodAnnotations["prometheus.io/scrape"] != "true" || len(s.ServicesFor(w)) > 0 {
		return false
	}
	scraped, open := w.PodAnnotations["prometheus.io/port"], 0
	for _, c := range w.Main() {
		for _, p := range c.Ports {
			if !p.TakesTraffic() {
				continue
			}
			if open++; p.Host != 0 || scraped != "" && scraped != strconv.Itoa(p.Number) {
				return false
			}
		}
	}
	return open == 1
}
