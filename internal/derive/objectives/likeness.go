package objectives

import (
	"slices"
	"strings"
	"unicode"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"seaworthy.dev/seaworthy/internal/derive/burn"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Likeness says how surely a burn-rate rule is about an objective.
type Likeness int

// The degrees of likeness, least first.
const (
	Unlike Likeness = iota
	// Named: the objective's name is in that of the alert or of its recordings.
	Named
	// Counted: both count the same events among the same.
	Counted
	// Labelled: a label of the rule names the objective.
	Labelled
)

// naming are labels by which rules name their objective: those of Sloth, of Pyrra,
// and what people write.
var naming = []string{"sloth_slo", "slo", "slo_name", "objective", "slo_id"}

// profile is what is asked of a rule, worked out once: which objectives its labels
// name, what it counts, and the words of the names in it.
type profile struct {
	// named are values of labels that name an objective, each with the service that
	// stands beside it.
	named [][2]string
	// counts are what its ratios are made of.
	counts []string
	// words are those of the alert's name and of each recording's.
	words [][]string
}

func profileOf(r burn.Rule) (out profile) {
	out.words = [][]string{words(r.Alert.Name)}
	for _, l := range r.Looks {
		for _, from := range []map[string]string{r.Alert.Labels, l.Ratio.Labels} {
			for _, name := range naming {
				if value := from[name]; value != "" && !strings.Contains(value, "{{") {
					out.named = append(out.named, [2]string{value, from["sloth_service"]})
				}
			}
		}
		if l.Ratio.Part != nil {
			out.counts = append(out.counts, amounts(l.Ratio.Part, l.Ratio.Whole))
		}
		for _, record := range l.Ratio.Records {
			out.words = append(out.words, words(record))
		}
	}
	return out
}

// like says how surely a rule is about the objective, whose own count and words are
// given.
func (o *Objective) like(r profile, counts string, mine []string) Likeness {
	for _, n := range r.named {
		switch {
		case !Same(n[0], o.Name) && (o.Service == "" || !Same(n[0], o.Service+o.Name)):
		case n[1] != "" && o.Service != "" && o.Format == "sloth" && !Same(n[1], o.Service):
		default:
			return Labelled
		}
	}
	switch {
	case len(r.named) > 0:
		return Unlike // it names another
	case counts != "" && slices.Contains(r.counts, counts):
		return Counted
	case len(mine) > 0 && slices.ContainsFunc(r.words, func(theirs []string) bool {
		return !slices.ContainsFunc(mine, func(w string) bool { return !slices.Contains(theirs, w) })
	}):
		return Named
	}
	return Unlike
}

// words takes a name apart where its marks and its capitals do.
func words(name string) (out []string) {
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, string(word))
		}
		word = nil
	}
	before := ' '
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
		case unicode.IsUpper(r) && !unicode.IsUpper(before):
			flush()
			word = append(word, unicode.ToLower(r))
		default:
			word = append(word, unicode.ToLower(r))
		}
		before = r
	}
	flush()
	return out
}

// counts says what the indicator counts, in the form in which rules are compared
// with it: the same events in all, and a part of them of the same kind. It is empty
// where that is not known.
func (o *Objective) counts() string {
	i := o.Indicator
	if i == nil {
		return ""
	}
	part := i.Bad
	if part == nil {
		part = i.Good
	}
	switch {
	case part != nil && i.Total != nil:
		p, err := Parse(part.Text)
		w, also := Parse(i.Total.Text)
		if err == nil && also == nil {
			return amounts(p.Expr, w.Expr)
		}
	case i.Share != nil:
		if q, err := Parse(i.Share.Text); err == nil {
			if ratio, is := q.Ratio(); is {
				return amounts(ratio.Part, ratio.Whole)
			}
		}
	}
	return ""
}

// amounts writes what two amounts of events are made of.
func amounts(part, whole parser.Expr) string {
	all := chosen(whole, true)
	if all == "" {
		return ""
	}
	return chosen(part, false) + " of " + all
}

// chosen lists what an expression reads: each metric with the conditions on its
// labels. For parts it is the metric and the names of the labels alone, for good
// events are chosen by the opposite of what chooses bad ones.
func chosen(e parser.Expr, values bool) string {
	var out []string
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		v, ok := n.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		var list []string
		for _, m := range v.LabelMatchers {
			switch {
			case m.Name == model.MetricNameLabel:
			case values || m.Name == "le":
				list = append(list, m.String())
			default:
				list = append(list, m.Name)
			}
		}
		slices.Sort(list)
		out = append(out, v.Name+"{"+strings.Join(list, ",")+"}")
		return nil
	})
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

// Burning sorts burn-rate rules by the objective that they are most surely about;
// those that are about none of them, or as surely about several, are left over.
func Burning(all []*Objective, rules []burn.Rule) (of map[*fact.Objective][]burn.Rule, left []burn.Rule) {
	of = map[*fact.Objective][]burn.Rule{}
	counts, mine := make([]string, len(all)), make([][]string, len(all))
	for i, o := range all {
		counts[i], mine[i] = o.counts(), words(o.Name)
	}
	for _, r := range rules {
		var best []*Objective
		degree, theirs := Unlike, profileOf(r)
		for i, o := range all {
			switch d := o.like(theirs, counts[i], mine[i]); {
			case d == Unlike || d < degree:
			case d > degree:
				best, degree = []*Objective{o}, d
			default:
				best = append(best, o)
			}
		}
		best = closest(best, degree)
		if len(best) == 0 {
			left = append(left, r)
		}
		for _, o := range best {
			of[o.Objective] = append(of[o.Objective], r)
		}
	}
	return of, left
}

// closest leaves, of several that are equally likely, those that are one objective
// in several files; by name, those with the longest.
func closest(list []*Objective, d Likeness) (out []*Objective) {
	if d == Named {
		longest := 0
		for _, o := range list {
			longest = max(longest, len(words(o.Name)))
		}
		list = slices.DeleteFunc(list, func(o *Objective) bool { return len(words(o.Name)) < longest })
	}
	for _, o := range list {
		if !Same(o.Name, list[0].Name) {
			return nil
		}
	}
	return list
}
