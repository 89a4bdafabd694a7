package expect

import (
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// row says what a check finds in one set: letters for outcomes (p pass, f
// fail, g fail by a rule that leads, s skip, n note, u unclear, l fails because something lacks), each about
// a subject of its own unless a digit names one. A ! makes a hole in the
// coverage of the kinds that the row needs, a ? one of other kinds.
type row struct {
	rung  fact.Rung
	finds string
}

func judge(t *testing.T, asked fact.Rung, rows ...row) verdict.Verdict {
	t.Helper()
	var sets []*fact.Set
	finds := map[*fact.Set]string{}
	for _, r := range rows {
		set := &fact.Set{Bundle: ".", Rung: r.rung, Source: "test"}
		if strings.Contains(r.finds, "!") {
			set.Coverage.Holes = append(set.Coverage.Holes, fact.Hole{Kinds: []fact.Kind{fact.Budgets}, Why: "a budget could not be read", Location: fact.Location{File: "b.yaml", Line: 7}})
		}
		if strings.Contains(r.finds, "?") {
			set.Coverage.Holes = append(set.Coverage.Holes, fact.Hole{Kinds: []fact.Kind{fact.Alerts}, Why: "an alert could not be read"})
		}
		sets, finds[set] = append(sets, set), r.finds
	}
	e := &Expectation{
		ID: "scaling/x", Severity: verdict.Blocker, Asks: [3]fact.Rung{asked, asked, asked}, Needs: []fact.Kind{fact.Workloads, fact.Budgets},
		Settle: "connect the cluster", ProvedBy: []string{"drain"}, Rules: []Rule{{Name: "grave", Close: "mend this first", Leads: true}, {Name: "rule", Close: "mend it"}},
		Check: func(in Input) (out verdict.Findings) {
			text := finds[in.Here]
			for i := range text {
				ref := fact.Ref{Subject: "subject " + string(rune('a'+i)), Location: fact.Location{File: "f.yaml", Line: 10 + i}}
				if i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9' {
					ref.Subject = "subject " + text[i+1:i+2]
				}
				switch text[i] {
				case 'p':
					out.Pass(ref, "rule", "%s passes", ref.Subject)
				case 'f':
					out.Fail(ref, "rule", "%s fails", ref.Subject)
				case 'g':
					out.Fail(ref, "grave", "%s fails gravely", ref.Subject)
				case 's':
					out.Skip(ref, "rule", "%s is left out", ref.Subject)
				case 'n':
					out.Note(ref, "rule", "%s is noted", ref.Subject)
				case 'u':
					out.Unclear(ref, "rule", "%s is unclear", ref.Subject)
				case 'l':
					out.Lacks(ref, []fact.Kind{fact.Budgets}, "rule", "%s has no budget", ref.Subject)
				}
			}
			return out
		},
	}
	return e.Judge(1, sets, Input{})
}

