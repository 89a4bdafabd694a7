package slo

import (
	"math/big"
	"time"
)

// A burn rate says how many times faster than allowed a budget is spent: at 1 it
// is gone when the window ends, at 14.4 after the 14.4th part of the window.

// Factor returns the burn rate that spends a share of the budget within a length of
// time: spend * window / long. So 2 % within an hour of 30 days are 14.4.
func Factor(spend *big.Rat, long time.Duration, w Window) *big.Rat {
	r := new(big.Rat).Mul(spend, w.rat())
	return r.Quo(r, big.NewRat(int64(long), 1))
}

// Spend returns the share of the budget that a burn rate spends within a length of
// time: the inverse of Factor.
func Spend(factor *big.Rat, long time.Duration, w Window) *big.Rat {
	r := new(big.Rat).Mul(factor, big.NewRat(int64(long), 1))
	return r.Quo(r, w.rat())
}

// Lasts returns how long a whole budget lasts at a burn rate; zero for a rate that
// spends nothing.
func Lasts(factor *big.Rat, w Window) time.Duration {
	if factor.Sign() <= 0 {
		return 0
	}
	r := new(big.Rat).Quo(w.rat(), factor)
	n := new(big.Int).Quo(r.Num(), r.Denom())
	if !n.IsInt64() {
		return 0
	}
	return time.Duration(n.Int64())
}

// Threshold returns the share of bad events at which the budget burns that fast:
// factor * (1 - target). Above 1 it can never be reached.
func Threshold(factor *big.Rat, t Target) *big.Rat {
	return new(big.Rat).Mul(factor, t.Budget())
}

// Pair is a burn rate that is looked for over two windows: the long one sees that
// enough was spent, the short one that it is still being spent.
type Pair struct {
	Long time.Duration
	// Spend is the share of the budget that is gone when the long window has seen
	// the rate throughout.
	Spend *big.Rat
	// Pages is true where somebody is woken, false for a ticket.
	Pages bool
}

// Pairs returns the four that the workbook recommends (table 5-8), fastest first:
// 2 % within an hour and 5 % within six page, 10 % within a day and 10 % within
// three open a ticket.
func Pairs() []Pair {
	return []Pair{
		{time.Hour, big.NewRat(2, 100), true},
		{6 * time.Hour, big.NewRat(5, 100), true},
		{Day, big.NewRat(10, 100), false},
		{3 * Day, big.NewRat(10, 100), false},
	}
}

// PairOf returns the pair with that long window; ok is false where the workbook has
// none.
func PairOf(long time.Duration) (p Pair, ok bool) {
	for _, p := range Pairs() {
		if p.Long == long {
			return p, true
		}
	}
	return Pair{}, false
}

// Short returns the short window: the twelfth part of the long one.
func (p Pair) Short() time.Duration { return p.Long / 12 }

// Factor returns the pair's burn rate for a window: 14.4, 6, 3 and 1 for 30 days;
// 13.44, 5.6, 2.8 and 14/15 (0.933) for 28 days.
func (p Pair) Factor(w Window) *big.Rat { return Factor(p.Spend, p.Long, w) }

// Threshold returns the share of bad events at which the pair alerts.
func (p Pair) Threshold(t Target, w Window) *big.Rat { return Threshold(p.Factor(w), t) }
