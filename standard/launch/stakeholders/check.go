// Package stakeholders checks that those who are concerned were told of launch
// and handover.
package stakeholders

import (
	"seaworthy.dev/seaworthy/internal/derive/attested"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes when somebody attests notices that count.
func Check(in expect.Input) (out verdict.Findings) {
	if in.Here.Rung == fact.Declared {
		attested.Judge(&out, in, "launch/stakeholders", "", "the notices", attested.Rules{Attested: "notified", Flawed: "flawed-notices"})
	}
	return out
}
