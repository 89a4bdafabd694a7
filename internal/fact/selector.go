package fact

import (
	"slices"
	"sort"
	"strings"
)

// Selector picks objects by their labels. The zero value selects nothing:
// whether an absent or an empty selector means everything differs between
// kinds of objects, so the source that reads the object decides.
type Selector struct {
	// Everything selects every object, labels or none.
	Everything bool
	// Labels must all be carried with these values.
	Labels map[string]string
	// Terms must all hold too.
	Terms []Term
}

// Term is one condition of a selector. Operator is one of In, NotIn, Exists
// and DoesNotExist, as Kubernetes spells them.
type Term struct {
	Key      string
	Operator string
	Values   []string
}

// Matches reports whether an object that carries these labels is selected.
// A term with an operator of another name matches nothing.
func (s Selector) Matches(labels map[string]string) bool {
	if s.Everything {
		return true
	}
	if len(s.Labels) == 0 && len(s.Terms) == 0 {
		return false
	}
	for key, want := range s.Labels {
		if got, found := labels[key]; !found || got != want {
			return false
		}
	}
	for _, term := range s.Terms {
		value, found := labels[term.Key]
		listed := found && slices.Contains(term.Values, value)
		switch term.Operator {
		case "In":
			if !listed {
				return false
			}
		case "NotIn":
			if listed {
				return false
			}
		case "Exists":
			if !found {
				return false
			}
		case "DoesNotExist":
			if found {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// Within reports whether the selector asks about no other labels than these.
func (s Selector) Within(labels map[string]string) bool {
	for key := range s.Labels {
		if _, found := labels[key]; !found {
			return false
		}
	}
	for _, term := range s.Terms {
		if _, found := labels[term.Key]; !found {
			return false
		}
	}
	return true
}

// String renders the selector as kubectl would: "app=web,tier in (a,b)".
func (s Selector) String() string {
	if s.Everything {
		return "everything"
	}
	var parts []string
	for key, value := range s.Labels {
		parts = append(parts, key+"="+value)
	}
	for _, term := range s.Terms {
		switch term.Operator {
		case "In", "NotIn":
			parts = append(parts, term.Key+" "+strings.ToLower(term.Operator)+" ("+strings.Join(term.Values, ",")+")")
		case "Exists":
			parts = append(parts, term.Key)
		case "DoesNotExist":
			parts = append(parts, "!"+term.Key)
		}
	}
	if len(parts) == 0 {
		return "nothing"
	}
	sort.Strings(parts)
	return strings.Join(parts, ",")
}
