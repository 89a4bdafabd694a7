// Package testcoverage checks that tests of three layers ran on this revision, and
// that they reach the code whose failure customers notice.
package testcoverage

import (
	"fmt"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/tested"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check judges the results of tests that are here. Without any it says which tests
// the pipelines run: that they ran, and how they ended, only results show.
func Check(in expect.Input) (out verdict.Findings) {
	if !in.First(func(s *fact.Set) bool { return s.Rung != fact.Declared }) {
		return out
	}
	var testing *fact.Testing
	if in.Declared != nil {
		testing = in.Declared.Testing
	}
	var runs []*fact.TestRun
	var coverages []*fact.CodeCoverage
	here, open := false, false
	for _, set := range in.All {
		for _, r := range set.TestRuns {
			here, open = true, open || r.Open != ""
			if counts(&out, &r.Result) {
				runs = append(runs, r)
			}
		}
		for _, c := range set.Coverages {
			here, open = true, open || c.Open != ""
			if present(&out, c) && counts(&out, &c.Result) {
				coverages = append(coverages, c)
			}
		}
	}
	if !here {
		nothing(&out, in, testing)
		return out
	}
	if len(runs)+len(coverages) == 0 && open {
		return out
	}
	layers(&out, testing, runs)
	critical(&out, in, testing, coverages)
	incidents(&out, testing, runs)
	return out
}

// counts reports whether results are of this revision, and says why they are not.
func counts(out *verdict.Findings, r *fact.Result) bool {
	switch {
	case r.Other != "":
		out.Note(r.Ref, "other-revision", "%s is not counted: its results are not of this revision, for %s", path.Base(r.File), r.Other)
		return false
	case r.Open != "":
		out.Unclear(r.Ref, "revision-open", "it cannot be told whether the results in %s are of this revision: %s", path.Base(r.File), r.Open)
		return false
	}
	return true
}

// present reports whether what a report covers is here.
func present(out *verdict.Findings, c *fact.CodeCoverage) bool {
	if c.Absents == len(c.Files) {
		out.Note(c.Ref, "other-code", "%s is not counted: nothing that it covers is here (%s, such as %s)", path.Base(c.File), verdict.Count(c.Absents, "file"), c.Absent[0])
		return false
	}
	return true
}

// layers judges how each layer of tests ended.
func layers(out *verdict.Findings, testing *fact.Testing, runs []*fact.TestRun) {
	found := tested.Layers(testing, runs)
	for _, name := range fact.TestLayers() {
		l := found[name]
		part := fact.Ref{Subject: string(name) + " tests"}
		switch {
		case l == nil:
			out.Unclear(part, "missing-layer", "no results of %s tests of this revision are here", name)
			continue
		case len(l.Failed) > 0:
			out.Fail(part.At(l.Runs[0].Location), "failed", "%s failed: %s", verdict.Count(len(l.Failed), string(name)+" test"), few(l.Failed))
			continue
		case l.Passed == 0:
			out.Unclear(part.At(l.Runs[0].Location), "skipped-layer", "no test of the layer ran: %s skipped", verdict.Count(l.Skipped, string(name)+" test"))
			continue
		}
		skipped := ""
		if l.Skipped > 0 {
			skipped = fmt.Sprintf(", %d were skipped", l.Skipped)
		}
		out.Pass(part.At(l.Runs[0].Location), "ran", "%s passed on this revision%s (%s)", verdict.Count(l.Passed, string(name)+" test"), skipped, path.Base(l.Runs[0].File))
		if len(l.Flaky) > 0 {
			out.Note(part.At(l.Runs[0].Location), "flaky", "%s passed only when tried again: %s", verdict.Count(len(l.Flaky), string(name)+" test"), few(l.Flaky))
		}
	}
}

func few(names []string) string {
	if more := len(names) - 3; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), more)
	}
	return strings.Join(names, ", ")
}

// critical judges how much of the critical paths tests reach.
func critical(out *verdict.Findings, in expect.Input, testing *fact.Testing, coverages []*fact.CodeCoverage) {
	if testing == nil || len(testing.Critical) == 0 {
		out.Unclear(fact.Ref{Subject: "critical paths"}, "no-critical-path", "nobody says which code is critical; name its files or packages as `performance.criticalPaths` in seaworthy.yaml")
		return
	}
	for _, c := range testing.Critical {
		sum := tested.Of(coverages, c.Path)
		switch {
		case sum.Total == 0 && len(coverages) == 0:
			out.Unclear(c.Ref, "unmeasured", "no coverage of this revision is here that could tell about %s", c.Path)
		case sum.Total == 0:
			out.Unclear(c.Ref, "unmeasured", "the coverage that is here names no file of %s", c.Path)
		case sum.Percent() < c.Threshold:
			out.Fail(c.Ref, "below", "tests reach %.1f %% of %s (%d of %d in %s); %g %% is asked", sum.Percent(), c.Path, sum.Covered, sum.Total, verdict.Count(sum.Files, "file"), c.Threshold)
		default:
			out.Pass(c.Ref, "reached", "tests reach %.1f %% of %s (%d of %d in %s)", sum.Percent(), c.Path, sum.Covered, sum.Total, verdict.Count(sum.Files, "file"))
		}
	}
}

// incidents judges whether each incident on record has its regression test.
func incidents(out *verdict.Findings, testing *fact.Testing, runs []*fact.TestRun) {
	if testing == nil {
		return
	}
	for _, i := range testing.Incidents {
		outcome, found := tested.Ran(runs, i.Test)
		switch {
		case i.Test == "":
			out.Fail(i.Ref, "no-regression-test", "the incident %s names no regression test", i.Name)
		case !found:
			out.Unclear(i.Ref, "regression-unseen", "no result here names %s, the regression test of the incident %s", i.Test, i.Name)
		case outcome != fact.Passed:
			out.Unclear(i.Ref, "regression-unseen", "%s, the regression test of the incident %s, %s", i.Test, i.Name, map[fact.TestOutcome]string{fact.Failed: "failed", fact.Skipped: "was skipped"}[outcome])
		default:
			out.Pass(i.Ref, "regression", "%s tests for the incident %s", i.Test, i.Name)
		}
	}
}

// nothing says what would show results: which tests pipelines run, and where the
// manifest expects theirs.
func nothing(out *verdict.Findings, in expect.Input, testing *fact.Testing) {
	var kinds []string
	var at *fact.Deed
	var step *fact.PipelineStep
	var from string
	for _, p := range fact.PipelinesIn(in.All) {
		p.Does(func(_ *fact.PipelineJob, s *fact.PipelineStep, d *fact.Deed) {
			if at == nil {
				at, step, from = d, s, path.Base(p.File)
			}
			for _, k := range kinds {
				if k == string(d.Kind) {
					return
				}
			}
			kinds = append(kinds, string(d.Kind))
		}, fact.TestsUnits, fact.TestsParts, fact.TestsWhole)
	}
	switch {
	case testing != nil && len(testing.Expected) > 0:
		out.Unclear(fact.Ref{Subject: "results of tests", Location: fact.Location{File: in.Declared.Manifest}}, "no-results", "results of tests are expected at %s, and none are there; judge where the tests ran", few(testing.Expected))
	case at != nil:
		out.Unclear(step.Ref.At(at.At), "no-results", "%s runs %s, but their results are not here", from, strings.Join(kinds, ", "))
	}
}
