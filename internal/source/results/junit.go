package results

import (
	"regexp"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

func looksJUnit(h head) (looks, sure bool) {
	return h.root == "testsuites" || h.root == "testsuite", true
}

// junitSuite is a suite in work.
type junitSuite struct {
	*fact.TestSuite
	depth int
}

// readJUnit reads the reports that surefire, pytest, jest, gotestsum and most others
// write: suites in suites, with tests in any of them.
func readJUnit(s *source) (Reading, error) {
	run := &fact.TestRun{Result: s.result("tests of"), Path: s.shown}
	var open []junitSuite
	var test *fact.TestCase
	var ended time.Time
	kept := 0
	suite := func() *fact.TestSuite {
		if len(open) == 0 { // a test that stands directly below <testsuites>
			open = append(open, junitSuite{&fact.TestSuite{}, 1})
			run.Suites = append(run.Suites, open[0].TestSuite)
		}
		return open[len(open)-1].TestSuite
	}
	err := s.xml(elements{
		open: func(path []string, e element) error {
			switch e.name {
			case "testsuites":
				ended = later(ended, moment(e.attr("timestamp")))
			case "testsuite":
				one := &fact.TestSuite{Name: e.attr("name"), File: first(e.attr("file"), e.attr("filepath"))}
				if pkg := e.attr("package"); pkg != "" && !strings.HasPrefix(one.Name, pkg) {
					one.Name = pkg + "." + one.Name
				}
				if one.File == "" && len(open) > 0 {
					one.File = open[len(open)-1].File
				}
				if len(open) > 0 {
					one.Layer = open[len(open)-1].Layer
				}
				ended = later(ended, moment(e.attr("timestamp")))
				open = append(open, junitSuite{one, len(path)})
				run.Suites = append(run.Suites, one)
			case "testcase":
				in := suite()
				if kept++; kept > maxCases {
					run.Cut, test = true, nil
					return nil
				}
				one := fact.TestCase{Name: e.attr("name"), Class: e.attr("classname"), Outcome: fact.Passed}
				if in.File == "" {
					in.File = e.attr("file")
				}
				switch strings.ToLower(e.attr("status")) {
				case "notrun", "skipped", "disabled":
					one.Outcome = fact.Skipped
				case "failed", "failure", "error":
					one.Outcome = fact.Failed
				}
				in.Cases = append(in.Cases, one)
				test = &in.Cases[len(in.Cases)-1]
			case "failure", "error":
				if test != nil && above(path) == "testcase" {
					test.Outcome = fact.Failed
				}
			case "skipped", "disabled":
				if test != nil && above(path) == "testcase" && test.Outcome == fact.Passed {
					test.Outcome = fact.Skipped
				}
			case "flakyFailure", "flakyError":
				if test != nil {
					test.Flaky = true
				}
			case "property":
				name, value := plainKey(e.attr("name")), e.attr("value")
				switch {
				case run.Revision == "" && revisionKeys[name] && hexadecimal.MatchString(value):
					run.Revision = strings.ToLower(value)
				case layerKeys[name] && len(open) > 0:
					open[len(open)-1].Layer = value
				}
			}
			return nil
		},
		close: func(path []string, _ string) error {
			switch path[len(path)-1] {
			case "testcase":
				test = nil
			case "testsuite":
				if n := len(open); n > 0 && open[n-1].depth == len(path) {
					open = open[:n-1]
				}
			}
			return nil
		},
	})
	if err != nil {
		return Reading{}, err
	}
	run.Ran = ended
	return Reading{Tests: run}, nil
}

// hexadecimal is what revisions look like.
var hexadecimal = regexp.MustCompile(`^[0-9A-Fa-f]{7,64}$`)

// revisionKeys are names of properties that hold the revision, without what parts
// their words.
var revisionKeys = map[string]bool{
	"revision": true, "commit": true, "sha": true, "gitcommit": true, "gitsha": true, "gitrevision": true, "gitcommitid": true, "gitcommitsha": true, "commitid": true,
	"commitsha": true, "commithash": true, "vcsrevision": true, "scmrevision": true, "cicommitsha": true, "githubsha": true, "sourceversion": true, "buildsourceversion": true,
	"vcsrefheadrevision": true, "githead": true, "githash": true,
}

// layerKeys are names of properties that say how much a suite puts together.
var layerKeys = map[string]bool{"layer": true, "level": true, "testlevel": true, "testlayer": true, "testtype": true, "testkind": true, "testcategory": true, "category": true}

// plainKey writes a property's name in lower case without signs.
func plainKey(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, name)
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
