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

// Schema is the schema by which editors complete and check overlays.
const Schema = "https://seaworthy.dev/schema/overlay.v1.json"

// Document is an overlay as it is written: how an organisation changes the standard.
type Document struct {
	// The version of this format.
	APIVersion string `json:"apiVersion" required:"true" enum:"seaworthy.dev/v1"`
	// What the document describes.
	Kind string `json:"kind" required:"true" enum:"Overlay"`
	// What the overlay is called.
	Metadata Metadata `json:"metadata" required:"true"`
	// What it changes and adds.
	Spec Spec `json:"spec"`
}

// Metadata names an overlay.
type Metadata struct {
	// The name that is shown wherever the overlay decides something.
	Name string `json:"name" required:"true" example:"acme"`
}

// Spec is what an overlay changes and adds.
type Spec struct {
	// Changes of built-in rows, by id.
	Expectations map[string]Change `json:"expectations"`
	// The organisation's own expectations.
	Own []Own `json:"own"`
}

// Change is what an overlay changes of one expectation; what is left out stays.
type Change struct {
	// How bad a gap is.
	Severity string `json:"severity" enum:"blocker,major,minor"`
	// The rung that each tier asks for.
	Asks map[string]string `json:"asks" keys:"tier1,tier2,tier3" enum:"declared,configured,observed,proven"`
	// How long evidence counts, by rung.
	MaxAge map[string]string `json:"maxAge" keys:"declared,configured,observed,proven" format:"age" example:"30d"`
	// How much longer evidence that is too old or void counts, shown as stale.
	Grace string `json:"grace" format:"age" example:"14d"`
	// Numbers by name, in the units that `seaworthy explain` shows.
	Thresholds map[string]int `json:"thresholds" minimum:"0"`
	// Turns the row off: it does not apply.
	Off *Off `json:"off"`
}

// Off says why a row is not judged.
type Off struct {
	// Why.
	Reason string `json:"reason" required:"true" example:"the architects keep these pages"`
	// The person who decided it.
	By string `json:"by" required:"true" example:"kim@example.com"`
}

// Own is an expectation of the organisation, judged on files. Where, Holds,
// Message and Passes are expressions in CEL over `it`, one of the facts that
// Over lists, `here`, everything that is deployed together with it, and `all`,
// everything that was found.
type Own struct {
	// Section and name; the section may be a new one.
	ID string `json:"id" required:"true" format:"row" example:"acme/team-label"`
	// The quality in a few words.
	Title string `json:"title" required:"true" example:"Team label"`
	// What holds where it is met, in a sentence. Default: the title.
	Claim string `json:"claim"`
	// How services fail without it.
	Why string `json:"why" required:"true"`
	// How bad a gap is.
	Severity string `json:"severity" required:"true" enum:"blocker,major,minor"`
	// The rung that each tier asks for. Files are evidence that is configured.
	Asks map[string]string `json:"asks" keys:"tier1,tier2,tier3" enum:"configured"`
	// The facts that are judged one by one: workloads, services, objects and so on.
	Over string `json:"over" required:"true" example:"workloads"`
	// Picks those to which it applies, in CEL. Default: all of them.
	Where string `json:"where" example:"it.kind == \"Deployment\""`
	// True where the fact is as it should be, in CEL.
	Holds string `json:"holds" required:"true" example:"\"team\" in it.labels"`
	// What is wrong where it does not hold, in CEL.
	Message string `json:"message" required:"true" example:"it.name + \" carries no label team\""`
	// What is right where it holds, in CEL.
	Passes string `json:"passes"`
	// How to close the gap, in a line.
	Close string `json:"close" required:"true" example:"add the label team"`
	// Further reading.
	References []Reference `json:"references"`
}

// Reference is further reading.
type Reference struct {
	// What it is called.
	Title string `json:"title"`
	// Where it stands.
	URL string `json:"url" format:"url"`
}

// Overlay is a document that was found sound.
type Overlay struct {
	Name    string
	changes []change
	own     []*expect.Expectation
	// places are where the ids of own expectations stand.
	places map[string]fact.Location
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
