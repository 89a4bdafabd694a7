package routes

import (
	"cmp"
	"time"

	"github.com/prometheus/alertmanager/timeinterval"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Moment is a time at which alerts are routed: a reading of the clock on the wall
// of whoever reads it, or one instant everywhere.
type Moment struct {
	Name string
	// Time is the instant; where Wall is true only its date and its clock count,
	// and they are read in the time zone of each interval.
	Time time.Time
	Wall bool
}

// In returns the moment in a time zone.
func (m Moment) In(zone *time.Location) time.Time {
	if !m.Wall {
		return m.Time.In(zone)
	}
	y, month, d := m.Time.Date()
	return time.Date(y, month, d, m.Time.Hour(), m.Time.Minute(), 0, 0, zone)
}

// Night is 03:00 on the first Sunday from a day on, Office is 10:00 on the first
// Wednesday.
func Night(from time.Time) Moment {
	return Moment{Name: "on Sunday at 03:00", Time: next(from, time.Sunday, 3), Wall: true}
}

// Office is when people are at work: 10:00 on the first Wednesday from a day on.
func Office(from time.Time) Moment {
	return Moment{Name: "on Wednesday at 10:00", Time: next(from, time.Wednesday, 10), Wall: true}
}

func next(from time.Time, day time.Weekday, hour int) time.Time {
	y, m, d := from.UTC().Date()
	d += (int(day) - int(from.UTC().Weekday()) + 7) % 7
	return time.Date(y, m, d, hour, 0, 0, 0, time.UTC)
}

// interval is a set of times, ready to be asked.
type interval struct {
	*fact.Interval
	spans []timeinterval.TimeInterval
}

// ready turns the neutral form into Alertmanager's, which knows what belongs to
// an interval: ends of months, leap years, changes of the clock.
func ready(in *fact.Interval) *interval {
	out := &interval{Interval: in}
	for _, s := range in.Spans {
		var t timeinterval.TimeInterval
		t.Times = turned(s.Minutes, func(r fact.Range) timeinterval.TimeRange {
			return timeinterval.TimeRange{StartMinute: r.From, EndMinute: r.To}
		})
		t.Weekdays = turned(s.Weekdays, func(r fact.Range) timeinterval.WeekdayRange {
			return timeinterval.WeekdayRange{InclusiveRange: inclusive(r)}
		})
		t.DaysOfMonth = turned(s.Days, func(r fact.Range) timeinterval.DayOfMonthRange {
			return timeinterval.DayOfMonthRange{InclusiveRange: inclusive(r)}
		})
		t.Months = turned(s.Months, func(r fact.Range) timeinterval.MonthRange {
			return timeinterval.MonthRange{InclusiveRange: inclusive(r)}
		})
		t.Years = turned(s.Years, func(r fact.Range) timeinterval.YearRange { return timeinterval.YearRange{InclusiveRange: inclusive(r)} })
		zone, err := time.LoadLocation(cmp.Or(s.Zone, "UTC"))
		if err != nil {
			zone = time.UTC // the source has refused it
		}
		t.Location = &timeinterval.Location{Location: zone}
		out.spans = append(out.spans, t)
	}
	return out
}

func inclusive(r fact.Range) timeinterval.InclusiveRange {
	return timeinterval.InclusiveRange{Begin: r.From, End: r.To}
}

// turned keeps the difference between no list and an empty one.
func turned[A, B any](list []A, turn func(A) B) []B {
	if list == nil {
		return nil
	}
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = turn(a)
	}
	return out
}

// holds reports whether the moment belongs to the interval.
func (i *interval) holds(m Moment) bool {
	for _, s := range i.spans {
		if s.ContainsTime(m.In(s.Location.Location)) {
			return true
		}
	}
	return false
}
