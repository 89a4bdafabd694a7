package errorbudget

import (
	"fmt"
	"math/big"

	"seaworthy.dev/seaworthy/internal/derive/burn"
	"seaworthy.dev/seaworthy/internal/derive/objectives"
	"seaworthy.dev/seaworthy/internal/derive/severity"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/slo"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// comparison holds one objective against its rules.
type comparison struct {
	out    *verdict.Findings
	in     expect.Input
	o      *objectives.Objective
	window slo.Window
}

// A rule whose factor is less than half or more than twice the workbook's for its
// window alerts at another share of the budget than anybody recommends; between,
// teams and tools choose (Pyrra: 14, 7, 2, 1).
var (
	half   = big.NewRat(1, 2)
	double = big.NewRat(2, 1)
	fast   = big.NewRat(4, 1)
	one    = big.NewRat(1, 1)
	// artefact is by how much a number may differ that a program computed with
	// floats: 0.0009999999999999432.
	artefact = big.NewRat(1, 1_000_000_000)
)

// rules judges the burn-rate rules of the objective.
func (c *comparison) rules(list []burn.Rule) {
	sound, pages, slow := true, 0, 0
	var quick *fact.Alert
	seen, rates := map[*fact.Alert]bool{}, map[string]bool{}
	for _, r := range list {
		rates[fmt.Sprint(r.Alert.Name, r.Long(), r.Looks[0].Threshold)] = true // copies in other forms count once
		factor, right := c.rule(r)
		sound = sound && right
		if factor != nil && factor.Cmp(fast) >= 0 && r.Long() <= slo.Day {
			if wakes, _ := severity.Wakes(r.Alert.Severity); wakes {
				pages++
			} else if quick == nil {
				quick = r.Alert
			}
		} else if factor != nil {
			slow++
		}
		if !seen[r.Alert] {
			seen[r.Alert] = true
			c.tested(r)
			if r.Alert.For > 0 {
				c.out.Note(r.Alert.Ref, "waits", "%s waits %s more (`for`); its short window does that work", r.Alert.Name, slo.Span(seconds(r.Alert.For)))
			}
		}
	}
	switch known := quick != nil && told(quick); {
	case pages > 0:
	case quick != nil && !known:
		sound = false
		c.out.Unclear(quick.Ref, "severity-unknown", "%s watches for a fast burn of %s, and whether its severity %q wakes somebody is not known", quick.Name, c.o.Name, quick.Severity)
	case quick != nil:
		sound = false
		c.out.Fail(quick.Ref, "no-page", "%s watches for a fast burn of %s and wakes nobody: its severity is %s", quick.Name, c.o.Name, said(quick.Severity))
	default:
		sound = false
		c.out.Fail(list[0].Alert.Ref, "no-page", "%s: no rule watches for a fast burn, such as %s times the budget over an hour", c.o.Name, slo.Decimal(slo.Pairs()[0].Factor(c.window)))
	}
	if slow == 0 && sound {
		c.out.Note(c.o.Ref, "no-ticket", "%s: no rule watches for a slow burn over days, which spends the budget without a page", c.o.Name)
	}
	if sound {
		c.out.Pass(c.o.Ref, "burns", "%s: %s over %s leaves %s, and %s it", c.o.Name, c.o.Target, c.window, slo.Percent(c.o.Target.Budget()), plural(len(rates)))
	}
}

// told reports whether it is known that the alert's severity wakes nobody.
func told(a *fact.Alert) bool {
	_, known := severity.Wakes(a.Severity)
	return known
}

func plural(n int) string {
	if n == 1 {
		return "one burn rate watches"
	}
	return fmt.Sprintf("%d burn rates watch", n)
}

func said(severity string) string {
	if severity == "" {
		return "not set"
	}
	return severity
}

// rule judges one burn rate: its windows, its budget and its factor.
func (c *comparison) rule(r burn.Rule) (factor *big.Rat, sound bool) {
	budget, a := c.o.Target.Budget(), r.Alert
	look := r.Looks[0]
	factor = new(big.Rat).Quo(look.Threshold, budget)
	if own := look.Budget(); own != nil && !close(own, budget) {
		c.out.Fail(a.Ref, "budget", "%s compares with %s times a budget of %s, which is that of %s; %s is %s and leaves %s", a.Name, slo.Decimal(look.Factor), slo.Percent(tidy(own)),
			slo.Percent(tidy(new(big.Rat).Sub(one, own))), c.o.Name, c.o.Target, slo.Percent(budget))
		return look.Factor, false
	}
	for _, l := range r.Looks[1:] {
		if !close(l.Threshold, look.Threshold) {
			c.out.Fail(a.Ref, "uneven", "%s compares with %s over %s and with %s over %s; both windows look for one burn rate", a.Name, slo.Percent(look.Threshold), slo.Span(look.Window), slo.Percent(l.Threshold), slo.Span(l.Window))
			return factor, false
		}
	}
	sound = true
	if look.Threshold.Cmp(one) >= 0 {
		c.out.Fail(a.Ref, "never", "%s compares with %s of all events, which %s times the budget of %s (%s) are; more than all cannot be bad, so it never fires", a.Name, slo.Percent(look.Threshold), slo.Decimal(factor), c.o.Name, slo.Percent(budget))
		return factor, false
	}
	if p, known := slo.PairOf(r.Long()); known {
		wanted := p.Factor(c.window)
		if by := new(big.Rat).Quo(factor, wanted); by.Cmp(half) <= 0 || by.Cmp(double) >= 0 {
			sound = false
			c.out.Fail(a.Ref, "factor", "%s fires at %s, which is %s times the budget of %s (%s leaves %s); over %s that spends %s of it, and the workbook takes %s times", a.Name, slo.Percent(look.Threshold),
				slo.Decimal(factor), c.o.Name, c.o.Target, slo.Percent(budget), slo.Span(r.Long()), slo.Percent(slo.Spend(factor, r.Long(), c.window)), slo.Decimal(wanted))
		}
	}
	switch {
	case len(r.Looks) == 1 && look.Window > 0:
		sound = false
		c.out.Fail(a.Ref, "one-window", "%s looks over %s only, so it goes on for long after the burn ends; ask the same over %s too", a.Name, slo.Span(look.Window), slo.Span(look.Window/12))
	case len(r.Looks) > 1 && (r.Short() > r.Long()/4 || r.Short() < r.Long()/40):
		c.out.Note(a.Ref, "short", "%s looks over %s and %s; a short window of the twelfth part ends the page soon and is not deceived by a moment", a.Name, slo.Span(r.Long()), slo.Span(r.Short()))
	}
	return factor, sound
}

// tidy returns the number with ten digits that is as good as the same, if there is
// one: what floats made of 0.001.
func tidy(r *big.Rat) *big.Rat {
	short, ok := new(big.Rat).SetString(r.FloatString(10))
	if !ok || !close(short, r) {
		return r
	}
	return short
}

// close reports whether two numbers are the same but for what floats make of them.
func close(a, b *big.Rat) bool {
	d := new(big.Rat).Sub(a, b)
	return d.Abs(d).Cmp(new(big.Rat).Mul(new(big.Rat).Abs(b), artefact)) <= 0
}
