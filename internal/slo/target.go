package slo

import (
	"fmt"
	"math/big"
	"strings"
)

// Target is the share of events that must be good, from 0 to 1. The zero value is
// no target.
type Target struct{ share *big.Rat }

// ParsePercent reads a target in percent: "99.9", "99.9 %", "99.9%".
func ParsePercent(text string) (Target, error) {
	plain := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%"))
	r, err := Number(plain)
	if err != nil {
		return Target{}, err
	}
	return target(text, r.Quo(r, hundred))
}

// ParseShare reads a target as a share: "0.999".
func ParseShare(text string) (Target, error) {
	r, err := Number(text)
	if err != nil {
		return Target{}, err
	}
	return target(text, r)
}

// ParseTarget reads a target as people write them, in percent or as a share: with a
// percent sign or above 1 it is in percent. So "1" is all events, and one percent
// has to be written with its sign.
func ParseTarget(text string) (Target, error) {
	if strings.HasSuffix(strings.TrimSpace(text), "%") {
		return ParsePercent(text)
	}
	r, err := Number(text)
	if err != nil {
		return Target{}, err
	}
	if r.Cmp(one) > 0 {
		return ParsePercent(text)
	}
	return target(text, r)
}

func target(text string, share *big.Rat) (Target, error) {
	if share.Sign() < 0 || share.Cmp(one) > 0 {
		return Target{}, fmt.Errorf("%s is no share of events: it must lie between 0 %% and 100 %%", strings.TrimSpace(text))
	}
	return Target{share}, nil
}

// IsZero reports whether there is no target.
func (t Target) IsZero() bool { return t.share == nil }

// Share returns the share of events that must be good.
func (t Target) Share() *big.Rat { return new(big.Rat).Set(t.rat()) }

// Budget returns the share of events that may be bad: one minus the target.
func (t Target) Budget() *big.Rat { return new(big.Rat).Sub(one, t.rat()) }

// Spent reports whether the target leaves no budget: it demands every event.
func (t Target) Spent() bool { return t.Budget().Sign() == 0 }

// Cmp compares two targets: 1 where t is the stricter.
func (t Target) Cmp(other Target) int { return t.rat().Cmp(other.rat()) }

// String writes the target in percent: "99.9 %".
func (t Target) String() string { return Percent(t.rat()) }

func (t Target) rat() *big.Rat {
	if t.share == nil {
		return new(big.Rat)
	}
	return t.share
}
