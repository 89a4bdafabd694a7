package fact

import "time"

// Result is what every file that a tool left behind says of itself.
type Result struct {
	Ref
	// Format is its name as people say it: "JUnit XML", "Go coverage profile".
	Format string
	// Ran is when; zero where nothing says. Dated says who tells: empty for the
	// results themselves, "file" for the time of a file that was just written, "git"
	// for that of the commit which brought it.
	Ran   time.Time
	Dated string
	// Revision is the one that the results name; empty where they name none.
	Revision string
	// Other ends "these are not of this revision, for ..."; Open ends "it cannot be
	// told whether these are of this revision, for ...". Both are empty where they are.
	Other, Open string
}

// TestRun is one report of tests that ran.
type TestRun struct {
	Result
	// Path below the judged folder, or as the user named it.
	Path   string
	Suites []*TestSuite
	// Cut is true where there are more tests than are kept.
	Cut bool
}

// TestSuite is what ran together: a package, a class, a file.
type TestSuite struct {
	// Name and File as written; File is empty where none is.
	Name, File string
	// Layer is what the suite calls itself in a property; empty where it does not.
	Layer string
	Cases []TestCase
}

// TestCase is one test.
type TestCase struct {
	// Name as written, Class what holds it where that differs from the suite.
	Name, Class string
	Outcome     TestOutcome
	// Flaky is true where it failed before it passed.
	Flaky bool
}

// TestOutcome is how a test ended.
type TestOutcome string

// The ends of tests.
const (
	Passed  TestOutcome = "passed"
	Failed  TestOutcome = "failed"
	Skipped TestOutcome = "skipped"
)

// TestLayer is how much of a service a test puts together.
type TestLayer string

// The layers, smallest first.
const (
	UnitLayer  TestLayer = "unit"
	PartsLayer TestLayer = "integration"
	WholeLayer TestLayer = "end-to-end"
)

// TestLayers lists the layers, smallest first.
func TestLayers() []TestLayer { return []TestLayer{UnitLayer, PartsLayer, WholeLayer} }

// CodeCoverage is which lines tests reached.
type CodeCoverage struct {
	Result
	Files []*CoveredFile
	// Absent are files that it names and that are not here, as written; Absents
	// counts them all.
	Absent  []string
	Absents int
}

// CoveredFile is one file of code.
type CoveredFile struct {
	// Written as in the report; Path below the judged folder, empty where it is not
	// here.
	Written, Path string
	// Spans are its statements or lines, in no order; nil where the report gives only
	// their numbers.
	Spans []CoveredSpan
	// Covered of Total are reached.
	Covered, Total int
	// Last is the last line that is named; 0 where none is.
	Last int
}

// CoveredSpan is a piece of code that is reached as a whole or not at all.
type CoveredSpan struct {
	// Place tells spans of one file apart; Weight is how many statements it holds.
	Place  uint64
	Weight int
	Hit    bool
}

// LoadRun is the summary of a load test.
type LoadRun struct {
	Result
	Tool   string
	Target string
	// Length is how long it lasted; 0 where nothing says.
	Length time.Duration
	// Requests that were answered or failed, Failed those of them that did, Dropped
	// those that the generator was too slow to send.
	Requests, Failed, Dropped int64
	// Rate is how many a second; 0 where nothing says.
	Rate float64
	// Latencies over all requests, by percentile, lowest first.
	Latencies []LatencyAt
	// Open is whether requests were sent by a clock, whatever the answers took; Closed
	// whether each waited for the one before. Both are false where nothing tells.
	Open, Closed bool
	// Broken lists the tool's own thresholds that were not kept, as written.
	Broken []string
	// Parts are the figures by name of the request, where the tool gives them.
	Parts []LoadPart
}

// LatencyAt is the time within which a share of the requests was answered.
type LatencyAt struct {
	// Percentile from 0 to 100.
	Percentile float64
	Within     time.Duration
}

// LoadPart is what a load test says of one kind of request.
type LoadPart struct {
	Name             string
	Requests, Failed int64
	Rate             float64
	Latencies        []LatencyAt
}

// At returns the latency at a percentile, or at the next higher one that is known:
// what holds for more requests holds for fewer.
func At(latencies []LatencyAt, percentile float64) (l LatencyAt, known bool) {
	for _, l := range latencies {
		if l.Percentile >= percentile-1e-9 {
			return l, true
		}
	}
	return LatencyAt{}, false
}
