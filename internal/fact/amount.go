package fact

import (
	"math"
	"strconv"
)

// Amount is a number of instances or a share of them. The zero value means
// that nothing was written.
type Amount struct {
	Set     bool
	Percent bool
	Value   int
}

// Count returns an amount of n instances.
func Count(n int) Amount { return Amount{Set: true, Value: n} }

// Share returns an amount of p percent.
func Share(p int) Amount { return Amount{Set: true, Percent: true, Value: p} }

// Of returns how many of total instances the amount is; shares are rounded
// up or down. An amount that was not set is 0.
func (a Amount) Of(total int, up bool) int {
	if !a.Set || !a.Percent {
		return a.Value
	}
	exact := float64(a.Value) * float64(total) / 100
	if up {
		return int(math.Ceil(exact))
	}
	return int(math.Floor(exact))
}

// String renders the amount as a manifest would: "1" or "25%".
func (a Amount) String() string {
	switch {
	case !a.Set:
		return "unset"
	case a.Percent:
		return strconv.Itoa(a.Value) + "%"
	}
	return strconv.Itoa(a.Value)
}
