package look

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Rung is one letter of a ladder.
type Rung struct {
	Letter, Name string
	// Reached is true where something passes on it, Asked for the one that the
	// service's tier asks for.
	Reached, Asked bool
}

// Ladder returns the rungs that an expectation has, weakest first, as they stand
// for a verdict; none for an expectation that is not known.
func Ladder(e *expect.Expectation, v *verdict.Verdict) (out []Rung) {
	if e == nil {
		return nil
	}
	reached := map[fact.Rung]bool{}
	for _, f := range v.Findings {
		if f.Outcome == verdict.Pass && f.Rung <= v.Reached {
			reached[f.Rung] = true
		}
	}
	for _, r := range e.Rungs {
		out = append(out, Rung{Letter: r.Rung.Letter(), Name: r.Rung.String(), Reached: reached[r.Rung], Asked: r.Rung == v.Asked})
	}
	return out
}

// Letters renders a ladder in ASCII: letters reached are capital, the asked one
// stands in brackets. "dCO[P]": C and O reached, D not, P asked.
func Letters(ladder []Rung) (out string) {
	for _, r := range ladder {
		switch {
		case r.Asked:
			out += "[" + r.Letter + "]"
		case r.Reached:
			out += r.Letter
		default:
			out += strings.ToLower(r.Letter)
		}
	}
	return out
}

// Says tells a ladder in words, for who does not see it.
func Says(ladder []Rung) string {
	asked, reached := "", []string{}
	for _, r := range ladder {
		if r.Asked {
			asked = r.Name
		}
		if r.Reached {
			reached = append(reached, r.Name)
		}
	}
	if len(reached) == 0 {
		return "asked: " + asked + "; nothing reached"
	}
	return "asked: " + asked + "; reached: " + strings.Join(reached, ", ")
}
