package leaks

import (
	"hash/maphash"
	"math"
	"slices"
	"strings"
)

// hit is one match of a rule in a text.
type hit struct {
	rule          *rule
	start, end    int // of the match
	secret, match string
	line          string // the lines that the match touches
	row, column   int    // of the match, counted from 1
	lastRow       int
}

// ruleset is what texts are searched with. It is safe for use by several
// scanners at once.
type ruleset struct {
	rules []*rule
	byID  map[string]*rule
	lists []*allowlist
	words *automaton
	// listening are the rules that a word calls for.
	listening [][]int
	// always are those that need no word.
	always []int
}

func newRuleset(definitions []definition, global allowances) *ruleset {
	s := &ruleset{byID: map[string]*rule{}, lists: []*allowlist{newAllowlist(global)}}
	for _, d := range definitions {
		s.rules = append(s.rules, newRule(d))
	}
	s.index()
	return s
}

// index prepares the search for words.
func (s *ruleset) index() {
	number := map[string]int{}
	var words []string
	s.listening, s.always = nil, nil
	for i, r := range s.rules {
		s.byID[r.id] = r
		if len(r.words) == 0 {
			s.always = append(s.always, i)
		}
		for _, w := range r.words {
			n, known := number[w]
			if !known {
				n = len(words)
				number[w] = n
				words = append(words, w)
				s.listening = append(s.listening, nil)
			}
			s.listening[n] = append(s.listening[n], i)
		}
	}
	s.words = newAutomaton(words)
}

// skips reports whether the files of a path are left out as a whole.
func (s *ruleset) skips(path, commit string) bool {
	for _, a := range s.lists {
		if a.skips(path, commit) {
			return true
		}
	}
	return false
}

// scanner searches texts one after another. One serves one worker.
type scanner struct {
	*ruleset
	// memory, where there is one, keeps what was searched in vain, so that the
	// versions of a file cost little more than their differences.
	memory map[uint64]struct{}
	seed   maphash.Seed

	parts  [][]span // by rule, where to look
	called []int
}

type span struct{ from, to int }

func newScanner(s *ruleset) *scanner {
	return &scanner{ruleset: s, seed: maphash.MakeSeed(), parts: make([][]span, len(s.rules))}
}

// maxMemory bounds what a scanner keeps in mind: 24 MiB or so.
const maxMemory = 1 << 20

// scan calls visit with every match in a text, rule by rule, except those that
// the lists of exceptions leave out.
func (s *scanner) scan(path, commit, text string, visit func(*hit)) {
	for _, i := range s.called {
		s.parts[i] = s.parts[i][:0]
	}
	s.called = s.called[:0]
	s.words.each(text, func(word, end int) {
		for _, i := range s.listening[word] {
			s.call(i, text, end-s.words.lengths[word], end)
		}
	})
	for _, i := range s.always {
		s.call(i, text, 0, 0)
	}
	slices.Sort(s.called)
	for _, i := range s.called {
		r := s.rules[i]
		if r.silent || r.compile() != nil || s.elsewhere(r, path, commit) {
			continue
		}
		s.search(r, s.parts[i], path, commit, text, visit)
	}
}

// call notes that a rule is to look around a word.
func (s *scanner) call(i int, text string, start, end int) {
	r, parts := s.rules[i], s.parts[i]
	from, to := 0, len(text)
	switch {
	case r.near && r.assigns:
		value, end, found := assigned(text, end)
		if !found || !digits(value) {
			return
		}
		from, to = max(0, start-longestName), min(len(text), end+4)
	case len(parts) == 1 && parts[0] == span{0, len(text)}:
		return
	case r.near && short(text[end:], r.tail):
		return
	case r.compile() != nil: // the text as a whole, where it is left
	case r.near && !r.reach.whole:
		if n := len(parts); n > 0 && r.reach.lines > 0 && end+r.reach.bytes+4 < parts[n-1].to && start-r.reach.bytes > parts[n-1].from {
			return // inside what is looked at already
		}
		from, to = r.reach.window(text, start, end)
	}
	switch n := len(parts); {
	case n == 0:
		s.called = append(s.called, i)
		s.parts[i] = append(parts, span{from, to})
	case from <= parts[n-1].to:
		parts[n-1].to = max(to, parts[n-1].to)
		parts[n-1].from = min(from, parts[n-1].from)
	default:
		s.parts[i] = append(parts, span{from, to})
	}
}

// longestName is how much of a name may stand before a rule's word.
const longestName = 56

