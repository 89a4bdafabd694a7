// Package ownership checks that one team owns the service, is named the same
// everywhere, and can be reached.
package ownership

import (
	"fmt"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes the service when manifest, catalogs, CODEOWNERS and the labels of
// alerts name one team, and a contact and an on-call schedule are written down.
// Of what names nobody at all nothing is said: its catalog may be elsewhere.
func Check(in expect.Input) (out verdict.Findings) {
	if in.Declared == nil || !in.First(func(s *fact.Set) bool { return s.Source == owner.Source }) {
		return out
	}
	j := judge{out: &out, claims: in.Declared.Owners, services: owner.OfService(in.Declared.Owners), paths: owner.Paths(in.Declared.Owners)}
	if len(j.services)+len(j.paths) == 0 {
		return out
	}
	first := j.entities()
	if first == nil {
		first = j.byPaths()
	} else {
		j.comparePaths(first)
	}
	if first == nil {
		return out
	}
	j.alerts(in.All, first)
	j.reachable(first)
	if !j.failed {
		out.Pass(first.Ref, "owned", "%s is named as the owner by %s", team(first), j.places(first))
	}
	return out
}

// judge is one look at the claims of a service.
type judge struct {
	out                     *verdict.Findings
	claims, services, paths []*fact.OwnerClaim
	// failed is set by everything that keeps the service from passing.
	failed bool
}

func (j *judge) fail(c *fact.OwnerClaim, rule, format string, args ...any) {
	j.failed = true
	j.out.Fail(c.Ref, rule, format, args...)
}

func (j *judge) unclear(c *fact.OwnerClaim, rule, format string, args ...any) {
	j.failed = true
	j.out.Unclear(c.Ref, rule, format, args...)
}

// entities compares manifest and catalogs, and returns the first claim that names
// a team; nil where none does.
func (j *judge) entities() (first *fact.OwnerClaim) {
	for _, c := range j.services {
		teams := owner.Teams(c)
		switch {
		case c.ByID:
			j.out.Note(c.Ref, "by-id", "%s names the owner of %s by an id, which is compared with nothing", file(c), c.Of)
		case len(c.Owners) == 0:
			j.fail(c, "no-owner", "%s names no owner of %s", file(c), c.Of)
		case len(teams) == 0:
			j.fail(c, "person", "%s gives %s to %s: a person, not a team", file(c), c.Of, strings.Join(c.People, ", "))
		case len(teams) > 1:
			j.fail(c, "several-teams", "%s gives %s to %s: each waits for the other", file(c), c.Of, strings.Join(teams, " and "))
			first = some(first, c)
		case first == nil:
			first = c
		case owner.Same(first.Team, c.Team):
		case first.Source != "manifest" && first.Of != c.Of:
			j.unclear(c, "several-services", "%s gives %s to %s and %s gives %s to %s: these are several services, judged as one", at(first), first.Of, team(first), path.Base(c.File), c.Of, team(c))
		default:
			j.fail(c, "disagree", "%s gives %s to %s, but %s names %s", file(c), c.Of, team(c), at(first), team(first))
		}
	}
	if first == nil && !j.failed && len(j.services) > 0 && len(j.paths) == 0 {
		j.unclear(j.services[0], "by-id", "%s names the owner of %s by an id, and nothing here gives its name", file(j.services[0]), j.services[0].Of)
	}
	return first
}

// comparePaths asks whether CODEOWNERS gives the files to the team.
func (j *judge) comparePaths(first *fact.OwnerClaim) {
	ours, theirs, nobodys := 0, 0, 0
	var other *fact.OwnerClaim // that with the most files
	for _, c := range j.paths {
		switch {
		case len(c.Owners) == 0:
			nobodys += c.Files
		case owner.Names(c, first.Team):
			ours += c.Files
		default:
			theirs += c.Files
			if other == nil || c.Files > other.Files {
				other = c
			}
		}
	}
	switch {
	case len(j.paths) == 0:
	case ours+theirs == 0:
		j.fail(j.paths[0], "not-covered", "%s gives none of %s that are judged to anybody, but %s names %s", file(j.paths[0]), verdict.Count(j.paths[0].AllFiles, "file"), at(first), team(first))
	case ours < theirs && len(owner.Teams(other)) == 0:
		j.fail(other, "person", "%s gives %s to %s: people, not %s as %s says", file(other), share(other), strings.Join(other.People, ", "), team(first), at(first))
	case ours < theirs:
		j.fail(other, "disagree", "%s gives %s to %s, but %s names %s", file(other), share(other), strings.Join(other.Owners, " "), at(first), team(first))
	case nobodys > 0:
		j.out.Note(fact.Ref{Subject: j.paths[0].Subject, Location: fact.Location{File: j.paths[0].File}}, "partly-covered", "%s gives %d of %s to nobody", file(j.paths[0]), nobodys, verdict.Count(j.paths[0].AllFiles, "file"))
	}
}

// byPaths takes the owner from CODEOWNERS where no manifest or catalog names one,
// and returns the line that decides about most files.
func (j *judge) byPaths() *fact.OwnerClaim {
	var most *fact.OwnerClaim
	for _, c := range j.paths {
		if len(c.Owners) > 0 && (most == nil || c.Files > most.Files) {
			most = c
		}
	}
	switch {
	case len(j.paths) == 0:
		return nil
	case most == nil:
		if !j.failed {
			j.fail(j.paths[0], "not-covered", "%s gives none of %s that are judged to anybody", file(j.paths[0]), verdict.Count(j.paths[0].AllFiles, "file"))
		}
		return nil
	case len(owner.Teams(most)) == 0:
		j.fail(most, "person", "%s gives %s to %s: people, not a team", file(most), share(most), strings.Join(most.People, ", "))
		return nil
	case len(owner.Teams(most)) > 1:
		j.fail(most, "several-teams", "%s gives %s to %s, and no manifest or catalog says which of them owns the service", file(most), share(most), strings.Join(owner.Teams(most), " and "))
	}
	return most
}

// alerts compares the owner whom alert rules name.
func (j *judge) alerts(sets []*fact.Set, first *fact.OwnerClaim) {
	said := map[string]bool{}
	for _, set := range sets {
		for _, a := range set.Alerts {
			if a.Owner == "" || strings.Contains(a.Owner, "{{") || owner.Same(a.Owner, first.Team) || said[a.Owner] {
				continue
			}
			said[a.Owner] = true
			j.failed = true
			j.out.Fail(a.Ref, "alerts-elsewhere", "alert %s belongs to %s, but %s names %s", a.Name, a.Owner, at(first), team(first))
		}
	}
}

// at is the place of a claim: "catalog-info.yaml:9".
func at(c *fact.OwnerClaim) string {
	if c.Line == 0 {
		return c.File
	}
	return fmt.Sprintf("%s:%d", c.File, c.Line)
}

// team is the owning team as the claim writes it.
func team(c *fact.OwnerClaim) string { return owner.Teams(c)[0] }

// file is the name of a claim's file.
func file(c *fact.OwnerClaim) string { return path.Base(c.File) }

// share says how many of the files a line of CODEOWNERS decides about.
func share(c *fact.OwnerClaim) string {
	if c.Files == c.AllFiles {
		return "every file"
	}
	return fmt.Sprintf("%d of %s", c.Files, verdict.Count(c.AllFiles, "file"))
}

func some(a, b *fact.OwnerClaim) *fact.OwnerClaim {
	if a != nil {
		return a
	}
	return b
}
