package fact

import (
	"strings"
	"time"
)

// Risk is an entry of the risk register. One with the decision accept proposes
// a waiver, and is one while its approval stands.
type Risk struct {
	Ref
	ID, Title string
	// Service names the service of the entry; empty where the register has only
	// one.
	Service string
	Owner   string
	// Severity is blocker, major or minor; Decision is open, mitigate, accept or
	// closed. Both are empty where they are not written.
	Severity, Decision string
	// Due is until when something happens, Closed since when nothing is open any
	// more. Both are zero where they are not written.
	Due, Closed time.Time
	// Expectation, Rule and About say what it is about: About is the subject of
	// the finding, alone or with its part. Rule and About may end in an asterisk,
	// which stands for any end; empty, they mean all of the row.
	Expectation, Rule, About string
	// Approver accepts the gap until Expires.
	Approver string
	Expires  time.Time
	// Control is what compensates for the gap meanwhile.
	Control, Reason string
	Links           []string

	// Fingerprint identifies what the entry says.
	Fingerprint string
	// Approval is what was found outside the service's own tree; nil where
	// nothing was.
	Approval *Approval
}

// Approval is what somebody outside the service's team says of an entry of its
// register.
type Approval struct {
	Location
	// Risk and Service name the entry, Fingerprint says in which wording.
	Risk, Service, Fingerprint string
	Approver                   string
	Date                       time.Time
}

// Name returns how messages name the entry.
func (r *Risk) Name() string {
	if r.ID == "" {
		return "an entry without an id"
	}
	return r.ID
}

// Open reports whether the entry still stands for something.
func (r *Risk) Open() bool { return r.Decision != "closed" }

// Covers reports whether the entry is about what a rule of an expectation finds
// in a subject.
func (r *Risk) Covers(expectation, rule string, about Ref) bool {
	return r.Expectation != "" && r.Expectation == expectation && covers(r.Rule, rule) && r.CoversSubject(about)
}

// CoversSubject reports whether the entry is about a subject, whatever is said
// of it.
func (r *Risk) CoversSubject(about Ref) bool {
	return covers(r.About, about.Subject) || about.Part != "" && covers(r.About, about.Subject+", "+about.Part)
}

// covers matches exactly, or what stands before an asterisk at the end.
func covers(pattern, text string) bool {
	if start, open := strings.CutSuffix(pattern, "*"); open {
		return strings.HasPrefix(text, start)
	}
	return pattern == "" || pattern == text
}

// Register is a risk register that was found.
type Register struct {
	Location
	// Entries counts what stands in it.
	Entries int
	// Unread says why some of it could not be read; empty where all was.
	Unread string
}

// RiskMention is a place that refers to an entry of the register: a comment, or
// an annotation of an object.
type RiskMention struct {
	// Ref is the object with the annotation; of a comment only the place is
	// known.
	Ref
	ID string
}
