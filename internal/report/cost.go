package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/cost"
)

// Costs is what `seaworthy cost` found out.
type Costs struct {
	Book      *cost.Book
	Estimates []cost.Estimate
	// Budgets by service, in the currency that each names.
	Budgets map[string]Budget
	// Holes says what was not read, so that nothing of it is in the estimate.
	Holes []string
	// Base is the revision that was compared with, and Changes what differs; empty
	// where nothing was compared.
	Base    string
	Commit  string
	Changes []cost.Change
}

// Budget is what a service may cost a month.
type Budget struct {
	Monthly  float64 `json:"monthly"`
	Currency string  `json:"currency"`
	Owner    string  `json:"owner,omitempty"`
}

// sheet is a page of two columns: what, and how much.
type sheet struct{ text }

// row writes something with its figure at the right, on a line of its own where
// both do not fit.
func (t *sheet) row(left, right string) {
	left = t.tidy(left)
	room := t.width - columns(plain(right)) - 2
	if columns(plain(left)) <= room {
		t.line("%s%s%s", left, strings.Repeat(" ", t.width-columns(plain(left))-columns(plain(right))), right)
		return
	}
	t.prose(left)
	t.line("%s%s", strings.Repeat(" ", max(t.width-columns(plain(right)), 0)), right)
}

// prose writes a text, wrapped, further lines indented.
func (t *sheet) prose(says string) {
	indent := len(says) - len(strings.TrimLeft(says, " "))
	for i, line := range wrap(t.tidy(says), t.width-indent-2) {
		if i > 0 {
			line = "  " + line
		}
		t.line("%s%s", strings.Repeat(" ", indent), line)
	}
}

// tidy cleans what stands in the user's files and keeps our own paint.
func (t *sheet) tidy(s string) string {
	if strings.Contains(s, "\x1b[") {
		return s // painted here, and cleaned before
	}
	return t.clean(s)
}

// lines returns all lines of all services.
func (c *Costs) lines() (out []cost.Line) {
	for _, e := range c.Estimates {
		out = append(out, e.Lines...)
	}
	return out
}

// Text writes the estimate for a terminal.
func (c *Costs) Text(w io.Writer, o Options) error {
	t := &sheet{text{out: w, o: o, width: min(max(o.Width, 60), 120)}}
	for i, e := range c.Estimates {
		if i > 0 {
			t.line("")
		}
		c.service(t, e)
	}
	if owners, sums := cost.Group(c.lines(), func(l cost.Line) string { return cmp.Or(l.Owner, "nobody named") }); len(owners) > 1 {
		t.line("")
		t.line("%s", t.paint("1", "By owner"))
		for _, name := range owners {
			t.row("  "+name, c.span(sums[name])+unknowns(sums[name].Unknown))
		}
	}
	if c.Base != "" {
		c.changes(t)
	}
	t.line("")
	for _, hole := range c.Holes {
		t.prose("not read, so not in the estimate: " + hole)
	}
	regions := make([]string, 0, len(c.Book.Regions))
	for cloud, region := range c.Book.Regions {
		regions = append(regions, cloud+" "+region)
	}
	slices.Sort(regions)
	from := fmt.Sprintf("prices: %s, of %s, sha256 %s", c.Book.Name, c.Book.Date, c.Book.Digest[:12])
	if len(regions) > 0 {
		from += " (" + strings.Join(regions, ", ") + ")"
	}
	t.prose(from + "; an estimate of what is asked for, without use, traffic, discounts and taxes")
	return t.err
}

// service writes the sum of one service, then what it is made of.
func (c *Costs) service(t *sheet, e cost.Estimate) {
	sum := e.Sum()
	figure := t.paint("1", c.span(sum)+" a month") + unknowns(sum.Unknown)
	if sum.Unknown == len(e.Lines) && sum.Unknown > 0 {
		figure = t.paint("1", "no figure")
	} else if len(e.Lines) == 0 {
		figure = "nothing here is paid for by the month"
	}
	t.row(t.paint("1", t.clean(e.Service))+t.clean(owned(e)), figure)
	if b, set := c.Budgets[e.Service]; set {
		t.row("", c.against(b, sum))
	}
	names, _ := cost.Group(e.Lines, func(l cost.Line) string { return l.Name })
	for _, n := range names {
		mine := only(e.Lines, func(l cost.Line) bool { return l.Name == n })
		var parts []string
		var total cost.Range
		capacity := false
		for _, l := range mine {
			if l.Unknown == "" {
				total.Low, total.High, total.Unbounded = total.Low+l.Low, total.High+l.High, total.Unbounded || l.Unbounded
				parts = append(parts, l.Says)
				capacity = capacity || l.Capacity
			}
		}
		if len(parts) == 0 {
			continue
		}
		figure := c.span(total)
		if capacity {
			figure = "(" + figure + ") not added: others run on it"
		}
		t.row("  "+t.clean(n)+"  "+t.paint("2", t.clean(shorten(parts))), figure)
	}
	var told []string
	for _, l := range e.Lines {
		if l.Unknown != "" {
			says := fmt.Sprintf("%s: %s", l.Name, l.Unknown)
			if l.Mend != "" {
				says += "; " + l.Mend
			}
			told = append(told, says)
		}
	}
	if e.Assumption != "" {
		t.prose("  " + e.Assumption)
	}
	slices.Sort(told)
	for i, says := range slices.Compact(told) {
		if i == 12 && !t.o.Verbose {
			t.line("  ? and %d more without a figure (-v lists them)", len(slices.Compact(told))-i)
			break
		}
		t.prose("  ? " + says)
	}
}

