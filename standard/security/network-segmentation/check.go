// Package networksegmentation checks that policies restrict traffic into and
// out of every pod, that none allows everything, and what is open to the
// outside.
package networksegmentation

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload that policies select in both directions, provided
// that none of them allows everything.
func Check(in expect.Input) (out verdict.Findings) {
	here := in.Here
	open := map[*fact.Policy]bool{}
	for _, p := range here.Policies {
		open[p] = !narrow(&out, p)
	}
	used := map[*fact.Policy][]*fact.Workload{}
	for _, w := range here.Workloads {
		if w.Platform.OnHosts() {
			onHost(&out, here, w)
			continue
		}
		if w.Platform.Cloud() {
			grouped(&out, here, w, open, used)
			continue
		}
		sure, perhaps := here.PoliciesFor(w)
		for _, p := range append(sure, perhaps...) {
			used[p] = append(used[p], w)
		}
		if len(sure)+len(perhaps) == 0 {
			perhaps = elsewhere(in, w)
		}
		judge(&out, here, w, sure, perhaps, open)
	}
	for _, p := range here.Policies {
		openPorts(&out, here, p, used[p])
		if len(used[p]) == 0 && p.Unclear == "" && !p.Selects.Everything && !grouping(p) && !operated(here, p) {
			out.Note(p.Ref, "selects-nothing", "%s", missed(in, p))
		}
	}
	addresses(&out, in)
	stores(&out, here)
	managed(&out, here)
	controls(&out, here)
	return out
}

func judge(out *verdict.Findings, here *fact.Set, w *fact.Workload, sure, perhaps []*fact.Policy, open map[*fact.Policy]bool) {
	if w.HostNetwork {
		out.Fail(w.Ref.At(w.PodAt), "host-network", "%s is on the network of its node, where no policy holds", w.Name)
		return
	}
	into, from := restricting(sure, false), restricting(sure, true)
	maybeIn, maybeOut := restricting(perhaps, false), restricting(perhaps, true)
	if len(into)+len(from)+len(maybeIn)+len(maybeOut) == 0 {
		out.Lacks(w.Ref, []fact.Kind{fact.Policies}, "no-policy", "no policy restricts %s: every pod can reach it, and it can reach everything", w.Name)
		return
	}
	covered := direction(out, here, w, into, maybeIn, "ingress-open", "who may reach %s")
	covered = direction(out, here, w, from, maybeOut, "egress-open", "what %s may reach") && covered
	for _, p := range append(into[:len(into):len(into)], from...) {
		covered = covered && !open[p] // said at the policy
	}
	if covered {
		out.Pass(w.Ref, "segmented", "%s is restricted both ways (in: %s; out: %s)", w.Name, names(into), names(from))
	}
}

// direction fails a workload that no policy restricts in one direction.
func direction(out *verdict.Findings, here *fact.Set, w *fact.Workload, sure, perhaps []*fact.Policy, rule, what string) bool {
	what = fmt.Sprintf(what, w.Name)
	switch {
	case len(sure) > 0:
		return true
	case len(perhaps) > 0:
		out.Unclear(w.Ref.Within(rule), "unclear-policy", "whether policy %s restricts %s could not be told: %s", perhaps[0].Name, what, why(here, perhaps[0], w))
	default:
		out.Lacks(w.Ref, []fact.Kind{fact.Policies}, rule, "no policy restricts %s", what)
	}
	return false
}

// restricting returns the policies that restrict a direction.
func restricting(policies []*fact.Policy, egress bool) []*fact.Policy {
	var out []*fact.Policy
	for _, p := range policies {
		if egress && p.Egress || !egress && p.Ingress {
			out = append(out, p)
		}
	}
	return out
}

func why(here *fact.Set, p *fact.Policy, w *fact.Workload) string {
	switch {
	case p.Unclear != "":
		return p.Unclear
	case !slices.Contains(here.Policies, p):
		return "it stands in another bundle (" + p.File + ")"
	case p.Namespace == w.Namespace:
		return "Flagger serves from a copy with labels of its own, and the policy selects one of the two"
	}
	return "only one of the two names its namespace"
}

func names(policies []*fact.Policy) string {
	var out []string
	for _, p := range policies {
		out = append(out, p.Name)
	}
	return strings.Join(out, ", ")
}
