// Package look is how Seaworthy looks, wherever it shows something: the signs of
// the states, the ladder of the rungs, the colours and type of its pages, and
// prose.
package look

import "seaworthy.dev/seaworthy/internal/verdict"

// Sign is how a state looks and what it is called.
type Sign struct {
	// Glyph is the sign, ASCII the one for terminals that know no other.
	Glyph, ASCII string
	// SGR is the terminal's code of the nearest of the 256 colours, Class the
	// name of the colour on pages.
	SGR, Class string
	// Said is what people are told.
	Said string
}

// Of returns the sign of a state.
func Of(s verdict.State) Sign {
	switch s {
	case verdict.Met:
		return Sign{"●", "+", "38;5;75", "met", "met"}
	case verdict.Short:
		return Sign{"◐", "~", "38;5;80", "short", "right, but proof is missing"}
	case verdict.Gap:
		return Sign{"✕", "x", "38;5;209", "gap", "gap"}
	case verdict.Waived:
		return Sign{"◌", "o", "38;5;147", "waived", "accepted"}
	case verdict.NotApplicable:
		return Sign{"–", "-", "38;5;246", "na", "does not apply"}
	}
	return Sign{"?", "?", "38;5;179", "unknown", "could not tell"}
}

// States returns the states in the order in which reports count them.
func States() []verdict.State {
	return []verdict.State{verdict.Gap, verdict.Unknown, verdict.Short, verdict.Waived, verdict.Met, verdict.NotApplicable}
}
