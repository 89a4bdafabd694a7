// Package trees makes configurations of Alertmanager by chance, the same for the
// same seed, in the syntax that Alertmanager 0.25 knows: for tests that compare
// what is said of a tree with what a server does.
package trees

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

// Route is a node of a tree as Alertmanager writes it.
type Route struct {
	Receiver string            `yaml:"receiver,omitempty"`
	Matchers []string          `yaml:"matchers,omitempty"`
	Match    map[string]string `yaml:"match,omitempty"`
	MatchRE  map[string]string `yaml:"match_re,omitempty"`
	Continue bool              `yaml:"continue,omitempty"`
	GroupBy  []string          `yaml:"group_by,omitempty,flow"`
	Wait     string            `yaml:"group_wait,omitempty"`
	Interval string            `yaml:"group_interval,omitempty"`
	Mute     []string          `yaml:"mute_time_intervals,omitempty,flow"`
	Active   []string          `yaml:"active_time_intervals,omitempty,flow"`
	Routes   []*Route          `yaml:"routes,omitempty"`
}

// Inhibition is a rule as Alertmanager writes it.
type Inhibition struct {
	Source []string `yaml:"source_matchers"`
	Target []string `yaml:"target_matchers"`
	Equal  []string `yaml:"equal,omitempty,flow"`
}

// Webhook is a channel.
type Webhook struct {
	URL  string `yaml:"url"`
	Send bool   `yaml:"send_resolved"`
}

// Receiver is who is told.
type Receiver struct {
	Name     string    `yaml:"name"`
	Webhooks []Webhook `yaml:"webhook_configs,omitempty"`
}

// Times are a part of an interval.
type Times struct {
	Times    []map[string]string `yaml:"times,omitempty"`
	Weekdays []string            `yaml:"weekdays,omitempty,flow"`
	Days     []string            `yaml:"days_of_month,omitempty,flow"`
	Months   []string            `yaml:"months,omitempty,flow"`
	Years    []string            `yaml:"years,omitempty,flow"`
	Location string              `yaml:"location,omitempty"`
}

// Interval is a named set of times.
type Interval struct {
	Name  string  `yaml:"name"`
	Times []Times `yaml:"time_intervals"`
}

// Config is a configuration.
type Config struct {
	Route      *Route       `yaml:"route"`
	Receivers  []Receiver   `yaml:"receivers"`
	Inhibition []Inhibition `yaml:"inhibit_rules,omitempty"`
	Intervals  []Interval   `yaml:"time_intervals,omitempty"`
}

// Text returns the configuration as YAML.
func (c *Config) Text() []byte {
	text, err := yaml.Marshal(c)
	if err != nil {
		panic(err) // the types are plain
	}
	return text
}

// Case is a configuration and alerts that fire at once.
type Case struct {
	Config Config
	Alerts []map[string]string
}

var (
	names  = []string{"team", "severity", "service", "zone"}
	values = []string{"a", "b", "ab", "c"}
	likes  = []string{"a|b", "a.*", ".*", ".+", "[ab]", "", "b?", "(a|c)|ab", "A"}
)

// maker makes one case.
type maker struct {
	*rand.Rand
	now  time.Time
	hook func(receiver string) string
	c    Case
}

// Make returns the case of a number: its receivers are told by webhooks at the
// addresses that hook gives, its intervals lie around now.
func Make(seed, number uint64, now time.Time, hook func(receiver string) string) Case {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, number)), now: now, hook: hook}
	for i := range 4 {
		r := Receiver{Name: fmt.Sprintf("r%d", i)}
		if i > 0 && m.IntN(6) > 0 || i == 0 {
			r.Webhooks = []Webhook{{URL: hook(r.Name)}}
		}
		m.c.Config.Receivers = append(m.c.Config.Receivers, r)
	}
	for i := range 4 {
		m.c.Config.Intervals = append(m.c.Config.Intervals, m.interval(fmt.Sprintf("i%d", i)))
	}
	top := &Route{Receiver: "r0", GroupBy: m.groups()}
	for range 1 + m.IntN(4) {
		top.Routes = append(top.Routes, m.route(1))
	}
	m.c.Config.Route = top
	for range m.IntN(5) {
		m.c.Config.Inhibition = append(m.c.Config.Inhibition, Inhibition{Source: m.matchers(1), Target: m.matchers(1), Equal: m.some(names, 1)})
	}
	for i := range 2 + m.IntN(3) {
		alert := map[string]string{"alertname": fmt.Sprintf("Alert%d", i)}
		for _, name := range names {
			if m.IntN(4) > 0 {
				alert[name] = values[m.IntN(len(values))]
			}
		}
		m.c.Alerts = append(m.c.Alerts, alert)
	}
	return m.c
}

