package noplaintextsecrets

import "seaworthy.dev/seaworthy/internal/fact"

// lines are places that the readers of manifests judge by key and value.
type lines struct {
	at    map[fact.Location]bool
	files map[string]bool
}

func judged(sets []*fact.Set) lines {
	known := lines{map[fact.Location]bool{}, map[string]bool{}}
	add := func(at fact.Location) { known.at[fact.Location{File: at.File, Line: at.Line}] = true }
	for _, set := range sets {
		for _, o := range set.Objects {
			known.files[o.File] = true
		}
		for _, s := range set.Secrets {
			for _, l := range s.Plain {
				add(l.At)
			}
		}
		for _, s := range set.Settings {
			for _, l := range s.Leaks {
				add(l.At)
			}
		}
		for _, s := range set.Stacks {
			for _, l := range s.Leaks {
				add(l.At)
			}
		}
		for _, b := range set.Builds {
			for _, l := range b.Leaks {
				add(l.At)
			}
		}
		for _, w := range set.Workloads {
			for _, c := range w.All() {
				for _, e := range c.Env {
					if e.Smell != "" {
						add(e.At)
					}
				}
			}
		}
	}
	return known
}

// has reports whether a leak of the tree is judged already: at its line, or at
// the key above it; and whatever goes by names only, in a file that was read by
// its keys.
func (k lines) has(l *fact.Leaked) bool {
	if !l.StillThere {
		return false
	}
	at := fact.Location{File: l.File, Line: l.Location.Line}
	above := fact.Location{File: l.File, Line: l.Location.Line - 1}
	return k.at[at] || k.at[above] || k.files[l.File] && (l.Guessed || l.Rule == "generic-api-key")
}
