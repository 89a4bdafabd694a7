// Package expect defines what an expectation is and by which laws the findings
// of its check become a verdict.
package expect

import (
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Expectation is one demand of the standard, with all its texts.
type Expectation struct {
	// ID is section/name, the path of its folder below standard/.
	ID       string
	Order    int
	Title    string
	Claim    string
	Why      string
	Severity verdict.Severity
	// Rungs are those that the expectation has, weakest first, each with what
	// counts as evidence on it.
	Rungs []RungText
	// Asks is the rung asked for at tiers 1, 2 and 3.
	Asks [3]fact.Rung
	// Floor is the rung asked for at every tier; NoRung if there is none.
	Floor fact.Rung
	// MaxAge is how long evidence counts, by rung; none for configured, which
	// is as old as the files that are read.
	MaxAge map[fact.Rung]time.Duration
	// Grace is how much longer an overlay lets evidence count that is too old or
	// void; such evidence is shown as stale.
	Grace time.Duration
	// Off says why an overlay has the row not judged; empty where it is judged.
	Off string
	// Requires lists claims that must each be met; empty for a single claim.
	Requires []Claim
	// VoidedBy lists the components whose change voids a proof.
	VoidedBy []string
	// Needs are the kinds of facts on which the verdict rests: if some of
	// them could not be read, it cannot be met.
	Needs []fact.Kind
	// NoneOf lists kinds of things (fact.NoneKinds) of all of which a service can
	// declare to have none, and then the row does not apply.
	NoneOf []string
	// ProvedBy lists the drills that can prove it.
	ProvedBy []string
	Close    string
	Settle   string
	// Closing is what most of the row's remedies take, Starting what it takes where
	// nothing is there yet.
	Closing, Starting Effort
	Thresholds        []Threshold
	References        []Reference
	Rules             []Rule
	// Last is true for a row that is judged after all others and sees their
	// verdicts: once for the whole service.
	Last bool
	// Check is nil where no source yields the evidence yet.
	Check func(Input) verdict.Findings
	// Reads names the technologies whose facts feed the check on the rung
	// configured.
	Reads []string
}

// NothingToDo is the remedy of a rule that needs none.
const NothingToDo = "Nothing to do."

// RungText says what counts as evidence on a rung.
type RungText struct {
	Rung fact.Rung
	Text string
}

// Claim is one of several claims of an expectation. UpTo is the highest rung
// that there is for it: no more is asked of it.
type Claim struct {
	Name, Text string
	UpTo       fact.Rung
}

// Threshold is a number in an expectation, with its reason and source.
type Threshold struct {
	Value, Reason, Source string
	// Name is that by which the check asks for the number and an overlay changes
	// it; empty for a threshold that nothing can change. Unit is that of Number.
	Name   string
	Number int
	Unit   string
}

// Reference is further reading.
type Reference struct{ Title, URL string }

// Rule is one kind of finding of a check: what it means when it fails, and
// how to close it in one line.
type Rule struct {
	Name, Says, Close string
	// Claim names the claim to which findings of the rule belong; empty where
	// the row has only one.
	Claim string
	// Leads is true for a failure that is so much worse than the row's others
	// that the verdict names it first.
	Leads bool
	// Effort is what closing it takes, where that differs from the row's others.
	Effort Effort
}

// Section is one of the parts of the standard.
type Section struct {
	ID, Title, Purpose string
	Order              int
}

// Input is what a check judges.
type Input struct {
	// Here holds the facts of one bundle in one variant.
	Here *fact.Set
	// All holds every set of the service, Here included, for what reaches
	// across bundles, such as a reconciler that applies a folder. After them come
	// those parts of other services' sets that may act on this one: reconcilers,
	// policies, autoscalers, rollouts and permissions.
	All []*fact.Set
	// Declared is what people say of the service; nil or empty where nobody says
	// anything.
	Declared *fact.Declarations
	// Discovered lists what was found of those things that people should declare,
	// by their kind (fact.NoneKinds).
	Discovered map[string][]Discovery
	// Verdicts are those on the other expectations, for rows that are judged last.
	Verdicts []verdict.Verdict
	// Service says whose the service is.
	Service Owned
	// Tier of the service, 1 to 3.
	Tier     int
	Settings Settings
	// AsOf is the time as of which is judged.
	AsOf time.Time

	thresholds []Threshold
	maxAge     map[fact.Rung]time.Duration
}

// MaxAge returns how long the expectation's evidence counts on a rung; 0 where it
// never grows too old.
func (in Input) MaxAge(r fact.Rung) time.Duration { return in.maxAge[r] }

// Limit returns the number of one of the expectation's thresholds.
func (in Input) Limit(name string) int {
	for _, t := range in.thresholds {
		if t.Name == name {
			return t.Number
		}
	}
	return 0 // a test of the registry holds that every name is there
}

// First reports whether Here is the first of all sets for which holds is true:
// what is to be said once for the whole service is said there.
func (in Input) First(holds func(*fact.Set) bool) bool {
	for _, set := range in.All {
		if holds(set) {
			return set == in.Here
		}
	}
	return holds(in.Here)
}

// Once reports whether Here is the first set of its rung: what is to be said once
// for the service, whatever its sets hold, is said there.
func (in Input) Once() bool {
	return in.First(func(s *fact.Set) bool { return s.Rung == in.Here.Rung })
}

// Settings are what the user may set for a run.
type Settings struct {
	// KubeVersion is the Kubernetes version that the manifests must work with.
	KubeVersion fact.Version
	// Registries lists approved registries or repository prefixes; empty
	// means that none were stated.
	Registries []string
}

// Section returns the id of the expectation's section.
func (e *Expectation) Section() string {
	for i := range e.ID {
		if e.ID[i] == '/' {
			return e.ID[:i]
		}
	}
	return e.ID
}

// claimOf returns the claim to which findings of a rule belong.
func (e *Expectation) claimOf(rule string) string {
	if i := e.rule(rule); i >= 0 {
		return e.Rules[i].Claim
	}
	return ""
}

// Has reports whether the expectation has the rung.
func (e *Expectation) Has(r fact.Rung) bool {
	for _, t := range e.Rungs {
		if t.Rung == r {
			return true
		}
	}
	return false
}

// Asked returns the rung that a tier (1 to 3) asks for.
func (e *Expectation) Asked(tier int) fact.Rung { return e.Asks[tier-1] }

// Rule returns the rule of that name; ok is false if there is none.
func (e *Expectation) Rule(name string) (r Rule, ok bool) {
	if i := e.rule(name); i >= 0 {
		return e.Rules[i], true
	}
	for _, r := range commonRules() {
		if r.Name == name {
			return r, true
		}
	}
	return Rule{}, false
}

// rule returns the index of the rule of that name; -1 if there is none. Every
// finding asks, and rules are large: they are not copied for that.
func (e *Expectation) rule(name string) int {
	for i := range e.Rules {
		if e.Rules[i].Name == name {
			return i
		}
	}
	return -1
}
