package promql

import (
	"regexp"
	"slices"
	"strings"
)

// variable matches the three ways in which Grafana writes a variable: $name,
// ${name}, ${name:format}, [[name]].
var variable = regexp.MustCompile(`\$\{([A-Za-z_]\w*)(?:\.[\w.\[\]"-]+)?(?::[^}]*)?\}|\$([A-Za-z_]\w*)|\[\[([A-Za-z_]\w*)(?::[^\]]*)?\]\]`)

// plainValue is a value that needs no escaping wherever it stands.
var plainValue = regexp.MustCompile(`^[\w./:-]+$`)

// Stand-in is what a variable is replaced by where nothing tells its value.
const StandIn = "filled"

// hole is a variable in a text: where it stands, and what may stand for it, the
// likeliest first.
type hole struct {
	name       string
	start, end int
	fits       []string
	// open is true where nothing tells what kind of text belongs there.
	open bool
}

// Variables lists the names of the variables in the text, in order, each once.
func Variables(text string) (out []string) {
	for _, h := range holes(text, nil) {
		if !slices.Contains(out, h.name) {
			out = append(out, h.name)
		}
	}
	return out
}

// holes finds the variables of a text.
func holes(text string, values map[string][]string) (out []hole) {
	c := context{}
	last := 0
	for _, at := range variable.FindAllStringSubmatchIndex(text, -1) {
		h := hole{start: at[0], end: at[1]}
		for i := 2; i < len(at); i += 2 {
			if at[i] >= 0 {
				h.name = text[at[i]:at[i+1]]
			}
		}
		c.read(text[last:h.start])
		last = h.end
		h.fit(text, c, values[h.name])
		out = append(out, h)
	}
	return out
}

// context is where in a query a reader stands.
type context struct {
	quote   byte
	escaped bool
	// bracket counts the open square brackets outside of quotes.
	bracket int
}

func (c *context) read(text string) {
	for i := 0; i < len(text); i++ {
		b := text[i]
		switch {
		case c.escaped:
			c.escaped = false
		case c.quote != 0 && b == '\\' && c.quote != '`':
			c.escaped = true
		case c.quote != 0:
			if b == c.quote {
				c.quote = 0
			}
		case b == '"' || b == '\'' || b == '`':
			c.quote = b
		case b == '[':
			c.bracket++
		case b == ']' && c.bracket > 0:
			c.bracket--
		}
	}
}

// fit works out what may stand for a variable.
func (h *hole) fit(text string, c context, values []string) {
	before, after := strings.TrimRight(text[:h.start], " \t\r\n"), text[h.end:]
	switch {
	case c.quote != 0:
		h.fits = []string{StandIn}
		if len(values) > 0 && plainValue.MatchString(values[0]) {
			h.fits[0] = values[0]
		}
		return
	case c.bracket > 0, strings.HasSuffix(before, "offset"), strings.HasSuffix(before, "offset -"):
		h.fits = []string{"5m"}
		switch {
		case h.start > 0 && digit(text[h.start-1]):
			h.fits = []string{"m"} // [5$unit]
		case numeric(h.name), after != "" && strings.IndexByte("smhdwy", after[0]) >= 0:
			h.fits = []string{"5"} // [${n}m]
		}
		return
	case duration(h.name):
		h.fits = []string{"5m"}
		return
	case numeric(h.name):
		h.fits = []string{"300"}
		return
	}
	h.open = true
	for _, v := range values {
		if v != "" && len(v) < 200 && len(h.fits) < 3 && !strings.HasPrefix(v, "$__") {
			h.fits = append(h.fits, v)
		}
	}
	switch {
	case before != "" && strings.ContainsAny(before[len(before)-1:], "<>=*/+-%^"), strings.HasSuffix(before, "bool"), endsArgument(before), h.start > 0 && (text[h.start-1] == '.' || digit(text[h.start-1])):
		h.fits = append(h.fits, "1", StandIn)
	default:
		h.fits = append(h.fits, StandIn, "1")
	}
	// A function, an operator, a condition, a choice of labels, nothing at all.
	h.fits = append(h.fits, "sum", "rate", "5m", StandIn+`="x"`, ">", "by (x)", "")
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// duration reports whether a variable is one of Grafana's own that stand for a length
// of time.
func duration(name string) bool {
	switch name {
	case "__interval", "__rate_interval", "__range", "__auto", "__auto_interval":
		return true
	}
	return strings.HasPrefix(name, "__auto_interval_")
}

// numeric reports whether a variable is one of Grafana's own that stand for a number.
func numeric(name string) bool {
	switch name {
	case "__interval_ms", "__interval_s", "__range_s", "__range_ms", "__rate_interval_ms", "__rate_interval_s", "__from", "__to":
		return true
	}
	return false
}

// endsArgument reports whether the text ends where a function that counts asks
// for a number: topk($n, ...), histogram_quantile($q, ...).
func endsArgument(text string) bool {
	for _, name := range []string{"topk(", "bottomk(", "quantile(", "histogram_quantile(", "quantile_over_time(", "vector(", "limitk("} {
		if strings.HasSuffix(text, name) {
			return true
		}
	}
	return false
}

// Fill replaces the variables of a text by their values; those that are not given
// are filled in by what fits where they stand, so that it can be told whether
// the rest parses.
func Fill(text string, values map[string][]string) string {
	list := holes(text, values)
	return filled(text, list, make([]int, len(list)))
}

// filled writes the chosen text for each variable.
func filled(text string, list []hole, choice []int) string {
	var b strings.Builder
	last := 0
	for i, h := range list {
		b.WriteString(text[last:h.start])
		b.WriteString(h.fits[min(choice[i], len(h.fits)-1)])
		last = h.end
	}
	b.WriteString(text[last:])
	return b.String()
}

// ParseFilled parses a query of a dashboard, whose variables it replaces by their
// values, or by what fits. Where nothing fits, open is true if a variable stands
// where it may be anything, so that the mistake may be ours.
func ParseFilled(text string, values map[string][]string) (q *Query, mistake *Mistake, open bool) {
	list := holes(text, values)
	choice := make([]int, len(list))
	q, mistake = attempt(text, list, choice)
	if q != nil {
		return q, nil, false
	}
	var names []string
	for _, h := range list {
		if h.open && !slices.Contains(names, h.name) {
			names = append(names, h.name)
		}
	}
	if len(names) == 0 {
		return nil, mistake, false
	}
	most := 0
	for _, h := range list {
		most = max(most, len(h.fits))
	}
	for _, try := range attempts(most, len(names) > 1) {
		for i, h := range list {
			switch {
			case !h.open:
			case h.name == names[0]:
				choice[i] = try[0]
			default:
				choice[i] = try[1]
			}
		}
		if q, _ := attempt(text, list, choice); q != nil {
			return q, nil, false
		}
	}
	return nil, mistake, true
}

// attempts lists what is tried for the first variable and for all others: the same
// for all, then each while the others keep what fits best.
func attempts(most int, several bool) (out [][2]int) {
	for a := 1; a < most; a++ {
		out = append(out, [2]int{a, a})
	}
	for a := 1; a < most && several; a++ {
		out = append(out, [2]int{a, 0}, [2]int{0, a})
	}
	return out
}

func attempt(text string, list []hole, choice []int) (*Query, *Mistake) {
	q, err := Parse(filled(text, list, choice))
	if err != nil {
		m, _ := err.(*Mistake)
		return nil, m
	}
	return q, nil
}
