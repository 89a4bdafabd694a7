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
	APIVersion string     `json:"apiVersion"`
	Kind       string     `json:"kind"`
	Approvals  []Approval `json:"approvals"`
}

// Approval approves one entry in one wording.
type Approval struct {
	Risk        string `json:"risk"`
	Service     string `json:"service"`
	Fingerprint string `json:"fingerprint"`
	Approver    string `json:"approver"`
	Date        Date   `json:"date"`
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
