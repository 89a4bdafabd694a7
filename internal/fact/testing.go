package fact

// Testing is what must be tested, and how results tell it.
type Testing struct {
	// Layers are globs of result files, suites or packages by layer.
	Layers    map[TestLayer][]string
	Critical  []*CriticalPath
	Incidents []*Incident
	// Expected are the paths below the judged folder at which pipelines leave results.
	Expected []string
}

// CriticalPath is code whose failure customers notice.
type CriticalPath struct {
	Ref
	// Path is a glob below the judged folder.
	Path string
	// Threshold is the share of its lines that tests must reach, in percent.
	Threshold float64
}

// Incident is one that happened; Test names its regression test, and is empty where
// nobody names one.
type Incident struct {
	Ref
	Name, Test string
}
