package ownership

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/fact"
)

// reachable asks for a contact and an on-call schedule: those of the service's
// own descriptions, or of the team's.
func (j *judge) reachable(first *fact.OwnerClaim) {
	var contact, onCall bool
	var described *fact.OwnerClaim
	for _, c := range j.claims {
		if !slices.Contains(j.services, c) && (c.Kind != "team" || !owner.Same(c.Of, first.Team)) {
			continue
		}
		contact = contact || c.Contact != ""
		onCall = onCall || c.OnCall != ""
		if described == nil && c.Kind != "team" {
			described = c
		}
	}
	if described == nil {
		if !contact || !onCall {
			j.unclear(first, "not-described", "%s names %s, and no manifest or catalog here says how to reach it", file(first), team(first))
		}
		return
	}
	for _, way := range []struct {
		found      bool
		rule, says string
	}{
		{contact, "no-contact", "no contact of"},
		{onCall, "no-on-call", "no on-call schedule of"},
	} {
		if !way.found {
			j.failed = true
			j.out.Lacks(described.Ref, []fact.Kind{fact.Owners}, way.rule, "%s gives %s %s", file(described), way.says, team(first))
		}
	}
}

// places lists the files that name the team.
func (j *judge) places(first *fact.OwnerClaim) string {
	var names []string
	for _, c := range slices.Concat(j.services, j.paths) {
		if owner.Names(c, first.Team) && !slices.Contains(names, file(c)) {
			names = append(names, file(c))
		}
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
