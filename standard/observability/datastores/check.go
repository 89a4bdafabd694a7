// Package datastores checks that slow queries, connections that run out and copies
// that are behind are watched for each data store of the service.
package datastores

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/rules"
	"seaworthy.dev/seaworthy/internal/derive/watched"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a store for each trouble that an alert rule here watches, and where
// something tells its figures. Where no rule is here at all, they may stand
// elsewhere.
func Check(in expect.Input) (out verdict.Findings) {
	if len(in.All) == 0 || !in.First(func(s *fact.Set) bool { return len(s.Workloads)+len(s.Databases) > 0 }) {
		return out
	}
	c := check{out: &out, in: in, recorded: watched.Record(in.All)}
	for _, s := range in.All {
		c.alerts = append(c.alerts, s.Alerts...)
		if h, missing := s.Coverage.Missing(fact.Alerts); missing && s.ProductionLike && c.opaque == "" {
			c.opaque = h.Why
		}
	}
	for _, a := range c.alerts {
		if !a.Parsed && c.opaque == "" {
			c.opaque = fmt.Sprintf("the condition of alert %s was not understood", a.Name)
		}
	}
	c.stores = storesOf(in)
	for _, s := range c.stores {
		c.judge(s)
	}
	return out
}

type check struct {
	out      *verdict.Findings
	in       expect.Input
	recorded watched.Recorded
	alerts   []*fact.Alert
	stores   []*store
	// opaque says why there may be more rules than were understood.
	opaque string
}

func (c *check) judge(s *store) {
	if s.apart != "" {
		c.out.Skip(s.Ref, "no-queries", "%s is %s", s.name, s.apart)
		return
	}
	if s.kind == "" {
		c.out.Unclear(s.Ref, "kind-unknown", "%s is a %s, and which figures tell of one is not known here", s.name, s.written)
		return
	}
	found, doubtful, client := c.watching(s)
	if len(found) == 0 && len(c.alerts) == 0 {
		why := "; rules on it may stand elsewhere"
		if c.opaque != "" {
			why = ", but " + c.opaque
		}
		c.out.Unclear(s.Ref, "no-rules", "no alert rule is here that could watch %s (%s)%s", s.name, s.kind, why)
		return
	}
	lacks := false
	for _, t := range watched.Troubles() {
		ref := s.Ref.Within("trouble " + string(t))
		without := watched.Without(s.kind, t)
		single, known := s.single(c.in.All)
		switch {
		case found[t] != nil:
			c.out.Pass(found[t].Ref.Within("store "+s.name+" "+string(t)), string(t), "%s watches %s of %s", found[t].Name, t.Says(), s.name)
		case without != "":
			c.out.Skip(ref, "not-of-kind", "%s is a %s: %s", s.name, s.kind, without)
		case t == watched.Lag && copies(s.kind) && known && single != "":
			c.out.Skip(ref, "no-copies", "%s %s, so nothing can be behind", s.name, single)
		case doubtful[t] != nil:
			c.out.Unclear(ref, "which-store", "%s watches %s of a %s; whether it means %s was not told", doubtful[t].Name, t.Says(), s.kind, s.name)
		case c.opaque != "":
			c.out.Unclear(ref, "rules-untold", "no alert rule that was understood watches %s of %s, but %s", t.Says(), s.name, c.opaque)
		case t == watched.Lag && copies(s.kind) && !known:
			c.out.Unclear(ref, "copies-untold", "no alert rule here watches %s of %s, and nothing here tells whether it has copies", t.Says(), s.name)
		default:
			lacks = true
			c.out.Fail(ref, "no-"+string(t), "%s watches %s of %s (%s)", none(len(c.alerts)), t.Says(), s.name, s.kind)
		}
	}
	if !lacks && len(found) > 0 {
		c.exported(s, client)
	}
}

// watching returns the alerts that watch a store, and those of which it is open
// whether they mean this one. Client is true where programs that use it tell of it.
func (c *check) watching(s *store) (found, doubtful map[watched.Trouble]*fact.Alert, client bool) {
	found, doubtful = map[watched.Trouble]*fact.Alert{}, map[watched.Trouble]*fact.Alert{}
	for _, a := range c.alerts {
		list, told := c.recorded.OfStore(a, s.kind)
		if len(list) == 0 || c.means(a, s) == other {
			continue
		}
		into := found
		if c.means(a, s) == open && !told {
			into = doubtful
		}
		for _, t := range list {
			if into[t] == nil {
				into[t] = a
				client = client || told
			}
		}
	}
	return found, doubtful, client
}

// meant is whether an alert means a store.
type meant int

const (
	this meant = iota
	open
	other
)

// means tells by the values of labels, and by the alert's own name, which of several
// stores of a kind an alert means. One that names none of them means them all, unless
// it is a cloud's, which names one in what is not read.
func (c *check) means(a *fact.Alert, s *store) meant {
	var rivals []*store
	for _, o := range c.stores {
		if o != s && o.kind == s.kind {
			rivals = append(rivals, o)
		}
	}
	if len(rivals) == 0 || names(a, s) {
		return this
	}
	for _, o := range rivals {
		if names(a, o) {
			return other
		}
	}
	cloud := a.Language != "" && a.Language != rules.PromQL && a.Language != rules.MetricsQL
	chooses := slices.ContainsFunc(a.Reads, func(r fact.Reading) bool { return len(r.Labels) > 0 })
	if cloud && (chooses || len(a.Reads) == 0) {
		return open
	}
	return this
}

// names reports whether a label's value, the name of the alert or a reference in it
// is that of the store.
func names(a *fact.Alert, s *store) bool {
	is := func(value string) bool {
		value = strings.ToLower(value)
		return value == s.name || strings.HasPrefix(value, s.name+"-") || strings.HasPrefix(value, s.name+".")
	}
	for _, r := range a.Reads {
		for _, v := range r.Labels {
			if is(v) {
				return true
			}
		}
		for _, v := range r.Patterns {
			if is(v) {
				return true
			}
		}
	}
	plain := strings.NewReplacer("-", "", "_", "", " ", "")
	return len(s.name) > 4 && strings.Contains(strings.ToLower(plain.Replace(a.Name)), plain.Replace(s.name))
}

func none(n int) string {
	if n == 1 {
		return "nothing here, for the only alert rule does not,"
	}
	return fmt.Sprintf("none of the %d alert rules here", n)
}