// some returns at most n of a list, in its order.
func (m *maker) some(list []string, n int) (out []string) {
	for _, one := range list {
		if len(out) < n && m.IntN(2) == 0 {
			out = append(out, one)
		}
	}
	return out
}

func (m *maker) groups() []string {
	switch m.IntN(4) {
	case 0:
		return []string{"..."}
	case 1:
		return nil
	}
	return m.some(append(slices.Clone(names), "alertname"), 3)
}

func (m *maker) route(depth int) *Route {
	r := &Route{Continue: m.IntN(3) == 0, GroupBy: m.groups()}
	if m.IntN(5) > 0 {
		r.Receiver = fmt.Sprintf("r%d", m.IntN(4))
	}
	switch m.IntN(6) {
	case 0:
		r.Match = map[string]string{names[m.IntN(len(names))]: values[m.IntN(len(values))]}
	case 1:
		r.MatchRE = map[string]string{names[m.IntN(len(names))]: likes[m.IntN(len(likes))]}
	default:
		r.Matchers = m.matchers(0)
	}
	if m.IntN(4) == 0 {
		r.Mute = m.pick()
	}
	if m.IntN(4) == 0 {
		r.Active = m.pick()
	}
	if depth < 4 && m.IntN(2) == 0 {
		for range 1 + m.IntN(3) {
			r.Routes = append(r.Routes, m.route(depth+1))
		}
	}
	return r
}

func (m *maker) pick() []string {
	out := []string{fmt.Sprintf("i%d", m.IntN(4))}
	if m.IntN(3) == 0 {
		out = append(out, fmt.Sprintf("i%d", m.IntN(4)))
	}
	return out
}

func (m *maker) matchers(least int) (out []string) {
	for range max(least, m.IntN(3)) {
		name := names[m.IntN(len(names))]
		if m.IntN(8) == 0 {
			name = "alertname"
		}
		op := []string{"=", "=", "=~", "!=", "!~"}[m.IntN(5)]
		value := values[m.IntN(len(values))]
		if op == "=~" || op == "!~" {
			value = likes[m.IntN(len(likes))]
		}
		if m.IntN(8) == 0 {
			value = ""
		}
		out = append(out, fmt.Sprintf("%s%s%q", name, op, value))
	}
	return out
}

// interval makes a set of times some of which hold now; none of their ends lies
// within half an hour of now.
func (m *maker) interval(name string) Interval {
	out := Interval{Name: name}
	for range 1 + m.IntN(2) {
		t := Times{}
		zone := time.UTC
		if zones := []string{"", "", "Europe/Madrid", "America/New_York", "Asia/Kolkata"}; true {
			if t.Location = zones[m.IntN(len(zones))]; t.Location != "" {
				zone, _ = time.LoadLocation(t.Location)
			}
		}
		now := m.now.In(zone)
		for range 1 + m.IntN(2) {
			m.narrow(&t, now)
		}
		out.Times = append(out.Times, t)
	}
	return out
}

func (m *maker) narrow(t *Times, now time.Time) {
	holds := m.IntN(3) > 0
	switch m.IntN(5) {
	case 0, 1:
		minute := now.Hour()*60 + now.Minute()
		from, to := max(0, minute-60), min(1440, minute+60)
		if !holds {
			if from, to = minute+60, 1440; from >= to {
				from, to = 0, minute-60
			}
		}
		clock := func(m int) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }
		t.Times = append(t.Times, map[string]string{"start_time": clock(from), "end_time": clock(to)})
	case 2:
		day := now.Weekday()
		if !holds {
			day = (day + 3) % 7
		}
		t.Weekdays = append(t.Weekdays, []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}[day])
	case 3:
		if holds {
			t.Days = append(t.Days, "1:-1")
		} else {
			t.Days = append(t.Days, fmt.Sprint((now.Day()+9)%27+1))
		}
	case 4:
		month := int(now.Month())
		if !holds {
			month = (month+5)%12 + 1
		}
		t.Months = append(t.Months, fmt.Sprint(month))
		if m.IntN(2) == 0 {
			t.Years = append(t.Years, fmt.Sprintf("%d:%d", now.Year()-1, now.Year()+1))
		}
	}
}
