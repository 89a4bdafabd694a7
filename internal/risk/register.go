// Package risk reads and edits risk registers, and reads approvals of their
// entries. It is handed text and returns text: who reads and writes files is
// somebody else.
package risk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// APIVersion and the kinds of what is read here.
const (
	APIVersion   = "seaworthy.dev/v1"
	RegisterKind = "RiskRegister"
)

// The schemas by which editors complete and check these files.
const (
	RegisterSchema  = "https://seaworthy.dev/schema/risks.v1.json"
	ApprovalsSchema = "https://seaworthy.dev/schema/approvals.v1.json"
)

// Register is risks.yaml: the known gaps of a service, and what is decided about
// them.
type Register struct {
	// The version of this format.
	APIVersion string `json:"apiVersion" required:"true" enum:"seaworthy.dev/v1"`
	// What the document describes.
	Kind string `json:"kind" required:"true" enum:"RiskRegister"`
	// The entries, open and closed.
	Risks []Entry `json:"risks"`
}

// Entry is one risk as it is written.
type Entry struct {
	// Letters, a dash, a number; never used again.
	ID string `json:"id" required:"true" format:"entry" example:"R-12"`
	// What may happen, in a line.
	Title string `json:"title,omitempty" example:"web may lose all instances in a drain"`
	// The service that it is about, where several share the register.
	Service string `json:"service,omitempty" example:"checkout"`
	// The team that closes it.
	Owner string `json:"owner,omitempty" example:"team-shop"`
	// How bad it is.
	Severity string `json:"severity,omitempty" enum:"blocker,major,minor"`
	// What is decided: an accepted entry counts once somebody outside the team has
	// approved it.
	Decision string `json:"decision,omitempty" enum:"open,mitigate,accept,closed"`
	// Until when it is closed.
	Due Date `json:"due,omitzero"`
	// Since when it is closed.
	Closed Date `json:"closed,omitzero"`

	// The expectation that it is about; left out for risks that no row is about.
	Expectation string `json:"expectation,omitempty" format:"row" example:"scaling/disruption-budgets"`
	// The rule of it, as `seaworthy check -o json` shows; left out, every rule. To
	// accept a gap it must be written, an asterisk for every one.
	Rule string `json:"rule,omitempty" example:"no-budget"`
	// What it is about; left out, everything. It may end in an asterisk, and must be
	// written to accept a gap.
	Subject string `json:"subject,omitempty" example:"apps/v1/Deployment shop/web"`

	// Who is to approve it: neither the entry's owner nor the service's.
	Approver string `json:"approver,omitempty" example:"head-of-platform"`
	// Until when it is accepted, at most a year after its approval.
	Expires Date `json:"expires,omitzero"`
	// What keeps the harm small in the meantime.
	Control string `json:"control,omitempty"`
	// Why it is accepted.
	Reason string `json:"reason,omitempty"`
	// Pages that say more.
	Links []string `json:"links,omitempty"`
}

// Decisions lists what can be decided about a risk.
func Decisions() []string { return []string{"open", "mitigate", "accept", "closed"} }

// Date is a day, written 2027-03-01.
type Date struct{ time.Time }

// UnmarshalJSON reads the day.
func (d *Date) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	t, err := time.Parse(time.DateOnly, text)
	d.Time = t
	return err
}

// MarshalJSON writes the day.
func (d Date) MarshalJSON() ([]byte, error) { return json.Marshal(d.Format(time.DateOnly)) }

