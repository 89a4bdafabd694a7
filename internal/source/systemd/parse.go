package systemd

import (
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Bounds on what is read: units are written by hand.
const (
	MaxFile        = 1 << 20
	maxAssignments = 5000
)

// assignment is one "Key=value" of a unit.
type assignment struct {
	section, key, value string
	at                  fact.Location
}

// flaw is a line that systemd would not take.
type flaw struct {
	line    int
	message string
}

// parse reads the lines of a unit file by the rules of systemd.syntax(7):
// comments start with # or ;, a backslash at the end of a line joins it with the
// next one by a space, and comments in between are left out.
func parse(file, text string) (out []assignment, flaws []flaw) {
	section := ""
	lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
	for i := 0; i < len(lines); i++ {
		start := i
		line := strings.TrimRight(lines[i], "\r")
		if trimmed := strings.TrimSpace(line); trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';' {
			continue
		}
		var joined strings.Builder
		for {
			body, more := strings.CutSuffix(strings.TrimRight(line, " \t"), `\`)
			joined.WriteString(body)
			if !more || i+1 >= len(lines) {
				break
			}
			joined.WriteByte(' ')
			i++
			line = strings.TrimRight(lines[i], "\r")
			for i+1 < len(lines) && comment(line) {
				i++
				line = strings.TrimRight(lines[i], "\r")
			}
			if comment(line) {
				break
			}
		}
		whole := strings.TrimSpace(joined.String())
		at := fact.Location{File: file, Line: start + 1}
		if strings.HasPrefix(whole, "[") {
			name, closed := strings.CutSuffix(whole[1:], "]")
			if !closed || name == "" {
				flaws = append(flaws, flaw{start + 1, "starts with [ and is no section; write [Service]"})
				continue
			}
			section = name
			out = append(out, assignment{section: section, at: at})
			continue
		}
		key, value, found := strings.Cut(whole, "=")
		key = strings.TrimSpace(key)
		switch {
		case !found || key == "":
			flaws = append(flaws, flaw{start + 1, "is neither a section nor Key=value, and systemd ignores it"})
		case section == "":
			flaws = append(flaws, flaw{start + 1, key + " stands before any section, and systemd ignores it"})
		case len(out) >= maxAssignments:
			flaws = append(flaws, flaw{start + 1, "is one of more than " + strconv.Itoa(maxAssignments) + " lines; the rest is not read"})
			return out, flaws
		default:
			out = append(out, assignment{section, key, strings.TrimSpace(value), at})
		}
	}
	return out, flaws
}

func comment(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && (line[0] == '#' || line[0] == ';')
}

// words splits a value as systemd does: at white space, with quotes and
// backslashes.
func words(value string) []string {
	var out []string
	var word strings.Builder
	quote, started := byte(0), false
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '\\' && i+1 < len(value) && quote != '\'':
			i++
			word.WriteByte(value[i])
			started = true
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\'') && !started:
			quote, started = c, true
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote == 0 && (c == ' ' || c == '\t'):
			if started {
				out = append(out, word.String())
				word.Reset()
				started = false
			}
		default:
			word.WriteByte(c)
			started = true
		}
	}
	if started {
		out = append(out, word.String())
	}
	return out
}

// boolean reads a boolean; known is false where it is none.
func boolean(value string) (yes, known bool) {
	switch strings.ToLower(value) {
	case "1", "yes", "y", "true", "t", "on":
		return true, true
	case "0", "no", "n", "false", "f", "off":
		return false, true
	}
	return false, false
}

// units of time spans, in milliseconds: systemd.time(7).
var spans = map[string]float64{
	"us": 0.001, "usec": 0.001, "ms": 1, "msec": 1, "s": 1000, "sec": 1000, "second": 1000, "seconds": 1000, "": 1000,
	"m": 60_000, "min": 60_000, "minute": 60_000, "minutes": 60_000, "h": 3_600_000, "hr": 3_600_000, "hour": 3_600_000, "hours": 3_600_000,
	"d": 86_400_000, "day": 86_400_000, "days": 86_400_000, "w": 604_800_000, "week": 604_800_000, "weeks": 604_800_000,
}

// seconds reads a time span; endless is true for infinity, ok is false for what
// is no time span.
func seconds(value string) (n float64, endless, ok bool) {
	text := strings.TrimSpace(value)
	if text == "infinity" {
		return 0, true, true
	}
	if text == "" || len(text) > 100 {
		return 0, false, false
	}
	total := 0.0
	for text != "" {
		end := 0
		for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == '.') {
			end++
		}
		number, err := strconv.ParseFloat(text[:end], 64)
		if err != nil {
			return 0, false, false
		}
		text = strings.TrimLeft(text[end:], " \t")
		end = 0
		for end < len(text) && text[end]|0x20 >= 'a' && text[end]|0x20 <= 'z' {
			end++
		}
		scale, known := spans[text[:end]]
		if !known {
			return 0, false, false
		}
		total += number * scale
		text = strings.TrimLeft(text[end:], " \t")
	}
	return total / 1000, false, true
}
