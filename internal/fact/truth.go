package fact

// Truth is a yes or a no that may not be known. The zero value is not known.
type Truth struct {
	Known, Yes bool
	// Why ends "this cannot be told, for ..." where it is not known.
	Why string
	At  Location
}

// Yes and No are known truths at a place.
func Yes(at Location) Truth { return Truth{Known: true, Yes: true, At: at} }

// No is the opposite of Yes.
func No(at Location) Truth { return Truth{Known: true, At: at} }

// Is reports whether the truth is known to be yes; IsNot, to be no.
func (t Truth) Is() bool { return t.Known && t.Yes }

// IsNot reports whether the truth is known to be no.
func (t Truth) IsNot() bool { return t.Known && !t.Yes }

// Part names what of a fact may be unknown while the rest is known.
type Part string

// The parts.
const (
	Number      Part = "number"      // how many instances
	Contents    Part = "containers"  // what runs, with its settings
	Groups      Part = "policies"    // what restricts its traffic
	FrontDoor   Part = "services"    // what sends it traffic
	Identity    Part = "account"     // as whom it runs
	Environment Part = "environment" // what it is given
	Updates     Part = "strategy"    // how it is updated
	Capacity    Part = "capacity"    // on what it runs
	Tags        Part = "labels"      // its tags or labels
)

// Unknown is a part of a fact that is not known before it is applied.
type Unknown struct {
	Part Part
	// Why ends "this is not known, for ...".
	Why string
	At  Location
}

// Unknowns are the parts of one fact that are not known.
type Unknowns []Unknown

// Any returns the first of the parts that is not known.
func (u Unknowns) Any(parts ...Part) (Unknown, bool) {
	for _, one := range u {
		for _, p := range parts {
			if one.Part == p {
				return one, true
			}
		}
	}
	return Unknown{}, false
}
