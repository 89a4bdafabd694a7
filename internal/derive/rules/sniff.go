package rules

import "bytes"

// Sniff reports cheaply whether a text can be a file of rules.
func Sniff(data []byte) bool {
	return bytes.Contains(data, []byte("groups")) && bytes.Contains(data, []byte("expr")) &&
		(bytes.Contains(data, []byte("alert")) || bytes.Contains(data, []byte("record")))
}

// SniffTest reports cheaply whether a text can be a file of unit tests.
func SniffTest(data []byte) bool {
	return bytes.Contains(data, []byte("rule_files")) && bytes.Contains(data, []byte("tests")) || bytes.Contains(data, []byte("alert_rule_test"))
}
