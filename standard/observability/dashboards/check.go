// Package dashboards checks that dashboards of the service and of what it shares
// answer whether it is healthy, what changed and where the fault is.
package dashboards

import (
	"seaworthy.dev/seaworthy/internal/derive/dashboards"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check judges the dashboards of all bundles together: those that are about the
// service, by what their panels ask, must answer the three questions, and no
// question may be one that does not parse. Dashboards may stand elsewhere, and
// those of what services share mostly do, so nothing is missing because it is not
// here.
func Check(in expect.Input) (out verdict.Findings) {
	for _, d := range in.Here.Dashboards {
		questions(&out, d)
	}
	if first := firstSet(in); first != in.Here {
		return out
	}
	c := check{out: &out, in: in}
	c.sort()
	c.service()
	c.shared()
	return out
}

// firstSet returns the set at which is said what concerns the whole service: the
// first with dashboards, else the first in which something runs that serves.
func firstSet(in expect.Input) *fact.Set {
	for _, s := range in.All {
		if len(s.Dashboards) > 0 {
			return s
		}
	}
	for _, s := range in.All {
		for _, w := range s.Workloads {
			if s.Serving(w) {
				return s
			}
		}
	}
	return nil
}

type check struct {
	out *verdict.Findings
	in  expect.Input
	// own are the service's, common those of what it shares, others of anything else.
	own, common, others []*fact.Dashboard
	layers              []string
}

// sort tells the dashboards apart by what they are about.
func (c *check) sort() {
	names := dashboards.NamesOf(c.in.Service.Name, c.in.All)
	for _, s := range c.in.All {
		for _, d := range s.Dashboards {
			switch about := names.AboutOf(d); {
			case about.Service:
				c.own = append(c.own, d)
			case len(about.Layers) > 0:
				c.common = append(c.common, d)
				c.layers = append(c.layers, about.Layers...)
			default:
				c.others = append(c.others, d)
			}
		}
	}
}

// service judges what the service's own dashboards answer together.
func (c *check) service() {
	if len(c.own) == 0 {
		c.absent()
		return
	}
	ref, titles := c.own[0].Ref, list(c.own)
	shows := titles + " shows"
	if len(c.own) > 1 {
		shows = titles + " show"
	}
	a := answersOf(c.own)
	if a.opaque == "" && len(c.others) > 0 {
		a.opaque = list(c.others) + ", which names no service, may show it"
		if len(c.others) > 1 {
			a.opaque = list(c.others) + ", which name no service, may show it"
		}
	}
	switch {
	case len(a.missing()) == 0:
		c.out.Pass(ref.Within("healthy"), "healthy", "%s how much is asked (%s), how much fails (%s) and how long it takes (%s)", shows, a.requests, a.errors, a.latency)
	case a.opaque != "":
		c.out.Unclear(ref.Within("healthy"), "health-untold", "no panel of %s is known to show %s, but %s", titles, join(a.missing(), "and"), a.opaque)
	case !c.serves():
		c.out.Unclear(ref.Within("healthy"), "health-untold", "no panel of %s shows %s, and nothing here tells whether requests are sent to it", titles, join(a.missing(), "and"))
	default:
		c.out.Fail(ref.Within("healthy"), "no-health", "no panel of %s shows %s", titles, join(a.missing(), "or"))
	}
	switch {
	case a.changes != "":
		c.out.Pass(ref.Within("changes"), "changes", "%s what changed: %s", shows, a.changes)
	case a.opaque != "":
		c.out.Unclear(ref.Within("changes"), "changes-untold", "nothing on %s is known to mark changes, but %s", titles, a.opaque)
	default:
		c.out.Fail(ref.Within("changes"), "no-changes", "nothing on %s shows what changed: %s, and no panel shows which version runs", titles, a.unmarked(c.own))
	}
	switch {
	case a.where != "":
		c.out.Pass(ref.Within("where"), "where", "%s where the fault is: %s", shows, a.where)
	case a.opaque != "":
		c.out.Unclear(ref.Within("where"), "where-untold", "no panel of %s is known to tell places apart, but %s", titles, a.opaque)
	default:
		c.out.Fail(ref.Within("where"), "no-where", "every panel of %s shows one sum: none tells instances, paths or zones apart, and nothing can be chosen", titles)
	}
}

// serves reports whether requests are sent to the service.
func (c *check) serves() bool {
	for _, s := range c.in.All {
		for _, w := range s.Workloads {
			if s.Serving(w) {
				return true
			}
		}
	}
	return false
}

// absent says what is known where no dashboard here is about the service.
func (c *check) absent() {
	ref := c.place()
	switch docs := c.in.Declared; {
	case ref.File == "":
	case docs != nil && docs.Docs != nil && len(docs.Docs.Dashboards) > 0:
		l := docs.Docs.Dashboards[0]
		c.out.Unclear(l.Ref, "elsewhere", "the service's dashboard is said to be %s, which was not read", l.Target)
	case len(c.others) > 0:
		c.out.Unclear(c.others[0].Ref, "whose", "nothing on %s names %s or what runs of it, so it may be about something else", list(c.others), c.in.Service.Name)
	case len(c.common) > 0:
		c.out.Unclear(ref, "none-of-service", "the dashboards here are about %s; none is about %s", layersOf(c.layers), c.in.Service.Name)
	case c.unread() != "":
		c.out.Unclear(ref, "none-here", "no dashboard here could be read: %s", c.unread())
	default:
		c.out.Unclear(ref, "none-here", "no dashboard is here; those of %s may stand elsewhere", c.in.Service.Name)
	}
}

// unread says which dashboard could not be read; empty where none was lost.
func (c *check) unread() string {
	for _, s := range c.in.All {
		for _, h := range s.Coverage.Holes {
			if len(h.Kinds) == 1 && h.Kinds[0] == fact.Dashboards {
				return h.Why
			}
		}
	}
	return ""
}

// place is where what is said of the whole service stands: at a dashboard, or at
// what serves.
func (c *check) place() fact.Ref {
	if len(c.in.Here.Dashboards) > 0 {
		return c.in.Here.Dashboards[0].Ref
	}
	for _, w := range c.in.Here.Workloads {
		if c.in.Here.Serving(w) {
			return w.Ref
		}
	}
	return fact.Ref{}
}

// shared judges whether there is a dashboard of what the service shares: here, or
// linked, for it mostly belongs to others.
func (c *check) shared() {
	ref := c.place()
	switch docs := c.in.Declared; {
	case len(c.common) > 0:
		c.out.Pass(c.common[0].Ref.Within("shared"), "shared", "%s %s about %s", list(c.common), are(c.common), layersOf(c.layers))
	case docs != nil && docs.Docs != nil && len(docs.Docs.Shared) > 0:
		l := docs.Docs.Shared[0]
		if !l.URL && !l.Resolves {
			c.out.Fail(l.Ref, "dead-link", "the dashboard of what the service shares is said to be %s, which is not there", l.Target)
			return
		}
		c.out.Pass(l.Ref, "shared-linked", "the dashboard of what the service shares is linked: %s", l.Target)
	case len(c.own) > 0:
		c.out.Unclear(ref.Within("shared"), "no-shared", "no dashboard here is about what %s shares with others (nodes, ingress, data stores), and none is linked", c.in.Service.Name)
	}
}
