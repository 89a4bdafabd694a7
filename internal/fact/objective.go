package fact

// Objective is a target that a team holds itself to.
type Objective struct {
	Ref
	Name string
	// Target is the share of good events, from 0 to 1.
	Target float64
}
