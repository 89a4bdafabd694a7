package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// The elements and attributes are those that Jenkins' schema (junit-10.xsd) and
// the older one of Ant share: no file, no line, no time that would make two runs
// differ.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name    string       `xml:"name,attr"`
		Class   string       `xml:"classname,attr"`
		Skipped *junitReason `xml:"skipped"`
		Failure *junitReason `xml:"failure"`
		Out     string       `xml:"system-out,omitempty"`
	}
	junitReason struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes a test case for each expectation, a suite for each section of each
// service. A gap is a failure. Only what is met has passed: what could not be
// told, is accepted, lacks its proof or does not apply is skipped, with the
// reason. Lacking proof is no failure, because check does not refuse for it.
func JUnit(w io.Writer, r *Report, _ Options) error {
	all := junitSuites{Name: "seaworthy"}
	for _, s := range r.Services {
		for _, section := range r.Sections {
			suite := junitSuite{Name: s.Name + " / " + section.ID, Properties: junitProperties(r, s)}
			for i := range s.Verdicts {
				v := &s.Verdicts[i]
				if id, _, _ := strings.Cut(v.Expectation, "/"); id != section.ID {
					continue
				}
				c := junitOf(r.Expectations[v.Expectation], v)
				c.Class = s.Name + "." + section.ID
				suite.Tests++
				switch {
				case c.Failure != nil:
					suite.Failures++
				case c.Skipped != nil:
					suite.Skipped++
				}
				suite.Cases = append(suite.Cases, c)
			}
			if suite.Tests > 0 {
				all.Suites = append(all.Suites, suite)
				all.Tests, all.Failures = all.Tests+suite.Tests, all.Failures+suite.Failures
			}
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitProperties(r *Report, s *assess.Service) []junitProperty {
	return []junitProperty{
		{"service", s.Name}, {"owner", s.Owner}, {"tier", fmt.Sprint(s.Tier)}, {"standard", r.Standard},
		{"answer", first(r.answer(s))}, {"ready", fmt.Sprint(verdict.Ready(s.Tier, s.Verdicts))}, {"score", fmt.Sprint(verdict.Score(s.Verdicts))},
	}
}

func junitOf(e *expect.Expectation, v *verdict.Verdict) junitCase {
	c := junitCase{Name: v.Expectation}
	if e != nil {
		c.Name += ": " + e.Title
	}
	skip := func(says string) { c.Skipped = &junitReason{Message: says + v.Reason, Type: v.State.String()} }
	switch v.State {
	case verdict.Met:
		c.Out = junitFindings(v, verdict.Pass)
	case verdict.Gap:
		rule := ""
		for _, f := range v.Findings {
			if f.Outcome == verdict.Fail && f.Waiver == nil {
				rule = v.Expectation + "#" + f.Rule
				break
			}
		}
		text := junitFindings(v, verdict.Fail, verdict.Unclear)
		if v.Settle != "" {
			text += "To close it: " + v.Settle + "\n"
		}
		c.Failure = &junitReason{Message: v.Severity.String() + ": " + v.Reason, Type: rule, Text: text}
	case verdict.Unknown:
		skip("could not tell: ")
		if strings.HasPrefix(v.Reason, "could not tell") {
			c.Skipped.Message = v.Reason
		}
		c.Out = junitFindings(v, verdict.Unclear)
	case verdict.Waived:
		skip("")
		c.Out = junitFindings(v, verdict.Fail)
	case verdict.Short:
		skip("right, but proof is missing: ")
		c.Out = junitFindings(v, verdict.Pass)
	default:
		skip("does not apply: ")
	}
	return c
}

// junitFindings lists what was found, a line each.
func junitFindings(v *verdict.Verdict, outcomes ...verdict.Outcome) string {
	var b strings.Builder
	for _, o := range outcomes {
		for _, f := range v.Findings {
			if f.Outcome != o {
				continue
			}
			if at := position(f.Ref.Location); at != "" {
				b.WriteString(at + ": ")
			}
			b.WriteString(oneLine(f.Message + acceptedBy(f)))
			fmt.Fprintf(&b, " [%s#%s]%s\n", v.Expectation, f.Rule, variant(f))
		}
	}
	return b.String()
}
