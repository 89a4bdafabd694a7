package slo

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Day is 24 hours: objectives count time, not days of the calendar.
const Day = 24 * time.Hour

// Window is the time over which an objective is counted. The zero value is none.
type Window struct {
	// Length is how long it is. A month counts as 30 days, a quarter as 90 and a
	// year as 365.
	Length time.Duration
	// Calendar is true where it starts anew with the month, quarter, year or week
	// rather than rolling.
	Calendar bool
	// name is what a calendar window is called.
	name string
}

var (
	span  = regexp.MustCompile(`^(\d{1,6}) ?(ms|s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?|mo|months?|M|q|Q|quarters?|y|Y|years?)$`)
	parts = regexp.MustCompile(`^(?:\d{1,6}(?:ms|[smhdwy]))+$`)
	part  = regexp.MustCompile(`(\d+)(ms|[smhdwy])`)
)

// ParseWindow reads a window as people and tools write it: "30d", "4w", "720h",
// "1M" and "1Q" (OpenSLO), "28 days", "month", "calendar month", "rolling 30d".
// What says month, quarter or year is one of the calendar unless it says rolling.
func ParseWindow(text string) (Window, error) {
	plain := strings.Join(strings.Fields(strings.Trim(text, ` "`)), " ")
	rolling := false
	for _, word := range []string{"rolling", "trailing"} {
		if rest, found := cutWord(plain, word); found {
			plain, rolling = rest, true
		}
	}
	rest, calendar := cutWord(strings.TrimRight(plain, ",;"), "calendar")
	calendar = calendar && !rolling
	switch name := strings.ToLower(rest); name {
	case "month", "monthly", "quarter", "quarterly", "year", "yearly", "week", "weekly", "day", "daily":
		rest = "1 " + strings.TrimSuffix(strings.Replace(name, "daily", "day", 1), "ly")
	}
	if m := span.FindStringSubmatch(rest); m != nil {
		n, _ := strconv.Atoi(m[1])
		unit, named := unitOf(m[2])
		if length := time.Duration(n) * unit; n > 0 && length/unit == time.Duration(n) && length <= maxWindow {
			w := Window{Length: length}
			if calendar || named != "" && !rolling {
				w.Calendar, w.name = true, named
			}
			return w, nil
		}
	}
	if parts.MatchString(rest) {
		var sum time.Duration
		for _, m := range part.FindAllStringSubmatch(rest, 8) {
			n, _ := strconv.Atoi(m[1])
			unit, _ := unitOf(m[2])
			if time.Duration(n) > maxWindow/unit {
				return Window{}, noWindow(text)
			}
			sum += time.Duration(n) * unit
		}
		if sum > 0 && sum <= maxWindow {
			return Window{Length: sum, Calendar: calendar}, nil
		}
	}
	return Window{}, noWindow(text)
}

// maxWindow bounds a window: nobody promises anything over a longer time.
const maxWindow = 10 * 365 * Day

func noWindow(text string) error {
	return fmt.Errorf("%q is no window such as 30d, 4w or \"calendar month\"", text)
}

// unitOf returns the length of a unit, and its name where the calendar has it.
func unitOf(unit string) (length time.Duration, named string) {
	switch {
	case unit == "ms":
		return time.Millisecond, ""
	case unit == "M", strings.HasPrefix(unit, "mo"):
		return 30 * Day, "month"
	case strings.HasPrefix(unit, "s"):
		return time.Second, ""
	case strings.HasPrefix(unit, "m"):
		return time.Minute, ""
	case strings.HasPrefix(unit, "h"):
		return time.Hour, ""
	case strings.HasPrefix(unit, "d"):
		return Day, ""
	case strings.HasPrefix(unit, "w"):
		return 7 * Day, ""
	case strings.HasPrefix(strings.ToLower(unit), "q"):
		return 90 * Day, "quarter"
	}
	return 365 * Day, "year"
}

// cutWord takes a word off a text, wherever it stands.
func cutWord(text, word string) (rest string, found bool) {
	var out []string
	for _, w := range strings.Fields(text) {
		if strings.EqualFold(strings.Trim(w, ",;()"), word) {
			found = true
		} else {
			out = append(out, w)
		}
	}
	return strings.Join(out, " "), found
}

// IsZero reports whether there is no window.
func (w Window) IsZero() bool { return w.Length == 0 }

// Rat returns the window's length in nanoseconds.
func (w Window) rat() *big.Rat { return big.NewRat(int64(w.Length), 1) }

// String writes the window: "30d", "a calendar month".
func (w Window) String() string {
	switch {
	case w.Calendar && w.name != "" && w.Length <= 365*Day && (w.Length == 30*Day || w.Length == 90*Day || w.Length == 365*Day):
		return "a calendar " + w.name
	case w.Calendar:
		return Span(w.Length) + " of the calendar"
	}
	return Span(w.Length)
}

// Span writes a length of time in its largest whole unit: "30d", "5m", "90m".
func Span(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{Day, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if d >= u.unit && d%u.unit == 0 {
			return strconv.FormatInt(int64(d/u.unit), 10) + u.name
		}
	}
	return d.String()
}
