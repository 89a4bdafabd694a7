package page

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"seaworthy.dev/seaworthy/internal/fact"
)

// family is a set of words by which people name a part of a page.
type family struct{ *regexp.Regexp }

func words(pattern string) family {
	return family{regexp.MustCompile(`(?i)(?:^|[^\p{L}])(?:` + pattern + `)(?:$|[^\p{L}])`)}
}

// heads reports whether a heading is of the family.
func (f family) heads(s *fact.Section) bool { return s.Heading != "" && f.MatchString(s.Heading) }

// titled reports whether a page's title is of the family.
func (f family) titled(d *fact.Document) bool { return f.MatchString(d.Title) }

// todo is what stands where something is still to be written.
var todo = regexp.MustCompile(`(?i)^\W*(?:to[- ]?do|tbd|tba|fixme|xxx+|wip|n/?a|none|placeholder|coming soon|to be (?:written|done|determined|defined|added|completed|decided)|work in progress|(?:not|nothing) (?:written |here )?yet|fill (?:this |me )?in|add (?:text|content|steps|details?) here|lorem ipsum|insert .{0,40} here|\.{3}|…|\?+)(?:$|[\s.:,;!(–—-])`)

// blankText is a text that consists of a template's blanks.
var blankText = regexp.MustCompile(`^\W*(?:<[^<>]{1,80}>|\[[^\[\]]{1,80}\]|\{\{?[^{}]{1,80}\}?\})\W*$`)

// unwritten reports whether a text stands for one still to come.
func unwritten(text string) bool { return todo.MatchString(text) || blankText.MatchString(text) }

// Unwritten reports whether sections say nothing but that they are still to be
// written: their texts are placeholders, and nothing stands beside these. Sections
// with nothing at all are unwritten too.
func Unwritten(sections []*fact.Section) bool {
	for _, s := range sections {
		if len(s.Blocks)+len(s.Diagrams) > 0 {
			for _, b := range s.Blocks {
				if !unwritten(strings.TrimSpace(strings.TrimLeft(b.Text, "# "))) {
					return false
				}
			}
			if len(s.Diagrams) > 0 {
				return false
			}
		}
		for _, t := range s.Texts {
			if !unwritten(t.Text) {
				return false
			}
		}
		for _, t := range s.Tables {
			for _, row := range t.Rows {
				for _, cell := range row {
					if cell != "" && !unwritten(cell) {
						return false
					}
				}
			}
		}
	}
	return true
}

// common are the words that English texts cannot do without.
var common = []string{"the", "is", "are", "to", "and", "of", "a", "in", "if", "it", "for", "on", "with", "this", "that", "be", "or", "not", "from", "when", "an", "by", "at", "as"}

// English reports whether a page is written in English, as far as that can be told;
// short pages are taken for it. Parts are recognised in English only.
func English(d *fact.Document) bool {
	all, known, foreign := 0, 0, 0
	for _, s := range d.Sections {
		for _, t := range s.Texts {
			for _, w := range strings.FieldsFunc(strings.ToLower(t.Text), func(r rune) bool { return !unicode.IsLetter(r) }) {
				all++
				if slices.Contains(common, w) {
					known++
				}
				for _, r := range w {
					if r > 0x24f {
						foreign++
						break
					}
				}
				if all > 2000 {
					break
				}
			}
		}
	}
	return all < 25 || known*12 > all && foreign*4 < all
}

// Prose returns everything that sections say, in lower case and with single
// blanks between words, for questions whether something is named. Blocks of code
// and diagrams count, for commands name what they are about.
func Prose(sections []*fact.Section) string {
	var b strings.Builder
	put := func(text string) {
		b.WriteByte(' ')
		b.WriteString(text)
	}
	for _, s := range sections {
		put(s.Heading)
		for _, t := range s.Texts {
			put(t.Text)
		}
		for _, t := range s.Tables {
			put(strings.Join(t.Header, " "))
			for _, row := range t.Rows {
				put(strings.Join(row, " "))
			}
		}
		for _, c := range s.Blocks {
			put(c.Text)
		}
		for _, g := range s.Diagrams {
			put(strings.Join(g.Names, " "))
		}
		for _, l := range s.Links {
			put(l.Text)
		}
	}
	return flat(b.String())
}

// flat writes a text in lower case, with a single blank for all that is neither
// letter nor digit.
func flat(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	b.WriteByte(' ')
	gap := true
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
			gap = false
		} else if !gap {
			b.WriteByte(' ')
			gap = true
		}
	}
	if !gap {
		b.WriteByte(' ')
	}
	return b.String()
}

// synonyms are other names by which people call what a store is.
var synonyms = map[string][]string{
	"postgresql": {"postgres", "pg", "cloudnativepg", "cnpg", "aurora", "cloud sql", "psql"},
	"mysql":      {"mariadb", "aurora", "cloud sql", "percona"},
	"mongodb":    {"mongo", "documentdb", "atlas"},
	"redis":      {"valkey", "elasticache", "memorystore"},
	"valkey":     {"redis", "elasticache"},
	"s3":         {"bucket", "object storage", "object store"},
	"elasticsearch": {
		"opensearch", "elastic",
	},
	"kafka":    {"redpanda", "msk"},
	"rabbitmq": {"amqp", "rabbit"},
	"dynamodb": {"dynamo"},
}

