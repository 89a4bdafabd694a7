package fact

import "time"

// TestRun is one report of tests that ran.
type TestRun struct {
	Ref
	// Ran is when; zero where nothing says so.
	Ran time.Time
}

// CodeCoverage is which lines tests reached.
type CodeCoverage struct {
	Ref
	Format string
}

// LoadRun is the summary of a load test.
type LoadRun struct {
	Ref
	Tool string
	Ran  time.Time
}
