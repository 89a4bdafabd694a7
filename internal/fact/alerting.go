package fact

// RuleTest is one unit test of alert rules, run where it was read.
type RuleTest struct {
	Ref
	// Name as the file gives it.
	Name string
	// Alerts lists the alerts whose firing or silence it asserts.
	Alerts []string
	// Passed is whether the rules behave as the test says; not known, with the
	// reason, where it could not be run.
	Passed Truth
}
