package routes

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Step is a route that an alert went into.
type Step struct {
	// Matchers that held; none for the top.
	Matchers []fact.LabelMatcher
	// Top is true for the top of the tree or of a part.
	Top bool
	At  fact.Location
}

// Delivery is one receiver that a tree sends an alert to, or would.
type Delivery struct {
	// Name of the receiver as the tree's text has it, and the receiver.
	Name     string
	Receiver *fact.Receiver
	// Path are the routes from the top down.
	Path []Step
	// Fallen is true where the alert stays at a route that has others below it
	// and none of them takes it; Default where that route is the top.
	Fallen, Default bool
	// Muted names the interval that keeps the route quiet; Inactive lists the
	// intervals outside of which the moment is. Both are empty for a route that
	// speaks.
	Muted    string
	Inactive []string
}

// Told reports whether the receiver hears of the alert, as far as the route
// decides.
func (d *Delivery) Told() bool { return d.Muted == "" && len(d.Inactive) == 0 }

// Inhibited is what keeps an alert quiet everywhere.
type Inhibited struct {
	Rule *fact.Inhibition
	// By is the number of the firing alert.
	By int
}

// Outcome is what becomes of an alert in one world.
type Outcome struct {
	// Assumed lists what was taken for granted of labels that are not known.
	Assumed    []fact.LabelMatcher
	Deliveries []Delivery
	// Inhibited is nil where nothing keeps the alert quiet.
	Inhibited *Inhibited
	// Beyond is true where the alert goes on to, or stays at, routes that are not
	// here.
	Beyond bool
}

// Route sends an alert through the tree at a moment while others fire. It returns
// an outcome for each way in which the labels that are not known may be; all is
// false where there are too many.
func (t *Tree) Route(l Labels, at Moment, firing ...Labels) (outcomes []Outcome, all bool) {
	all = each(l, min(256, max(4, 500_000/(t.size+1))), func(w *world) {
		var out Outcome
		if t.top != nil {
			t.walk(w, t.top, at, nil, &out)
		}
		out.Inhibited = t.inhibited(w, firing)
		out.Assumed = w.assumed
		outcomes = append(outcomes, out)
	})
	return outcomes, all
}

// walk enters a node whose matchers hold. It does what Alertmanager does: each
// child is asked in order until one takes the alert and does not continue; a node
// of which no child takes it keeps it.
func (t *Tree) walk(w *world, n *node, at Moment, path []Step, out *Outcome) {
	path = append(slices.Clip(path), Step{Matchers: conditions(n.matchers), Top: n.root, At: n.At})
	if n.unseen {
		path = nil
	}
	taken := false
	for _, child := range n.routes {
		if !w.all(child.matchers) {
			continue
		}
		taken = true
		t.walk(w, child, at, path, out)
		if !child.goesOn {
			return
		}
	}
	if n.unseen {
		out.Beyond = true
		return
	}
	if taken {
		return
	}
	d := Delivery{Name: n.Receiver, Receiver: t.receivers[n.part+n.Receiver], Path: path, Fallen: len(n.routes) > 0, Default: n.root}
	for _, name := range n.Mute {
		if i := t.intervals[n.part+name]; i != nil && i.holds(at) && d.Muted == "" {
			d.Muted = name
		}
	}
	if len(n.Active) > 0 && !slices.ContainsFunc(n.Active, func(name string) bool { i := t.intervals[n.part+name]; return i != nil && i.holds(at) }) {
		d.Inactive = n.Active
	}
	out.Deliveries = append(out.Deliveries, d)
}

func conditions(list []*Matcher) (out []fact.LabelMatcher) {
	for _, m := range list {
		out = append(out, m.LabelMatcher)
	}
	return out
}

// inhibited returns the first rule by which one of the firing alerts keeps the
// alert quiet, as Alertmanager decides: an alert that meets both sides of a rule
// is not kept quiet by others that do.
func (t *Tree) inhibited(w *world, firing []Labels) *Inhibited {
	if len(firing) == 0 {
		return nil
	}
	for _, r := range t.inhibition {
		if !w.all(r.target) {
			continue
		}
		both := w.all(r.source)
		for i, f := range firing {
			other := &world{labels: f, values: map[string]string{}, said: map[string][]verdict{}}
			if other.all(r.source) && !(both && other.all(r.target)) && same(w, other, r.Equal) {
				return &Inhibited{Rule: r.Inhibition, By: i}
			}
		}
	}
	return nil
}

// same reports whether both have the same values of all labels; of a label that is
// not known it says no.
func same(a, b *world, names []string) bool {
	for _, name := range names {
		v, known := a.value(name)
		u, known2 := b.value(name)
		if !known || !known2 || v != u {
			return false
		}
	}
	return true
}

func (w *world) value(name string) (string, bool) {
	if v, found := w.values[name]; found {
		return v, true
	}
	return w.labels.Value(name)
}
