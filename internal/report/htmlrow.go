package report

import (
	"cmp"
	"fmt"
	"html/template"
	"net/url"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/report/look"
	"seaworthy.dev/seaworthy/internal/verdict"
)

type htmlRow struct {
	ID, Title, Claim, Word, Severity, Reason, Rungs, Page string
	Anchor                                                template.URL
	Sign                                                  look.Sign
	Ladder                                                []look.Rung
	Todo                                                  *htmlTodo
	Claims                                                []htmlClaim
	Groups                                                []*htmlGroup
	How, Matters                                          string
}

type htmlTodo struct {
	Class, Head, Text string
	At                htmlPlace
}

type htmlClaim struct {
	Sign               look.Sign
	Name, Word, Reason string
	Text               string
}

// htmlGroup holds the findings of one rule with one outcome.
type htmlGroup struct {
	Sign             look.Sign
	Word, Rule, Says string
	Close            string
	Count, Rest      int
	Shown, Folded    []htmlFinding
}

type htmlFinding struct {
	Message, Waiver, From string
	At                    htmlPlace
}

// anchors are the addresses that are given to services on a page.
type anchors map[string]bool

// of returns the address of a service: none where it is the only one, so that its
// rows are called by their ids alone.
func (taken anchors) of(name string, several bool) string {
	if !several {
		return ""
	}
	slug := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(name)), "-")
	out := slug
	for n := 2; out == "" || taken[out]; n++ {
		out = fmt.Sprintf("%s-%d", cmp.Or(slug, "service"), n)
	}
	taken[out] = true
	return out
}

// anchor is the address of a row or a section of a service: "deploy/drift-detection"
// or "checkout/deploy/drift-detection".
func anchor(service, id string) template.URL {
	if service == "" {
		return template.URL(id)
	}
	return template.URL(service + "/" + id)
}

// sections shows the sections that were judged, with their rows.
func (h *htmlView) sections(s *assess.Service, id string) (out []htmlSection) {
	for _, section := range h.r.Sections {
		part := htmlSection{ID: section.ID, Anchor: anchor(id, section.ID), Title: cmp.Or(section.Title, section.ID), Worst: look.Of(verdict.NotApplicable)}
		count := map[verdict.State]int{}
		for i := range s.Verdicts {
			v := &s.Verdicts[i]
			if name, _, _ := strings.Cut(v.Expectation, "/"); name != section.ID {
				continue
			}
			part.Rows = append(part.Rows, h.row(s, v, id))
			count[v.State]++
		}
		var words []string
		for _, state := range look.States() {
			if n := count[state]; n > 0 {
				if len(words) == 0 {
					part.Worst = look.Of(state)
				}
				words = append(words, fmt.Sprintf("%d %s", n, states(state, n)))
			}
		}
		part.Says = strings.Join(words, ", ")
		if len(part.Rows) > 0 {
			out = append(out, part)
		}
	}
	return out
}

func (h *htmlView) row(s *assess.Service, v *verdict.Verdict, id string) *htmlRow {
	e := h.r.Expectations[v.Expectation]
	if e == nil {
		e = &expect.Expectation{ID: v.Expectation}
	}
	out := &htmlRow{
		ID: v.Expectation, Anchor: anchor(id, v.Expectation), Title: h.title(v.Expectation), Claim: e.Claim, Sign: look.Of(v.State), Word: states(v.State, 1),
		Severity: v.Severity.String(), Reason: v.Reason, Ladder: look.Ladder(e, v), Page: site + "/standard/" + (&url.URL{Path: v.Expectation}).EscapedPath(),
	}
	out.Rungs = fmt.Sprintf("tier %d asks for %s", s.Tier, v.Asked)
	if v.Reached != fact.NoRung {
		out.Rungs += ", reached is " + v.Reached.String()
	}
	heads := map[verdict.State]string{verdict.Gap: "How to close it:", verdict.Unknown: "What would settle it:", verdict.Short: "What would prove it:", verdict.Waived: "How to close it:"}
	if v.Settle != "" && heads[v.State] != "" {
		out.Todo = &htmlTodo{out.Sign.Class, heads[v.State], v.Settle, h.place(v.At)}
	}
	for _, c := range e.Requires {
		part := *v
		part.Asked = min(v.Asked, c.UpTo)
		alone := *e
		alone.Requires = nil
		var findings []*verdict.Finding
		for _, f := range v.Findings {
			if f.Claim == c.Name {
				findings = append(findings, f)
			}
		}
		part = alone.Suppose(part, findings, false)
		out.Claims = append(out.Claims, htmlClaim{look.Of(part.State), c.Name, states(part.State, 1), part.Reason, c.Text})
	}
	out.Groups = h.groups(e, v)
	if v.State != verdict.Met && v.State != verdict.NotApplicable && len(h.r.Services) <= 3 {
		out.How, out.Matters = e.Close, e.Why
	}
	return out
}

