package routing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/routes"
	"seaworthy.dev/seaworthy/internal/fact"
)

// grade is what becomes of an alert.
type grade struct {
	state state
	rule  string
	says  string
}

type state int

const (
	good state = iota
	noted
	open
	bad
)

// inTree grades an alert in one tree.
func (j *judge) inTree(a *fact.Alert, l routes.Labels, t *routes.Tree) grade {
	ways, sure := pages(a, l)
	if len(ways) == 0 {
		return j.ticket(l, t)
	}
	worst := grade{state: -1}
	for _, way := range ways {
		g := j.page(a, way, t)
		if g.state == good {
			g = j.quiet(a, way, t, g)
		}
		if g.state > worst.state {
			worst = g
		}
	}
	if !sure && worst.state == bad {
		worst.state = open
		worst.says = "may be one that wakes people, for its severity is a template; then it " + worst.says
	}
	return worst
}

// page grades an alert that wakes people: at each moment, in each way in which
// what is not known of its labels may be.
func (j *judge) page(a *fact.Alert, l routes.Labels, t *routes.Tree) grade {
	var list []grade
	for _, at := range j.moments {
		outcomes, all := t.Route(l, at)
		var some []grade
		for _, o := range outcomes {
			some = append(some, j.world(a, l, t, o))
		}
		list = append(list, agree(some, outcomes, all))
	}
	if list[0].state == good && list[1].state == good {
		says := list[0].says + " " + j.moments[0].Name + " and " + j.moments[1].Name
		if list[0].says != list[1].says {
			says = list[0].says + " " + j.moments[0].Name + " and " + list[1].says + " " + j.moments[1].Name
		}
		return grade{good, "reaches", says}
	}
	if list[0] == list[1] {
		return list[0]
	}
	i := 0
	if list[1].state > list[0].state {
		i = 1
	}
	g := list[i]
	g.says += " " + j.moments[i].Name
	return g
}

// agree joins the grades of all worlds: what holds in every one of them holds,
// anything else depends on what is not known.
func agree(list []grade, outcomes []routes.Outcome, all bool) grade {
	best, worst := 0, 0
	for i, g := range list {
		if g.state < list[best].state {
			best = i
		}
		if g.state > list[worst].state {
			worst = i
		}
	}
	g := list[worst]
	switch {
	case !all && g.state != good:
		return grade{open, "too-many-ways", "depends on more labels that are not known than can be tried"}
	case g.state != bad || list[best].state == bad:
		return g
	}
	return grade{open, "depends", fmt.Sprintf("depends on labels that the rule does not say: with %s it %s; otherwise it %s", assumed(outcomes[worst]), g.says, list[best].says)}
}

// assumed says what was taken for granted.
func assumed(o routes.Outcome) string {
	var out []string
	for _, m := range o.Assumed {
		out = append(out, m.String())
	}
	if len(out) > 3 {
		out = append(out[:3], "...")
	}
	return strings.Join(out, " and ")
}

// world grades one way of routing a page.
func (j *judge) world(a *fact.Alert, l routes.Labels, t *routes.Tree, o routes.Outcome) grade {
	if len(o.Deliveries) == 0 {
		if o.Beyond {
			return grade{open, "beyond", fmt.Sprintf("is taken by no route that was read; %s lacks %s", t.Title, t.Missing)}
		}
		return grade{bad, "swallowed", "reaches nobody"}
	}
	best := grade{state: -1}
	for i := range o.Deliveries {
		if g := j.delivery(a, l, t, &o.Deliveries[i]); best.state < 0 || g.state < best.state {
			best = g
		}
	}
	if best.state == bad && o.Beyond {
		best.state, best.rule = open, "beyond"
		best.says += "; what the rest of the tree does with it is not known, for it lacks " + t.Missing
	}
	return best
}

