package promql

import (
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// Selector is one choice of series in a query.
type Selector struct {
	// Metric is the name of what it reads; empty where Pattern or labels alone
	// pick it.
	Metric string
	// Pattern is the regular expression by which it picks names.
	Pattern string
	// Matchers on labels, without the one on the name.
	Matchers []Matcher
	// Range it looks back over; zero for the newest sample.
	Range time.Duration
	// Offset into the past.
	Offset time.Duration
	// Line and Column within the query, from 1.
	Line, Column int
}

// Matcher is one condition on a label.
type Matcher struct {
	// Op is =, !=, =~ or !~.
	Name, Op, Value string
}

// Value returns what the label must be, where one matcher says so exactly.
func (s Selector) Value(label string) (string, bool) {
	for _, m := range s.Matchers {
		if m.Name == label && m.Op == "=" {
			return m.Value, true
		}
	}
	return "", false
}

// Asks reports whether a matcher is put to that label.
func (s Selector) Asks(label string) bool {
	return slices.ContainsFunc(s.Matchers, func(m Matcher) bool { return m.Name == label })
}

// Selectors lists what the query reads, in the order in which it is written.
func (q *Query) Selectors() []Selector { return selectors(q.Text, q.Expr) }

func selectors(text string, expr parser.Expr) (out []Selector) {
	parser.Inspect(expr, func(node parser.Node, path []parser.Node) error {
		v, ok := node.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		s := Selector{Offset: v.OriginalOffset}
		s.Line, s.Column = Place(text, int(v.PosRange.Start))
		for _, m := range v.LabelMatchers {
			switch {
			case m.Name != metricName:
				s.Matchers = append(s.Matchers, Matcher{m.Name, m.Type.String(), m.Value})
			case m.Type == labels.MatchEqual:
				s.Metric = m.Value
			case m.Type == labels.MatchRegexp:
				s.Pattern = m.Value
			}
		}
		if len(path) > 0 {
			if matrix, ok := path[len(path)-1].(*parser.MatrixSelector); ok {
				s.Range = matrix.Range
			}
		}
		out = append(out, s)
		return nil
	})
	slices.SortStableFunc(out, func(a, b Selector) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return out
}

// Metrics lists the names of what the query reads, each once, sorted. A pattern
// that is only a choice of names counts as those names.
func (q *Query) Metrics() []string {
	var out []string
	for _, s := range q.Selectors() {
		out = append(out, s.Names()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Names lists the metrics that the selector can read; nil where a pattern does
// not tell them.
func (s Selector) Names() []string {
	if s.Metric != "" {
		return []string{s.Metric}
	}
	return Choices(s.Pattern)
}

// Choices lists the texts that a regular expression allows, where it is nothing
// but a choice: "a|b", "(a|b)", "pre_(a|b)". It returns nil for any other.
func Choices(pattern string) []string {
	if pattern == "" {
		return nil
	}
	m, err := labels.NewMatcher(labels.MatchRegexp, "x", pattern)
	if err != nil {
		return nil
	}
	out := slices.Clone(m.SetMatches())
	if len(out) == 0 && !strings.ContainsAny(pattern, `\.+*?()|[]{}^$`) {
		return []string{pattern}
	}
	return out
}