// TestLawsOfJudging holds which findings make which state: what fails is a gap
// whatever else is known, what could not be told is never met, and only what
// was read whole can be said not to apply.
func TestLawsOfJudging(t *testing.T) {
	c, o, p := fact.Configured, fact.Observed, fact.Proven
	for _, tt := range []struct {
		rows    []row
		asked   fact.Rung
		state   verdict.State
		reached fact.Rung
		reason  string
	}{
		{[]row{{c, "p"}}, c, verdict.Met, c, "subject a passes"},
		{[]row{{c, "pp"}}, c, verdict.Met, c, "subject a passes (and 1 more)"},
		{[]row{{c, "ps"}}, c, verdict.Met, c, "subject a passes"},
		{[]row{{c, "pn"}}, c, verdict.Met, c, "subject a passes"},
		{[]row{{c, "p?"}}, c, verdict.Met, c, "subject a passes"},
		// A failure beats all else.
		{[]row{{c, "f"}}, c, verdict.Gap, 0, "subject a fails"},
		{[]row{{c, "pusf!"}}, c, verdict.Gap, 0, "subject d fails"},
		{[]row{{c, "ff"}}, c, verdict.Gap, 0, "subject a fails (and 1 more)"},
		{[]row{{c, "p"}, {c, "f"}}, c, verdict.Gap, 0, "subject a fails"},
		{[]row{{c, "f1"}, {o, "p1"}}, c, verdict.Gap, 0, "subject 1 fails"},
		{[]row{{c, "p1"}, {o, "f1"}}, c, verdict.Gap, 0, "subject 1 fails"},
		// What could not be told.
		{[]row{{c, "pu"}}, c, verdict.Unknown, 0, "subject b is unclear"},
		{[]row{{c, "su"}}, c, verdict.Unknown, 0, "subject b is unclear"},
		{[]row{{c, "p!"}}, c, verdict.Unknown, 0, "could not tell: a budget could not be read"},
		{[]row{{c, "p"}, {c, "!"}}, c, verdict.Unknown, 0, "could not tell: a budget could not be read"},
		{[]row{{c, "!"}}, c, verdict.Unknown, 0, "could not tell: a budget could not be read"},
		{[]row{{c, "u!"}}, c, verdict.Unknown, 0, "subject a is unclear"},
		// Absence is no failure where something could not be read.
		{[]row{{c, "l"}}, c, verdict.Gap, 0, "subject a has no budget"},
		{[]row{{c, "l?"}}, c, verdict.Gap, 0, "subject a has no budget"},
		{[]row{{c, "l!"}}, c, verdict.Unknown, 0, "could not tell: subject a has no budget, but a budget could not be read (b.yaml:7)"},
		{[]row{{c, "fl!"}}, c, verdict.Gap, 0, "subject a fails"},
		{[]row{{c, "l"}, {c, "!"}}, c, verdict.Gap, 0, "subject a has no budget"},
		// The worst failure is named first.
		{[]row{{c, "fgg"}}, c, verdict.Gap, 0, "subject b fails gravely (and 2 more)"},
		// It does not apply.
		{[]row{{c, "s"}}, c, verdict.NotApplicable, 0, "subject a is left out"},
		{[]row{{c, "sn?"}}, p, verdict.NotApplicable, 0, "subject a is left out"},
		{[]row{{c, "s!"}}, c, verdict.Unknown, 0, "could not tell: a budget could not be read"},
		// Nothing to judge.
		{nil, c, verdict.Unknown, 0, "nothing was found to judge"},
		{[]row{{c, ""}}, c, verdict.Unknown, 0, "nothing was found to judge"},
		{[]row{{c, "n"}}, c, verdict.Unknown, 0, "nothing was found to judge"},
		// The reached rung is the lowest of the subjects' highest.
		{[]row{{c, "p"}}, p, verdict.Short, c, "configured, but proven is asked: subject a passes"},
		{[]row{{c, "p"}}, o, verdict.Short, c, "configured, but observed is asked: subject a passes"},
		{[]row{{c, "p1"}, {o, "p1"}}, o, verdict.Met, o, "subject 1 passes (and 1 more)"},
		{[]row{{c, "p1"}, {o, "p1"}}, p, verdict.Short, o, "observed, but proven is asked: subject 1 passes (and 1 more)"},
		{[]row{{c, "p1p2"}, {o, "p1"}}, o, verdict.Short, c, "configured, but observed is asked: subject 1 passes (and 2 more)"},
		{[]row{{o, "p1"}, {c, "p1"}}, c, verdict.Met, o, "subject 1 passes (and 1 more)"},
		{[]row{{c, "s1p2"}, {o, "p2"}}, o, verdict.Met, o, "subject 2 passes (and 1 more)"},
	} {
		v := judge(t, tt.asked, tt.rows...)
		if v.State != tt.state || v.Reached != tt.reached || v.Reason != tt.reason {
			t.Errorf("%v, %s asked: %s, reached %q: %s\nwant %s, %q: %s", tt.rows, tt.asked, v.State, v.Reached, v.Reason, tt.state, tt.reached, tt.reason)
		}
	}
}

// TestSettles holds what a verdict says to do next.
func TestSettles(t *testing.T) {
	c, p := fact.Configured, fact.Proven
	for _, tt := range []struct {
		finds string
		asked fact.Rung
		want  string
	}{
		{"p", c, ""}, {"s", c, ""}, {"f", c, "mend it"}, {"fg", c, "mend this first"}, {"u", c, "mend it"}, {"", c, "connect the cluster"},
		{"p", p, "run `seaworthy drill drain`"}, {"p", fact.Observed, "connect the cluster"},
		{"p!", c, "mend what --problems lists, or add what is missing, and run again"},
	} {
		if v := judge(t, tt.asked, row{c, tt.finds}); v.Settle != tt.want {
			t.Errorf("%q, %s asked: %q, want %q", tt.finds, tt.asked, v.Settle, tt.want)
		}
	}
}

