package risk

import (
	"bytes"
	"errors"
	"path"
	"reflect"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
)

// approvalsHeader starts a new approvals.yaml.
const approvalsHeader = `# yaml-language-server: $schema=` + ApprovalsSchema + `
# Accepted risks, approved by people outside the teams whose services they are about.
# "seaworthy risks approve" adds to them.
apiVersion: ` + APIVersion + `
kind: ` + ApprovalsKind + `
approvals:
`

// ApproveIn returns the text of approvals.yaml with one more approval. Nothing else
// in it changes; nil data makes a new file.
func ApproveIn(file string, data []byte, a Approval) ([]byte, error) {
	if len(decode.Split(file, data)) == 0 { // nothing, or comments
		data = append(bytes.Clone(data), approvalsHeader...)
	}
	before, problems := ParseApprovals(decode.Document{File: file, Line: 1, Data: data})
	if len(problems) > 0 {
		return nil, errors.New(problems[0].Message)
	}
	e, err := edit(file, data)
	if err != nil {
		return nil, err
	}
	item := []string{
		"risk: " + Scalar(a.Risk), "service: " + Scalar(a.Service), "fingerprint: " + Scalar(a.Fingerprint), "approver: " + Scalar(a.Approver), "date: " + expect.Day(a.Date.Time),
	}
	if err := e.extend("approvals", [][]string{item}); err != nil {
		return nil, err
	}
	out := e.text()
	after, problems := ParseApprovals(decode.Document{File: file, Line: 1, Data: out})
	wrong := errors.New(path.Base(file) + " has a form that cannot be edited safely; nothing was written")
	if len(problems) > 0 || len(after) != len(before)+1 {
		return nil, wrong
	}
	for i, old := range before {
		old.Location, after[i].Location = fact.Location{}, fact.Location{}
		if !reflect.DeepEqual(old, after[i]) {
			return nil, wrong
		}
	}
	return out, nil
}
