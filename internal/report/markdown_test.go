package report

import (
	"fmt"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// TestMarkdown: the answer first, then the blockers with their places, the rest
// folded.
func TestMarkdown(t *testing.T) {
	r := small()
	waive(r)
	r.Services[0].Verdicts[2].Severity = verdict.Blocker
	got := render(t, Markdown, r, Options{})
	demand(t, got,
		"<!-- seaworthy report -->\n",
		"### ✕ checkout: NOT READY\n",
		"Score 0, 2 blockers open. Tier 1, owner team-payments. 0 met, 0 short, 1 gap, 1 unknown, 1 accepted, 0 n/a.",
		"| ✕ [scaling/disruption-budgets](https://seaworthy.dev/standard/scaling/disruption-budgets) | web lets 0 of 2 instances be evicted | [`deploy/web.yaml:31`](deploy/web.yaml#L31) | write `maxUnavailable: 1` |\n",
		"? 1 blocker could not be told, for nothing here is evidence on them: [privacy/residency](",
		"<details><summary>scaling: ✕ 1 gap</summary>\n\n- ✕ web lets 0 of 2 instances be evicted [`deploy/web.yaml:31`](deploy/web.yaml#L31) `disruption-budgets#blocks-eviction`\n",
		"[`deploy/api & co.yaml`](deploy/api%20&%20co.yaml)",
		"<details><summary>secrets: ◌ 1 accepted</summary>\n\n- ◌ a token is mounted (accepted until 2026-12-24 by jane, R-12) `/abs/web.yaml:4` `scope#token`\n",
		"<details><summary>2 problems: what could not be read</summary>")
	demand(t, render(t, Markdown, r, Options{LinkBase: "https://git.example.com/a/blob/1/"}), "[`deploy/web.yaml:31`](https://git.example.com/a/blob/1/deploy/web.yaml#L31)")
}

// TestMarkdownIsSafe: names of users break no table, set no markup, and call
// nobody.
func TestMarkdownIsSafe(t *testing.T) {
	for text, want := range map[string]string{
		"a | b\nc":                    "a \\| b c",
		"<img src=x onerror=a()>":     "&lt;img src=x onerror=a()&gt;",
		"@acme/all see #12":           "@\u200bacme/all see #\u200b12",
		"*a* _b_ [c](http://d) ~e~":   "\\*a\\* \\_b\\_ \\[c\\](http:\u200b//d) \\~e\\~",
		"add `a | <b>` and `c`":       "add `a \\| <b>` and `c`",
		"a lone ` backtick <b>":       "a lone ' backtick &lt;b&gt;",
		"</details>":                  "&lt;/details&gt;",
		"bad \xff bytes":              "bad \ufffd bytes",
		"back\\slash | \\| `` empty ": "back\\\\slash \\| \\\\\\|  empty ",
	} {
		if got := safe(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// TestMarkdownIsShort: a comment holds 65,536 characters; what does not fit is
// counted, and every fold is closed.
func TestMarkdownIsShort(t *testing.T) {
	r := small()
	var all []*assess.Service
	for n := range 3 {
		s := *r.Services[0]
		s.Name = fmt.Sprintf("s%d", n)
		s.Verdicts = append([]verdict.Verdict(nil), s.Verdicts...)
		for i := range s.Verdicts {
			for j := range 3000 {
				s.Verdicts[i].Findings = append(s.Verdicts[i].Findings, &verdict.Finding{Outcome: verdict.Fail, Rule: "r", Message: strings.Repeat("long ", 20), Ref: fact.Ref{Location: fact.Location{File: "a.yaml", Line: j}}})
			}
		}
		for j := range 3000 {
			s.Problems = append(s.Problems, fact.Problem{Location: fact.Location{File: fmt.Sprintf("f%d.yaml", j)}, Message: "is not valid YAML"})
		}
		all = append(all, &s)
	}
	r.Services = all
	got := render(t, Markdown, r, Options{})
	if len(got) > maxMarkdown+2000 || len([]rune(got)) > 65_000 {
		t.Errorf("has %d bytes", len(got))
	}
	if strings.Count(got, "<details>") != strings.Count(got, "</details>") {
		t.Error("a fold is not closed")
	}
	demand(t, got, "### ✕ s0", "### ✕ s2", "\nand ")
}
