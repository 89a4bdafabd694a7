// Package schedule checks that every data store is copied on a schedule and
// that the copies are kept for a stated time.
package schedule

import (
	"fmt"
	"slices"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

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
		if d.Managed != nil {
			cloud(&out, in, d)
			continue
		}
		s := &store{Ref: d.Ref, kind: d.Engine, namespace: d.Namespace, name: d.Name, database: d, known: true}
		if d.Transient {
			out.Skip(s.Ref, "transient", "%s keeps nothing on a volume", s)
			continue
		}
		judge(&out, in, s)
	}
	declared(&out, in)
	if in.Declared.NoneOf(fact.NoneStores) == nil && len(out.List) > 0 && !slices.ContainsFunc(in.All, lasting) && in.First(keeping) {
		out.Unclear(out.List[0].Ref, "no-store", "no data store with a volume is here; those that run elsewhere were not read")
	}
	return out
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

func title(b *fact.Backup) string { return b.Title(b.Name) }
