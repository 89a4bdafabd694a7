package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// maxBaseline bounds the file: the report of the largest repository known to us
// has 12 MB.
const maxBaseline = 512 << 20

// Baseline is an earlier JSON report with which a run is compared.
type Baseline struct {
	// File is its name, as the user wrote it.
	File   string
	report jsonReport
}

// ReadBaseline reads an earlier JSON report. The error says what else the file
// is.
func ReadBaseline(in io.Reader, name string) (*Baseline, error) {
	b := &Baseline{File: name}
	dec := json.NewDecoder(io.LimitReader(in, maxBaseline))
	if err := dec.Decode(&b.report); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, fmt.Errorf("%s is not a JSON report; `%s` writes one", name, remake(name))
		}
		return nil, fmt.Errorf("%s cannot be read as a JSON report: %w; `%s` writes one", name, err, remake(name))
	}
	if b.report.Schema != Schema {
		return nil, fmt.Errorf("%s has the schema %q, and this version reads %q; write it anew with `%s`", name, b.report.Schema, Schema, remake(name))
	}
	return b, nil
}

func remake(name string) string { return "seaworthy check -o json=" + name }

// Changes is what a run and its baseline say differently of one service.
type Changes struct {
	// Added is true where the baseline does not know the service.
	Added bool
	// New are failures that the baseline lacks, in the order of the report.
	New []NewFinding
	// Unknown are expectations that could be told then and cannot be told now.
	Unknown []*verdict.Verdict
	// Gone are failures that only the baseline has.
	Gone []Gone
	// Hidden are failures of the baseline that may still be there: what they
	// rest on could not be read this time.
	Hidden []Gone
	// Untold are failures of the baseline whose subject was looked at again and
	// could not be judged: something changed there, and not enough to tell.
	Untold []Gone
	// Known counts the failures that both have.
	Known int
	// Fewer says of what fewer things were read than then.
	Fewer []string
}

// NewFinding is a failure that the baseline lacks.
type NewFinding struct {
	Verdict *verdict.Verdict
	Finding *verdict.Finding
}

// Gone is a failure of the baseline.
type Gone struct {
	Expectation, Rule, Message, Subject, File string
	// Now says why it could not be told this time, where it was looked at again.
	Now string
}

// Compare tells for each service of the report what is new since the baseline.
// The error says why the two cannot be compared, and what to do.
func (b *Baseline) Compare(r *Report) error {
	if b.report.Standard != r.Standard {
		return fmt.Errorf("%s was judged by the standard %s, and this version has %s; write it anew with `%s`", b.File, b.report.Standard, r.Standard, remake(b.File))
	}
	changes := map[*assess.Service]*Changes{}
	var theirs []string
	known := false
	for _, s := range r.Services {
		then := slices.IndexFunc(b.report.Services, func(old jsonService) bool { return old.Name == s.Name })
		if then < 0 {
			changes[s] = compare(s, jsonService{})
			changes[s].Added, changes[s].Fewer = true, nil
			continue
		}
		known = true
		changes[s] = compare(s, b.report.Services[then])
	}
	if !known {
		for _, s := range b.report.Services {
			theirs = append(theirs, s.Name)
		}
		var ours []string
		for _, s := range r.Services {
			ours = append(ours, s.Name)
		}
		return fmt.Errorf("%s is about %s, and judged here is %s; judge the same folder, or name the service in a seaworthy.yaml, and write it anew with `%s`",
			b.File, strings.Join(theirs, ", "), strings.Join(ours, ", "), remake(b.File))
	}
	r.Baseline, r.Changes = b.File, changes
	return nil
}

