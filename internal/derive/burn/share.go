package burn

import (
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// share is an expression that yields offset + scale * ratio.
type share struct {
	offset, scale *big.Rat
	window        time.Duration
	ratio         Ratio
}

// share takes an expression apart as far as it is a share of events.
func (r *Reader) share(e parser.Expr, depth int) (out share, ok bool) {
	if r.spent(depth) {
		return out, false
	}
	switch in := bare(e).(type) {
	case *parser.AggregateExpr:
		return r.share(in.Expr, depth+1)
	case *parser.Call:
		if len(in.Args) > 0 && (in.Func.Name == "label_replace" || in.Func.Name == "label_join" || in.Func.Name == "clamp_max" || in.Func.Name == "clamp_min") {
			return r.share(in.Args[0], depth+1)
		}
	case *parser.VectorSelector:
		return r.recorded(in, depth)
	case *parser.BinaryExpr:
		return r.arithmetic(in, depth)
	}
	return out, false
}

func (r *Reader) arithmetic(in *parser.BinaryExpr, depth int) (out share, ok bool) {
	left, leftIs := r.number(in.LHS, 0)
	right, rightIs := r.number(in.RHS, 0)
	switch in.Op {
	case parser.LOR: // or vector(0)
		return r.share(in.LHS, depth+1)
	case parser.DIV:
		switch {
		case rightIs:
			if out, ok = r.share(in.LHS, depth+1); ok && right.value.Sign() != 0 && tame(out.scale) {
				return out.times(new(big.Rat).Inv(right.value)), true
			}
		case !leftIs:
			return divided(in)
		}
	case parser.MUL:
		if out, ok = r.share(in.LHS, depth+1); ok && rightIs && tame(out.scale) {
			return out.times(right.value), true
		}
		if out, ok = r.share(in.RHS, depth+1); ok && leftIs && tame(out.scale) {
			return out.times(left.value), true
		}
	case parser.SUB:
		if out, ok = r.share(in.RHS, depth+1); ok && leftIs {
			out = out.times(big.NewRat(-1, 1))
			out.offset.Add(out.offset, left.value)
			return out, true
		}
	}
	return out, false
}

func (s share) times(n *big.Rat) share {
	s.offset, s.scale = new(big.Rat).Mul(s.offset, n), new(big.Rat).Mul(s.scale, n)
	return s
}

// divided reads a division of amounts of events.
func divided(in *parser.BinaryExpr) (out share, ok bool) {
	window, ok := rangeOf(in.RHS)
	if !ok {
		return out, false
	}
	out = share{offset: new(big.Rat), scale: big.NewRat(1, 1), window: window}
	out.ratio = Ratio{Key: timeless(in.LHS.String()) + " / " + timeless(in.RHS.String()), Part: in.LHS, Whole: in.RHS}
	return out, true
}

// rangeOf returns the one length of time over which an expression counts.
func rangeOf(e parser.Expr) (d time.Duration, ok bool) {
	same := true
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if m, is := n.(*parser.MatrixSelector); is {
			same = same && (!ok || d == m.Range)
			d, ok = m.Range, true
		}
		if s, is := n.(*parser.SubqueryExpr); is {
			d, ok = s.Range, true
		}
		return nil
	})
	if !ok { // sums of recorded rates
		parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
			if v, is := n.(*parser.VectorSelector); is && !ok {
				_, d = windowed(v.Name)
				ok = d > 0
			}
			return nil
		})
	}
	return d, ok && same
}

var (
	ranges = regexp.MustCompile(`\[[^\]]*\]`)
	suffix = regexp.MustCompile(`^(.*?(?:rate|ratio|burn|error|errors|increase|_|:))_?((?:\d+(?:ms|[smhdwy]))+)$`)
	// aims are words in the names of recordings of shares of bad or good events.
	aims = regexp.MustCompile(`(?i)(?:err|fail|bad|burn|sl[oi]|avail|success|good)`)
)

// timeless takes the ranges out of an expression, and the windows off the names of
// recordings.
func timeless(text string) string {
	text = ranges.ReplaceAllString(text, "[]")
	return names.ReplaceAllStringFunc(text, func(name string) string {
		base, _ := windowed(name)
		return base
	})
}

var names = regexp.MustCompile(`[a-zA-Z_][\w]*:[\w:]*`)

// windowed splits the name of a recording as Prometheus' documentation has it
// (level:metric:operations) into the rest and the window at its end.
func windowed(name string) (base string, d time.Duration) {
	if m := suffix.FindStringSubmatch(name); m != nil {
		if w, err := model.ParseDuration(m[2]); err == nil {
			return m[1], time.Duration(w)
		}
	}
	return name, 0
}

// recorded reads a share through the recording of that name.
func (r *Reader) recorded(v *parser.VectorSelector, depth int) (out share, ok bool) {
	chosen := r.chosen(v)
	for i, rec := range chosen {
		one, known := r.share(rec.expr, depth+5)
		if !known || i > 0 && (one.scale.Cmp(out.scale) != 0 || one.window != out.window) {
			return share{}, false
		}
		if !ok {
			out, ok = one, true
		}
	}
	base, window := windowed(v.Name)
	if len(chosen) == 0 { // it stands elsewhere
		if window == 0 || !strings.Contains(v.Name, ":") || !aims.MatchString(v.Name) {
			return out, false
		}
		out, ok = share{offset: new(big.Rat), scale: big.NewRat(1, 1), window: window}, true
	}
	if !ok {
		return out, false
	}
	equal := map[string]string{}
	var rest []string
	for _, m := range v.LabelMatchers {
		if m.Name == model.MetricNameLabel {
			continue
		}
		rest = append(rest, m.Name+m.Type.String()+strconv.Quote(m.Value))
		if m.Type == labels.MatchEqual {
			equal[m.Name] = m.Value
		}
	}
	slices.Sort(rest)
	maps.Copy(equal, out.ratio.Labels)
	out.ratio.Labels, out.ratio.Records = equal, append([]string{v.Name}, out.ratio.Records...)
	out.ratio.Key = base + "{" + strings.Join(rest, ",") + "}"
	return out, true
}

// chosen returns the recordings that a selector can mean.
func (r *Reader) chosen(v *parser.VectorSelector) (out []record) {
	for _, rec := range r.records[v.Name] {
		fits := true
		for _, m := range v.LabelMatchers {
			if value, set := rec.labels[m.Name]; set && m.Name != model.MetricNameLabel && !strings.Contains(value, "{{") && !m.Matches(value) {
				fits = false
			}
		}
		if fits {
			out = append(out, rec)
		}
	}
	return out
}
