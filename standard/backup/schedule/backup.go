package schedule

import (
	"fmt"
	"time"

	"seaworthy.dev/seaworthy/internal/derive/schedule"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// finding is what is said of a store because of one backup.
type finding struct {
	outcome verdict.Outcome
	rule    string
	message string
	ref     fact.Ref
}

// worse keeps what is nearest to a working backup: what is open before what is
// broken, and what covers before what may.
func worse(a, b finding) finding {
	if a.rule == "" || a.rule == "may-cover" || a.outcome == verdict.Fail && b.outcome == verdict.Unclear {
		return b
	}
	return a
}

// judgeBackup says whether a backup that covers the store does its work.
func judgeBackup(b *fact.Backup, s *store, here *fact.Set, asOf time.Time) finding {
	at := b.Ref.At(b.At)
	fail := func(rule, format string, args ...any) finding {
		return finding{verdict.Fail, rule, fmt.Sprintf(format, args...), at}
	}
	kept := retention(b, s, here)
	var err error
	if !b.Foreign {
		_, err = schedule.Fires(b.Schedule, b.Seconds, asOf)
	}
	switch {
	case b.Suspended:
		return fail("suspended", "%s, which is to copy %s, is suspended", title(b), s)
	case b.Schedule == "":
		return fail("no-schedule", "%s, which is to copy %s, has no schedule", title(b), s)
	case err != nil:
		return fail("never-fires", "%s, which is to copy %s, never runs: %q: %s", title(b), s, b.Schedule, err)
	case b.Without != "" && !optsIn(b, s):
		return fail("without-volumes", "%s leaves out the volumes of %s: %s", title(b), s, b.Without)
	case s.database != nil && b.Engine == "cloudnative-pg" && !s.database.Backup:
		return fail("no-destination", "%s is to copy %s, which does not say where its backups go", title(b), s)
	case kept == "":
		return finding{verdict.Unclear, "retention-unknown", fmt.Sprintf("%s copies %s (%s), but nothing says how long copies are kept", title(b), s, b.Schedule), at}
	}
	return finding{verdict.Pass, "scheduled", fmt.Sprintf("%s copies %s (%s, kept: %s)", title(b), s, b.Schedule, kept), s.Ref}
}

// retention returns how long copies are kept: as the backup says, the
// database, or the place where the database keeps its copies.
func retention(b *fact.Backup, s *store, here *fact.Set) string {
	if b.Retention != "" || s.database == nil {
		return b.Retention
	}
	for _, place := range here.Backups {
		if place.Engine == "object-store" && place.Name == s.database.Store && place.Namespace == s.namespace {
			return place.Retention
		}
	}
	return s.database.Retention
}

// optsIn reports whether the store's instances name volumes of which Velero is
// to copy the files, whatever the schedule says of snapshots.
func optsIn(b *fact.Backup, s *store) bool {
	return b.Engine == "velero" && b.Without == "snapshotVolumes is false" && s.workload != nil &&
		s.workload.PodAnnotations["backup.velero.io/backup-volumes"] != ""
}
