// Package tracing checks that what serves exports spans and passes their
// context on.
package tracing

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload whose environment or injected agent says where spans
// go and under which name, and which shares a format of context with the
// workloads that it calls. Code may set all of this, so its absence is open
// and only what switches tracing off is a failure.
func Check(in expect.Input) (out verdict.Findings) {
	var untold *fact.Workload
	judged := false
	for _, w := range in.Here.Workloads {
		store, keeps := stores.Of(w)
		switch {
		case keeps && store.Kind != "":
			out.Skip(w.Ref, "store", "%s is a store (%s); its clients' spans show it", w.Name, store.Kind)
		case !w.Form.Serves():
			out.Skip(w.Ref, "not-serving", "%s runs to its end and stands on no request's path", w.Name)
		case in.Here.Serving(w), w.Platform == fact.Lambda && sends(w):
			judge(&out, in.Here, w)
			judged = true
		case w.Platform == fact.Lambda: // whoever invokes it may pass a request on
			out.Unclear(w.Ref, "serving-untold", "nothing here says whether %s stands on the path of requests; its code may send spans", w.Name)
		case untold == nil:
			untold = w
		}
	}
	if !judged && untold != nil && len(out.List) > 0 { // what is left out says nothing of it
		out.Unclear(untold.Ref, "serving-untold", "nothing here says whether %s stands on the path of requests; its code may send spans", untold.Name)
	}
	return out
}

// sends reports whether a container says where its spans go.
func sends(w *fact.Workload) bool {
	return slices.ContainsFunc(w.Main(), func(c *fact.Container) bool { return c.Tracing.Exporter != "" })
}

func judge(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	agent := agentOf(here, w)
	exports, named, clean := agent, agent != "", true
	for _, c := range w.Main() {
		t := c.Tracing
		switch {
		case t.Off != "":
			out.Fail(c.Ref.At(t.OffAt), "off", "%s of %s sends no spans: %s", c.Name, w.Name, t.Off)
			clean = false
		case slices.Equal(t.Propagators, []string{"none"}):
			out.Fail(c.Ref.At(t.PropagatorsAt), "no-propagation", "%s of %s passes no context on (OTEL_PROPAGATORS=none), so traces end there", c.Name, w.Name)
			clean = false
		case t.Exporter != "" && exports == "":
			exports = t.Exporter
		}
		named = named || t.Named
	}
	if peer, found := stranger(here, w); found {
		out.Fail(w.Ref, "no-shared-format", "%s passes context on as %s and calls %s, which reads %s: traces break between them",
			w.Name, strings.Join(formats(w), ", "), peer.Name, strings.Join(formats(peer), ", "))
		clean = false
	}
	switch {
	case !clean:
	case exports == "":
		out.Unclear(w.Ref, "no-sign", "nothing in the manifest of %s says where its spans go; its code may", w.Name)
	case !named:
		out.Unclear(w.Ref, "no-name", "%s exports spans (%s), but nothing in its manifest says under which service name", w.Name, exports)
	default:
		out.Pass(w.Ref, "exports", "%s exports spans (%s)", w.Name, exports)
	}
}
