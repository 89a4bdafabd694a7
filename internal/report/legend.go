package report

// legend explains, once below all services, the letters of the ladder and where
// the rest is, for those who see a report for the first time.
func (t *text) legend() {
	says := "[C]op: evidence asked for in brackets, reached in capitals (declared, configured, observed, proven). "
	if !t.o.Verbose {
		says += "`-v` opens every section; "
	}
	says += "`seaworthy explain ID` says why a row matters and how to close it."
	t.line("")
	for _, l := range wrap(says, t.width) {
		t.line("%s", t.paint("2", l))
	}
}
