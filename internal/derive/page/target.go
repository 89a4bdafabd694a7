package page

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Target is how fast a page says that requests must be answered.
type Target struct {
	Line int
	// Percentile in percent, Limit, and the Rate in requests a second at which it
	// holds; 0 where the section names none.
	Percentile float64
	Limit      time.Duration
	Rate       float64
}

var (
	aims        = words(`targets?|objectives?|criteria|criterion|requirements?|goals?|budgets?|slos?|nfrs?|non[- ]functional|must|promises?|performance limits?|acceptance|service levels?`)
	measured    = words(`results?|measured|measurements?|benchmarks?|benchmarking|observed|history|report|findings|comparison|before|after|changelog|release notes`)
	percentiles = regexp.MustCompile(`(?i)\bp ?\(?(\d{2}(?:[.,]\d{1,3})?|999)\)?(?:$|[^\d.])|\b(\d{2}(?:\.\d{1,3})?)(?:th|st|nd|rd)?[ -]percentile|\b(\d{2}(?:\.\d{1,3})?) ?% of (?:all |the )?(?:\w+ )?(?:requests|calls|responses|queries|reads|writes|orders|pages)`)
	latencies   = regexp.MustCompile(`(?i)(?:^|[^\w.])(\d{1,6}(?:\.\d{1,3})?) ?(ms|milliseconds?|msec|µs|us|s|sec|seconds?)\b`)
	rates       = regexp.MustCompile(`(?i)(?:^|[^\w.])(\d{1,3}(?:[, ]\d{3})+|\d{1,9}(?:\.\d{1,3})?) ?(k)? ?(?:(?:requests?|reqs?|queries|calls|transactions|orders|messages|events|ops|operations) ?(?:/|per|a|each) ?(s|sec|second|min|minute|h|hour)\b|(rps|qps|tps)\b)`)
	rateHead    = regexp.MustCompile(`(?i)\b(?:rps|qps|tps|rate|throughput|load|traffic)\b|(?:requests|req|calls|queries) ?(?:/|per|a) ?(?:s|sec|second)\b`)
	plainNumber = regexp.MustCompile(`^\D{0,3}(\d{1,3}(?:[, ]\d{3})+|\d{1,9}(?:\.\d{1,3})?)\D{0,3}$`)
)

// TargetsOf returns the targets of latency that a page states: in sections that
// speak of targets, not of what was measured.
func TargetsOf(d *fact.Document) (out []Target) {
	if aside(d.Path) || strings.HasPrefix(d.Path, ".github/") || !English(d) {
		return nil
	}
	var above []*fact.Section // headings that hold the section
	for _, s := range d.Sections {
		for len(above) > 0 && above[len(above)-1].Level >= s.Level {
			above = above[:len(above)-1]
		}
		above = append(above, s)
		aim := aims.titled(d)
		done := measured.titled(d)
		for _, h := range above {
			aim, done = aim || aims.heads(h), done || measured.heads(h)
		}
		if done {
			continue
		}
		out = append(out, targetsIn(s, aim)...)
		if len(out) > 100 {
			return out
		}
	}
	return out
}

func targetsIn(s *fact.Section, aim bool) (out []Target) {
	shared := 0.0
	for _, t := range s.Texts {
		if shared == 0 {
			shared = Rate(t.Text)
		}
		if unwritten(t.Text) || !aim && !aims.MatchString(t.Text) {
			continue
		}
		if p, limit := Percentile(t.Text), Latency(t.Text); p > 0 && limit > 0 {
			out = append(out, Target{Line: t.Line, Percentile: p, Limit: limit, Rate: Rate(t.Text)})
		}
	}
	for _, t := range s.Tables {
		head := strings.Join(t.Header, " ")
		if !aim && !aims.MatchString(head) || measured.MatchString(head) {
			continue
		}
		for _, row := range t.Rows {
			out = append(out, targetsOfRow(t, row)...)
		}
	}
	for i := range out {
		if out[i].Rate == 0 {
			out[i].Rate = shared
		}
	}
	return out
}

// targetsOfRow reads a row: a percentile stands in the header above a latency, or
// in the row beside it.
func targetsOfRow(t *fact.Table, row []string) (out []Target) {
	rate := 0.0
	for i, cell := range row {
		if r := Rate(cell); r > 0 {
			rate = r
		} else if i < len(t.Header) && rateHead.MatchString(t.Header[i]) {
			if m := plainNumber.FindStringSubmatch(cell); m != nil {
				rate = number(m[1])
			}
		}
	}
	beside := Percentile(strings.Join(row, " | "))
	for i, cell := range row {
		limit := Latency(cell)
		p := beside
		if i < len(t.Header) {
			if above := Percentile(t.Header[i]); above > 0 {
				p = above
				if limit == 0 { // the unit may stand in the header: p99 (ms)
					if m, unit := plainNumber.FindStringSubmatch(cell), headUnit.FindStringSubmatch(t.Header[i]); m != nil && unit != nil {
						limit = Latency(m[1] + " " + unit[1])
					}
				}
			}
		}
		if p > 0 && limit > 0 {
			out = append(out, Target{Line: t.Line, Percentile: p, Limit: limit, Rate: rate})
		}
	}
	return out
}

var headUnit = regexp.MustCompile(`[\[(,/ ](ms|s|µs|us)\b`)

// Percentile returns the first percentile that a text names, in percent; 0 where it
// names none.
func Percentile(text string) float64 {
	m := percentiles.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	digits := strings.ReplaceAll(m[1]+m[2]+m[3], ",", ".")
	if digits == "999" {
		return 99.9
	}
	p, err := strconv.ParseFloat(digits, 64)
	if err != nil || p >= 100 {
		return 0
	}
	return p
}

// Latency returns the first time shorter than ten minutes that a text names in
// seconds or parts of them; 0 where it names none.
func Latency(text string) time.Duration {
	m := latencies.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0
	}
	one := time.Second
	switch unit := strings.ToLower(m[2]); {
	case strings.HasPrefix(unit, "m"):
		one = time.Millisecond
	case unit == "us" || unit == "µs":
		one = time.Microsecond
	}
	if d := time.Duration(n * float64(one)); d < 10*time.Minute {
		return d
	}
	return 0
}

// Rate returns the first number of requests a second that a text names; 0 where it
// names none.
func Rate(text string) float64 {
	m := rates.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n := number(m[1])
	if m[2] != "" {
		n *= 1000
	}
	switch strings.ToLower(m[3]) {
	case "min", "minute":
		n /= 60
	case "h", "hour":
		n /= 3600
	}
	return n
}

func number(text string) float64 {
	n, err := strconv.ParseFloat(strings.NewReplacer(",", "", " ", "").Replace(text), 64)
	if err != nil {
		return 0
	}
	return n
}
