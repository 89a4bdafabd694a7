// Package retention checks that logs are kept for a stated time that is neither
// too short nor too long.
package retention

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a place for logs that keeps them for a stated time between both
// limits and deletes them when it is over.
func Check(in expect.Input) (out verdict.Findings) {
	least, most := in.Limit("least"), in.Limit("most")
	for _, s := range in.Here.LogStores {
		ref := s.Ref.At(s.At)
		switch {
		case s.Engine == fact.LokiOverrides:
		case s.Unenforced != "":
			out.Fail(ref, "for-ever", "%s keeps its lines for ever, for %s", s.Name, s.Unenforced)
		case s.Days < 0:
			out.Unclear(ref, "time-unknown", "how long %s keeps lines is not known%s", s.Name, because(s.Why))
		case s.Days == 0:
			out.Fail(ref, "for-ever", "%s keeps its lines for ever", s.Name)
		case s.Days < least:
			out.Fail(ref, "too-short", "%s keeps lines for %s; at least %d", s.Name, verdict.Count(s.Days, "day"), least)
		case s.Days > most:
			out.Fail(ref, "too-long", "%s keeps lines for %s; at most %d", s.Name, verdict.Count(s.Days, "day"), most)
		default:
			out.Pass(s.Ref, "kept", "%s keeps lines for %s", s.Name, verdict.Count(s.Days, "day"))
		}
	}
	for _, w := range in.Here.Workloads {
		if w.Platform == fact.Lambda && !grouped(in.Here, w) {
			out.Lacks(w.Ref, []fact.Kind{fact.LogStores}, "made-by-platform", "nothing here describes the log group of %s, so Lambda makes one that keeps lines for ever", w.Name)
		}
	}
	return out
}

// grouped reports whether a place for the function's logs is described: by the
// name that Lambda gives it, or by one that may be its own.
func grouped(here *fact.Set, w *fact.Workload) bool {
	for _, s := range here.LogStores {
		if s.Name == "/aws/lambda/"+w.Name || s.Of == w.Subject || strings.HasSuffix(s.Name, "/"+w.Name) {
			return true
		}
	}
	return w.LogsTo != ""
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ", for " + why
}
