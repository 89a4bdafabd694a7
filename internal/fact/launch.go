package fact

import "time"

// Performance is the load that people expect, and what must hold under it.
type Performance struct {
	Ref
	// Peak in requests a second; 0 where nobody says.
	Peak     float64
	Criteria []*Criterion
}

// Criterion is a target under load.
type Criterion struct {
	Ref
	// Endpoint is its name among the endpoints; empty for all of them.
	Endpoint string
	// Percentile of the requests that are answered within Limit, in percent.
	Percentile float64
	Limit      time.Duration
	// Rate in requests a second at which it holds; 0 where nobody says.
	Rate float64
	// Errors is the share of requests that may fail, in percent; 0 where nobody
	// says.
	Errors float64
}

// BurnIn is the plan for the time at full load before on-call takes over.
type BurnIn struct {
	Ref
	// From is its first day, Handover that on which on-call takes over; both are
	// zero where nobody says.
	From, Handover time.Time
	Length         time.Duration
	// Share of the expected peak that counts as full load, in percent.
	Share float64
	// Watch names who watches until the handover, Problem what is injected if
	// nothing happens by itself.
	Watch, Problem string
	// Plan is the page that says more; nil where none is named.
	Plan *DocLink
}
