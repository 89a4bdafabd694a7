package risk

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// ApprovalsKind is the kind of approvals.yaml.
const ApprovalsKind = "Approvals"

// Approvals is approvals.yaml: what somebody outside the team of a service says
// of the entries of its register.
type Approvals struct {
	// The version of this format.
	APIVersion string `json:"apiVersion" required:"true" enum:"seaworthy.dev/v1"`
	// What the document describes.
	Kind string `json:"kind" required:"true" enum:"Approvals"`
	// The approvals, one for each wording of an entry.
	Approvals []Approval `json:"approvals"`
}

// Approval approves one entry in one wording.
type Approval struct {
	// The entry's id.
	Risk string `json:"risk" required:"true" example:"R-12"`
	// The service that the entry is about.
	Service string `json:"service" required:"true" example:"checkout"`
	// The entry's fingerprint, as `seaworthy risks list` prints it.
	Fingerprint string `json:"fingerprint" required:"true" example:"fp-5648daeffdb5"`
	// Who approves it: the one whom the entry names.
	Approver string `json:"approver" required:"true" example:"head-of-platform"`
	// When it was approved.
	Date Date `json:"date" required:"true"`
}

// ParseApprovals returns the approvals of a file, and what is wrong with it.
func ParseApprovals(doc decode.Document) (list []fact.Approval, problems []fact.Problem) {
	root, problem := doc.Parse()
	if problem != nil {
		return nil, []fact.Problem{*problem}
	}
	if root == nil {
		return nil, nil
	}
	r := reader{doc: doc}
	var in Approvals
	r.fit(root, &in)
	r.head(root, in.APIVersion, in.Kind, ApprovalsKind)
	for i, n := range decode.Items(decode.Child(root, "approvals")) {
		if i >= len(in.Approvals) {
			break
		}
		a := in.Approvals[i]
		var lacks []string
		for _, field := range []struct {
			missing bool
			name    string
		}{{a.Risk == "", "risk"}, {a.Service == "", "service"}, {a.Fingerprint == "", "fingerprint"}, {a.Approver == "", "approver"}, {a.Date.IsZero(), "date"}} {
			if field.missing {
				lacks = append(lacks, field.name)
			}
		}
		if len(lacks) > 0 && len(r.broken) == 0 { // a key that is misspelt is said already
			r.wrong(n, "the approval has no %s", strings.Join(lacks, ", no "))
		}
		list = append(list, fact.Approval{Location: doc.At(n), Risk: a.Risk, Service: a.Service, Fingerprint: a.Fingerprint, Approver: a.Approver, Date: a.Date.Time})
	}
	return list, r.problems
}

// Approve gives the entries of a service the approvals that name them: the one
// for the very wording where there is one, else the latest.
func Approve(entries []*fact.Risk, approvals []fact.Approval, service string) {
	for _, e := range entries {
		for i := range approvals {
			a := &approvals[i]
			if a.Risk != e.ID || a.Service != service {
				continue
			}
			fits := func(a *fact.Approval) bool { return a.Fingerprint == e.Fingerprint }
			if e.Approval == nil || fits(a) && !fits(e.Approval) || fits(a) == fits(e.Approval) && a.Date.After(e.Approval.Date) {
				e.Approval = a
			}
		}
	}
}
