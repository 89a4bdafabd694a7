package report

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// TestHTMLStandsAlone: the page asks for nothing over the network, every link
// within it leads somewhere, and no id stands twice.
func TestHTMLStandsAlone(t *testing.T) {
	r := small()
	r.Services = append(r.Services, small().Services[0])
	got := render(t, HTML, r, Options{})
	demand(t, got, `http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;`, "NOT READY", "web lets 0 of 2 instances be evicted", "deploy/web.yaml:31:7",
		"<code>maxUnavailable: 1</code>", "is not valid YAML", "could not tell: api has no budget")
	if at := regexp.MustCompile(`(?i)<(img|iframe|object|embed|form|base|audio|video)\b|\bsrc=|url\(|@import|\bon[a-z]+="`).FindString(got); at != "" {
		t.Errorf("the page holds %q", at)
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(got, -1) {
		if ids[m[1]] {
			t.Errorf("the id %s stands twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(got, -1) {
		if !ids[m[1]] {
			t.Errorf("a link leads to #%s, which is not there", m[1])
		}
	}
}

// TestHTMLCannotBeBrokenOutOf: whatever stands in the user's files is text.
func TestHTMLCannotBeBrokenOutOf(t *testing.T) {
	evil := `</style></script><script>alert(1)</script><img src=x onerror=alert(1)>"'` + "`<b>`{{.}}\x00\x1b[2J\u202e"
	r := small()
	s := r.Services[0]
	s.Name, s.Owner, s.Manifest, s.Assumptions = evil, evil, evil, []string{evil}
	v := &s.Verdicts[0]
	v.Reason, v.Settle, v.At.File = evil, evil, evil
	f := v.Findings[0]
	f.Message, f.Ref.File, f.Ref.Subject, f.Variant, f.Bundle, f.Source = evil, evil, evil, evil, evil, evil
	s.Problems[0] = fact.Problem{Location: fact.Location{File: evil}, Message: evil}
	r.Baseline, r.Changes = evil, nil
	for _, base := range []string{"", "https://git.example.com/a/b/", "javascript:alert(1)//"} {
		got := render(t, HTML, r, Options{LinkBase: base})
		if n := strings.Count(got, "<script"); n != 1 {
			t.Errorf("the page holds %d scripts", n)
		}
		for _, bad := range []string{"<img", "<b>`", "\x00", "\x1b", "\u202e", `href="javascript:`} {
			if strings.Contains(got, bad) {
				t.Errorf("the page holds %q", bad)
			}
		}
	}
}

// TestHTMLStaysUsable: thousands of findings fold, are capped, and counted.
func TestHTMLStaysUsable(t *testing.T) {
	r := small()
	v := &r.Services[0].Verdicts[0]
	for i := range 10_000 {
		v.Findings = append(v.Findings, &verdict.Finding{Outcome: verdict.Fail, Rule: "blocks-eviction", Rung: fact.Configured,
			Message: fmt.Sprintf("web-%d lets nothing go", i), Ref: fact.Ref{Subject: fmt.Sprint(i), Location: fact.Location{File: "a.yaml", Line: i + 1}}})
	}
	got := render(t, HTML, r, Options{})
	if len(got) > 200_000 {
		t.Errorf("the page has %d bytes", len(got))
	}
	demand(t, got, "10001 failing", "more like it, in the JSON report")
}
