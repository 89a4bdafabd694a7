// Package schedule checks that every data store is copied on a schedule and
// that the copies are kept for a stated time.
package schedule

import (
	"fmt"
	"slices"
	"time"

	"seaworthy.dev/seaworthy/internal/derive/schedule"
	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// store is what must be copied: a workload that keeps data, or a database that
// an operator runs.
type store struct {
	fact.Ref
	kind, namespace, name string
	workload              *fact.Workload
	volumes               []*fact.Volume
	database              *fact.Database
	// known is false where nothing says what runs on the volume.
	known, telemetry bool
}

func (s *store) String() string {
	if s.kind == "" {
		return s.name
	}
	return s.name + " (" + s.kind + ")"
}

// Check passes a store when a backup that runs on a schedule covers it and
// says how long copies are kept. That only caches are here does not say that
// the service has no store: it may use one that runs elsewhere.
func Check(in expect.Input) (out verdict.Findings) {
	for _, w := range in.Here.Workloads {
		if s, judged := storeOf(&out, w); judged {
			judge(&out, in, s)
		}
	}
	for _, d := range in.Here.Databases {
		s := &store{Ref: d.Ref, kind: d.Engine, namespace: d.Namespace, name: d.Name, database: d, known: true}
		if d.Transient {
			out.Skip(s.Ref, "transient", "%s keeps nothing on a volume", s)
			continue
		}
		judge(&out, in, s)
	}
	if len(out.List) > 0 && !slices.ContainsFunc(in.All, lasting) && in.First(keeping) {
		out.Unclear(out.List[0].Ref, "no-store", "no data store with a volume is here; those that run elsewhere were not read")
	}
	return out
}

// keeping reports whether a set holds anything that is like a store, lasting
// whether one of them is to outlive its pods.
func keeping(set *fact.Set) bool {
	return len(set.Databases) > 0 || slices.ContainsFunc(set.Workloads, func(w *fact.Workload) bool {
		_, keeps := stores.Of(w)
		return keeps
	})
}

func lasting(set *fact.Set) bool {
	return slices.ContainsFunc(set.Databases, func(d *fact.Database) bool { return !d.Transient }) ||
		slices.ContainsFunc(set.Workloads, func(w *fact.Workload) bool {
			kept, keeps := stores.Of(w)
			return keeps && (kept.Persistent() || kept.Manner == stores.Records)
		})
}

// storeOf returns the workload as a store; judged is false where it is none,
// or where the finding is made already.
func storeOf(out *verdict.Findings, w *fact.Workload) (_ *store, judged bool) {
	kept, keeps := stores.Of(w)
	if !keeps {
		return nil, false
	}
	s := &store{
		Ref: w.Ref, kind: kept.Kind, namespace: w.Namespace, name: w.Name, workload: w, volumes: kept.Volumes,
		known: kept.Kind != "" || w.Form == fact.Stateful, telemetry: kept.Manner == stores.Telemetry,
	}
	if kept.Persistent() {
		return s, true
	}
	switch kept.Manner {
	case stores.Cache:
		out.Skip(w.Ref, "cache", "%s keeps nothing on a volume, so there is nothing to copy", s)
	case stores.Broker:
		out.Skip(w.Ref, "transient", "%s keeps nothing on a volume", s)
	case stores.Telemetry:
		out.Unclear(w.Ref, "telemetry", "%s keeps its measurements on no volume; whether they may be lost is for its owner to say", s)
	default:
		out.Fail(w.Ref, "ephemeral", "%s keeps its data on no volume, so it is gone with the pod", s)
	}
	return nil, false
}

func judge(out *verdict.Findings, in expect.Input, s *store) {
	flaw := finding{}
	for _, b := range in.Here.Backups {
		switch reach := covers(b, s, in.Here); {
		case reach == whole:
			f := judgeBackup(b, s, in.Here, in.AsOf)
			if f.outcome == verdict.Pass {
				out.Pass(s.Ref, f.rule, "%s", f.message)
				return
			}
			flaw = worse(flaw, f)
		case reach == perhaps && flaw.rule == "":
			flaw = finding{verdict.Unclear, "may-cover", fmt.Sprintf("%s may cover %s, but the manifests do not say so", title(b), s), s.Ref}
		}
	}
	switch {
	case flaw.rule != "" && flaw.outcome == verdict.Fail:
		out.Fail(flaw.ref, flaw.rule, "%s", flaw.message)
	case flaw.rule != "":
		out.Unclear(flaw.ref, flaw.rule, "%s", flaw.message)
	case elsewhere(in, s) != nil:
		out.Unclear(s.Ref, "other-bundle", "%s covers %s, but is deployed apart from it", title(elsewhere(in, s)), s)
	case s.database != nil && s.database.Elsewhere:
		out.Unclear(s.Ref, "set-up-elsewhere", "%s has no backup here; it may be set up in its operator or through its own API", s)
	case s.telemetry:
		out.Unclear(s.Ref, "telemetry", "%s has no backup; whether its measurements may be lost is for its owner to say", s)
	case !s.known:
		out.Unclear(s.Ref, "unknown-volume", "%s writes to volume %s, which has no backup; whether its data can be made again is not known", s, s.volumes[0].Name)
	case s.database != nil && s.database.Backup:
		out.Lacks(s.Ref.At(s.database.At), []fact.Kind{fact.Backups}, "no-schedule", "%s says where its backups go, but nothing takes one on a schedule", s)
	default:
		out.Lacks(s.Ref, []fact.Kind{fact.Backups}, "no-backup", "nothing copies %s on a schedule", s)
	}
}

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
	_, err := schedule.Fires(b.Schedule, b.Seconds, asOf)
	switch {
	case b.Suspended:
		return fail("suspended", "%s, which is to copy %s, is suspended", title(b), s)
	case b.Schedule == "":
		return fail("no-schedule", "%s, which is to copy %s, has no schedule", title(b), s)
	case err != nil:
		return fail("never-fires", "%s, which is to copy %s, never runs: %q: %s", title(b), s, b.Schedule, err)
	case b.Without != "":
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

func elsewhere(in expect.Input, s *store) *fact.Backup {
	for _, set := range in.All {
		for _, b := range set.Backups {
			if set != in.Here && covers(b, s, in.Here) == whole {
				return b
			}
		}
	}
	return nil
}

func title(b *fact.Backup) string { return b.Kind() + " " + b.Name }
