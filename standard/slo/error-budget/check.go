// Package errorbudget checks that each objective has burn-rate rules that match it,
// and that a spent budget has consequences.
package errorbudget

import (
	"fmt"
	"slices"

	"seaworthy.dev/seaworthy/internal/derive/burn"
	"seaworthy.dev/seaworthy/internal/derive/objectives"
	"seaworthy.dev/seaworthy/internal/derive/rules"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/slo"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes each objective whose burn-rate rules match it, and the policy that
// says what follows. Without any objective there is nothing to compare with.
func Check(in expect.Input) (out verdict.Findings) {
	once := in.Once()
	if !once && len(in.Here.Objectives) == 0 {
		return out
	}
	all := objectives.Of(in.All, in.Declared)
	reader := burn.New(in.All)
	var found []burn.Rule
	opaque, alerts := (*fact.Alert)(nil), 0
	for _, s := range in.All {
		for _, a := range s.Alerts {
			alerts++
			if (!a.Parsed || !prometheus(a)) && opaque == nil {
				opaque = a
			}
			found = append(found, reader.Of(a)...)
		}
	}
	if once && len(all)+len(found) > 0 {
		policies(&out, in, all, found)
	}
	if len(all) == 0 {
		if once && len(found) > 0 {
			aimless(&out, found)
		}
		return out
	}
	of, left := objectives.Burning(all, found)
	for _, o := range all {
		if o.Target.IsZero() || o.Target.Spent() || o.Declared && !once || !o.Declared && !slices.Contains(in.Here.Objectives, o.Objective) {
			continue
		}
		c := &comparison{out: &out, in: in, o: o, window: o.Window}
		if c.window.IsZero() {
			c.window = slo.Window{Length: 30 * slo.Day}
		}
		switch mine := of[o.Objective]; {
		case len(mine) > 0:
			c.rules(mine)
		case generated(all, o) != nil:
			c.generated(generated(all, o))
		default:
			c.missing(left, alerts, opaque)
		}
	}
	return out
}

// aimless speaks of burn-rate rules without an objective.
func aimless(out *verdict.Findings, found []burn.Rule) {
	r := found[0]
	what := "a threshold of " + slo.Percent(r.Looks[0].Threshold)
	if b := r.Looks[0].Budget(); b != nil {
		what = "a budget of " + slo.Percent(b)
	}
	out.Unclear(r.Alert.Ref, "no-objective", "%s compares with %s, and no objective was found to hold that against; write it under `slos` in seaworthy.yaml", r.Alert.Name, what)
}

// generated returns what makes rules of an objective, or of the same one in another
// format; nil where nothing is known to.
func generated(all []*objectives.Objective, o *objectives.Objective) *fact.RuleGenerator {
	if o.Generator != nil {
		return o.Generator
	}
	for _, other := range all {
		if o.Declared && other.Generator != nil && objectives.Same(o.Name, other.Name) && o.Target.Cmp(other.Target) == 0 {
			return other.Generator
		}
	}
	return nil
}

// generated judges rules that a tool makes of the objective.
func (c *comparison) generated(g *fact.RuleGenerator) {
	ref := c.o.Ref
	if g.At.Line > 0 {
		ref = ref.At(g.At)
	}
	switch {
	case !g.Pages && !g.Tickets:
		c.out.Fail(ref, "disabled", "%s: %s makes its alerts, and they are turned off", c.o.Name, g.Name)
	case !g.Pages:
		c.out.Fail(ref, "no-page", "%s: %s makes no page for a fast burn, for that is turned off", c.o.Name, g.Name)
	default:
		if !g.Tickets {
			c.out.Note(ref, "no-ticket", "%s: %s makes no ticket for a slow burn, for that is turned off", c.o.Name, g.Name)
		}
		c.out.Pass(c.o.Ref, "generated", "%s: %s makes its burn-rate rules of the objective, for %s over %s", c.o.Name, g.Name, c.o.Target, c.window)
	}
}

// missing judges an objective for which no burn-rate rule was recognised.
func (c *comparison) missing(left []burn.Rule, alerts int, opaque *fact.Alert) {
	o := c.o
	switch {
	case len(left) > 0:
		c.out.Unclear(o.Ref, "unmatched", "%s: whether %s watches its budget is not said; label the rule `slo: %s`, or give the objective the indicator that the rule reads", o.Name, left[0].Alert.Name, o.Name)
	case opaque != nil:
		c.out.Unclear(o.Ref, "rules-unknown", "%s: no burn-rate rule was recognised, and %s is not understood%s", o.Name, opaque.Name, language(opaque))
	case len(o.Conditions) > 0 || len(o.ConditionRefs) > 0:
		wants := "alerts"
		if len(o.Conditions) > 0 && o.Conditions[0].Factor != "" {
			wants = fmt.Sprintf("an alert at %s times the budget over %s", o.Conditions[0].Factor, o.Conditions[0].Long)
		}
		c.out.Unclear(o.Ref, "wanted", "%s asks for %s, and what makes rules of that is not here", o.Name, wants)
	case alerts == 0:
		c.out.Unclear(o.Ref, "no-rules-here", "%s: no alert rules were found here; if they stand in another repository, judge that with it", o.Name)
	default:
		c.out.Lacks(o.Ref, []fact.Kind{fact.Alerts}, "no-rules", "%s: none of the alert rules here (%d) watches how fast its budget of %s burns", o.Name, alerts, slo.Percent(o.Target.Budget()))
	}
}

// language ends "is not understood".
func language(a *fact.Alert) string {
	if prometheus(a) {
		return ""
	}
	return ", for it is written for " + a.Language
}

// prometheus reports whether a rule is written in what burn rates are recognised in.
func prometheus(a *fact.Alert) bool {
	return a.Language == "" || a.Language == rules.PromQL || a.Language == rules.MetricsQL
}

// tested demands a unit test in which the rule fires, as far as tests can be
// written for it; those that a tool generates need none.
func (c *comparison) tested(r burn.Rule) {
	a := r.Alert
	if !prometheus(a) || a.Labels["sloth_id"] != "" || r.Looks[0].Ratio.Labels["sloth_id"] != "" || c.o.Format == "pyrra" {
		return
	}
	if fires, _ := rules.Tested(c.in.All, a); !fires {
		c.out.Lacks(a.Ref, []fact.Kind{fact.RuleTests}, "untested", "%s has no unit test in which it fires", a.Name)
	}
}
