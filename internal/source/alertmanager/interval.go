package alertmanager

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // intervals mean the same on machines without a database of zones

	"github.com/prometheus/alertmanager/timeinterval"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// interval reads a named set of times. Alertmanager's own types read the texts of
// days, months and years.
func (t *tree) interval(n *decode.Node) *fact.Interval {
	out := &fact.Interval{Name: decode.Text(decode.Child(n, "name")), At: t.at(n)}
	list := "time_intervals"
	if t.form.objects {
		list = "timeIntervals"
	}
	for _, item := range decode.Items(decode.Child(n, list)) {
		out.Spans = append(out.Spans, t.span(item))
	}
	return out
}

func (t *tree) span(n *decode.Node) (out fact.Span) {
	start, end, days := "start_time", "end_time", "days_of_month"
	if t.form.objects {
		start, end, days = "startTime", "endTime", "daysOfMonth"
	}
	out.Minutes = listed(decode.Child(n, "times"))
	for _, item := range decode.Items(decode.Child(n, "times")) {
		from, to := clock(item, start), clock(item, end)
		if from < 0 || to < 0 || from >= to {
			t.refuse(item, "a time range must start before it ends, both written as 09:00")
			continue
		}
		out.Minutes = append(out.Minutes, fact.Range{From: from, To: to})
	}
	out.Weekdays = ranges[timeinterval.WeekdayRange](t, decode.Child(n, "weekdays"), func(r timeinterval.WeekdayRange) fact.Range { return fact.Range{From: r.Begin, To: r.End} })
	out.Months = ranges[timeinterval.MonthRange](t, decode.Child(n, "months"), func(r timeinterval.MonthRange) fact.Range { return fact.Range{From: r.Begin, To: r.End} })
	out.Years = ranges[timeinterval.YearRange](t, decode.Child(n, "years"), func(r timeinterval.YearRange) fact.Range { return fact.Range{From: r.Begin, To: r.End} })
	out.Days = ranges[timeinterval.DayOfMonthRange](t, decode.Child(n, days), func(r timeinterval.DayOfMonthRange) fact.Range { return fact.Range{From: r.Begin, To: r.End} })
	if zone := decode.Child(n, "location"); !decode.IsNull(zone) {
		out.Zone = decode.Text(zone)
		if _, err := time.LoadLocation(out.Zone); err != nil {
			t.refuse(zone, "the time zone %q is not known", out.Zone)
		}
	}
	return out
}

// clock returns the minute of the day that a time names; -1 where it names none.
// YAML 1.1 reads 09:30 without quotes as a number of base 60, and Alertmanager's
// reader does not.
func clock(n *decode.Node, key string) int {
	text := ""
	if v := decode.Follow(decode.Child(n, key)); v != nil {
		text = v.Value
	}
	hours, minutes, found := strings.Cut(text, ":")
	h, err := strconv.Atoi(hours)
	m, err2 := strconv.Atoi(minutes)
	if !found || err != nil || err2 != nil || h < 0 || m < 0 || m > 59 || h > 24 || h == 24 && m > 0 {
		return -1
	}
	return h*60 + m
}

// ranges reads a list of ranges by the library's own reader of each.
func ranges[T any](t *tree, n *decode.Node, plain func(T) fact.Range) (out []fact.Range) {
	out = listed(n)
	for _, item := range decode.Items(n) {
		item = decode.Follow(item)
		text := ""
		if decode.IsMapping(item) { // the operator's days of the month
			from, to := decode.Text(decode.Child(item, "start")), decode.Text(decode.Child(item, "end"))
			if text = from; to != "" {
				text = from + ":" + to
			}
		} else if item != nil {
			text = item.Value
		}
		quoted, err := json.Marshal(text)
		var value T
		if err == nil {
			err = json.Unmarshal(quoted, any(&value).(json.Unmarshaler))
		}
		if err != nil {
			t.refuse(item, "%s", fmt.Sprintf("the range %q is not valid", text))
			continue
		}
		out = append(out, plain(value))
	}
	return out
}

// listed returns nil where there is no list: one that is there and empty holds no
// time at all.
func listed(n *decode.Node) []fact.Range {
	if decode.IsNull(n) {
		return nil
	}
	return []fact.Range{}
}