// Names reports whether a prose names something: by its name, in any spelling of its
// parts.
func Names(prose, name string) bool {
	plain := flat(name)
	if long := strings.ReplaceAll(plain, " otel ", " opentelemetry "); long != plain && strings.Contains(prose, long) {
		return true
	}
	return plain != " " && (strings.Contains(prose, plain) || strings.Contains(prose, " "+strings.ReplaceAll(strings.TrimSpace(plain), " ", "")+" "))
}

// NamesKind reports whether a prose names a kind of store.
func NamesKind(prose, kind string) bool {
	if kind == "" {
		return false
	}
	for _, one := range append([]string{kind}, synonyms[strings.ToLower(kind)]...) {
		if Names(prose, one) {
			return true
		}
	}
	return false
}

var (
	isoDate  = regexp.MustCompile(`\b(20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b`)
	longDate = regexp.MustCompile(`(?i)\b(?:(\d{1,2})(?:st|nd|rd|th)?\.? (?:of )?)?(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.? (?:(\d{1,2})(?:st|nd|rd|th)?,? )?(20\d\d)\b`)
	months   = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
)

// Dates returns the days that a text names, in their order.
func Dates(text string) (out []time.Time) {
	for _, m := range isoDate.FindAllString(text, 50) {
		if at, err := time.Parse(time.DateOnly, m); err == nil {
			out = append(out, at)
		}
	}
	for _, m := range longDate.FindAllStringSubmatch(text, 50) {
		day, _ := strconv.Atoi(m[1] + m[3])
		year, _ := strconv.Atoi(m[4])
		month := slices.Index(months, strings.ToLower(m[2])[:3])
		if day >= 1 && day <= 31 && month >= 0 && (m[1] == "" || m[3] == "") {
			out = append(out, time.Date(year, time.Month(month+1), day, 0, 0, 0, 0, time.UTC))
		}
	}
	return out
}

var (
	address = regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
	handle  = regexp.MustCompile(`(?:^|[\s(,:])(@[A-Za-z][\w/-]{1,60})`)
	team    = regexp.MustCompile(`(?i)\b(?:team[-_ ][a-z][\w-]+|[a-z][\w-]*[-_ ](?:team|oncall|on-call|sre)|#[a-z][\w-]{2,}|incident[- ](?:lead|commander|manager)|(?:on[- ]?call|duty) engineer|on[- ]?call|service desk|helpdesk|support (?:team|desk)|head of \w+|cto|ciso|dpo|privacy office)\b`)
	pager   = regexp.MustCompile(`(?i)\b(?:pagerduty|opsgenie|victorops|splunk on-call|grafana oncall|squadcast|incident\.io|rootly|firehydrant|slack|phone|hotline)\b`)
	person  = regexp.MustCompile(`\b\p{Lu}\p{Ll}+(?: (?:van|von|de|da|la|el|al|bin|ter|den|der|\p{Lu}\.?))* \p{Lu}\p{Ll}+\b`)
)

// People returns whom a text names: addresses, handles, teams and roles.
func People(text string) (out []string) {
	add := func(list []string) {
		for _, p := range list {
			if p = strings.Trim(p, " (,:"); p != "" && !slices.Contains(out, p) && len(out) < 50 {
				out = append(out, p)
			}
		}
	}
	add(address.FindAllString(text, 20))
	add(handle.FindAllString(text, 20))
	add(team.FindAllString(text, 20))
	return out
}

var spanWords = regexp.MustCompile(`(?i)\b(\d{1,4}|one|two|three|four|five|six|ten|fifteen|twenty|thirty|sixty|ninety|an?|half an)[ -]?(s|sec|secs|seconds?|m|min|mins|minutes?|h|hr|hrs|hours?|d|days?|w|weeks?|months?|(?:working|business|calendar) days?|(?:working|business) hours?)\b`)

var numbers = map[string]int{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90}

// Spans returns the lengths of time that a text names.
func Spans(text string) (out []time.Duration) {
	for _, m := range spanWords.FindAllStringSubmatch(text, 50) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			n = numbers[strings.ToLower(m[1])]
		}
		unit := strings.ToLower(m[2])
		unit = unit[strings.LastIndexByte(unit, ' ')+1:]
		one := time.Minute
		switch {
		case strings.HasPrefix(unit, "s"):
			one = time.Second
		case strings.HasPrefix(unit, "mo"):
			one = 30 * 24 * time.Hour
		case strings.HasPrefix(unit, "h"):
			one = time.Hour
		case strings.HasPrefix(unit, "d"):
			one = 24 * time.Hour
		case strings.HasPrefix(unit, "w"):
			one = 7 * 24 * time.Hour
		}
		if strings.EqualFold(m[1], "half an") {
			n, one = 1, one/2
		}
		out = append(out, time.Duration(n)*one)
	}
	return out
}

// Blank reports whether a text says nothing, or only that it is still to be
// written.
func Blank(text string) bool { return strings.TrimSpace(text) == "" || unwritten(text) }
