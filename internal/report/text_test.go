package report

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/report/look"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// long is a report in which every text of the user's is too long, and some of
// it is wide or tries to steer the terminal.
func long() *Report {
	r := small()
	s := r.Services[0]
	s.Name = strings.Repeat("checkout-", 14) + "支払い"
	s.Owner = "チーム-" + strings.Repeat("payments", 15)
	s.Renderings, s.Objects, s.Files = 1234, 123456, 12345
	s.Assumptions = append(s.Assumptions, "not judged: "+strings.Repeat("支払い", 50))
	v := &s.Verdicts[0]
	v.Reason = "支払い" + strings.Repeat("x", 130) + " lets nothing go"
	v.At.File = strings.Repeat("very/deep/folder/", 12) + strings.Repeat("長", 60) + ".yaml"
	for i := range v.Findings {
		v.Findings[i].Ref.File, v.Findings[i].Message = v.At.File, v.Reason
		v.Findings[i].Variant = strings.Repeat("values-", 20)
	}
	own := &expect.Expectation{ID: "own-section-with-a-long-name/" + strings.Repeat("demand-", 12), Severity: verdict.Blocker, Rungs: budgets.Rungs, Check: func(expect.Input) verdict.Findings { return verdict.Findings{} }}
	r.Expectations[own.ID] = own
	s.Verdicts = append(s.Verdicts, verdict.Verdict{Expectation: own.ID, Severity: verdict.Blocker, Asked: fact.Proven, Reason: "nothing"})
	for i := range 40 {
		id := fmt.Sprintf("scaling/demand-%02d", i)
		s.Verdicts = append(s.Verdicts, verdict.Verdict{Expectation: id, State: verdict.State(i % 6), Severity: verdict.Severity(i % 3), Asked: fact.Configured, Reason: v.Reason, Settle: v.Reason})
	}
	s.Problems = append(s.Problems, fact.Problem{Location: v.At, Message: v.Reason})
	s.Sets = []*fact.Set{{Bundle: v.At.File, Variant: "prod", Source: "kustomize", Coverage: fact.Coverage{Holes: make([]fact.Hole, 100)}}}
	return r
}

// TestTextKeepsToThePage demands that no line is wider than the page, whatever
// the user's names are.
func TestTextKeepsToThePage(t *testing.T) {
	for _, width := range []int{60, 72, 80, 95, 96, 100, 200} {
		for _, r := range []*Report{small(), long()} {
			got := render(t, Text, r, Options{Width: width, Verbose: true, Problems: true, Bundles: true, Color: true})
			for _, l := range strings.Split(got, "\n") {
				if n := columns(plain(l)); n > min(width, 100) {
					t.Errorf("width %d: a line has %d columns: %s", width, n, plain(l))
				}
				if plain(l) != strings.TrimRight(plain(l), " ") {
					t.Errorf("width %d: a line ends in spaces: %q", width, l)
				}
			}
		}
	}
}

// TestTextAnswersFirst holds the headline and what stands below it.
func TestTextAnswersFirst(t *testing.T) {
	got := render(t, Text, small(), Options{Width: 100})
	lines := strings.Split(got, "\n")
	if want := "checkout   tier 1   team-payments                               NOT READY   score 0   1 blocker open"; lines[0] != want {
		t.Errorf("headline is\n%s\nwant\n%s", lines[0], want)
	}
	if want := "0 met  0 short  2 gaps  1 unknown  0 n/a"; strings.TrimSpace(lines[1]) != want || len(lines[1]) != 100 {
		t.Errorf("tally is %q, want %q, right-aligned", lines[1], want)
	}
	demand(t, got,
		"no seaworthy.yaml: judged as one service",
		"  ✕ scaling/disruption-budgets       blocker  dco[P]  web lets 0 of 2 instances be evicted\n",
		"      deploy/web.yaml:31:7                            write `maxUnavailable: 1`\n",
		"  scaling       ✕ 1 gap: disruption-budgets\n",
		"  privacy       ? 1 unknown\n",
		"Cheapest next steps (`seaworthy plan` has all):\n  1) scaling/disruption-budgets: write `maxUnavailable: 1` (1 more change; 2 places, hours)\n",
		"3 expectations · 3 objects in 2 files · 2 problems (--problems)\n")
	ready := small()
	ready.Services[0].Verdicts = []verdict.Verdict{{Expectation: budgets.ID, Severity: verdict.Blocker, State: verdict.Met}}
	demand(t, render(t, Text, ready, Options{Width: 80}), " READY   score 100   0 blockers open\n")
}

// TestTextOpens shows what the flags add.
func TestTextOpens(t *testing.T) {
	got := render(t, Text, small(), Options{Width: 80, Verbose: true, Problems: true})
	demand(t, got,
		"        ✕ web lets 0 of 2 instances be evicted\n          deploy/web.yaml:31:7  scaling/disruption-budgets#blocks-eviction\n",
		"        ? could not tell: api has no budget\n          deploy/api & co.yaml  scaling/disruption-budgets#budget\n",
		"        ● db lets 1 of 3 go\n",
		"2 problems:\n  deploy/broken.yaml:9:2\n      is not valid YAML\n  deploy/huge.yaml\n      has 40 MB\n")
}

