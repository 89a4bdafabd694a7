package routes

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Inhibitor is one alert that keeps another quiet.
type Inhibitor struct {
	Rule *fact.Inhibition
	// By is the number of the alert that does.
	By int
	// Sure is true where it does whenever it fires; otherwise only where both have
	// the same values of the rule's labels.
	Sure bool
}

// Inhibitors lists which of the alerts keep one quiet, by which rule: both sides
// of the rule hold by what is known of the labels, and the labels that must be
// equal can be.
func (t *Tree) Inhibitors(target Labels, others []Labels) (out []Inhibitor) {
	for _, r := range t.inhibition {
		if !can(target, r.target) {
			continue
		}
		for i, other := range others {
			if !can(other, r.source) {
				continue
			}
			if possible, sure := keeps(r, target, other); possible {
				out = append(out, Inhibitor{r.Inhibition, i, sure})
			}
		}
	}
	return out
}

// few bounds the worlds that are tried for each alert of a pair.
const few = 16

// can reports whether an alert can meet matchers without anything being guessed of
// its labels.
func can(l Labels, list []*Matcher) (yes bool) {
	each(l, few, func(w *world) { yes = yes || w.all(list) && !w.guessed })
	return yes
}

func keeps(r *rule, target, other Labels) (possible, sure bool) {
	sure = true
	each(target, few, func(w *world) {
		if !w.all(r.target) || w.guessed {
			return
		}
		both := w.all(r.source) && !w.guessed
		each(other, few, func(o *world) {
			if !o.all(r.source) || o.guessed || both && o.all(r.target) && !o.guessed {
				return
			}
			equal, known := alike(w, o, r.Equal)
			possible = possible || equal || !known
			sure = sure && equal && known
		})
	})
	return possible, possible && sure
}

// alike reports whether two alerts have the same values of all labels; known is
// false where that depends on values that are not known.
func alike(a, b *world, names []string) (equal, known bool) {
	equal, known = true, true
	for _, name := range names {
		v, one := a.value(name)
		u, two := b.value(name)
		switch {
		case one && two && v != u:
			return false, true
		case !one || !two:
			equal, known = false, false
		}
	}
	return equal, known
}

// Asks lists the labels that the tree's routes and rules ask for, sorted.
func (t *Tree) Asks() []string {
	seen := map[string]bool{}
	var walk func(n *node)
	walk = func(n *node) {
		for _, m := range n.matchers {
			seen[m.Name] = true
		}
		for _, child := range n.routes {
			walk(child)
		}
	}
	if t.top != nil {
		walk(t.top)
	}
	for _, r := range t.inhibition {
		for _, m := range slices.Concat(r.source, r.target) {
			seen[m.Name] = true
		}
	}
	out := make([]string, 0, len(seen))
	for name := range seen {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