func compare(s *assess.Service, then jsonService) *Changes {
	c := &Changes{}
	old := map[string]*jsonVerdict{}
	for i := range then.Verdicts {
		old[then.Verdicts[i].Expectation] = &then.Verdicts[i]
	}
	for i := range s.Verdicts {
		v := &s.Verdicts[i]
		before := old[v.Expectation]
		if v.State == verdict.Unknown && (before == nil || before.State != verdict.Unknown.String()) {
			c.Unknown = append(c.Unknown, v)
		}
		left := map[string]int{}
		if before != nil {
			for _, f := range before.Findings {
				if failed(f) {
					left[f.Fingerprint]++
				}
			}
		}
		open := map[string]bool{}
		for _, f := range v.Findings {
			print := f.Fingerprint(v.Expectation)
			switch {
			case f.Outcome == verdict.Unclear:
				open[print] = true
			case f.Outcome != verdict.Fail:
			case left[print] > 0:
				left[print]--
				if f.Waiver == nil {
					c.Known++
				}
			case f.Waiver == nil:
				c.New = append(c.New, NewFinding{v, f})
			}
		}
		if before == nil {
			continue
		}
		for _, f := range slices.Backward(before.Findings) { // the last ones are over
			if !failed(f) || left[f.Fingerprint] == 0 {
				continue
			}
			left[f.Fingerprint]--
			gone := Gone{Expectation: v.Expectation, Rule: f.Rule, Message: f.Message, Subject: f.Subject, File: f.Location.File}
			switch {
			case v.Unread != "" || v.State == verdict.Unknown && len(v.Findings) == 0:
				c.Hidden = append(c.Hidden, gone)
			case open[f.Fingerprint] || v.State == verdict.Unknown && !mended(v, f):
				gone.Now = untoldNow(v, f)
				c.Untold = append(c.Untold, gone)
			default:
				c.Gone = append(c.Gone, gone)
			}
		}
	}
	slices.Reverse(c.Gone)
	slices.Reverse(c.Hidden)
	slices.Reverse(c.Untold)
	c.Fewer = fewer(s, then.Read)
	return c
}

// mended reports whether what failed then is right now, although other things of
// the same expectation could not be told.
func mended(v *verdict.Verdict, then jsonFinding) bool {
	passes := false
	for _, f := range v.Findings {
		if f.Ref.Subject != then.Subject {
			continue
		}
		if f.Outcome == verdict.Unclear {
			return false
		}
		passes = passes || f.Outcome == verdict.Pass
	}
	return passes
}

// untoldNow says why what failed then could not be told now: by what is said of the
// same subject, or else of the whole expectation.
func untoldNow(v *verdict.Verdict, then jsonFinding) string {
	for _, f := range v.Findings {
		if f.Outcome == verdict.Unclear && f.Ref.Subject == then.Subject {
			return f.Message
		}
	}
	return v.Reason
}

func failed(f jsonFinding) bool { return f.Outcome == verdict.Fail.String() && f.Waiver == nil }

// fewer says of what less was read than then: a file that is lost must not look
// like one that was mended.
func fewer(s *assess.Service, then *jsonRead) (out []string) {
	if then == nil {
		return nil // an earlier version did not say
	}
	now := readOf(s)
	for _, n := range []struct {
		now, then int
		noun      string
	}{
		{now.Objects, then.Objects, "object"}, {now.Workloads, then.Workloads, "workload"}, {now.Files, then.Files, "file"}, {now.Renderings, then.Renderings, "rendering"},
	} {
		if n.now < n.then {
			out = append(out, fmt.Sprintf("%s (%d then)", verdict.Count(n.now, n.noun), n.then))
		}
	}
	return out
}

// says sums the changes up in one line: "2 new, 1 newly unknown, 3 gone, 14 known".
func (c *Changes) says() string {
	if c.Added {
		return fmt.Sprintf("the baseline does not know this service: %d new, %d unknown", len(c.New), len(c.Unknown))
	}
	text := fmt.Sprintf("%d new", len(c.New))
	if n := len(c.Unknown); n > 0 {
		text += fmt.Sprintf(", %d newly unknown", n)
	}
	text += fmt.Sprintf(", %d gone", len(c.Gone))
	if n := len(c.Hidden); n > 0 {
		text += fmt.Sprintf(", %d that could not be looked at again", n)
	}
	if n := len(c.Untold); n > 0 {
		text += fmt.Sprintf(", %d that failed and could not be told now", n)
	}
	return text + fmt.Sprintf(", %d known", c.Known)
}

// lost says that less was read than then; empty where it was not.
func (c *Changes) lost() string {
	if len(c.Fewer) == 0 {
		return ""
	}
	return "fewer things were read than in the baseline: " + strings.Join(c.Fewer, ", ") + "; what is gone may only be unseen"
}

// isNew reports whether a failure is new; all are where nothing is compared.
func (r *Report) isNew(s *assess.Service, f *verdict.Finding) bool {
	c := r.Changes[s]
	return c == nil || slices.ContainsFunc(c.New, func(n NewFinding) bool { return n.Finding == f })
}
