package risk

import (
	"testing"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// FuzzApply: whatever stands in a register, editing it neither fails to end nor
// loses an entry.
func FuzzApply(f *testing.F) {
	f.Add(header)
	f.Add(start + "risks: []\n")
	f.Add(start + "risks:\n- {id: R-1, decision: open}\n# x\nkind: RiskRegister\n")
	f.Add(start + "risks:\n  - id: R-1\n    decision: \"open\" # x\n    reason: |\n      a\n\n")
	f.Add("a: &a\n  - *a\nrisks: *a\n")
	f.Fuzz(func(t *testing.T, text string) {
		before, _ := Parse(decode.Document{File: "risks.yaml", Line: 1, Data: []byte(text)})
		c := Change{Add: []Entry{{Title: text, Decision: "open", Severity: "major", Expectation: "s/x", Rule: "r", Subject: text}}}
		closed := map[string]bool{}
		for i, r := range before {
			if i%2 == 0 && r.Open() {
				c.Close = append(c.Close, &fact.Risk{ID: r.ID})
				closed[r.ID] = true
			}
		}
		out, ids, err := Apply("risks.yaml", []byte(text), c, today)
		if err != nil {
			return
		}
		after, problems := Parse(decode.Document{File: "risks.yaml", Line: 1, Data: out})
		if len(problems) > 0 || len(after) != len(before)+1 || len(ids) != 1 {
			t.Fatalf("%d entries became %d: %v\n%s", len(before), len(after), problems, out)
		}
		for i, r := range before {
			if after[i].ID != r.ID || closed[r.ID] != (after[i].Decision == "closed" && r.Open()) {
				t.Fatalf("%s is %s\n%s", r.ID, after[i].Decision, out)
			}
		}
	})
}
