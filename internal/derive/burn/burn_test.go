package burn

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/slo"
)

const failing = `sum(rate(a_total{code=~"5.."}[%[1]s])) / sum(rate(a_total[%[1]s]))`

func over(window string) string { return fmt.Sprintf("("+failing+")", window) }

func rulesOf(condition string, recordings ...*fact.Recording) []Rule {
	return New([]*fact.Set{{Recordings: recordings}}).Of(&fact.Alert{Name: "A", Expression: condition})
}

func recording(name, expr string) *fact.Recording {
	return &fact.Recording{Name: name, Expression: expr, Parsed: true}
}

// TestShapes: one burn rate, 14.4 times a budget of 0.1 % over 1h and 5m, as people
// and tools write it.
func TestShapes(t *testing.T) {
	records := []*fact.Recording{
		recording("a:errors:ratio_rate1h", over("1h")), recording("a:errors:ratio_rate5m", over("5m")),
		recording("a:burn1h", over("1h")+" / 0.001"), recording("a:burn5m", over("5m")+" / 0.001"),
		recording("a:good:ratio_rate1h", "1 - "+over("1h")), recording("a:good:ratio_rate5m", "1 - "+over("5m")),
		recording("a:percent:ratio_rate1h", "100 * "+over("1h")), recording("a:percent:ratio_rate5m", over("5m")+" * 100"),
		recording("a:budget", "vector(0.001)"),
	}
	for name, condition := range map[string]string{
		"written out":           over("1h") + " > 14.4 * 0.001 and " + over("5m") + " > 14.4 * 0.001",
		"one number":            over("1h") + " > 0.0144 and " + over("5m") + " > 0.0144",
		"one minus the target":  over("1h") + " > (14.4 * (1 - 0.999)) and " + over("5m") + " > (1 - 0.999) * 14.4",
		"turned round":          "0.0144 < " + over("1h") + " and 0.0144 <= " + over("5m"),
		"good events":           "1 - " + over("1h") + " < 1 - 14.4 * 0.001 and (1 - " + over("5m") + ") < 1 - 14.4 * 0.001",
		"recorded":              "a:errors:ratio_rate1h > 14.4 * 0.001 and a:errors:ratio_rate5m > 14.4 * 0.001",
		"recorded good events":  "a:good:ratio_rate1h < 0.9856 and a:good:ratio_rate5m < 0.9856",
		"one minus recorded":    "1 - a:good:ratio_rate1h > 0.0144 and 1 - a:good:ratio_rate5m > 0.0144",
		"recorded in percent":   "a:percent:ratio_rate1h > 14.4 * 0.1 and a:percent:ratio_rate5m > 1.44",
		"divided by the budget": "a:burn1h > 14.4 and a:burn5m > 14.4",
		"divided here":          over("1h") + " / (1 - 0.999) > 14.4 and " + over("5m") + " / (1 - 0.999) > 14.4",
		"a recorded budget":     "a:errors:ratio_rate1h > 14.4 * a:budget and a:errors:ratio_rate5m > 14.4 * a:budget",
		"as Sloth writes it":    "(max(a:errors:ratio_rate5m > (14.4 * 0.001)) without (sloth_window) and max(a:errors:ratio_rate1h > (14.4 * 0.001)) without (sloth_window))",
		"recorded elsewhere":    `http_requests:burnrate5m{slo="a"} > (14.4 * (1-0.999)) and http_requests:burnrate1h{slo="a"} > (14.4 * (1-0.999))`,
		"with a least rate":     "(a:errors:ratio_rate1h > 0.0144 and a:errors:ratio_rate5m > 0.0144) and sum(rate(a_total[5m])) > 1",
		"with joined labels":    "(a:errors:ratio_rate1h > 0.0144 and a:errors:ratio_rate5m > 0.0144) * on() group_left(team) owners",
		"with zero filled in":   "((" + fmt.Sprintf(failing, "1h") + ") or vector(0)) > 0.0144 and " + over("5m") + " > 0.0144",
	} {
		got := rulesOf(condition, records...)
		if len(got) != 1 || got[0].Long() != time.Hour || got[0].Short() != 5*time.Minute {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		for _, l := range got[0].Looks {
			if l.Threshold.Cmp(big.NewRat(144, 10_000)) != 0 || l.Factor != nil && l.Budget().Cmp(big.NewRat(1, 1000)) != 0 {
				t.Errorf("%s: threshold %s, factor %v", name, slo.Decimal(l.Threshold), l.Factor)
			}
		}
	}
	if got := rulesOf("(" + over("1h") + " > 0.0144 and " + over("5m") + " > 0.0144) or (" + over("6h") + " > 0.006 and " + over("30m") + " > 0.006)"); len(got) != 2 {
		t.Errorf("two alternatives are %d", len(got))
	}
}

// TestOthers: conditions that compare shares and watch no budget.
func TestOthers(t *testing.T) {
	for _, condition := range []string{
		over("5m") + " > 0.05", "up == 0", "node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1",
		"rate(a_total[5m]) > 10 and rate(b_total[1h]) > 10", "a > 0.5 and b > 0.5", "sum(rate(a_total[5m])) > 2 * 3",
		"rate(cpu_seconds_total[5m]) / cpu_limit > 0.9 and rate(cpu_seconds_total[1h]) / cpu_limit > 1.5", "x:y:rate5m > 3", "histogram_quantile(0.99, rate(b_bucket[5m])) > 2",
	} {
		if got := rulesOf(condition); len(got) > 0 {
			t.Errorf("%s: %+v", condition, got)
		}
	}
}

// TestHostile: conditions that grow by being taken apart end soon.
func TestHostile(t *testing.T) {
	either := "(" + over("1h") + " > 0.01 or " + over("5m") + " > 0.01)"
	rulesOf(strings.Repeat(either+" and ", 20) + either)
	var loop []*fact.Recording
	for i := range 60 {
		loop = append(loop, recording("a:errors:ratio_rate5m", fmt.Sprintf("a:errors:ratio_rate5m * a:errors:ratio_rate5m * %d", i)))
	}
	start := time.Now()
	rulesOf("a:errors:ratio_rate5m > 0.01", loop...)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	rulesOf(strings.Repeat("(", 500) + "a:errors:ratio_rate5m > 0.01" + strings.Repeat(")", 500))
}

// TestExactly: whatever the target and the factor, the threshold that a rule writes
// is read as it is.
func TestExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		target, err := slo.ParsePercent(fmt.Sprintf("%d.%03d", rapid.IntRange(80, 99).Draw(t, "whole"), rapid.IntRange(0, 999).Draw(t, "thousandths")))
		if err != nil {
			t.Fatal(err)
		}
		factor := big.NewRat(rapid.Int64Range(1, 40).Draw(t, "tenths")+9, 10)
		bound := slo.Decimal(factor) + " * " + slo.Decimal(target.Budget())
		got := rulesOf(over("1h") + " > " + bound + " and " + over("5m") + " > " + bound)
		if len(got) != 1 || got[0].Looks[0].Threshold.Cmp(slo.Threshold(factor, target)) != 0 {
			t.Fatalf("%s is read as %+v", bound, got)
		}
	})
}

func FuzzOf(f *testing.F) {
	f.Add(over("1h")+" > 14.4 * 0.001 and "+over("5m")+" > 14.4 * 0.001", "1 - a:b:ratio_rate5m")
	f.Add("a:b:ratio_rate5m / (1 - 1) < 0 and a:b:ratio_rate1h > -1 * 0", over("5m"))
	f.Add("100 - a:b:ratio_rate5m * 0 > 1e308 * 1e308", "a:b:ratio_rate5m")
	f.Fuzz(func(t *testing.T, condition, recorded string) {
		if len(condition)+len(recorded) > 2000 {
			t.Skip()
		}
		for _, r := range rulesOf(condition, recording("a:b:ratio_rate5m", recorded)) {
			if len(r.Looks) == 0 || r.Long() < r.Short() {
				t.Errorf("%q: %+v", condition, r)
			}
			for _, l := range r.Looks {
				if l.Threshold.Sign() <= 0 {
					t.Errorf("%q: threshold %v", condition, l.Threshold)
				}
				l.Budget()
			}
		}
	})
}
