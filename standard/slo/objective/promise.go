package objective

import (
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/objectives"
	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/slo"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// promise is what customers were promised, and where.
type promise struct {
	ref    fact.Ref
	target slo.Target
	// keeper is the name of the objective that keeps it; empty where nobody says.
	keeper string
}

// promiseOf returns the manifest's agreement, or the one that a page writes.
func promiseOf(in expect.Input) (p promise, ok bool) {
	if in.Declared != nil && in.Declared.Agreement != nil {
		a := in.Declared.Agreement
		t, err := slo.ParsePercent(a.Target)
		return promise{a.Ref, t, a.Objective}, err == nil && a.Target != ""
	}
	best := page.Promise{}
	for _, d := range page.LibraryOf(in.All).Own {
		if one, found := page.PromiseOf(d); found && one.Ours && one.Parts() > best.Parts() && one.Parts() >= 3 {
			if t, err := slo.ParsePercent(one.Percent); err == nil {
				best, p, ok = one, promise{ref: d.AtLine(one.Line), target: t}, true
			}
		}
	}
	return p, ok
}

// keepers returns the objectives that keep the promise, as far as it is said: the
// one that is named, or else the only one. All are returned where it may be any.
func keepers(p promise, all []*objectives.Objective) (list []*objectives.Objective, certain bool) {
	names := map[string]bool{}
	for _, o := range all {
		if o.Target.IsZero() {
			continue
		}
		if p.keeper != "" && !objectives.Same(o.Name, p.keeper) {
			continue
		}
		list = append(list, o)
		names[strings.ToLower(o.Name)] = true
	}
	return list, p.keeper != "" || len(names) == 1
}

// promised compares objectives with the promise, exactly: an objective that equals
// it warns when the promise is broken.
func promised(out *verdict.Findings, in expect.Input, all []*objectives.Objective) {
	p, ok := promiseOf(in)
	if !ok || len(all) == 0 {
		if ok {
			out.Unclear(p.ref, "none", "%s are promised, and no objective was found that keeps it; write it under `slos` in seaworthy.yaml, as OpenSLO, or for Sloth or Pyrra", p.target)
		}
		return
	}
	list, certain := keepers(p, all)
	if len(list) == 0 {
		if p.keeper != "" {
			out.Fail(p.ref, "no-keeper", "the promise is to be kept by the objective %s, and there is none of that name", p.keeper)
		}
		return
	}
	var loose []*objectives.Objective
	for _, o := range list {
		if o.Target.Cmp(p.target) <= 0 {
			loose = append(loose, o)
		}
	}
	switch {
	case len(loose) == 0:
	case certain || len(loose) == len(list):
		for _, o := range loose {
			how := "is looser than"
			if o.Target.Cmp(p.target) == 0 {
				how = "equals"
			}
			out.Fail(o.Ref, "not-stricter", "%s: %s %s the promised %s, so the team learns of trouble together with the customer", o.Name, o.Target, how, p.target)
		}
	default:
		out.Unclear(p.ref, "which", "%s are promised, and whether it is %s that keeps it is not said; name the objective in `sla.slo` of seaworthy.yaml", p.target, loose[0].Name)
	}
}

// strictly ends the message of an objective that is stricter than the promise.
func strictly(in expect.Input, o *objectives.Objective, all []*objectives.Objective) string {
	p, ok := promiseOf(in)
	if !ok || o.Target.Cmp(p.target) <= 0 {
		return ""
	}
	if list, certain := keepers(p, all); certain {
		for _, k := range list {
			if k.Objective == o.Objective {
				return fmt.Sprintf("; stricter than the promised %s", p.target)
			}
		}
	}
	return ""
}
