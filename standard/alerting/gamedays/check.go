// Package gamedays checks that a gameday was held and recorded. The exercise
// itself is proved by its drill.
package gamedays

import (
	"seaworthy.dev/seaworthy/internal/derive/attested"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes the record when somebody attests one that counts.
func Check(in expect.Input) (out verdict.Findings) {
	if in.Here.Rung == fact.Declared {
		attested.Judge(&out, in, "alerting/gamedays", "record", "the record", attested.Rules{Attested: "recorded", Flawed: "flawed-record"})
	}
	return out
}
