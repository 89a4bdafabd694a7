package slo

import (
	"math/big"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTargets(t *testing.T) {
	for text, want := range map[string]string{"99.9": "99.9 %", "99.9 %": "99.9 %", " 99.95%": "99.95 %", "0.999": "99.9 %", "1": "100 %", "100": "100 %", "1 %": "1 %", "0.9990000000000001": "99.90000000000001 %", "9.99e-1": "99.9 %"} {
		got, err := ParseTarget(text)
		if err != nil || got.String() != want {
			t.Errorf("%q is read as %v, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "%", "nine", "101", "-1", "100.1 %", "NaN", "Inf", "1e999999999", "0x1p-2", "99,9"} {
		if got, err := ParseTarget(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
	if a, b := FromFloat(99.9), FromFloat(0.999); new(big.Rat).Quo(a, hundred).Cmp(b) != 0 {
		t.Errorf("99.9 %% and 0.999 differ: %v, %v", a, b)
	}
}

func TestWindows(t *testing.T) {
	for text, want := range map[string]string{
		"30d": "30d", "4w": "28d", "720h": "30d", "28 days": "28d", "1d12h": "36h", "5m": "5m", "1M": "a calendar month", "1Q": "a calendar quarter",
		"month": "a calendar month", "Calendar Month": "a calendar month", "calendar month, rolling": "30d", "rolling 30d": "30d", "rolling month": "30d",
		"1y": "a calendar year", "weekly": "7d", "calendar week": "7d of the calendar",
	} {
		got, err := ParseWindow(text)
		if err != nil || got.String() != want {
			t.Errorf("%q is read as %v, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "0d", "soon", "30", "-1d", "999999y", "99999999999999d", "30 d d"} {
		if got, err := ParseWindow(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// TestWorkbook holds the numbers that the workbook and the book print.
func TestWorkbook(t *testing.T) {
	month, four := Window{Length: 30 * Day}, Window{Length: 28 * Day}
	for i, want := range []struct {
		short          time.Duration
		thirty, twenty string
		threshold      string
	}{
		{5 * time.Minute, "14.4", "13.44", "0.0144"}, {30 * time.Minute, "6", "5.6", "0.006"},
		{2 * time.Hour, "3", "2.8", "0.003"}, {6 * time.Hour, "1", "0.933333333333", "0.001"},
	} {
		p := Pairs()[i]
		target, _ := ParsePercent("99.9")
		if p.Short() != want.short || Decimal(p.Factor(month)) != want.thirty || Decimal(p.Factor(four)) != want.twenty || Decimal(p.Threshold(target, month)) != want.threshold {
			t.Errorf("pair %d: %v, %s, %s, %s", i, p.Short(), Decimal(p.Factor(month)), Decimal(p.Factor(four)), Decimal(p.Threshold(target, month)))
		}
	}
	for text, want := range map[string]time.Duration{"99.9": 43*time.Minute + 12*time.Second, "99.99": 4*time.Minute + 19*time.Second + 200*time.Millisecond, "99": 7*time.Hour + 12*time.Minute, "100": 0} {
		target, _ := ParsePercent(text)
		if got := TimeBudget(target, month); got != want {
			t.Errorf("%s %% over 30 days leaves %v, want %v", text, got, want)
		}
	}
	if got := Lasts(Pairs()[0].Factor(month), month); got != 50*time.Hour {
		t.Errorf("at 14.4 the budget lasts %v, want 50h", got)
	}
	target, _ := ParsePercent("99.9")
	if left, ok := Remaining(target, 250, 1_000_000); !ok || left.Cmp(big.NewRat(3, 4)) != 0 {
		t.Errorf("250 bad of a million leave %v of the budget", left)
	}
	if n := EventBudget(target, 999_999); n != 999 {
		t.Errorf("%d of 999,999 may be bad, want 999", n)
	}
}

// percents yields targets as people write them.
func percents(t *rapid.T) string {
	whole, frac := rapid.IntRange(0, 99).Draw(t, "whole"), rapid.StringMatching(`[0-9]{0,6}`).Draw(t, "frac")
	if frac == "" {
		return strconv.Itoa(whole)
	}
	return strconv.Itoa(whole) + "." + frac
}

// TestExact: no number that people write loses a digit on its way through a share,
// a budget and back, in percent, as a share, and as a float64.
func TestExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := percents(t)
		target, err := ParsePercent(text)
		if err != nil {
			t.Fatal(err)
		}
		if sum := new(big.Rat).Add(target.Share(), target.Budget()); sum.Cmp(one) != 0 {
			t.Fatalf("%s: share and budget are %v together", text, sum)
		}
		again, err := ParseTarget(target.String())
		if err != nil || again.Cmp(target) != 0 {
			t.Fatalf("%s is written %s and read as %v, %v", text, target, again, err)
		}
		share, err := ParseShare(Decimal(target.Share()))
		if err != nil || share.Cmp(target) != 0 {
			t.Fatalf("%s as a share is %v, %v", text, share, err)
		}
		f, _ := strconv.ParseFloat(text, 64)
		if FromFloat(f).Cmp(new(big.Rat).Mul(target.Share(), hundred)) != 0 {
			t.Fatalf("%s comes back from a float as %v", text, FromFloat(f))
		}
	})
}

// TestBurn: spend and factor are inverse to each other, a stricter target has a
// smaller threshold, and a faster burn lasts no longer.
func TestBurn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := Window{Length: time.Duration(rapid.IntRange(1, 400).Draw(t, "days")) * Day}
		long := time.Duration(rapid.IntRange(1, 10_000).Draw(t, "minutes")) * time.Minute
		spend := big.NewRat(rapid.Int64Range(1, 1000).Draw(t, "spend"), 1000)
		f := Factor(spend, long, w)
		if Spend(f, long, w).Cmp(spend) != 0 {
			t.Fatalf("%v of the budget become %v", spend, Spend(f, long, w))
		}
		a, _ := ParsePercent(percents(t))
		b, _ := ParsePercent(percents(t))
		if a.Cmp(b) != -Threshold(f, a).Cmp(Threshold(f, b)) {
			t.Fatalf("%v and %v alert at %v and %v", a, b, Threshold(f, a), Threshold(f, b))
		}
		if faster := new(big.Rat).Mul(f, big.NewRat(3, 2)); Lasts(faster, w) > Lasts(f, w) {
			t.Fatalf("at %v it lasts %v, at %v %v", faster, Lasts(faster, w), f, Lasts(f, w))
		}
	})
}

// TestEvents: a budget in events is never exceeded by counting it, and one more is.
func TestEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		target, _ := ParsePercent(percents(t))
		total := rapid.Int64Range(1, 1<<50).Draw(t, "total")
		n := EventBudget(target, total)
		if left, ok := Remaining(target, n, total); !ok || left.Sign() < 0 {
			t.Fatalf("%d of %d overspend %v", n, total, target)
		}
		if left, _ := Remaining(target, n+1, total); left.Sign() >= 0 {
			t.Fatalf("%d of %d do not overspend %v", n+1, total, target)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"99.9", "30d", "1e400", "calendar month", "1M", "%"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := ParseTarget(text); err == nil {
			if again, err := ParseTarget(got.String()); err == nil && again.Cmp(got) > 1 {
				t.Errorf("%q", text)
			}
			if got.Budget().Sign() < 0 || got.Share().Sign() < 0 {
				t.Errorf("%q is %v", text, got)
			}
		}
		if w, err := ParseWindow(text); err == nil && (w.Length <= 0 || w.Length > maxWindow) {
			t.Errorf("%q is %v", text, w)
		}
	})
}
