// Package overlay changes the standard for an organisation: rungs, severities,
// numbers and ages of single expectations, rows that are turned off, and
// expectations of its own. It is pure; what reads the files hands them over.
package overlay

import (
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// APIVersion and Kind are how a document says that it is an overlay.
const (
	APIVersion = "seaworthy.dev/v1"
	Kind       = "Overlay"
)

// Document is an overlay as it is written.
type Document struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Metadata   Metadata `json:"metadata"`
	Spec       Spec     `json:"spec"`
}

// Metadata names an overlay.
type Metadata struct {
	// Name is shown wherever the overlay decides something.
	Name string `json:"name"`
}

// Spec is what an overlay changes and adds.
type Spec struct {
	// Expectations changes built-in rows, by id.
	Expectations map[string]Change `json:"expectations"`
	// Own are the organisation's own expectations.
	Own []Own `json:"own"`
}

// Change is what an overlay changes of one expectation; what is left out stays.
type Change struct {
	// Severity is blocker, major or minor.
	Severity string `json:"severity"`
	// Asks names the rung that each tier asks for: tier1, tier2, tier3.
	Asks map[string]string `json:"asks"`
	// MaxAge is how long evidence counts, by rung: 90d, 24h.
	MaxAge map[string]string `json:"maxAge"`
	// Grace is how much longer evidence that is too old or void counts, shown as
	// stale: 14d.
	Grace string `json:"grace"`
	// Thresholds sets numbers by name, in the units that `explain` shows.
	Thresholds map[string]int `json:"thresholds"`
	// Off turns the row off.
	Off *Off `json:"off"`
}

// Off says why a row is not judged.
type Off struct {
	Reason string `json:"reason"`
	// By is the person who decided it.
	By string `json:"by"`
}

// Own is an expectation of the organisation, judged on files. Where, Holds,
// Message and Passes are expressions in CEL over `it`, one of the facts that
// Over lists, `here`, everything that is deployed together with it, and `all`,
// everything that was found.
type Own struct {
	// ID is section/name; the section may be a new one.
	ID    string `json:"id"`
	Title string `json:"title"`
	// Claim says in one sentence what holds where it is met; Why says why.
	Claim    string            `json:"claim"`
	Why      string            `json:"why"`
	Severity string            `json:"severity"`
	Asks     map[string]string `json:"asks"`
	// Over names the facts that are judged one by one: workloads, services,
	// objects, ...
	Over string `json:"over"`
	// Where picks those to which it applies; left out, all of them.
	Where string `json:"where"`
	// Holds is true where the fact is as it should be.
	Holds string `json:"holds"`
	// Message says what is wrong where it does not hold, Passes what is right.
	Message string `json:"message"`
	Passes  string `json:"passes"`
	// Close says how to close the gap, in a line.
	Close string `json:"close"`
	// References are further reading.
	References []Reference `json:"references"`
}

// Reference is further reading.
type Reference struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Overlay is a document that was found sound.
type Overlay struct {
	Name    string
	changes []change
	own     []*expect.Expectation
}

// change is a Change with its words understood.
type change struct {
	id       string
	at       fact.Location
	severity *verdict.Severity
	asks     [3]fact.Rung
	maxAge   map[fact.Rung]time.Duration
	grace    time.Duration
	numbers  map[string]int
	off      string
}

// Is reports whether a parsed document says that it is an overlay.
func Is(root *decode.Node) bool {
	return decode.Text(decode.Child(root, "kind")) == Kind
}