// TestPlaces: a verdict stands where its reason stands.
func TestPlaces(t *testing.T) {
	for finds, want := range map[string]fact.Location{
		"pf": {File: "f.yaml", Line: 11}, "fg": {File: "f.yaml", Line: 11}, "pu": {File: "f.yaml", Line: 11}, "p!": {File: "b.yaml", Line: 7}, "p": {},
	} {
		if v := judge(t, fact.Configured, row{fact.Configured, finds}); v.At != want {
			t.Errorf("%q stands at %v, want %v", finds, v.At, want)
		}
	}
}

// TestOrder: findings come in the order of their places, whatever order the
// check and the sets had, so that two runs agree.
func TestOrder(t *testing.T) {
	names := []string{"b", "a", "c"}
	e := &Expectation{ID: "s/x", Asks: [3]fact.Rung{fact.Configured, fact.Configured, fact.Configured}, Check: func(in Input) (out verdict.Findings) {
		for _, line := range []int{9, 10, 2} {
			out.Fail(fact.Ref{Location: fact.Location{File: "f", Line: line}}, "r", "m")
		}
		return out
	}}
	var sets []*fact.Set
	for _, n := range names {
		sets = append(sets, &fact.Set{Bundle: n, Variant: "v", Source: "kube", Rung: fact.Configured})
	}
	var got string
	for _, f := range e.Judge(3, sets, Input{}).Findings {
		got += f.Bundle + string(rune('0'+f.Ref.Line)) + " "
		if f.Variant != "v" || f.Source != "kube" || f.Rung != fact.Configured {
			t.Errorf("a finding does not carry its set: %+v", f)
		}
	}
	if want := "a2 a9 a: b2 b9 b: c2 c9 c: "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestNoCheck: a row that nothing reads is unknown, never met.
func TestNoCheck(t *testing.T) {
	e := &Expectation{ID: "s/x", Settle: "wait"}
	if v := e.Judge(3, []*fact.Set{{}}, Input{}); v.State != verdict.Unknown || v.Settle != "wait" || v.Reason == "" {
		t.Errorf("got %+v", v)
	}
	if e.Section() != "s" || e.Has(fact.Proven) {
		t.Error("section or rungs are wrong")
	}
}

// TestClaims: a row with several claims is what the worst of them is; no claim
// is met by the evidence of another, and of each no more is asked than there is.
func TestClaims(t *testing.T) {
	e := &Expectation{
		ID: "security/x", Severity: verdict.Blocker, Asks: [3]fact.Rung{fact.Configured, fact.Configured, fact.Configured},
		Rungs:    []RungText{{Rung: fact.Declared}, {Rung: fact.Configured}},
		Requires: []Claim{{Name: "review", UpTo: fact.Declared}, {Name: "scan", UpTo: fact.Configured}},
		Rules:    []Rule{{Name: "reviewed", Claim: "review"}, {Name: "scanned", Claim: "scan"}},
	}
	for _, tt := range []struct {
		review, scan string
		state        verdict.State
		reason       string
	}{
		{"p", "p", verdict.Met, "review: a review"},
		{"p", "", verdict.Unknown, "scan: nothing was found to judge"},
		{"", "p", verdict.Unknown, "review: nothing was found to judge"},
		{"f", "p", verdict.Gap, "review: a review"},
		{"u", "f", verdict.Gap, "scan: a scan"},
		{"s", "p", verdict.Met, "scan: a scan"},
		{"s", "s", verdict.NotApplicable, "review: a review"},
	} {
		e.Check = func(in Input) (out verdict.Findings) {
			text, rule := tt.review, "reviewed"
			if in.Here.Rung == fact.Configured {
				text, rule = tt.scan, "scanned"
			}
			say := map[string]func(fact.Ref, string, string, ...any){"p": out.Pass, "f": out.Fail, "u": out.Unclear, "s": out.Skip}[text]
			if say != nil {
				say(fact.Ref{Subject: rule}, rule, "a %s", map[string]string{"reviewed": "review", "scanned": "scan"}[rule])
			}
			return out
		}
		v := e.Judge(3, []*fact.Set{{Rung: fact.Declared}, {Rung: fact.Configured}}, Input{})
		if v.State != tt.state || v.Reason != tt.reason {
			t.Errorf("review %q and scan %q: %s, %q; want %s, %q", tt.review, tt.scan, v.State, v.Reason, tt.state, tt.reason)
		}
	}
}
