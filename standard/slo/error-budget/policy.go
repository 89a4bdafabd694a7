package errorbudget

import (
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/derive/burn"
	"seaworthy.dev/seaworthy/internal/derive/objectives"
	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

// policies judges what follows when a budget is spent: the pages that objectives
// name, or else any page here that says it.
func policies(out *verdict.Findings, in expect.Input, all []*objectives.Objective, found []burn.Rule) {
	library := page.LibraryOf(in.All)
	seen := map[string]bool{}
	for _, o := range all {
		if o.Policy != nil && !seen[o.Policy.Target] {
			seen[o.Policy.Target] = true
			named(out, library, o.Policy)
		}
	}
	if len(seen) > 0 {
		return
	}
	var best page.BudgetPolicy
	var where *fact.Document
	for _, d := range library.Own {
		if p, ok := page.BudgetPolicyOf(d, "", false); ok && (where == nil || best.Decider == "" && p.Decider != "") {
			where, best = d, p
		}
	}
	switch ref := first(all, found); {
	case where == nil:
		out.Unclear(ref, "policy-unknown", "no page here says what follows when the budget is spent; name the one that does as `slos[].policy` in seaworthy.yaml")
	case best.Decider == "":
		out.Unclear(where.AtLine(best.Line), "policy-unknown", "%s says what follows when the budget is spent (%q) and not who may decide otherwise; if it is the policy, name it as `slos[].policy` in seaworthy.yaml", where.Path, short(best.Action))
	default:
		out.Pass(where.AtLine(best.Line), "policy", "%s says what follows when the budget is spent (%q) and who may decide otherwise", where.Path, short(best.Action))
	}
}

func first(all []*objectives.Objective, found []burn.Rule) fact.Ref {
	if len(all) > 0 {
		return all[0].Ref
	}
	return found[0].Alert.Ref
}

// named judges the page that an objective names.
func named(out *verdict.Findings, library *page.Library, l *fact.DocLink) {
	d := library.Page(l.File)
	switch {
	case l.URL || l.Beyond:
		out.Unclear(l.Ref, "policy-elsewhere", "what follows when the budget is spent stands in %s, which was not read", l.Target)
		return
	case !l.Resolves:
		out.Fail(l.Ref, "policy-not-there", "what follows when the budget is spent is to stand in %s, which is not there", l.Target)
		return
	case d == nil || !page.English(d):
		out.Unclear(l.Ref, "policy-elsewhere", "what follows when the budget is spent stands in %s, in which it was not recognised", l.Target)
		return
	}
	_, anchor, _ := strings.Cut(l.Target, "#")
	switch p, ok := page.BudgetPolicyOf(d, anchor, true); {
	case !ok:
		out.Fail(l.Ref, "policy-empty", "%s names nothing that is done when the budget is spent: no release waits, no work comes first", l.Target)
	case p.Decider == "":
		out.Fail(d.AtLine(p.Line), "policy-nobody", "%s says what follows when the budget is spent (%q) and not who may decide otherwise", d.Path, short(p.Action))
	default:
		out.Pass(d.AtLine(p.Line), "policy", "%s says what follows when the budget is spent (%q) and who may decide otherwise", d.Path, short(p.Action))
	}
}

// short returns the beginning of a text, for a line of a report.
func short(text string) string {
	if r := []rune(text); len(r) > 90 {
		return string(r[:87]) + "..."
	}
	return text
}
