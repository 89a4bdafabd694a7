package risk

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	yaml "go.yaml.in/yaml/v3"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Change is what judging asks of a register.
type Change struct {
	// Add lists entries without ids: those that are open and in no entry.
	Add []Entry
	// Close lists the entries of which nothing is left.
	Close []*fact.Risk
}

// Compare returns what the registers lack and what in them is closed. Entries
// that nobody judged, or of which something could not be told, stay.
func Compare(risks []*fact.Risk, verdicts []verdict.Verdict, service expect.Owned, several bool) (c Change) {
	for _, g := range expect.Gaps(verdicts) {
		for _, f := range g.Untracked(risks) {
			e := Entry{
				Title: f.Message, Owner: service.Owner, Severity: g.Verdict.Severity.String(), Decision: "open",
				Expectation: g.Verdict.Expectation, Rule: f.Rule, Subject: f.Ref.Subject,
			}
			if several {
				e.Service = service.Name
			}
			c.Add = append(c.Add, e)
		}
	}
	for _, r := range risks {
		if r.Open() && expect.Gone(r, verdicts) {
			c.Close = append(c.Close, r)
		}
	}
	return c
}

// header starts a new register.
const header = `# yaml-language-server: $schema=` + RegisterSchema + `
# The known risks of this service. "seaworthy risks sync" adds the gaps that judging
# finds and closes those that it finds closed; what is decided about them, by whom and
# until when, is written by hand.
apiVersion: ` + APIVersion + `
kind: ` + RegisterKind + `
risks:
`

// fill marks what sync cannot know.
const (
	fillOwner = "owner: # fill in: the team that closes it"
	fillDue   = "due: # fill in: until when, as 2027-03-01"
)

// Apply returns the register with the change, as of a day, and the ids that were
// given. Nothing else in the text changes; nil data makes a new register.
func Apply(file string, data []byte, c Change, day time.Time) (out []byte, ids []string, err error) {
	if len(decode.Split(file, data)) == 0 { // nothing, or comments
		data = append(bytes.Clone(data), header...)
	}
	e, err := edit(file, data)
	if err != nil {
		return nil, nil, err
	}
	before, problems := Parse(decode.Document{File: file, Line: 1, Data: data})
	if len(problems) > 0 {
		return nil, nil, fmt.Errorf("%s:%d: %s", file, problems[0].Line, problems[0].Message)
	}
	closed := map[string]bool{}
	for _, r := range c.Close {
		if err := e.close(r.ID, expect.Day(day)); err != nil {
			return nil, nil, err
		}
		closed[r.ID] = true
	}
	next := freeID(before)
	var items [][]string
	for _, add := range c.Add {
		add.ID = next()
		ids = append(ids, add.ID)
		items = append(items, write(add))
	}
	if err := e.extend("risks", items); err != nil {
		return nil, nil, err
	}
	out = e.text()
	return out, ids, verify(file, before, out, closed, len(c.Add))
}

// close sets an entry's decision and says since when.
func (e *editor) close(id, day string) error {
	for _, n := range decode.Items(decode.Child(e.root, "risks")) {
		if decode.Text(decode.Child(n, "id")) != id {
			continue
		}
		decision, since := decode.Child(n, "decision"), decode.Child(n, "closed")
		key := decode.KeyOf(n, "decision")
		if decode.IsNull(decision) {
			return fmt.Errorf("%s:%d: %s has no decision to change; write `decision: open`", e.file, n.Line, id)
		}
		if since != nil && !decode.IsNull(since) {
			if err := e.replace(since, day); err != nil {
				return err
			}
			return e.replace(decision, "closed")
		}
		if n.Style&yaml.FlowStyle != 0 {
			return e.replace(decision, "closed, closed: "+day)
		}
		if err := e.replace(decision, "closed"); err != nil {
			return err
		}
		e.insert(key.Line+1, strings.Repeat(" ", key.Column-1)+"closed: "+day)
		return nil
	}
	return fmt.Errorf("%s: there is no entry %s", e.file, id)
}

// write renders a new entry, a field a line.
func write(e Entry) []string {
	lines := []string{"id: " + e.ID, "title: " + Scalar(e.Title)}
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, name+": "+Scalar(value))
		}
	}
	add("service", e.Service)
	if e.Owner == "" {
		lines = append(lines, fillOwner)
	}
	add("owner", e.Owner)
	add("severity", e.Severity)
	add("decision", e.Decision)
	lines = append(lines, fillDue)
	add("expectation", e.Expectation)
	add("rule", e.Rule)
	add("subject", e.Subject)
	return lines
}

var idParts = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9]*-)(0*)([0-9]+)$`)

// freeID returns ids that nobody has had, in the form of the last entry's.
func freeID(entries []*fact.Risk) func() string {
	prefix, width, highest := "R-", 0, 0
	for _, e := range entries {
		m := idParts.FindStringSubmatch(e.ID)
		if m == nil {
			continue
		}
		n, err := strconv.Atoi(m[3])
		if err != nil {
			continue
		}
		prefix, highest = m[1], max(highest, n)
		if m[2] != "" {
			width = len(m[2] + m[3])
		}
	}
	return func() string {
		highest++
		return fmt.Sprintf("%s%0*d", prefix, width, highest)
	}
}

// verify reads the new text and demands that it says what the old one did, but
// for the change.
func verify(file string, before []*fact.Risk, text []byte, closed map[string]bool, added int) error {
	after, problems := Parse(decode.Document{File: file, Line: 1, Data: text})
	wrong := errors.New(path.Base(file) + " has a form that cannot be edited safely; nothing was written")
	if len(problems) > 0 || len(after) != len(before)+added {
		return wrong
	}
	for i, old := range before {
		a, b := *old, *after[i]
		a.Ref, b.Ref = fact.Ref{}, fact.Ref{}
		if closed[a.ID] {
			if b.Decision != "closed" || b.Closed.IsZero() {
				return wrong
			}
			a.Decision, a.Closed, a.Fingerprint = b.Decision, b.Closed, b.Fingerprint
		}
		if !reflect.DeepEqual(a, b) {
			return wrong
		}
	}
	return nil
}
