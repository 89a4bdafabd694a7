// Package reporting checks that backups which fail, or never start, raise an alert
// by themselves.
package reporting

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/paging"
	"seaworthy.dev/seaworthy/internal/derive/rules"
	"seaworthy.dev/seaworthy/internal/derive/watched"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a backup with tested alerts on its age, on the absence of what tells
// its age, and on its failing. Without any alert rule here they may stand elsewhere.
func Check(in expect.Input) (out verdict.Findings) {
	for _, b := range in.Here.Backups {
		if b.Engine != "object-store" && !b.Suspended {
			one(&out, in, b)
		}
	}
	for _, d := range in.Here.Databases {
		if d.Managed != nil && strings.HasPrefix(d.Subject, "aws_db_") || d.Managed != nil && strings.HasPrefix(d.Subject, "aws_rds_") {
			managed(&out, in, d)
		}
	}
	return out
}

// one judges a backup.
func one(out *verdict.Findings, in expect.Input, b *fact.Backup) {
	name := b.Title(b.Name)
	if i := slices.IndexFunc(b.Hosts, paging.Watches); i >= 0 {
		out.Pass(b.Ref, "pings", "%s tells %s when it is done, which complains when it hears nothing", name, b.Hosts[i])
		return
	}
	w := look(in, b)
	switch {
	case w.rules == 0:
		out.Unclear(b.Ref, "no-rules", "no alert rule was found here, so whether anybody hears when %s fails or never starts is not known", name)
		return
	case w.perhaps != nil && (w.age == nil || w.failure == nil):
		out.Unclear(b.Ref, "may-watch", "%s may be about %s; %s", w.perhaps.Name, name, w.why)
		return
	}
	var lacks []string
	if w.age == nil {
		lacks = append(lacks, "none on the age of its newest copy")
	} else if !w.absent && rules.Testable(w.age) {
		lacks = append(lacks, fmt.Sprintf("none for the time when nothing tells its age (%s is silent then)", w.age.Name))
	}
	if w.failure == nil {
		lacks = append(lacks, "none on a run that fails")
	}
	if len(lacks) > 0 {
		out.Lacks(b.Ref, []fact.Kind{fact.Alerts}, "unwatched", "of the alerts on %s there is %s", name, strings.Join(lacks, ", and "))
		return
	}
	for _, a := range []*fact.Alert{w.age, w.failure} {
		if fires, _ := rules.Tested(in.All, a); rules.Testable(a) && !fires {
			out.Lacks(a.Ref.Within("backup test"), []fact.Kind{fact.RuleTests}, "untested", "no unit test shows that %s fires when %s does not run as it should", a.Name, name)
			return
		}
	}
	out.Pass(b.Ref, "watched", "%s watches the age of %s, %s its failing", w.age.Name, name, w.failure.Name)
}

// watch is what alerts ask of one backup.
type watch struct {
	rules        int
	age, failure *fact.Alert
	// absent is true where an alert fires when nothing tells the age.
	absent bool
	// perhaps may be about it; why ends a sentence about that.
	perhaps *fact.Alert
	why     string
}

// look goes through all alerts of the service.
func look(in expect.Input, b *fact.Backup) (w watch) {
	backups := 0
	for _, s := range in.All {
		for _, other := range s.Backups {
			if other.Engine != "object-store" {
				backups++
			}
		}
	}
	for _, s := range in.All {
		for _, a := range s.Alerts {
			w.rules++
			if !a.Parsed {
				if strings.Contains(strings.ToLower(a.Name+a.Expression), "backup") {
					w.perhaps, w.why = a, "what it asks is not understood"
				}
				continue
			}
			for _, r := range readings(a) {
				signs, own := watched.SignsOf(r.Metric, b)
				switch {
				case len(signs) == 0 || !watched.Concerns(r, b):
					continue
				case own && backups > 1 && !strings.Contains(r.Metric, strings.ReplaceAll(b.Name, "-", "_")):
					w.perhaps, w.why = a, fmt.Sprintf("%d backups are here, and %s does not say which it tells of", backups, r.Metric)
					continue
				}
				w.take(a, signs)
			}
		}
	}
	return w
}

// readings are the series that a condition reads; of a cloud's alarm its metrics.
func readings(a *fact.Alert) []fact.Reading {
	if len(a.Reads) > 0 {
		return a.Reads
	}
	var out []fact.Reading
	for _, m := range a.Metrics {
		out = append(out, fact.Reading{Metric: m})
	}
	return out
}

// take keeps an alert for the signs that it shows. One that compares the time of a
// failure with that of the last good copy is about failing alone.
func (w *watch) take(a *fact.Alert, signs []watched.Sign) {
	absent := strings.Contains(a.Expression, "absent(") || strings.Contains(a.Expression, "absent_over_time(")
	for _, s := range signs {
		switch {
		case s == watched.Age && absent:
			w.absent = true
		case s == watched.Age && (w.age == nil || w.age == w.failure):
			if w.failure != a {
				w.age = a
			}
		case s == watched.Failure && w.failure == nil:
			w.failure = a
			if w.age == a {
				w.age = nil
			}
		}
	}
}

// managed judges a database whose copies AWS takes by itself.
func managed(out *verdict.Findings, in expect.Input, d *fact.Database) {
	rulesHere := 0
	for _, s := range in.All {
		for _, a := range s.Alerts {
			rulesHere++
			for _, m := range a.Metrics {
				if m == "AWS/RDS/Event/backup" || m == "event:aws.rds" || m == "AWS/RDS/Event" && len(a.Metrics) == 1 {
					out.Pass(d.Ref.Within("backup events"), "announced", "%s passes on what RDS says of the backups of %s", a.Name, d.Name)
					return
				}
			}
		}
	}
	out.Unclear(d.Ref.Within("backup events"), "unannounced", "RDS takes the backups of %s by itself, and nothing here passes on what it says of them (%d alerts were read)", d.Name, rulesHere)
}