// delivery grades one receiver that a page is sent to.
func (j *judge) delivery(a *fact.Alert, l routes.Labels, t *routes.Tree, d *routes.Delivery) grade {
	way := path(d)
	switch {
	case d.Muted != "":
		return grade{bad, "muted", fmt.Sprintf("is muted by the interval %s%s", d.Muted, way)}
	case len(d.Inactive) > 0:
		return grade{bad, "muted", fmt.Sprintf("is held back outside of the interval %s%s", strings.Join(d.Inactive, ", "), way)}
	case d.Receiver == nil || len(d.Receiver.Channels) == 0:
		return grade{bad, "swallowed", fmt.Sprintf("ends at the receiver %s, which tells nobody%s", cmp.Or(d.Name, "without a name"), way)}
	}
	reaches := fmt.Sprintf("reaches %s (%s)", d.Name, channels(d.Receiver))
	wakes, why := woken(d.Receiver)
	switch whose := j.whose(a, l, t, d); {
	case wakes == bad && d.Default && d.Fallen:
		return grade{bad, "default-receiver", fmt.Sprintf("falls through to the default receiver: it %s, where nobody is woken%s", reaches, way)}
	case wakes == bad:
		return grade{bad, "wakes-nobody", fmt.Sprintf("%s, where nobody is woken%s", reaches, way)}
	case whose.state == bad || whose.state == open:
		return grade{whose.state, whose.rule, fmt.Sprintf("%s, %s%s", reaches, whose.says, way)}
	case wakes == open:
		return grade{open, "may-wake", fmt.Sprintf("%s, and %s%s", reaches, why, way)}
	}
	return grade{good, "reaches", reaches}
}

// woken grades a receiver by the best of its channels.
func woken(r *fact.Receiver) (state, string) {
	out, why := bad, ""
	for _, c := range r.Channels {
		switch {
		case c.Wakes.Is():
			return good, ""
		case !c.Wakes.Known:
			out, why = open, c.Wakes.Why
		}
	}
	return out, why
}

// channels names the ways in which a receiver is told.
func channels(r *fact.Receiver) string {
	var out []string
	for _, c := range r.Channels {
		says := c.Kind
		if c.Target != "" {
			says += " " + c.Target
		}
		if !slices.Contains(out, says) {
			out = append(out, says)
		}
	}
	return strings.Join(out, ", ")
}

// path shows the routes that an alert went through, with their places.
func path(d *routes.Delivery) string {
	if len(d.Path) == 0 {
		return ""
	}
	file := d.Path[0].At.File
	var steps []string
	for _, s := range d.Path {
		says := "top"
		if len(s.Matchers) > 0 {
			var all []string
			for _, m := range s.Matchers {
				all = append(all, m.String())
			}
			says = strings.Join(all, ", ")
		}
		if s.At.Line > 0 {
			says += fmt.Sprintf(" :%d", s.At.Line)
		}
		steps = append(steps, says)
	}
	return fmt.Sprintf(" [%s: %s]", file, strings.Join(steps, " > "))
}

// ticket grades an alert that wakes nobody: somebody must hear of it in office
// hours or at night.
func (j *judge) ticket(l routes.Labels, t *routes.Tree) grade {
	var list []grade
	for _, at := range j.moments {
		outcomes, _ := t.Route(l, at)
		worst := grade{state: -1}
		for _, o := range outcomes {
			if g := heard(o); g.state > worst.state {
				worst = g
			}
		}
		list = append(list, worst)
	}
	return slices.MinFunc(list, func(g, h grade) int { return int(g.state) - int(h.state) })
}

func heard(o routes.Outcome) grade {
	for _, d := range o.Deliveries {
		if d.Told() && d.Receiver != nil && len(d.Receiver.Channels) > 0 {
			return grade{good, "heard", fmt.Sprintf("reaches %s (%s)", d.Name, channels(d.Receiver))}
		}
	}
	if o.Beyond {
		return grade{noted, "unheard", "is taken by no route that was read"}
	}
	return grade{noted, "unheard", "is told to nobody; as it wakes nobody, that may be meant"}
}
