package validation

import (
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

func whenAll(list []*fact.Pipeline) string {
	p := list[0]
	text := p.Name + " runs " + occasions(p.When)
	if more := len(list) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

func after(o fact.Occasions) string {
	if o.Push {
		return "only on what was merged"
	}
	return "only " + occasions(o)
}

func occasions(o fact.Occasions) string {
	var out []string
	for _, one := range []struct {
		is   bool
		says string
	}{{o.Push, "on what was merged"}, {o.Tag, "on tags and releases"}, {o.Schedule, "on a schedule"}, {o.Manual, "when a person asks"}, {o.Called, "when something calls it"}} {
		if one.is {
			out = append(out, one.says)
		}
	}
	if len(out) == 0 {
		return "at no time that is known"
	}
	return strings.Join(out, ", ")
}