// shorten joins amounts that begin with the same number of instances.
func shorten(parts []string) string {
	head, _, _ := strings.Cut(parts[0], " x ")
	out := parts[0]
	for _, p := range parts[1:] {
		if h, rest, found := strings.Cut(p, " x "); found && h == head {
			p = rest
		}
		out += ", " + p
	}
	return out
}

func owned(e cost.Estimate) string {
	if e.Owner == "" {
		return ""
	}
	return "   " + e.Owner
}

func only(lines []cost.Line, keep func(cost.Line) bool) (out []cost.Line) {
	for _, l := range lines {
		if keep(l) {
			out = append(out, l)
		}
	}
	return out
}

// span renders money from low to high, whole from a hundred on.
func (c *Costs) span(r cost.Range) string {
	low, high := Amount(r.Low), Amount(r.High)
	switch {
	case r.Unbounded:
		return fmt.Sprintf("%s %s or more", c.Book.Currency, low)
	case low == high:
		return c.Book.Currency + " " + low
	}
	return fmt.Sprintf("%s %s to %s", c.Book.Currency, low, high)
}

// Amount renders money: whole from a hundred on, else with two digits.
func Amount(f float64) string {
	if math.Abs(f) >= 100 {
		return strconv.FormatFloat(math.Round(f), 'f', 0, 64)
	}
	return strconv.FormatFloat(f, 'f', 2, 64)
}

func unknowns(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return ", 1 without a figure"
	}
	return fmt.Sprintf(", %d without a figure", n)
}

// against says how an estimate stands to a budget.
func (c *Costs) against(b Budget, r cost.Range) string {
	says := fmt.Sprintf("budget %s %s a month", b.Currency, Amount(b.Monthly))
	switch {
	case b.Currency != c.Book.Currency:
		return says + ", in another currency than the prices"
	case r.Low > b.Monthly:
		return says + ": exceeded"
	case r.Unknown > 0:
		return says + fmt.Sprintf(": not told, %d without a figure", r.Unknown)
	case r.Unbounded || r.High > b.Monthly:
		return says + ": exceeded when it scales out"
	}
	return says + ": within it"
}

// changes writes what differs from the base.
func (c *Costs) changes(t *sheet) {
	t.line("")
	var then, now cost.Range
	for _, ch := range c.Changes {
		then.Low, then.High = then.Low+ch.Then.Low, then.High+ch.Then.High
		now.Low, now.High = now.Low+ch.Now.Low, now.High+ch.Now.High
	}
	t.row(t.paint("1", "Against "+c.Base), signed(now.Low-then.Low, now.High-then.High, c.Book.Currency))
	if len(c.Changes) == 0 {
		t.line("  nothing that is paid for differs")
	}
	for _, ch := range c.Changes {
		says := ch.Name
		switch {
		case ch.New:
			says += "  new"
		case ch.Gone:
			says += "  gone"
		}
		if ch.Now.Unknown != ch.Then.Unknown {
			says += fmt.Sprintf("  without a figure: %d, was %d", ch.Now.Unknown, ch.Then.Unknown)
		}
		t.row("  "+says, signed(ch.Now.Low-ch.Then.Low, ch.Now.High-ch.Then.High, c.Book.Currency))
	}
}

func signed(low, high float64, currency string) string {
	plus := func(f float64) string {
		if s := Amount(f); f > 0 {
			return "+" + s
		} else if s == "-0.00" {
			return "0.00"
		} else {
			return s
		}
	}
	if a, b := plus(low), plus(high); a != b {
		return currency + " " + a + " to " + b
	}
	return currency + " " + plus(low)
}
