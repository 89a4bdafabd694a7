package kube

import (
	"slices"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// parseAmount reads "2" or "25%".
func parseAmount(text string) (fact.Amount, bool) {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	n, err := strconv.Atoi(number)
	if err != nil {
		return fact.Amount{}, false
	}
	return fact.Amount{Set: true, Percent: percent, Value: n}, true
}

// stableSort orders a list by place, keeping the order of what has none.
func stableSort[T any](list []T, at func(T) fact.Location) {
	slices.SortStableFunc(list, func(a, b T) int {
		p, q := at(a), at(b)
		if p.Line != q.Line {
			return p.Line - q.Line
		}
		return p.Column - q.Column
	})
}
