// Package tested tells layers of tests apart and adds coverage up.
package tested

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Layer is what results say of one layer of tests.
type Layer struct {
	Passed, Skipped int
	Failed, Flaky   []string
	// Runs are the reports that hold it.
	Runs []*fact.TestRun
}

var (
	whole = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:e2e|end-?_?to-?_?end|acceptance|cypress|playwright|selenium|webdriver|smoke|system-?_?tests?)(?:[^a-z]|$)|(?:E2E|EndToEnd|Acceptance)(?:[A-Z_]|Test|$)`)
	parts = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:integration|integ|itest|it|failsafe(?:-reports)?|integration-?_?tests?|inttests?|component-?_?tests?|contract-?_?tests?)(?:[^a-z]|$)|(?:Integration|Contract|Component)(?:[A-Z_]|Tests?|$)|[a-z0-9]IT(?:Case)?$`)
)

// layerOf tells the layer of a test: as the manifest says, as its suite says of
// itself, as names tell; a test that nothing marks is one of a unit.
func layerOf(t *fact.Testing, run *fact.TestRun, s *fact.TestSuite, c *fact.TestCase) fact.TestLayer {
	if t != nil {
		for _, l := range fact.TestLayers() {
			for _, pattern := range t.Layers[l] {
				if slices.ContainsFunc([]string{run.Path, s.Name, s.File, c.Class}, func(name string) bool { return name != "" && Matches(pattern, name) }) {
					return l
				}
			}
		}
	}
	for _, text := range []string{s.Layer, c.Class, s.File, s.Name, run.Path} {
		switch {
		case text == "":
		case whole.MatchString(text):
			return fact.WholeLayer
		case parts.MatchString(text):
			return fact.PartsLayer
		case strings.EqualFold(text, "unit"):
			return fact.UnitLayer
		}
	}
	return fact.UnitLayer
}

// Layers sorts the tests of runs by layer.
func Layers(t *fact.Testing, runs []*fact.TestRun) map[fact.TestLayer]*Layer {
	out := map[fact.TestLayer]*Layer{}
	for _, run := range runs {
		for _, s := range run.Suites {
			for i := range s.Cases {
				c := &s.Cases[i]
				name := layerOf(t, run, s, c)
				l := out[name]
				if l == nil {
					l = &Layer{}
					out[name] = l
				}
				if !slices.Contains(l.Runs, run) {
					l.Runs = append(l.Runs, run)
				}
				switch c.Outcome {
				case fact.Failed:
					l.Failed = append(l.Failed, c.Name)
				case fact.Skipped:
					l.Skipped++
				default:
					l.Passed++
					if c.Flaky {
						l.Flaky = append(l.Flaky, c.Name)
					}
				}
			}
		}
	}
	return out
}

// Ran tells how a test of that name ended; found is false where no report names it.
func Ran(runs []*fact.TestRun, name string) (outcome fact.TestOutcome, found bool) {
	for _, run := range runs {
		for _, s := range run.Suites {
			for i := range s.Cases {
				c := &s.Cases[i]
				if c.Name != name && !strings.HasPrefix(c.Name, name+"/") && c.Class+"."+c.Name != name && c.Class+"#"+c.Name != name && s.Name+"."+c.Name != name {
					continue
				}
				if !found || outcome == fact.Skipped || c.Outcome == fact.Failed {
					outcome, found = c.Outcome, true
				}
			}
		}
	}
	return outcome, found
}

// Share is how much of some code tests reach.
type Share struct {
	Covered, Total int
	Files          int
}

// Percent returns the share; 0 where there is nothing to reach.
func (s Share) Percent() float64 {
	if s.Total == 0 {
		return 0
	}
	return 100 * float64(s.Covered) / float64(s.Total)
}

// Of adds up what reports say of the files below a path or of a glob: a piece that
// one of them reaches is reached. Reports that cut a file up differently are not
// added; the one that reaches most of it counts.
func Of(reports []*fact.CodeCoverage, pattern string) (sum Share) {
	type file struct {
		spans map[string]map[uint64]fact.CoveredSpan
		plain Share
	}
	files := map[string]*file{}
	for _, r := range reports {
		for _, f := range r.Files {
			if f.Path == "" || !Matches(pattern, f.Path) {
				continue
			}
			one := files[f.Path]
			if one == nil {
				one = &file{spans: map[string]map[uint64]fact.CoveredSpan{}}
				files[f.Path] = one
			}
			if f.Spans == nil {
				one.plain = better(one.plain, Share{Covered: f.Covered, Total: f.Total})
				continue
			}
			if one.spans[r.Format] == nil {
				one.spans[r.Format] = map[uint64]fact.CoveredSpan{}
			}
			for _, s := range f.Spans {
				s.Hit = s.Hit || one.spans[r.Format][s.Place].Hit
				one.spans[r.Format][s.Place] = s
			}
		}
	}
	for _, f := range files {
		best := f.plain
		for _, spans := range f.spans {
			var s Share
			for _, span := range spans {
				s.Total += span.Weight
				if span.Hit {
					s.Covered += span.Weight
				}
			}
			best = better(best, s)
		}
		sum.Covered, sum.Total, sum.Files = sum.Covered+best.Covered, sum.Total+best.Total, sum.Files+1
	}
	return sum
}

func better(a, b Share) Share {
	if a.Total == 0 || b.Percent() > a.Percent() {
		return b
	}
	return a
}

// Matches reports whether a path, or a folder that holds it, fits a pattern; two
// stars stand for any number of folders.
func Matches(pattern, name string) bool {
	if pattern == "." || name == pattern || strings.HasPrefix(name, pattern+"/") {
		return true
	}
	if !strings.ContainsAny(pattern, "*?[") {
		return false
	}
	want, have := strings.Split(pattern, "/"), strings.Split(name, "/")
	for n := 1; n <= len(have); n++ {
		if steps(want, have[:n]) {
			return true
		}
	}
	return false
}

func steps(want, have []string) bool {
	if len(want) == 0 || len(have) == 0 {
		return len(want) == len(have) || len(want) == 1 && want[0] == "**"
	}
	if want[0] == "**" {
		return steps(want[1:], have) || steps(want, have[1:])
	}
	ok, err := path.Match(want[0], have[0])
	return err == nil && ok && steps(want[1:], have[1:])
}