// groups puts findings of one rule and outcome together, the gravest first.
func (h *htmlView) groups(e *expect.Expectation, v *verdict.Verdict) (out []*htmlGroup) {
	looks := []struct {
		outcome verdict.Outcome
		waived  bool
		state   verdict.State
		word    string
	}{
		{verdict.Fail, false, verdict.Gap, "failing"}, {verdict.Fail, true, verdict.Waived, "accepted"}, {verdict.Unclear, false, verdict.Unknown, "could not be told"},
		{verdict.Note, false, verdict.NotApplicable, "worth knowing"}, {verdict.Skip, false, verdict.NotApplicable, "not concerned"}, {verdict.Pass, false, verdict.Met, "right"},
	}
	for _, l := range looks {
		at := map[string]*htmlGroup{}
		for _, f := range v.Findings {
			if f.Outcome != l.outcome || (f.Waiver != nil) != l.waived {
				continue
			}
			g := at[f.Rule]
			if g == nil {
				g = &htmlGroup{Sign: look.Of(l.state), Word: l.word, Rule: f.Rule}
				if rule, found := e.Rule(f.Rule); found {
					g.Says = rule.Says
					if rule.Close != expect.NothingToDo && l.state != verdict.Met && l.state != verdict.NotApplicable {
						g.Close = rule.Close
					}
				}
				at[f.Rule] = g
				out = append(out, g)
			}
			g.Count++
			switch {
			case len(g.Shown) < h.cap/4+1:
				g.Shown = append(g.Shown, h.finding(f))
			case len(g.Folded) < h.cap:
				g.Folded = append(g.Folded, h.finding(f))
			default:
				g.Rest++
			}
		}
	}
	return out
}

// finding says what was found, where, by whom and on which rung.
func (h *htmlView) finding(f *verdict.Finding) htmlFinding {
	from := f.Rung.String()
	if f.Source != "" {
		from = f.Source + ", " + from
	}
	if f.Bundle != "" && f.Bundle != "." && f.Bundle != f.Ref.File {
		from += ", " + f.Bundle
	}
	if f.Variant != "" {
		from += " (" + f.Variant + ")"
	}
	if f.Rung == fact.Configured {
		from += ", as the files stand"
	}
	return htmlFinding{Message: f.Message, Waiver: strings.TrimSpace(acceptedBy(f)), From: look.Clean(look.Cut(from, htmlText)), At: h.place(f.Ref.Location)}
}

// place shows a place, and links it where it is known where files are shown.
func (h *htmlView) place(at fact.Location) (out htmlPlace) {
	out.Text = look.Clean(look.Cut(position(at), htmlText))
	if at.File == "" || h.o.LinkBase == "" || path.IsAbs(at.File) || strings.HasPrefix(path.Clean(at.File), "../") {
		return out
	}
	out.Link = h.o.LinkBase + (&url.URL{Path: path.Clean(at.File)}).EscapedPath()
	if at.Line > 0 {
		out.Link += fmt.Sprintf("#L%d", at.Line)
	}
	return out
}
