// Package slo is the arithmetic of service level objectives: targets, windows,
// error budgets and burn rates. Its numbers are exact (math/big.Rat): 99.9 % is
// 999/1000 and never 0.9990000000000001, so a budget is 1/1000 and a threshold of
// 14.4 times it is 0.0144, digit by digit. It knows no clock and reads nothing.
//
// The methods are those of The Site Reliability Workbook, chapter 5, Alerting on
// SLOs (https://sre.google/workbook/alerting-on-slos/), and of Site Reliability
// Engineering, chapter 3, Embracing Risk (https://sre.google/sre-book/embracing-risk/).
package slo

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// maxDigits bounds a number as text: no target has more digits, and an exponent
// of a thousand digits would take for ever.
const maxDigits = 40

// Number reads a decimal number exactly as it is written. Exponents are taken as
// far as a float64 reaches.
func Number(text string) (*big.Rat, error) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxDigits {
		return nil, fmt.Errorf("%q is no number", text)
	}
	if f, err := strconv.ParseFloat(text, 64); err != nil || f != f || f-f != 0 || strings.ContainsAny(text, "xXpP_") {
		return nil, fmt.Errorf("%q is no number", text)
	}
	if r, ok := new(big.Rat).SetString(text); ok {
		return r, nil
	}
	return nil, fmt.Errorf("%q is no number", text)
}

// FromFloat returns the shortest decimal number that reads as f: what was written
// where f was read from text. It is nil for what is no number.
func FromFloat(f float64) *big.Rat {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(f, 'g', -1, 64))
	if !ok {
		return nil
	}
	return r
}

// Decimal writes a number with as many digits as it needs, and with twelve where
// no number of digits is enough.
func Decimal(r *big.Rat) string {
	digits, exact := r.FloatPrec()
	if !exact || digits > 18 {
		digits = 12
	}
	text := r.FloatString(digits)
	if strings.Contains(text, ".") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// Percent writes a share as "99.9 %".
func Percent(share *big.Rat) string {
	return Decimal(new(big.Rat).Mul(share, hundred)) + " %"
}

var (
	one     = big.NewRat(1, 1)
	hundred = big.NewRat(100, 1)
)
