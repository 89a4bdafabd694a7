// Package fact holds what sources observe: typed, technology-neutral facts,
// each with the place where it stands. It knows no file format, no clock and
// no network; checks under standard/ judge nothing but these types.
package fact

import "strings"

// Location is a place in a file. File is relative to the judged path, with
// forward slashes. Line and Column count from 1; zero means that the place
// within the file is not known, and is never shown as a number.
type Location struct {
	File   string
	Line   int
	Column int
}

// Ref names what a fact is about and where it was found.
type Ref struct {
	// Subject is the whole name of the object, for instance
	// "apps/v1/Deployment shop/web".
	Subject string
	// Part narrows the subject, for instance "container web"; empty means
	// the object as a whole. Subject and Part, unlike Location, survive an
	// edit elsewhere in the file, so fingerprints rest on them.
	Part string
	// Location is where the subject or its part stands.
	Location
}

// At returns r moved to another place in the same file, unless that place is
// not known, in which case r's own place stays.
func (r Ref) At(where Location) Ref {
	if where.File != "" && where.Line != 0 {
		r.Location = where
	}
	return r
}

// Within returns r narrowed to a part of it.
func (r Ref) Within(part string) Ref {
	if r.Part != "" && part != "" {
		part = r.Part + ", " + part
	}
	if part != "" {
		r.Part = part
	}
	return r
}

// Kind returns the last element of the subject's type: "Deployment".
func (r Ref) Kind() string {
	kind, _, _ := strings.Cut(r.Subject, " ")
	return kind[strings.LastIndexByte(kind, '/')+1:]
}

// Title names the object for a reader by its kind and name; what is named by an
// address, as resources of Terraform and CloudFormation are, by that alone.
func (r Ref) Title(name string) string {
	if r.Subject != "" && !strings.ContainsAny(r.Subject, " /") {
		return r.Subject
	}
	return r.Kind() + " " + name
}

// Problem is something that could not be read or understood. Location.Line is
// zero when only the file is known.
type Problem struct {
	Location
	Message string
}

// Rung is the strength of a piece of evidence.
type Rung int

// The rungs, weakest first. NoRung is the zero value: nothing reached.
const (
	NoRung Rung = iota
	Declared
	Configured
	Observed
	Proven
)

var rungNames = [...]string{"", "declared", "configured", "observed", "proven"}

// Rungs lists the rungs, weakest first.
func Rungs() []Rung { return []Rung{Declared, Configured, Observed, Proven} }

// String returns the rung's name, or an empty string for NoRung.
func (r Rung) String() string { return rungNames[r] }

// Letter returns the rung's initial as the ladder shows it: D, C, O or P.
func (r Rung) Letter() string { return strings.ToUpper(rungNames[r][:1]) }

// ParseRung returns the rung of that name; ok is false for any other word.
func ParseRung(name string) (r Rung, ok bool) {
	for _, r := range Rungs() {
		if r.String() == name {
			return r, true
		}
	}
	return NoRung, false
}
