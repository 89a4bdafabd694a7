package piiencryption

import (
	"fmt"

	"seaworthy.dev/seaworthy/internal/derive/atrest"
	"seaworthy.dev/seaworthy/internal/derive/edges"
	"seaworthy.dev/seaworthy/internal/derive/inventory"
	kinds "seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// store is a data store that was found: one of a cloud's or of an operator's, or a
// workload that keeps data.
type store struct {
	fact.Ref
	name, kind string
	database   *fact.Database
	workload   *fact.Workload
	volumes    []*fact.Volume
	// holding is what lies in it; known is false where nobody says.
	holding inventory.Holding
	known   bool
}

// stores returns those of a set that keep data: caches without a volume only where
// somebody says what they hold, and what keeps measurements never.
func stores(here *fact.Set, in expect.Input) (out []*store) {
	add := func(s *store) bool {
		s.holding, s.known = inventory.Of(in.Declared, in.All, s.name)
		out = append(out, s)
		return s.known
	}
	for _, d := range here.Databases {
		if !d.Transient || d.Managed != nil {
			add(&store{Ref: d.Ref, name: d.Name, kind: d.Engine, database: d})
		}
	}
	for _, w := range here.Workloads {
		k, ok := kinds.Of(w)
		if !ok || k.Manner == kinds.Telemetry || k.Kind == "" {
			continue
		}
		s := &store{Ref: w.Ref, name: w.Name, kind: k.Kind, workload: w, volumes: k.Volumes}
		if !add(s) && k.Manner != kinds.Records && !k.Persistent() {
			out = out[:len(out)-1]
		}
	}
	return out
}

func (s *store) managed() *fact.ManagedStore {
	if s.database == nil {
		return nil
	}
	return s.database.Managed
}

func (s *store) title() string { return fmt.Sprintf("%s (%s)", s.name, s.kind) }

// rest judges encryption on the disk.
func (s *store) rest(out *verdict.Findings, in expect.Input) {
	ref := s.Ref.Within("at rest")
	if m := s.managed(); m != nil {
		switch e := m.Encrypted; {
		case !e.Known:
			out.Unclear(ref.At(e.At), "rest-unknown", "whether %s is encrypted at rest is not known, for %s", s.title(), e.Why)
		case !e.Yes:
			out.Fail(ref.At(e.At), "not-encrypted", "%s is not encrypted at rest", s.title())
		}
		return
	}
	t, class := atrest.Volumes(in.All, s.classes(in.Here))
	switch {
	case s.workload != nil && len(s.volumes) == 0: // nothing of it rests

	case s.onHost():
		out.Unclear(ref, "rest-unknown", "whether %s is encrypted at rest is not known, for it lies on a disk of the host", s.title())
	case !t.Known:
		out.Unclear(ref, "rest-unknown", "whether %s is encrypted at rest is not known, for %s", s.title(), t.Why)
	case !t.Yes:
		out.Fail(ref, "class-not-encrypted", "%s lies on volumes of the storage class %s, which does not encrypt", s.title(), class)
	}
}

// classes returns the storage classes of its volumes.
func (s *store) classes(here *fact.Set) (out []string) {
	if s.database != nil {
		return s.database.Classes
	}
	for _, v := range s.volumes {
		class := v.StorageClass
		if !v.Template && v.Claim != "" {
			claim := claimOf(here, s.workload.Namespace, v.Claim)
			if claim == nil {
				return nil
			}
			class = claim.StorageClass
		}
		out = append(out, class)
	}
	return out
}

func claimOf(here *fact.Set, namespace, name string) *fact.Claim {
	for _, c := range here.Claims {
		if c.Name == name && fact.MayMeet(c.Namespace, namespace) {
			return c
		}
	}
	return nil
}

// onHost reports whether it lies on a disk that no storage class describes.
func (s *store) onHost() bool {
	if s.workload == nil {
		return false
	}
	for _, v := range s.volumes {
		if v.Source != "persistentVolumeClaim" {
			return true
		}
	}
	return s.workload.Platform.OnHosts()
}

// copies judges the places to which it is copied, as far as they are known.
func (s *store) copies(out *verdict.Findings, in expect.Input) {
	if s.database == nil {
		return
	}
	places := s.database.Copies
	for _, b := range in.Here.Backups {
		if b.Engine == "object-store" && b.Name == s.database.Store && s.database.Store != "" && fact.MayMeet(b.Namespace, s.database.Namespace) {
			places = append(places, b.Places...)
		}
	}
	for _, p := range places {
		ref := s.Ref.At(p.At).Within("copies in " + p.Name)
		if p.Plain {
			out.Fail(ref, "copied-plain-text", "%s is copied to %s in plain text (http://%s)", s.title(), p.Name, p.Endpoint)
		}
		if t := atrest.Place(p); !t.Known {
			out.Unclear(ref, "rest-unknown", "whether the copies of %s in %s are encrypted is not known, for %s", s.title(), p.Name, t.Why)
		}
	}
}

// hint says what shows of the connections to a store of which nobody says what it
// holds.
func (s *store) hint(here *fact.Set) string {
	for _, e := range edges.Of(here) {
		if s.serves(e) && edges.WireOf(e.Address) == edges.PlainText && !sealed(here, e) {
			return fmt.Sprintf("; %s talks to it without insisting on encryption (%s)", e.Client.Name, edges.How(e.Address))
		}
	}
	return ""
}
