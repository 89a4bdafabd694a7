// Package report renders what was judged. Each format is one file; all of them
// render the same Report.
package report

import (
	"io"
	"sort"
	"time"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Report is one run of check.
type Report struct {
	// Standard is the version of the standard.
	Standard string
	// Tool is the version of the program.
	Tool     string
	Services []*assess.Service
	// Expectations by id, for titles, severities and remedies.
	Expectations map[string]*expect.Expectation
	// Total is how many expectations the standard has; a run may judge fewer.
	Total int
	// Sections in order.
	Sections []expect.Section
	// Baseline is the file with which the run was compared, empty where it was
	// not; Changes is what differs, by service.
	Baseline string
	Changes  map[*assess.Service]*Changes
	// Took is how long judging took; only the text report shows it.
	Took time.Duration
}

// Format renders a report.
type Format func(w io.Writer, r *Report, o Options) error

// Options of the formats for people.
type Options struct {
	// Width of the page in columns.
	Width int
	// Color allows colours, ASCII forbids signs beyond ASCII.
	Color, ASCII bool
	// Verbose opens every section, Problems lists what could not be read,
	// Bundles shows what is judged together.
	Verbose, Problems, Bundles bool
	// LinkBase is put before the paths of files in links, for places where a
	// relative link leads nowhere.
	LinkBase string
	// FailOn is the severity from which on a gap refuses; nil for never.
	FailOn *verdict.Severity
}

// Formats returns every format by name.
func Formats() map[string]Format {
	return map[string]Format{"text": Text, "json": JSON, "sarif": SARIF, "github": GitHub, "junit": JUnit, "markdown": Markdown, "html": HTML}
}

// Names returns the names of the formats, sorted.
func Names() []string {
	var names []string
	for n := range Formats() {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// rank orders verdicts by how much their state needs attention, and within a
// state by severity, heaviest first.
func rank(v *verdict.Verdict) int {
	order := map[verdict.State]int{verdict.Gap: 0, verdict.Unknown: 1, verdict.Short: 2, verdict.Waived: 3, verdict.Met: 4, verdict.NotApplicable: 5}
	return order[v.State]*10 - int(v.Severity)
}
