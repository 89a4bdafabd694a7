package report

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// sign is how a state looks and what it is called.
type sign struct {
	sign, ascii string
	// color is the SGR code of the nearest of the 256 colours.
	color string
	said  string
}

var signs = map[verdict.State]sign{
	verdict.Met:           {"●", "+", "38;5;75", "met"},
	verdict.Short:         {"◐", "~", "38;5;80", "right, but proof is missing"},
	verdict.Gap:           {"✕", "x", "38;5;209", "gap"},
	verdict.Unknown:       {"?", "?", "38;5;179", "could not tell"},
	verdict.Waived:        {"◌", "o", "38;5;147", "accepted"},
	verdict.NotApplicable: {"–", "-", "38;5;246", "does not apply"},
}

// ladder renders the rungs that an expectation has: letters reached are
// capital, the asked one stands in brackets. "dCO[P]": C and O reached, D not,
// P asked. It is empty for an expectation that is not known.
func ladder(e *expect.Expectation, v *verdict.Verdict) string {
	if e == nil {
		return ""
	}
	reached := map[fact.Rung]bool{}
	for i := range v.Findings {
		if f := v.Findings[i]; f.Outcome == verdict.Pass && f.Rung <= v.Reached {
			reached[f.Rung] = true
		}
	}
	var out string
	for _, r := range e.Rungs {
		letter := r.Rung.Letter()
		switch {
		case r.Rung == v.Asked:
			letter = "[" + letter + "]"
		case !reached[r.Rung]:
			letter = strings.ToLower(letter)
		}
		out += letter
	}
	return out
}
