package leaks

import (
	"regexp/syntax"
	"strings"
)

// reach says how far around a word of its rule a match can extend, so that a
// pattern need not be searched for in the whole text.
type reach struct {
	// bytes is the longest match, what repeats without end counted once.
	bytes int
	// lines is how many parts of the pattern repeat without end, none of them
	// past the end of a line.
	lines int
	// whole is true where a part may repeat over lines without end: the text is
	// searched as a whole.
	whole bool
}

func reachOf(pattern string) reach {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return reach{whole: true}
	}
	r := measure(parsed)
	if r.bytes > 4096 {
		r.whole = true
	}
	return r
}

func measure(re *syntax.Regexp) (r reach) {
	switch re.Op {
	case syntax.OpLiteral:
		r.bytes = len(string(re.Rune))
	case syntax.OpAnyCharNotNL, syntax.OpAnyChar:
		r.bytes = 4
	case syntax.OpCharClass:
		r.bytes = 1
		for i := 0; i+1 < len(re.Rune); i += 2 {
			// A long s and the sign for Kelvin are there as other cases of s and k.
			if from, to := re.Rune[i], re.Rune[i+1]; to > 0x7f && !(from == to && (from == '\u017f' || from == '\u212a')) {
				r.bytes = 4
			}
		}
	case syntax.OpCapture, syntax.OpQuest:
		return measure(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus:
		return endless(measure(re.Sub[0]), re.Sub[0])
	case syntax.OpRepeat:
		one := measure(re.Sub[0])
		times := re.Max
		if times < 0 {
			r = endless(one, re.Sub[0])
			times = re.Min
			r.bytes = one.bytes * max(times, 1)
			return r
		}
		return reach{bytes: one.bytes * times, lines: one.lines * times, whole: one.whole}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			one := measure(sub)
			r = reach{r.bytes + one.bytes, r.lines + one.lines, r.whole || one.whole}
		}
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			one := measure(sub)
			r = reach{max(r.bytes, one.bytes), max(r.lines, one.lines), r.whole || one.whole}
		}
	}
	return r
}

// endless is the reach of what repeats without end.
func endless(one reach, of *syntax.Regexp) reach {
	one.lines++
	one.whole = one.whole || one.lines > 1 || crossesLines(of)
	return one
}

// crossesLines reports whether something may match the end of a line.
func crossesLines(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpAnyChar:
		return true
	case syntax.OpLiteral:
		return strings.ContainsRune(string(re.Rune), '\n')
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if re.Rune[i] <= '\n' && '\n' <= re.Rune[i+1] {
				return true
			}
		}
		return false
	}
	for _, sub := range re.Sub {
		if crossesLines(sub) {
			return true
		}
	}
	return false
}

// window returns the part of a text in which a match around a word that ends at
// a place must lie.
func (r reach) window(text string, wordStart, wordEnd int) (from, to int) {
	from, to = wordEnd, wordStart
	for range r.lines + 1 {
		from = max(0, from-r.bytes)
		to = min(len(text), to+r.bytes)
		if r.lines > 0 {
			from = strings.LastIndexByte(text[:from], '\n') + 1
			if i := strings.IndexByte(text[to:], '\n'); i >= 0 {
				to += i
			} else {
				to = len(text)
			}
		}
	}
	// A little more on both sides: patterns look at what stands beside.
	return max(0, from-4), min(len(text), to+4)
}
