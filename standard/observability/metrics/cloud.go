package metrics

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// measured says what a cloud measures of what it runs, without being asked:
// functions and load balancers count requests, errors and time.
func measured(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	for _, s := range here.ServicesFor(w) {
		if s.Type == "LoadBalancer" && !s.Blind {
			out.Pass(w.Ref, "by-platform", "its cloud measures the requests, errors and latency of %s at %s", w.Name, s.Title(s.Name))
			return
		}
	}
	if w.Platform == fact.Lambda {
		out.Pass(w.Ref, "by-platform", "its cloud measures the calls, errors and duration of %s", w.Name)
		return
	}
	if w.Platform.Hosted() && here.Serving(w) {
		out.Pass(w.Ref, "by-platform", "%s measures the requests, errors and latency of %s", w.Platform.Title(), w.Name)
		return
	}
	out.Unclear(w.Ref, "may-measure", "its cloud measures what %s uses; whether its requests are measured too is not told here", w.Name)
}