// assigned returns the value and where it ends, if what follows a word may be
// the rest of a name, a sign that assigns, and a value, as the patterns with
// assignment want it. Most words stand in prose, in types, or before short
// values: this spares them the search.
func assigned(text string, at int) (value string, end int, found bool) {
	for limit := min(len(text), at+24); at < limit && (isWord(text[at]) || isSpace(text[at]) || text[at] == '\'' || text[at] == '"'); at++ {
	}
	if at == len(text) || strings.IndexByte("=>:|?,", text[at]) < 0 {
		return "", 0, false
	}
	for limit := min(len(text), at+10); at < limit && !isWord(text[at]) && text[at] != '+' && text[at] != '/'; at++ {
	}
	start := at
	for limit := min(len(text), at+4096); at < limit && !isSpace(text[at]) && strings.IndexByte("'\"`;\\", text[at]) < 0; at++ {
	}
	return text[start:at], at, at-start >= 10
}

// short reports whether a text does not start with so much of a word.
func short(text string, tail int) bool {
	for i := range tail {
		if i == len(text) || !isWord(text[i]) {
			return true
		}
	}
	return false
}

// digits reports whether a value has any: hit.judge takes no other for random.
func digits(value string) bool { return strings.ContainsAny(value, "0123456789") }

// isWord reports whether a byte may stand in a name: [\w.-].
func isWord(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-'
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// elsewhere reports whether a rule does not look at files of that path.
func (s *scanner) elsewhere(r *rule, path, commit string) bool {
	for _, a := range r.lists {
		if a.skips(path, commit) {
			return true
		}
	}
	return r.where != nil && !r.where.MatchString(path)
}

func (s *scanner) search(r *rule, parts []span, path, commit, text string, visit func(*hit)) {
	if r.regex == nil { // only the path speaks
		visit(&hit{rule: r})
		return
	}
	for _, p := range parts {
		part := text[p.from:p.to]
		var key uint64
		if s.memory != nil {
			key = maphash.String(s.seed, r.id) ^ maphash.String(s.seed, part)
			if _, known := s.memory[key]; known {
				continue
			}
		}
		found := r.regex.FindAllStringIndex(part, -1)
		if len(found) == 0 && s.memory != nil && len(s.memory) < maxMemory {
			s.memory[key] = struct{}{}
		}
		for _, m := range found {
			h := r.hit(text, p.from+m[0], p.from+m[1])
			if h == nil || s.allowed(h, path, commit) || !s.accompanied(h, text) {
				continue
			}
			h.place(text)
			visit(h)
		}
	}
}

// hit takes the secret out of a match; nil where it is too plain to be one.
func (r *rule) hit(text string, start, end int) *hit {
	match := strings.Trim(text[start:end], "\n")
	h := &hit{rule: r, start: start, end: start + len(match), match: match, secret: match}
	if groups := r.regex.FindStringSubmatch(match); len(groups) > 1 {
		if r.group > 0 && r.group < len(groups) {
			h.secret = groups[r.group]
		} else if i := slices.IndexFunc(groups[1:], func(g string) bool { return g != "" }); i >= 0 {
			h.secret = groups[1+i]
		}
	}
	if r.entropy != 0 && entropy(h.secret) <= r.entropy {
		return nil
	}
	from := strings.LastIndexByte(text[:h.start], '\n') + 1
	to := len(text)
	if i := strings.IndexByte(text[min(h.end, len(text)):], '\n'); i >= 0 {
		to = h.end + i
	}
	h.line = text[from:to]
	return h
}

func (s *scanner) allowed(h *hit, path, commit string) bool {
	allows := func(a *allowlist) bool { return a.allows(h, path, commit) }
	return slices.ContainsFunc(s.lists, allows) || slices.ContainsFunc(h.rule.lists, allows)
}

// accompanied reports whether the rules that a match needs beside it match too.
func (s *scanner) accompanied(h *hit, text string) bool {
	for _, c := range h.rule.companions {
		other := s.byID[c.id]
		if other == nil || other.compile() != nil || other.regex == nil {
			continue
		}
		h.place(text)
		if !slices.ContainsFunc(other.regex.FindAllStringIndex(text, -1), func(m []int) bool {
			o := other.hit(text, m[0], m[1])
			if o == nil {
				return false
			}
			o.place(text)
			return within(h.row-o.row, c.lines) && within(h.column-o.column, c.columns)
		}) {
			return false
		}
	}
	return true
}

func within(distance, limit int) bool {
	return limit < 0 || max(distance, -distance) <= limit
}

// place counts the match's line and column.
func (h *hit) place(text string) {
	h.row = 1 + strings.Count(text[:h.start], "\n")
	h.column = h.start - strings.LastIndexByte(text[:h.start], '\n')
	h.lastRow = h.row + strings.Count(h.match, "\n")
}

// entropy is Shannon's, in bits a letter.
func entropy(text string) (bits float64) {
	if text == "" {
		return 0
	}
	var count [256]int
	others := map[rune]int{}
	for _, c := range text {
		if c < 256 {
			count[c]++
		} else {
			others[c]++
		}
	}
	add := func(n int) {
		if n > 0 {
			share := float64(n) / float64(len(text))
			bits -= share * math.Log2(share)
		}
	}
	for _, n := range count {
		add(n)
	}
	for _, n := range others {
		add(n)
	}
	return bits
}