// TestTextWithoutProblems says so where they were asked for.
func TestTextWithoutProblems(t *testing.T) {
	r := small()
	r.Services[0].Problems = nil
	demand(t, render(t, Text, r, Options{Width: 80, Problems: true}), "\nNo problems: everything that was found could be read.\n", "2 files\n")
}

// TestTextColors paints only where it may, and leaves the words the same.
func TestTextColors(t *testing.T) {
	o := Options{Width: 80, Verbose: true, Problems: true, Bundles: true}
	without := render(t, Text, long(), o)
	if strings.Contains(without, "\x1b") {
		t.Error("there are colours without Color")
	}
	o.Color = true
	with := render(t, Text, long(), o)
	if with == without || plain(with) != without {
		t.Error("the coloured page must be the plain one, painted")
	}
}

// TestTextCannotBeSteered keeps names in hostile repositories from painting
// over the report.
func TestTextCannotBeSteered(t *testing.T) {
	r := small()
	s := r.Services[0]
	evil := "a\x1b[2J\x1b]0;x\x07b\u202egnp\u009b\r\nc"
	s.Name, s.Owner, s.Assumptions = evil, evil, []string{evil}
	v := &s.Verdicts[0]
	v.Reason, v.Settle, v.At.File = evil, evil, evil
	v.Findings[0].Message, v.Findings[0].Ref.File, v.Findings[0].Variant = evil, evil, evil
	s.Problems[0] = fact.Problem{Location: fact.Location{File: evil}, Message: evil}
	s.Sets = []*fact.Set{{Bundle: evil, Variant: evil}}
	for _, ascii := range []bool{true, false} {
		got := render(t, Text, r, Options{Width: 80, Verbose: true, Problems: true, Bundles: true, ASCII: ascii})
		if at := regexp.MustCompile(`[\x00-\x09\x0b-\x1f\x7f\x{80}-\x{9f}\x{202a}-\x{202e}\x{2066}-\x{2069}]`).FindStringIndex(got); at != nil {
			t.Errorf("ascii=%v: a control character comes through: %q", ascii, got[max(0, at[0]-20):at[1]])
		}
	}
}

// TestTextASCII allows no sign beyond ASCII but those in the user's names.
func TestTextASCII(t *testing.T) {
	r := small()
	r.Services[0].Verdicts[0].Settle = "raise it – “2” … ≥ 1 → done"
	r.Services[0].Verdicts[1].State = verdict.Short
	got := render(t, Text, r, Options{Width: 100, ASCII: true, Verbose: true, Problems: true, Bundles: true})
	for _, c := range got {
		if c > 127 {
			t.Errorf("%q is beyond ASCII", c)
		}
	}
	demand(t, got, "  x scaling/disruption-budgets ", "? could not tell", "+ db lets", "~ 1 short", ` - "2" ... >= 1 -> done`)
	r.Services[0].Name = "zahlungsverkehr-größe"
	demand(t, render(t, Text, r, Options{Width: 100, ASCII: true}), "zahlungsverkehr-größe   tier 1")
}

// TestLadder holds the examples of the ladder.
func TestLadder(t *testing.T) {
	pass := func(rungs ...fact.Rung) (out []*verdict.Finding) {
		for _, r := range rungs {
			out = append(out, &verdict.Finding{Outcome: verdict.Pass, Rung: r})
		}
		return out
	}
	row := func(rungs ...fact.Rung) *expect.Expectation {
		e := &expect.Expectation{}
		for _, r := range rungs {
			e.Rungs = append(e.Rungs, expect.RungText{Rung: r})
		}
		return e
	}
	all := row(fact.Rungs()...)
	for _, tt := range []struct {
		want    string
		row     *expect.Expectation
		verdict verdict.Verdict
	}{
		{"dCO[P]", all, verdict.Verdict{Asked: fact.Proven, Reached: fact.Observed, Findings: pass(fact.Configured, fact.Observed)}},
		{"dco[P]", all, verdict.Verdict{Asked: fact.Proven}},
		{"C[P]", row(fact.Configured, fact.Proven), verdict.Verdict{Asked: fact.Proven, Reached: fact.Configured, Findings: pass(fact.Configured)}},
		{"[C]op", row(fact.Configured, fact.Observed, fact.Proven), verdict.Verdict{Asked: fact.Configured, Reached: fact.Configured, Findings: pass(fact.Configured)}},
		{"[D]", row(fact.Declared), verdict.Verdict{Asked: fact.Declared}},
		{"", nil, verdict.Verdict{Asked: fact.Declared}},
	} {
		if got := look.Letters(look.Ladder(tt.row, &tt.verdict)); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

// TestWrap breaks at spaces, cuts what has none, and counts wide characters
// twice and accents not at all.
func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 10, ""},
		{"one two three", 7, "one two|three"},
		{"abcdefghij", 4, "abcd|efgh|ij"},
		{"ab abcdefghij ab", 4, "ab|abcd|efgh|ij|ab"},
		{"支払い支払い", 5, "支払|い支|払い"},
		{"e\u0301e\u0301e\u0301 x", 3, "e\u0301e\u0301e\u0301|x"},
	} {
		if got := strings.Join(wrap(tt.text, tt.width), "|"); got != tt.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
	if got := strings.Join(wrapPath("/work/shared/corpus/deploy/web.yaml:31:7", 20), "|"); got != "/work/shared/corpus/|deploy/web.yaml:31:7" {
		t.Errorf("a path breaks as %s", got)
	}
}
