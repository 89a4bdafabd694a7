// Package verdict holds what checks say and what follows from it: findings
// about single subjects, and verdicts on whole expectations.
package verdict

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Outcome is what a finding says of its subject.
type Outcome int

// The outcomes.
const (
	Pass Outcome = iota
	Fail
	// Skip: the expectation does not apply to the subject.
	Skip
	// Note: worth saying, but it decides nothing.
	Note
	// Unclear: it could not be told. Reports show it as a skip with its reason;
	// the verdict cannot be met.
	Unclear
)

var outcomeNames = [...]string{"pass", "fail", "skip", "note", "skip"}

// String returns the outcome's name in reports; Unclear is a skip there.
func (o Outcome) String() string { return outcomeNames[o] }

// Finding is one statement about one subject.
type Finding struct {
	Outcome Outcome
	// Rule names the statement within its expectation and never changes, for
	// instance "blocks-eviction".
	Rule string
	// Claim names the claim of a row with several; empty elsewhere.
	Claim   string
	Message string
	Ref     fact.Ref
	// RestsOn lists kinds of facts whose absence the finding asserts: where
	// some could not be read, the finding is Unclear instead.
	RestsOn []fact.Kind

	// Waiver accepts a failure; nil for all others.
	Waiver *Waiver

	// Filled when the finding is judged.
	Rung            fact.Rung
	Bundle, Variant string
	Source          string
}

// Waiver is the accepted entry of the risk register that a failure rests on.
type Waiver struct {
	// ID is that of the entry.
	ID, Approver, Reason string
	// Until is the last day on which it counts.
	Until time.Time
}

// Fingerprint identifies the finding across runs and edits elsewhere: by
// expectation, rule, subject and bundle, never by line or wording.
func (f *Finding) Fingerprint(expectation string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{expectation, f.Rule, f.Ref.Subject, f.Ref.Part, f.Bundle, f.Variant}, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// Findings collects what a check says. The zero value is ready to use.
type Findings struct {
	List []*Finding
}

func (f *Findings) add(o Outcome, ref fact.Ref, rule, format string, args []any) *Finding {
	message := format
	if len(args) > 0 {
		message = fmt.Sprintf(format, args...)
	}
	finding := &Finding{Outcome: o, Rule: rule, Message: message, Ref: ref}
	f.List = append(f.List, finding)
	return finding
}

// Pass says that the subject meets the rule.
func (f *Findings) Pass(ref fact.Ref, rule, format string, args ...any) {
	f.add(Pass, ref, rule, format, args)
}

// Fail says that the subject breaks the rule by something that was found.
func (f *Findings) Fail(ref fact.Ref, rule, format string, args ...any) {
	f.add(Fail, ref, rule, format, args)
}

// Lacks says that the subject breaks the rule because something was not found.
// Where facts of one of these kinds could not be read, it turns into Unclear.
func (f *Findings) Lacks(ref fact.Ref, kinds []fact.Kind, rule, format string, args ...any) {
	f.add(Fail, ref, rule, format, args).RestsOn = kinds
}

// Skip says that the expectation does not apply to the subject, and why.
func (f *Findings) Skip(ref fact.Ref, rule, format string, args ...any) {
	f.add(Skip, ref, rule, format, args)
}

// Note says something that is worth knowing and decides nothing.
func (f *Findings) Note(ref fact.Ref, rule, format string, args ...any) {
	f.add(Note, ref, rule, format, args)
}

// Unclear says that it could not be told whether the subject meets the rule,
// and why.
func (f *Findings) Unclear(ref fact.Ref, rule, format string, args ...any) {
	f.add(Unclear, ref, rule, format, args)
}
