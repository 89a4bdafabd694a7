package codeowners

import (
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Claims says who owns the files, each by its path from the repository's root:
// one claim for each line that decides about some of them, in the order of the
// file. Of very many files some are looked at, evenly spread. Files that no line
// gives to anybody are counted by a claim without a pattern.
func (r *Rules) Claims(files []string, shown string) []*fact.OwnerClaim {
	rules := 0
	for _, s := range r.sections {
		rules += len(s.rules)
	}
	files = spread(files, maxComparisons/max(rules, 1))
	decides := map[*rule]int{}
	unowned := 0
	for _, file := range files {
		owned := false
		for _, s := range r.sections {
			if by := s.match(file); by != nil {
				decides[by]++
				owned = owned || len(by.owners) > 0
			}
		}
		if !owned {
			unowned++
		}
	}
	var out []*fact.OwnerClaim
	for _, s := range r.sections {
		for i := range s.rules {
			by := &s.rules[i]
			if n := decides[by]; n > 0 && len(by.owners) > 0 {
				out = append(out, r.claim(by, n, len(files)))
			}
		}
	}
	if unowned > 0 {
		out = append(out, &fact.OwnerClaim{
			Ref:    fact.Ref{Subject: "codeowners/paths nobody's", Location: fact.Location{File: shown}},
			Source: "codeowners", Kind: "paths", Files: unowned, AllFiles: len(files),
		})
	}
	return out
}

// match returns the last line of the section whose pattern holds the path.
func (s *section) match(file string) *rule {
	for i := len(s.rules) - 1; i >= 0; i-- {
		if found, err := s.rules[i].pattern.Match(file); err == nil && found {
			return &s.rules[i]
		}
	}
	return nil
}

func (r *Rules) claim(by *rule, files, all int) *fact.OwnerClaim {
	c := &fact.OwnerClaim{
		Ref:    fact.Ref{Subject: "codeowners/paths " + by.text, Location: by.at},
		Source: "codeowners", Kind: "paths", Of: by.text, Owners: by.owners, Files: files, AllFiles: all,
	}
	for _, name := range by.owners {
		switch {
		case r.person(name):
			c.People = append(c.People, name)
		case c.Team == "":
			c.Team = owner.Plain(name)
		}
	}
	return c
}

// person reports whether an owner is a single person: on GitHub a name without
// an organisation, on both an address. GitLab writes users and groups alike, so
// a name there may be a team.
func (r *Rules) person(name string) bool {
	return owner.IsAddress(name) || r.host == GitHub && !strings.Contains(name, "/")
}

// spread returns at most n of the files, evenly spread.
func spread(files []string, n int) []string {
	if n = max(n, 1); len(files) <= n {
		return files
	}
	out := make([]string, n)
	for i := range out {
		out[i] = files[i*len(files)/n]
	}
	return out
}

// String counts what was read, for tests.
func (r *Rules) String() string {
	rules := 0
	for _, s := range r.sections {
		rules += len(s.rules)
	}
	return fmt.Sprintf("%d lines in %d sections", rules, len(r.sections))
}
