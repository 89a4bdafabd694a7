package report

import (
	"fmt"
	"io"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// annotation is one workflow command.
type annotation struct {
	level, title, message string
	at                    fact.Location
}

// annotationLevels are GitHub's words for the severities.
var annotationLevels = map[verdict.Severity]string{verdict.Blocker: "error", verdict.Major: "warning", verdict.Minor: "notice"}

// GitHub writes workflow commands, which GitHub shows as annotations of a
// change. It shows ten of each level, so the gravest come first and what could
// not be told is one notice a service. The last line of a service is plain and
// says the answer.
func GitHub(w io.Writer, r *Report, _ Options) error {
	var all []annotation
	for _, severity := range []verdict.Severity{verdict.Blocker, verdict.Major, verdict.Minor} {
		for _, s := range r.Services {
			if severity == verdict.Minor { // what could not be told concerns blockers: it goes before minor gaps
				if answer, _ := r.answer(s); answer == idle {
					all = append(all, annotation{level: "notice", title: idle, message: idleSays})
				} else {
					all = append(all, untold(s.Verdicts)...)
				}
			}
			for i := range s.Verdicts {
				if v := &s.Verdicts[i]; v.State == verdict.Gap && v.Severity == severity {
					all = append(all, failures(r, s, v)...)
				}
			}
		}
	}
	for _, s := range r.Services {
		for _, p := range s.Problems {
			all = append(all, annotation{"warning", "could not be read", p.Message, p.Location})
		}
	}
	order := map[string]int{"error": 0, "warning": 1, "notice": 2}
	sort.SliceStable(all, func(i, j int) bool { return order[all[i].level] < order[all[j].level] })
	for _, a := range all {
		if _, err := fmt.Fprintln(w, a); err != nil {
			return err
		}
	}
	for _, s := range r.Services {
		answer, _ := r.answer(s)
		says := "is " + strings.ToUpper(answer)
		if answer == idle {
			says = "has " + answer
		}
		_, err := fmt.Fprintf(w, "seaworthy: %s %s, %s; %s\n", plainText(s.Name), says,
			strings.ReplaceAll(figures(s, answer), "   ", ", "), strings.ReplaceAll(tally(s.Verdicts), "  ", ", ")+since(r, s))
		if err != nil {
			return err
		}
	}
	return nil
}

// since sums up what is new since the baseline; empty without one.
func since(r *Report, s *assess.Service) string {
	c := r.Changes[s]
	if c == nil {
		return ""
	}
	text := "; since " + plainText(r.Baseline) + ": " + c.says()
	if lost := c.lost(); lost != "" {
		text += "; " + lost
	}
	return text
}

// failures lists what fails; with a baseline, only what is new.
func failures(r *Report, s *assess.Service, v *verdict.Verdict) []annotation {
	var out []annotation
	for i := range v.Findings {
		f := v.Findings[i]
		if f.Outcome == verdict.Fail && f.Waiver == nil && r.isNew(s, f) {
			out = append(out, annotation{annotationLevels[v.Severity], v.Expectation + "#" + f.Rule, f.Message + variant(f), f.Ref.Location})
		}
	}
	return out
}

// untold sums up the blockers that could not be told.
func untold(verdicts []verdict.Verdict) []annotation {
	var names []string
	for i := range verdicts {
		if v := &verdicts[i]; v.Severity == verdict.Blocker && v.State == verdict.Unknown {
			names = append(names, v.Expectation)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []annotation{{level: "notice", title: "could not tell", message: verdict.Count(len(names), "blocker") + " could not be told: " + strings.Join(names, ", ")}}
}

// String renders the workflow command.
func (a annotation) String() string {
	var properties []string
	add := func(name, value string) { properties = append(properties, name+"="+escapeProperty(value)) }
	if a.at.File != "" {
		add("file", a.at.File)
		if a.at.Line > 0 {
			add("line", fmt.Sprint(a.at.Line))
			if a.at.Column > 0 {
				add("col", fmt.Sprint(a.at.Column))
			}
		}
	}
	add("title", a.title)
	return "::" + a.level + " " + strings.Join(properties, ",") + "::" + escapeData(a.message)
}

// The runner undoes these escapes, as its toolkit writes them.
var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func escapeData(text string) string     { return dataEscapes.Replace(text) }
func escapeProperty(text string) string { return propertyEscapes.Replace(text) }

// plainText keeps a name of the user's from ending its line, or from starting
// a workflow command of the old form, which counts anywhere in a line.
func plainText(text string) string {
	return strings.NewReplacer("\r", " ", "\n", " ", "##[", "## [").Replace(text)
}
