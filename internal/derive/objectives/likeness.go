package objectives

import (
	"maps"
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

// Like says how surely a rule is about the objective.
func (o *Objective) Like(r burn.Rule) Likeness {
	best := Unlike
	for _, l := range r.Looks {
		for _, from := range []map[string]string{r.Alert.Labels, l.Ratio.Labels} {
			for _, name := range naming {
				switch value := from[name]; {
				case value == "" || strings.Contains(value, "{{"):
				case Same(value, o.Name):
					if s := from["sloth_service"]; s != "" && o.Service != "" && !Same(s, o.Service) {
						return Unlike
					}
					return Labelled
				default:
					best = -1 // it names another
				}
			}
		}
	}
	if best < 0 {
		return Unlike
	}
	for _, l := range r.Looks {
		if o.counts(l.Ratio) {
			return Counted
		}
	}
	if o.named(r) {
		return Named
	}
	return Unlike
}

// named reports whether all words of the objective's name occur in that of the
// alert or of what it reads.
func (o *Objective) named(r burn.Rule) bool {
	mine := words(o.Name)
	list := []string{r.Alert.Name}
	for _, l := range r.Looks {
		list = append(list, l.Ratio.Records...)
	}
	return len(mine) > 0 && slices.ContainsFunc(list, func(name string) bool {
		theirs := words(name)
		return !slices.ContainsFunc(mine, func(w string) bool { return !slices.Contains(theirs, w) })
	})
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

// counts reports whether a ratio counts what the indicator counts: the same events
// in all, and a part of them of the same kind.
func (o *Objective) counts(r burn.Ratio) bool {
	i := o.Indicator
	if i == nil || r.Part == nil {
		return false
	}
	part := i.Bad
	if part == nil {
		part = i.Good
	}
	var p, w parser.Expr
	switch {
	case part != nil && i.Total != nil:
		first, err := Parse(part.Text)
		second, also := Parse(i.Total.Text)
		if err != nil || also != nil {
			return false
		}
		p, w = first.Expr, second.Expr
	case i.Share != nil:
		q, err := Parse(i.Share.Text)
		if err != nil {
			return false
		}
		ratio, is := q.Ratio()
		if !is {
			return false
		}
		p, w = ratio.Part, ratio.Whole
	default:
		return false
	}
	return maps.Equal(chosen(w, true), chosen(r.Whole, true)) && len(chosen(w, true)) > 0 && maps.Equal(chosen(p, false), chosen(r.Part, false))
}

// chosen lists what an expression reads: each metric with the conditions on its
// labels. For parts it is the metric and the names of the labels alone, for good
// events are chosen by the opposite of what chooses bad ones.
func chosen(e parser.Expr, values bool) map[string]bool {
	out := map[string]bool{}
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
		out[v.Name+"{"+strings.Join(list, ",")+"}"] = true
		return nil
	})
	return out
}

// Burning sorts burn-rate rules by the objective that they are most surely about;
// those that are about none of them, or as surely about several, are left over.
func Burning(all []*Objective, rules []burn.Rule) (of map[*fact.Objective][]burn.Rule, left []burn.Rule) {
	of = map[*fact.Objective][]burn.Rule{}
	for _, r := range rules {
		var best []*Objective
		degree := Unlike
		for _, o := range all {
			switch d := o.Like(r); {
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
