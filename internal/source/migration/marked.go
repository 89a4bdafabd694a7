package migration

import (
	"path"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/ddl"
	"seaworthy.dev/seaworthy/internal/fact"
)

// marker is how a tool parts the two ways within one file.
type marker struct {
	engine   string
	up, down *regexp.Regexp
	// bare is the mark that keeps a way out of a transaction; nil where there is
	// none.
	bare *regexp.Regexp
	// whole is true where each way is one transaction unless it says otherwise.
	whole bool
	// implied is true where the way up needs no mark.
	implied bool
}

// markers are the tools that part the ways by lines.
var markers = []*marker{
	{engine: "goose", up: line(`--\s*\+goose\s+Up\b`), down: line(`--\s*\+goose\s+Down\b`), bare: line(`--\s*\+goose\s+NO\s+TRANSACTION`), whole: true},
	{engine: "dbmate", up: line(`--\s*migrate:up\b`), down: line(`--\s*migrate:down\b`), bare: line(`--\s*migrate:up\b.*transaction:\s*false`), whole: true},
	{engine: "sql-migrate", up: line(`--\s*\+migrate\s+Up\b`), down: line(`--\s*\+migrate\s+Down\b`), bare: line(`--\s*\+migrate\s+Up\b.*notransaction`), whole: true},
	{engine: "tern", down: line(`-{2,}\s*create above\s*/\s*drop below\s*-{2,}`), bare: line(`-{2,}\s*tern:\s*disable-tx\s*-{2,}`), whole: true, implied: true},
	{engine: "node-pg-migrate", up: line(`--\s*up\s+migration\b`), down: line(`--\s*down\s+migration\b`), bare: line(`--\s*pgm-no-transaction`), whole: true},
	{engine: "Play evolutions", up: line(`(?:#|--)\s*-{3}\s*!Ups\b`), down: line(`(?:#|--)\s*-{3}\s*!Downs\b`)},
	{engine: "rambler", up: line(`--\s*rambler\s+up\b`), down: line(`--\s*rambler\s+down\b`), whole: true},
}

func line(pattern string) *regexp.Regexp { return regexp.MustCompile(`(?im)^[ \t]*` + pattern) }

// markersOf returns the tool whose marks stand in the files of a folder; nil where
// there are none.
func (r *reader) markersOf(dir string, names []string) *marker {
	found := map[*marker]int{}
	looked := 0
	for _, n := range names {
		if !numbered.MatchString(n) {
			continue
		}
		if looked++; looked > 50 {
			break
		}
		text := r.peek(path.Join(dir, n))
		for _, m := range markers {
			if m.up != nil && m.up.MatchString(text) || m.down.MatchString(text) {
				found[m]++
				break
			}
		}
	}
	var best *marker
	for _, m := range markers {
		if found[m] > 0 && (best == nil || found[m] > found[best]) {
			best = m
		}
	}
	return best
}

// marked reads a folder whose files part their ways by marks.
func (r *reader) marked(dir string, names []string, k *marker) {
	s := r.set(k.engine, dir)
	r.dialect(s, names)
	for _, n := range names {
		f := numbered.FindStringSubmatch(n)
		if f == nil {
			continue
		}
		rel := path.Join(dir, n)
		r.taken[rel] = true
		m := r.migration(s, f[1], f[2], rel)
		text, ok := r.text(rel)
		if !ok {
			m.Opaque, m.Back = "it cannot be read", fact.BackUnknown
			continue
		}
		if k.up != nil && !k.up.MatchString(text) {
			if k.engine == "dbmate" || k.engine == "goose" || k.engine == "sql-migrate" {
				r.lose(rel, 0, "has no line that begins the way up, so %s does nothing or fails: write %s", k.engine, k.upText())
				m.Opaque, m.Back = "no line begins its way up", fact.BackUnknown
				continue
			}
		}
		up, upLine, down, downLine := k.part(text)
		script := r.rise(s, m, up, rel, upLine)
		if !script.Transacts && k.whole {
			m.Whole = fact.Truth{Known: true, Yes: k.bare == nil || !k.bare.MatchString(text), At: m.Location}
		}
		if downLine == 0 {
			m.Back, m.Reason = fact.BackMissing, reasonIn(ddl.Comments(text, s.Dialect))
			continue
		}
		r.back(s, m, down, rel, downLine)
	}
	byNumber(s)
	r.keep(s)
}

func (k *marker) upText() string {
	switch k.engine {
	case "goose":
		return "`-- +goose Up`"
	case "sql-migrate":
		return "`-- +migrate Up`"
	}
	return "`-- migrate:up`"
}

// part cuts a text into its two ways, each with the line on which it begins; 0 for
// one that is not there.
func (k *marker) part(text string) (up string, upLine int, down string, downLine int) {
	begin, from := []int{0, 0}, 0
	if k.up != nil {
		if m := k.up.FindStringIndex(text); m != nil {
			begin = m
		}
		from = begin[1]
	}
	end := len(text)
	if m := k.down.FindStringIndex(text); m != nil {
		stop := len(text)
		if m[0] < from { // the way back stands first
			stop = begin[0]
		} else {
			end = m[0]
		}
		down, downLine = text[m[1]:max(stop, m[1])], lineAt(text, m[1])
		if eol := strings.IndexByte(down, '\n'); eol >= 0 { // options behind the mark
			down = down[eol:]
		} else {
			down = ""
		}
	}
	up = text[from:max(end, from)]
	if k.up != nil {
		if eol := strings.IndexByte(up, '\n'); eol >= 0 {
			up = up[eol:]
		} else {
			up = ""
		}
	}
	return up, lineAt(text, from), down, downLine
}

func lineAt(text string, pos int) int { return 1 + strings.Count(text[:pos], "\n") }

func comments(text, dialect string) []string { return ddl.Comments(text, dialect) }
