package report

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/plan"
	"seaworthy.dev/seaworthy/internal/report/look"
	"seaworthy.dev/seaworthy/internal/verdict"
)

//go:embed page
var pages embed.FS

// What is shown of long lists; the rest is counted and stands in the JSON report.
const (
	// htmlSteps are shown at once, htmlLater folded below them.
	htmlSteps, htmlLater = 8, 60
	// htmlProblems and htmlChanges bound those lists.
	htmlProblems, htmlChanges = 200, 100
	// htmlFindings is how many findings a page holds in all.
	htmlFindings = 4000
	// htmlText is how many bytes of one text are shown.
	htmlText = 2000
)

// HTML writes one page that holds everything in itself: it asks for nothing over
// the network, and can be read without scripts.
func HTML(w io.Writer, r *Report, o Options) error {
	files := func(name string) string {
		text, err := pages.ReadFile("page/" + name)
		if err != nil {
			panic(err) // it is part of the program
		}
		return string(text)
	}
	t, err := template.New("report").Funcs(template.FuncMap{"spans": spans, "blocks": look.Blocks, "says": look.Says}).Parse(files("report.html"))
	if err != nil {
		return fmt.Errorf("read the page's template: %w", err)
	}
	css, script := look.CSS()+files("report.css"), files("report.js")
	p := htmlPage{
		CSP:   fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; img-src data:; base-uri 'none'; form-action 'none'", hash(css), hash(script)),
		Tool:  r.Tool,
		Title: "Seaworthy", Several: len(r.Services) != 1, Sections: len(r.Sections),
		CSS: template.CSS(css), Script: template.JS(script), Unknown: look.Of(verdict.Unknown),
	}
	for _, s := range look.States() {
		p.Legend = append(p.Legend, look.Of(s))
	}
	ready := 0
	v := &htmlView{r: r, o: o, cap: max(3, min(20, htmlFindings/(200*max(len(r.Services), 1))))}
	names := anchors{}
	for _, s := range r.Services {
		service := v.service(s, names.of(s.Name, p.Several))
		p.Services = append(p.Services, service)
		if service.Sign == look.Of(verdict.Met) {
			ready++
		}
	}
	p.Sum = fmt.Sprintf("%d of %s ready", ready, verdict.Count(len(r.Services), "service"))
	if !p.Several {
		p.Title = p.Services[0].Name + ": " + p.Services[0].Answer
	}
	return t.Execute(w, p)
}

// hash names a text in a content security policy.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func spans(text string) []look.Span { return look.Spans(look.Cut(text, htmlText)) }

// htmlPage is what the template shows.
type htmlPage struct {
	CSP, Tool, Title, Sum string
	CSS                   template.CSS
	Script                template.JS
	Several               bool
	Sections              int
	Unknown               look.Sign
	Legend                []look.Sign
	Services              []*htmlService
}

type htmlService struct {
	ID, Name, Owner, Manifest, AsOf, Answer, Idle, Outlook, Foot string
	Tier, Score, Blockers, Met, Rows                             int
	Sign                                                         look.Sign
	Chips                                                        []htmlChip
	Notes                                                        []htmlNote
	Changes                                                      *htmlChanged
	Steps, LaterSteps                                            []htmlStep
	Sections                                                     []htmlSection
	Problems                                                     *htmlList
}

type htmlChip struct {
	Sign  look.Sign
	Count int
	Word  string
}

type htmlNote struct {
	Sign *look.Sign
	Text string
}

type htmlPlace struct{ Text, Link string }

type htmlSection struct {
	ID, Title, Says string
	Anchor          template.URL
	Worst           look.Sign
	Rows            []*htmlRow
}

type htmlStep struct {
	N                                   int
	Sign                                look.Sign
	Title, Severity, Takes, Score, Left string
	Anchor                              template.URL
	Also                                string
	Remedies                            []htmlRemedy
	More                                int
}

type htmlRemedy struct{ Says, Places string }

type htmlItem struct {
	At            htmlPlace
	Message, Rule string
}

type htmlList struct {
	Title string
	Open  bool
	Items []htmlItem
	More  int
}

type htmlChanged struct {
	Since, Says, Lost string
	Lists             []*htmlList
}

// htmlView turns services into what the template shows.
type htmlView struct {
	r *Report
	o Options
	// cap is how many findings of a kind are shown at once.
	cap int
}

