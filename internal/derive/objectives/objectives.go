// Package objectives puts together what is said of a service's objectives in
// different places: the indicator, the source of its metrics and the alert
// conditions that an objective refers to by name, and the objectives of one name in
// several formats.
package objectives

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/slo"
)

// Objective is an objective with what it refers to.
type Objective struct {
	*fact.Objective
	// Indicator as written or referred to; nil where there is none here.
	Indicator *fact.Indicator
	// Target and Window, each its zero value where none can be read.
	Target slo.Target
	Window slo.Window
	// Conditions are the burn rates on which it wants alerts.
	Conditions []*fact.BurnCondition
	// Declared is true for one of the service manifest.
	Declared bool
}

// Of lists the objectives of sets and of the manifest, in this order.
func Of(sets []*fact.Set, d *fact.Declarations) (out []*Objective) {
	written := map[string]bool{}
	for _, s := range sets {
		for _, o := range s.Objectives {
			if !o.Generated {
				written[plain(o.Service+o.Name)] = true
			}
		}
	}
	for _, s := range sets {
		for _, o := range s.Objectives {
			if !o.Generated || !written[plain(o.Service+o.Name)] {
				out = append(out, join(o, sets))
			}
		}
	}
	if d == nil {
		return out
	}
	files := len(out)
	for _, o := range d.Objectives {
		one := join(o, sets)
		one.Declared = true
		if one.Indicator == nil {
			for _, other := range out[:files] {
				if Same(other.Name, o.Name) && other.Indicator != nil {
					one.Indicator = other.Indicator
					break
				}
			}
		}
		out = append(out, one)
	}
	return out
}

// Same reports whether two names mean one objective: marks and case do not count.
func Same(a, b string) bool { return plain(a) == plain(b) && plain(a) != "" }

func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_ ./", r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

func join(o *fact.Objective, sets []*fact.Set) *Objective {
	out := &Objective{Objective: o, Indicator: o.Indicator}
	if t, err := slo.ParsePercent(o.Target); err == nil {
		out.Target = t
	}
	if w, err := slo.ParseWindow(o.Window); err == nil {
		out.Window = w
	}
	for _, s := range sets {
		for _, i := range s.Indicators {
			if out.Indicator == nil && o.IndicatorRef != "" && i.Name == o.IndicatorRef {
				out.Indicator = i
			}
		}
	}
	if out.Indicator != nil {
		out.Indicator = sourced(out.Indicator, sets)
	}
	for _, ref := range o.ConditionRefs {
		out.Conditions = append(out.Conditions, conditions(ref, sets)...)
	}
	return out
}

// conditions returns those that a policy holds, and those of that name.
func conditions(ref string, sets []*fact.Set) (out []*fact.BurnCondition) {
	for _, s := range sets {
		for _, c := range s.BurnConditions {
			if c.Policy != ref && (c.Policy != "" || c.Name != ref) {
				continue
			}
			if len(c.Refs) == 0 {
				out = append(out, c)
				continue
			}
			for _, other := range sets {
				for _, one := range other.BurnConditions {
					if one.Policy == "" && one.Name == c.Refs[0] {
						out = append(out, one)
					}
				}
			}
		}
	}
	return out
}

// sourced returns the indicator with the languages of its queries, as far as their
// sources stand here.
func sourced(i *fact.Indicator, sets []*fact.Set) *fact.Indicator {
	out := *i
	for _, q := range []**fact.IndicatorQuery{&out.Good, &out.Bad, &out.Total, &out.Share, &out.Threshold} {
		if *q == nil || (*q).Source == "" || (*q).Language != "" {
			continue
		}
		for _, s := range sets {
			for _, m := range s.MetricSources {
				if m.Name == (*q).Source && m.Language != "" {
					filled := **q
					filled.Language = m.Language
					*q = &filled
				}
			}
		}
	}
	return &out
}
