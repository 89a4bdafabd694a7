// Package driftdetection checks that what is changed by hand is noticed and put
// back or reported.
package driftdetection

import (
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes reconcilers that put manual changes back within ten minutes, and
// workloads whose folder one of them applies.
func Check(in expect.Input) (out verdict.Findings) {
	for _, r := range in.Here.Reconcilers {
		judge(&out, r, in.Limit("interval"))
	}
	if len(in.Here.Pipelines) > 0 {
		scheduled(&out, in)
	}
	for _, w := range in.Here.Workloads {
		if len(in.Here.Stacks) > 0 {
			break // watched together with all of the stack
		}
		r := in.Here.Covering(in.All, w)
		if r != nil || compared(in, w) {
			continue // judged where it stands
		}
		if w.Platform.OnHosts() {
			out.Unclear(w.Ref, "watched-by-whom", "nothing here shows what notices a manual change to %s on its host: no job compares the two on a schedule", w.Name)
		} else {
			out.Unclear(w.Ref, "watched-by-whom", "nothing here shows what notices a manual change to %s: no reconciler applies its folder", w.Name)
		}
		break // once for a bundle
	}
	infrastructure(&out, in)
	if h, found := in.Here.Uncovered(in.All); found {
		out.Unclear(fact.Ref{Location: h.Location}, "watched-by-whom", "%s, and no reconciler applies its folder", h.Why)
	}
	return out
}

// judge holds a reconciler to so many seconds between two looks.
func judge(out *verdict.Findings, r *fact.Reconciler, slowest int) {
	broad := broadest(r)
	switch {
	case r.Suspended:
		out.Fail(r.Ref.At(r.At), "suspended", "%s is suspended, so manual changes stay until somebody resumes it", r.Title())
	case r.Corrects == "no" && r.Kind == "HelmRelease":
		out.Fail(r.Ref.At(r.At), "no-detection", "%s has no drift detection, so what is changed by hand stays until the next release", r.Title())
	case r.Corrects == "no" && !r.Automated:
		out.Fail(r.Ref.At(r.At), "no-self-heal", "%s is synced by hand and corrects nothing", r.Title())
	case r.Corrects == "no":
		out.Fail(r.Ref.At(r.At), "no-self-heal", "%s does not heal itself, so what is changed by hand stays until the next commit", r.Title())
	case r.Interval > slowest:
		out.Fail(r.Ref.At(r.IntervalAt), "too-rare", "%s looks every %d s; at most %d s", r.Title(), r.Interval, slowest)
	case broad != nil:
		out.Fail(r.Ref.At(broad.At), "ignores-much", "%s ignores differences in %s of every %s, which is most of what it declares", r.Title(), field(broad), kind(broad))
	case r.Corrects == "warn":
		out.Unclear(r.Ref.At(r.At), "only-warns", "%s reports differences as events and corrects none; whether anybody is alerted cannot be told", r.Title())
	default:
		out.Pass(r.Ref, "corrected", "%s puts manual changes to %s back", r.Title(), r.Place())
	}
}

func broadest(r *fact.Reconciler) *fact.Ignored {
	for i := range r.Ignores {
		if r.Ignores[i].Broad() {
			return &r.Ignores[i]
		}
	}
	return nil
}

func field(i *fact.Ignored) string {
	if i.Field == "" || i.Field == "/" || i.Field == "." {
		return "everything"
	}
	return i.Field
}

func kind(i *fact.Ignored) string {
	if i.Kind == "" || i.Kind == "*" {
		return "object"
	}
	return i.Kind
}
