package systemd

import (
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

var (
	backupName = regexp.MustCompile(`(?i)\b(backups?|dump|snapshots?)\b`)
	hostFlag   = regexp.MustCompile(`(?:^|\s)(?:-h|--host|--hostname)(?:[ =]|\s+)([a-z0-9][a-z0-9.-]*)`)
	retentions = []*regexp.Regexp{
		regexp.MustCompile(`--keep-(?:last|hourly|daily|weekly|monthly|yearly|within)[ =]+\w+`),
		regexp.MustCompile(`-mtime\s+\+\d+`),
		regexp.MustCompile(`--retention[-a-z]*[ =]+\w+`),
	}
)

// backup adds what a timed service copies, where its tools or its name say that
// it is a backup.
func (r *reader) backup(u *unit, w *fact.Workload, timer *unit) {
	c := &w.Containers[0]
	called := backupName.MatchString(strings.NewReplacer("_", " ", "-", " ", "@", " ").Replace(w.Name))
	if len(c.Command.Tools) == 0 && !called {
		return
	}
	b := &fact.Backup{
		Ref:  fact.Ref{Subject: "systemd/timer " + strings.TrimSuffix(timer.name, ".timer"), Location: fact.Location{File: timer.shown, Line: 1}},
		Name: strings.TrimSuffix(timer.name, ".timer"), Engine: "cronjob", Tools: c.Command.Tools, Foreign: true,
	}
	for _, key := range []string{"OnCalendar", "OnUnitActiveSec", "OnBootSec", "OnUnitInactiveSec"} {
		if list := timer.list("Timer", key); len(list) > 0 && b.Schedule == "" {
			b.Schedule, b.At = list[0].value, list[0].at
			b.Ref.Location = list[0].at
		}
	}
	for _, key := range []string{"ExecStartPre", "ExecStart", "ExecStartPost"} {
		for _, a := range u.list("Service", key) {
			for _, m := range hostFlag.FindAllStringSubmatch(a.value, 10) {
				b.Hosts = append(b.Hosts, m[1])
			}
			for _, form := range retentions {
				if b.Retention == "" {
					b.Retention = strings.TrimSpace(form.FindString(a.value))
				}
			}
		}
	}
	for _, a := range c.Dials {
		b.Hosts = append(b.Hosts, a.Host)
	}
	slices.Sort(b.Hosts)
	b.Hosts = slices.Compact(b.Hosts)
	r.out.Facts.Backups = append(r.out.Facts.Backups, b)
}