// idForm is what an id looks like: R-12.
var idForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*-[0-9]+$`)

// fingerprint identifies what the entry says, however it is laid out: twelve
// digits suffice to tell wordings of one entry apart, and can be compared by eye.
// It starts with letters, so that YAML never takes it for a number.
func (e Entry) fingerprint() string {
	data, err := json.Marshal(e)
	if err != nil {
		return "" // entries are texts and days: there is nothing that could fail
	}
	sum := sha256.Sum256(data)
	return "fp-" + hex.EncodeToString(sum[:6])
}

// Parse returns the entries of a register, and what is wrong with it. Entries
// with a mistake are left out.
func Parse(doc decode.Document) (entries []*fact.Risk, problems []fact.Problem) {
	root, problem := doc.Parse()
	if problem != nil {
		return nil, []fact.Problem{*problem}
	}
	if root == nil {
		return nil, nil
	}
	r := reader{doc: doc}
	var in Register
	r.fit(root, &in)
	if in.APIVersion != APIVersion {
		r.problems = nil // it is somebody else's: what else is wrong with it says nothing
	}
	if r.head(root, in.APIVersion, in.Kind, RegisterKind); in.APIVersion != APIVersion {
		return nil, r.problems
	}
	seen := map[string]bool{}
	for i, node := range decode.Items(decode.Child(root, "risks")) {
		if i >= len(in.Risks) {
			break
		}
		if !r.entry(node, &in.Risks[i], seen) {
			continue
		}
		e := in.Risks[i]
		at := doc.At(node)
		entries = append(entries, &fact.Risk{
			Ref: fact.Ref{Subject: "risk " + e.ID, Location: at}, ID: e.ID, Title: e.Title, Service: e.Service, Owner: e.Owner,
			Severity: e.Severity, Decision: e.Decision, Due: e.Due.Time, Closed: e.Closed.Time,
			Expectation: e.Expectation, Rule: e.Rule, About: e.Subject,
			Approver: e.Approver, Expires: e.Expires.Time, Control: e.Control, Reason: e.Reason, Links: e.Links, Fingerprint: e.fingerprint(),
		})
	}
	return entries, r.problems
}

// reader collects what is wrong with one document.
type reader struct {
	doc      decode.Document
	problems []fact.Problem
	broken   []fact.Location
}

func (r *reader) wrong(n *decode.Node, format string, args ...any) {
	r.problems = append(r.problems, fact.Problem{Location: r.doc.At(n), Message: fmt.Sprintf(format, args...)})
}

// fit fills in a value strictly.
func (r *reader) fit(root *decode.Node, into any) {
	for _, m := range decode.Into(root, into, true) {
		message := m.Message
		if strings.HasSuffix(message, "which is no valid Date") {
			message = strings.TrimSuffix(message, "which is no valid Date") + "which is no day; write it as 2027-03-01"
		}
		r.broken = append(r.broken, r.doc.At(m.Node))
		r.wrong(m.Node, "%s", message)
	}
}

// head demands the version and the kind.
func (r *reader) head(root *decode.Node, version, kind, want string) {
	switch {
	case version != APIVersion:
		r.wrong(root, "is no %s of seaworthy: it must start with `apiVersion: %s` and `kind: %s`", want, APIVersion, want)
	case kind != want:
		r.wrong(decode.Child(root, "kind"), "kind is %q but must be %s", kind, want)
	}
}

// entry says what is wrong with an entry; false where it cannot be used.
func (r *reader) entry(n *decode.Node, e *Entry, seen map[string]bool) bool {
	before := len(r.problems)
	switch {
	case e.ID == "":
		r.wrong(n, "the entry has no id; write `id: R-1`, with a number of its own")
	case !idForm.MatchString(e.ID):
		r.wrong(decode.Child(n, "id"), "the id %q is none; write letters, a dash and a number, as in R-12", e.ID)
	case seen[e.ID]:
		r.wrong(decode.Child(n, "id"), "the id %s stands twice; every entry has its own, and none is used again", e.ID)
	}
	seen[e.ID] = true
	r.oneOf(n, "severity", e.Severity, []string{"blocker", "major", "minor"})
	r.oneOf(n, "decision", e.Decision, Decisions())
	for _, field := range []struct{ name, value string }{{"rule", e.Rule}, {"subject", e.Subject}} {
		if star := strings.IndexByte(field.value, '*'); star >= 0 && star < len(field.value)-1 {
			r.wrong(decode.Child(n, field.name), "%s is %q; an asterisk may stand only at the end", field.name, field.value)
		}
	}
	if e.Expectation == "" && e.Rule+e.Subject != "" {
		r.wrong(n, "%s names a rule or a subject but no expectation", e.ID)
	}
	first, last := n.Line, lastLine(n)
	return len(r.problems) == before && !slices.ContainsFunc(r.broken, func(at fact.Location) bool {
		return at.Line >= r.doc.At(n).Line && at.Line <= r.doc.At(n).Line+last-first
	})
}

// lastLine is the last line on which something of the node starts.
func lastLine(n *decode.Node) int {
	line := n.Line
	for _, c := range n.Content {
		line = max(line, lastLine(c))
	}
	return line
}

func (r *reader) oneOf(n *decode.Node, field, value string, allowed []string) {
	if value == "" || slices.Contains(allowed, value) {
		return
	}
	r.wrong(decode.Child(n, field), "%s is %q; use one of %s%s", field, value, strings.Join(allowed, ", "), Near(value, allowed))
}

// Near returns "; did you mean ...?" where one of the names is almost the text.
func Near(text string, names []string) string {
	best, distance := "", 4
	for _, name := range names {
		if d := decode.Distance(strings.ToLower(text), name); d < distance && d < len(name) {
			best, distance = name, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}
