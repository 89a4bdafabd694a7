package slo

import (
	"math/big"
	"time"
)

// TimeBudget returns for how long of a window everything may be bad: 43 min 12 s
// for 99.9 % over 30 days. It is rounded down to the nanosecond.
func TimeBudget(t Target, w Window) time.Duration {
	r := new(big.Rat).Mul(t.Budget(), w.rat())
	return time.Duration(new(big.Int).Quo(r.Num(), r.Denom()).Int64())
}

// EventBudget returns how many of so many events may be bad: 1,000 of a million for
// 99.9 %. A part of an event is none, so it is rounded down.
func EventBudget(t Target, total int64) int64 {
	if total <= 0 {
		return 0
	}
	r := new(big.Rat).Mul(t.Budget(), big.NewRat(total, 1))
	return new(big.Int).Quo(r.Num(), r.Denom()).Int64()
}

// Remaining returns the share of the budget that is left after so many bad events
// among so many: 1 where none was bad, below 0 where more than the budget was
// spent. ok is false where there is no budget to speak of: no event, or a target
// of 100 %.
func Remaining(t Target, bad, total int64) (left *big.Rat, ok bool) {
	budget := t.Budget()
	if total <= 0 || budget.Sign() == 0 {
		return nil, false
	}
	spent := big.NewRat(bad, total)
	return spent.Sub(one, spent.Quo(spent, budget)), true
}
