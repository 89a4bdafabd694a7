package fact

import "time"

// Scan is one run of a scanner, as its report tells it.
type Scan struct {
	Ref
	// Tool is the scanner's name as it gives it.
	Tool string
	// Ended is when the run ended; zero where nothing says so. ByFile is true where
	// only the time of the file says it.
	Ended  time.Time
	ByFile bool
	// Failed is true where the scanner says that it did not finish.
	Failed bool
	// Covers lists what the scanner looks at: code, dependencies, images,
	// infrastructure. Empty where that is not known.
	Covers []string
	// Results counts what was found, whatever it is; Critical lists the worst.
	Results  int
	Critical []*ScanResult
	// Score is the mark that a scanner gives as a whole, of 10; nil where it gives none.
	// Low lists what it marks badly, short of critical.
	Score *float64
	Low   []*ScanResult
	// Revision is the one that was looked at; empty where nothing says.
	Revision string
}

// ScanResult is one thing that a scanner found.
type ScanResult struct {
	Ref
	Rule string
	// Score is the CVSS score from 0 to 10; 0 where the scanner says only a word.
	Score float64
	// Suppressed is how the log suppresses it: "inSource", "external"; empty where
	// it does not.
	Suppressed string
	// Says is why, in the scanner's words; empty where these may hold a secret.
	Says string
}

// Practices is what scanners look at that judge how a project works; nothing asks
// for them.
const Practices = "practices"

// ScanSubjects lists what scanners look at.
func ScanSubjects() []string { return []string{"code", "dependencies", "images", "infrastructure"} }
