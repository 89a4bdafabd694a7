package expect

import (
	"fmt"
	"strings"
)

// Effort is what kind of work a remedy is. It says nothing about how long a
// certain team takes; it parts what is done between two meetings from what needs
// a plan.
type Effort int

// The kinds of work, roughly from little to much. NoEffort is the zero value:
// nobody has said.
const (
	NoEffort Effort = iota
	// Answer says what is known already, or lets it be read.
	Answer
	// Edit changes lines of a file that is there.
	Edit
	// Write makes something new that has to fit the service.
	Write
	// Drill runs an experiment.
	Drill
	// Change changes the program, the infrastructure or how it is released.
	Change
	// Agree needs several people to decide or to act.
	Agree
)

// Takes is how long work of a kind takes, as a class: a number would be a guess.
type Takes int

// The classes.
const (
	Minutes Takes = iota + 1
	Hours
	Days
)

// String returns the class as reports name it.
func (t Takes) String() string { return [...]string{"", "minutes", "hours", "days"}[t] }

// EffortsAsOf is the day on which the table of efforts was last looked through.
const EffortsAsOf = "2026-11-23"

// EffortText is one line of the table of efforts.
type EffortText struct {
	Effort Effort
	Name   string
	Takes  Takes
	// Means says what the kind of work is, Why gives the reason for its class.
	Means, Why string
}

// Efforts returns the table of efforts, least first.
func Efforts() []EffortText {
	return []EffortText{
		{Answer, "answer", Minutes, "say what is known, name where it stands, or let it be read", "one line in `seaworthy.yaml`, one flag, or one more folder to judge; nothing that runs is touched"},
		{Edit, "edit", Minutes, "change lines of a file that is there, or put a dozen lines beside it", "the remedy names the field and its value; what remains is a review"},
		{Write, "write", Hours, "make something new that has to fit the service: a policy, a rule with its test, a page", "names, numbers and steps must be found out and tried, and nobody else has to move"},
		{Drill, "drill", Hours, "run an experiment and read what it shows", "a target and a quiet hour are needed, and somebody watches"},
		{Change, "change", Days, "change the program, the infrastructure or how it is released", "it is built, tried beside what runs, and put in its place step by step"},
		{Agree, "agree", Days, "get several people to decide, review or sign", "it waits for their calendars, not for work"},
	}
}

// about returns the effort's line of the table; its zero value for NoEffort.
func (e Effort) about() EffortText {
	for _, t := range Efforts() {
		if t.Effort == e {
			return t
		}
	}
	return EffortText{}
}

// String returns the effort's name in expectation.yaml.
func (e Effort) String() string { return e.about().Name }

// Takes returns the class of the effort; 0 for NoEffort.
func (e Effort) Takes() Takes { return e.about().Takes }

// ParseEffort returns the effort of that name.
func ParseEffort(name string) (Effort, error) {
	var names []string
	for _, t := range Efforts() {
		if t.Name == name {
			return t.Effort, nil
		}
		names = append(names, t.Name)
	}
	return NoEffort, fmt.Errorf("%q is no effort; use one of %s", name, strings.Join(names, ", "))
}
