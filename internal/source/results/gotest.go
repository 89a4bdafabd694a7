package results

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

// looksGoTest asks for an event of `go test -json` among the first lines: a build may
// print something before.
func looksGoTest(h head) (looks, sure bool) {
	lines := bytes.SplitN(h.text, []byte("\n"), 12)
	for _, line := range lines {
		var e goEvent
		if len(line) > 0 && line[0] == '{' && json.Unmarshal(line, &e) == nil && goActions[e.Action] && (e.Package != "" || e.ImportPath != "") {
			return true, true
		}
	}
	return false, false
}

// goEvent is a line of `go test -json`.
type goEvent struct {
	Time       time.Time
	Action     string
	Package    string
	ImportPath string
	Test       string
}

var goActions = map[string]bool{
	"start": true, "run": true, "pause": true, "cont": true, "pass": true, "bench": true, "fail": true, "output": true, "skip": true, "build-output": true, "build-fail": true, "attr": true,
}

var (
	outputEvent = []byte(`"Action":"output"`)
	testEvent   = []byte(`"Test":`)
)

// readGoTest reads what `go test -json` prints: tests end with pass, fail or skip. A
// test that holds others counts through them; a package that fails without a
// failed test failed itself.
func readGoTest(s *source) (Reading, error) {
	run := &fact.TestRun{Result: s.result("tests of"), Path: s.shown}
	type key struct{ pkg, test string }
	type end struct {
		outcome fact.TestOutcome
		flaky   bool
	}
	ended := map[key]end{}
	var order []key
	parents := map[key]bool{}
	broken := map[string]bool{}
	err := s.lines(func(n int, line []byte) error {
		if len(line) == 0 || line[0] != '{' || bytes.Contains(line, outputEvent) && bytes.Contains(line, testEvent) {
			return nil
		}
		var e goEvent
		if json.Unmarshal(line, &e) != nil || !goActions[e.Action] {
			return nil
		}
		run.Ran = later(run.Ran, e.Time.UTC())
		outcome := map[string]fact.TestOutcome{"pass": fact.Passed, "fail": fact.Failed, "skip": fact.Skipped}[e.Action]
		k := key{e.Package, e.Test}
		switch {
		case outcome == "":
			return nil
		case e.Test == "":
			broken[e.Package] = outcome == fact.Failed
			return nil
		}
		before, again := ended[k]
		if !again {
			if len(order) == maxCases {
				run.Cut = true
				return nil
			}
			order = append(order, k)
		}
		ended[k] = end{outcome, again && (before.flaky || before.outcome == fact.Failed)}
		for test := e.Test; ; {
			i := strings.LastIndexByte(test, '/')
			if i < 0 {
				return nil
			}
			test = test[:i]
			parents[key{e.Package, test}] = true
		}
	})
	if err != nil {
		return Reading{}, err
	}
	suites := map[string]*fact.TestSuite{}
	suite := func(pkg string) *fact.TestSuite {
		if suites[pkg] == nil {
			suites[pkg] = &fact.TestSuite{Name: pkg}
			run.Suites = append(run.Suites, suites[pkg])
		}
		return suites[pkg]
	}
	failed := map[string]bool{}
	for _, k := range order {
		e := ended[k]
		failed[k.pkg] = failed[k.pkg] || e.outcome == fact.Failed
		if parents[k] {
			continue
		}
		in := suite(k.pkg)
		in.Cases = append(in.Cases, fact.TestCase{Name: k.test, Outcome: e.outcome, Flaky: e.flaky && e.outcome == fact.Passed})
	}
	for _, k := range order { // a parent may fail by itself
		if e := ended[k]; parents[k] && e.outcome == fact.Failed && !failedBelow(suite(k.pkg), k.test) {
			in := suite(k.pkg)
			in.Cases = append(in.Cases, fact.TestCase{Name: k.test, Outcome: fact.Failed})
		}
	}
	for pkg, isBroken := range broken {
		if isBroken && !failed[pkg] {
			in := suite(pkg)
			in.Cases = append(in.Cases, fact.TestCase{Name: "the package itself", Outcome: fact.Failed})
		}
	}
	return Reading{Tests: run}, nil
}

func failedBelow(s *fact.TestSuite, parent string) bool {
	for _, c := range s.Cases {
		if c.Outcome == fact.Failed && strings.HasPrefix(c.Name, parent+"/") {
			return true
		}
	}
	return false
}
