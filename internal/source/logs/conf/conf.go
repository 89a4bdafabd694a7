// Package conf parses the languages in which shippers of logs and proxies are
// configured and for which there is no light library: Fluent Bit's sections,
// Fluentd's directives, Alloy's blocks, nginx' and Caddy's directives, HAProxy's
// lines. Each parser keeps lines, is bounded, and says where it gave up.
package conf

import "fmt"

// Bounds on one file.
const (
	MaxFile  = 2 << 20
	maxDepth = 64
	maxItems = 200_000
)

// Error is what is wrong with a text, and in which line.
type Error struct {
	Line    int
	Message string
}

// Error says both.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

func wrong(line int, format string, args ...any) *Error {
	return &Error{Line: line, Message: fmt.Sprintf(format, args...)}
}