func (h *htmlView) service(s *assess.Service, id string) *htmlService {
	answer, state := h.r.answer(s)
	out := &htmlService{
		ID: id, Name: look.Clean(s.Name), Owner: look.Clean(s.Owner), Manifest: look.Clean(s.Manifest), AsOf: expect.Day(s.AsOf), Answer: strings.ToUpper(answer),
		Tier: s.Tier, Score: verdict.Score(s.Verdicts), Blockers: openBlockers(s.Verdicts), Met: count(s, verdict.Met), Rows: len(s.Verdicts), Sign: look.Of(state),
		Foot: strings.Join(append(footOf(s), "standard "+h.r.Standard, "seaworthy "+h.r.Tool), " · "),
	}
	if s.Owner == "unknown" {
		out.Owner = "owner unknown"
	}
	if answer == idle {
		out.Idle = idleSays
	}
	for _, state := range look.States() {
		if n := count(s, state); n > 0 {
			out.Chips = append(out.Chips, htmlChip{look.Of(state), n, states(state, n)})
		}
	}
	waived := look.Of(verdict.Waived)
	for _, l := range standing(s) {
		out.Notes = append(out.Notes, htmlNote{&waived, l})
	}
	for _, a := range s.Assumptions {
		out.Notes = append(out.Notes, htmlNote{nil, a})
	}
	out.Sections = h.sections(s, id)
	out.Changes = h.changes(s)
	h.steps(s, id, out)
	if len(s.Problems) > 0 {
		out.Problems = &htmlList{Title: verdict.Count(len(s.Problems), "problem") + ": what could not be read"}
		for _, p := range s.Problems {
			out.Problems.add(htmlItem{At: h.place(p.Location), Message: p.Message}, htmlProblems)
		}
	}
	return out
}

// add adds an item as long as there is room, and counts it otherwise.
func (l *htmlList) add(item htmlItem, most int) {
	if len(l.Items) == most {
		l.More++
		return
	}
	l.Items = append(l.Items, item)
}

// steps shows the first steps of the plan.
func (h *htmlView) steps(s *assess.Service, id string, out *htmlService) {
	steps, now := plan.Of(h.r.planned(s))
	out.Outlook = outlook(steps, now)
	for i, st := range steps[:min(len(steps), htmlSteps+htmlLater)] {
		step := htmlStep{
			N: i + 1, Sign: look.Of(st.Row.State), Anchor: anchor(id, st.Row.Expectation), Title: h.title(st.Row.Expectation), Severity: st.Row.Severity.String(),
			Takes: st.Takes.String(), Score: scoreOf(st.After), Left: verdict.Count(st.After.Blockers, "blocker") + " left",
		}
		if st.After.Ready {
			step.Left = "ready"
		}
		for j := range st.Remedies {
			if j == maxRemedies-1 && len(st.Remedies) > maxRemedies {
				step.More = len(st.Remedies) - j
				break
			}
			r := &st.Remedies[j]
			step.Remedies = append(step.Remedies, htmlRemedy{r.Says, look.Clean(placesOf(r))})
		}
		var also []string
		for _, v := range st.Also {
			also = append(also, h.title(v.Expectation))
		}
		step.Also = strings.Join(also, ", ")
		if i < htmlSteps {
			out.Steps = append(out.Steps, step)
		} else {
			out.LaterSteps = append(out.LaterSteps, step)
		}
	}
}

// changes shows what differs from the baseline, the new first.
func (h *htmlView) changes(s *assess.Service) *htmlChanged {
	c := h.r.Changes[s]
	if c == nil {
		return nil
	}
	out := &htmlChanged{Since: look.Clean(h.r.Baseline), Says: c.says(), Lost: c.lost()}
	fresh, open, gone, hidden := &htmlList{Open: true}, &htmlList{Open: true}, &htmlList{}, &htmlList{}
	for _, n := range c.New {
		fresh.add(htmlItem{h.place(n.Finding.Ref.Location), n.Finding.Message, n.Verdict.Expectation + "#" + n.Finding.Rule}, htmlChanges)
	}
	for _, v := range c.Unknown {
		open.add(htmlItem{h.place(v.At), v.Reason, v.Expectation}, htmlChanges)
	}
	for _, g := range c.Gone {
		gone.add(htmlItem{htmlPlace{Text: look.Clean(g.File)}, g.Message, g.Rule}, htmlChanges)
	}
	for _, g := range c.Hidden {
		hidden.add(htmlItem{htmlPlace{Text: look.Clean(g.File)}, g.Message, g.Rule}, htmlChanges)
	}
	for _, l := range []struct {
		*htmlList
		says string
	}{{fresh, "new"}, {open, "newly unknown"}, {gone, "gone"}, {hidden, "could not be looked at again"}} {
		if n := len(l.Items) + l.More; n > 0 {
			l.Title = fmt.Sprintf("%d %s", n, l.says)
			out.Lists = append(out.Lists, l.htmlList)
		}
	}
	return out
}

// title is what people call an expectation.
func (h *htmlView) title(id string) string {
	if e := h.r.Expectations[id]; e != nil {
		return cmp.Or(e.Title, id)
	}
	return id
}
