package schedule

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/derive/stores"
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
		out.Fail(w.Ref, "ephemeral", "%s keeps its data on no volume, so it is gone with %s", s, instance(w))
	}
	return nil, false
}

// instance is what the data of a store without a volume dies with.
func instance(w *fact.Workload) string {
	if w.Platform == fact.Kubernetes {
		return "the pod"
	}
	return "its container"
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
