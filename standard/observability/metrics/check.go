// Package metrics checks that what serves is measured, and which of the six
// signals somebody looks at.
package metrics

import (
	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload that is scraped or pushes its measurements, and the
// service where alert rules and its dashboards use each of the six signals.
func Check(in expect.Input) (out verdict.Findings) {
	var first, untold *fact.Workload
	for _, w := range in.Here.Workloads {
		store, keeps := stores.Of(w)
		switch {
		case !w.Form.Serves():
			out.Skip(w.Ref, "not-serving", "%s runs to its end and serves no requests", w.Name)
		case keeps && store.Kind != "":
			out.Skip(w.Ref, "store", "%s is a store (%s); see observability/datastores", w.Name, store.Kind)
		case in.Here.Serving(w):
			judge(&out, in.Here, w)
			if first == nil {
				first = w
			}
		case untold == nil:
			untold = w
		}
	}
	if first == nil && untold != nil && len(out.List) > 0 { // what is left out says nothing of it
		out.Unclear(untold.Ref, "serving-untold", "nothing here says whether %s serves requests or works a queue off, nor what measures it", untold.Name)
	}
	for _, s := range in.Here.Scrapes {
		judgeScrape(&out, in.Here, s)
	}
	if first != nil && in.First(served) {
		judgeSignals(&out, in, first)
	}
	return out
}

// served reports whether something in a set is sent requests and is no store.
func served(here *fact.Set) bool {
	for _, w := range here.Workloads {
		if store, keeps := stores.Of(w); here.Serving(w) && (!keeps || store.Kind == "") {
			return true
		}
	}
	return false
}

func judge(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	best, by, config := fact.OutOfReach, (*fact.Scrape)(nil), false
	for _, s := range here.Scrapes {
		config = config || s.Engine == "scrape-config"
		if r := here.Reaches(s, w); r > best {
			best, by = r, s
		}
	}
	if w.Platform.Cloud() {
		measured(out, here, w)
		return
	}
	switch pushes, sure := pushing(here, w); {
	case best == fact.Reached:
		out.Pass(w.Ref, "scraped", "%s is scraped by %s", w.Name, title(by))
	case annotated(here, w) != "":
		out.Pass(w.Ref, "scraped", "%s is scraped by annotation (%s)", w.Name, annotated(here, w))
	case pushes != "" && sure:
		out.Pass(w.Ref, "pushes", "%s pushes its measurements (%s)", w.Name, pushes)
	case best == fact.NoSuchPort:
		out.Fail(port(by), "no-such-port", "%s selects %s and asks for port %s, which nothing there declares", title(by), w.Name, asked(by))
	case best == fact.MayReach && filtered(by):
		out.Unclear(w.Ref, "relabelled", "%s selects %s and keeps only some targets by relabelling, which was not read", title(by), w.Name)
	case best == fact.MayReach:
		out.Unclear(w.Ref, "namespace-open", "%s selects %s if both are deployed to fitting namespaces, which the manifests leave open", title(by), w.Name)
	case config:
		out.Unclear(w.Ref, "scrape-config", "a ScrapeConfig here finds its targets by rules that were not read, so %s may be among them", w.Name)
	case pushes != "":
		out.Unclear(w.Ref, "may-measure", "nothing scrapes %s itself, but it may be measured all the same (%s)", w.Name, pushes)
	case w.Platform.OnHosts():
		out.Unclear(w.Ref, "collector-untold", "nothing here says what collects the measurements of %s; a collector with a list of its own may", w.Name)
	default:
		out.Lacks(w.Ref, []fact.Kind{fact.Scrapes, fact.Services}, "not-scraped", "nothing scrapes %s, and nothing says that it pushes measurements", w.Name)
	}
}

// judgeScrape fails a scrape that looks where workloads are and selects none.
func judgeScrape(out *verdict.Findings, here *fact.Set, s *fact.Scrape) {
	if s.Engine == "scrape-config" {
		return
	}
	beside := false
	var apart *fact.Workload
	for _, w := range here.Workloads {
		if here.Reaches(s, w) != fact.OutOfReach {
			return
		}
		beside = beside || s.Looks(w.Namespace)
		if apart == nil && here.Reaches(s.Anywhere(), w) != fact.OutOfReach {
			apart = w
		}
	}
	if s.Engine == "service-monitor" {
		for _, svc := range here.Services {
			if s.Looks(svc.Namespace) && s.Selects.Matches(svc.Labels) {
				return // what stands behind it is made elsewhere
			}
		}
	}
	if ofDatabase(here, s) {
		return // an operator makes its pods and services
	}
	what := "pods"
	if s.Engine == "service-monitor" {
		what = "services"
	}
	switch {
	case apart != nil:
		out.Note(s.Ref, "looks-elsewhere", "%s would select %s, but does not look into namespace %s", title(s), apart.Name, apart.Namespace)
	case s.AnyNamespace || !beside || s.Engine == "service-monitor" && s.Looks("default") && s.Selects.Matches(apiServer()):
		out.Note(s.Ref, "looks-elsewhere", "%s selects %s that carry %s, of which there are none here", title(s), what, s.Selects)
	case operated(here):
		out.Unclear(s.Ref, "may-select", "%s selects none of the %s here; an operator may make those that carry %s", title(s), what, s.Selects)
	default:
		out.Lacks(s.Ref, []fact.Kind{fact.Workloads, fact.Services}, "selects-nothing", "%s selects nothing: no %s here carry %s", title(s), what, s.Selects)
	}
}
