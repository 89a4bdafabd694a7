package owner

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Source is the source of the set that stands for who owns a service: it holds
// no facts of what runs, only what could not be read of owners.
const Source = "owners"

// OfService returns the claims of manifest and catalogs about the service itself:
// where the manifest names it, those about that name; else those about whatever
// is a service, or at least a system, a repository or a part of it.
func OfService(claims []*fact.OwnerClaim) []*fact.OwnerClaim {
	var manifest *fact.OwnerClaim
	byKind := map[string][]*fact.OwnerClaim{}
	for _, c := range claims {
		if c.Source == "manifest" && manifest == nil {
			manifest = c
		}
		kind := c.Kind
		if kind == "" {
			kind = "service"
		}
		byKind[kind] = append(byKind[kind], c)
	}
	if manifest != nil { // what the others are compared with
		list := slices.DeleteFunc(byKind["service"], func(c *fact.OwnerClaim) bool { return c == manifest })
		byKind["service"] = slices.Insert(list, 0, manifest)
	}
	for _, kind := range []string{"service", "system", "repository", "part"} {
		list := byKind[kind]
		if manifest == nil {
			if len(list) > 0 {
				return list
			}
			continue
		}
		named := slices.DeleteFunc(slices.Clone(list), func(c *fact.OwnerClaim) bool { return c != manifest && Plain(c.Of) != Plain(manifest.Of) })
		if kind == "service" && len(named) < 2 {
			named = list // no catalog has an entity of that name: it may be called otherwise there
		}
		return named
	}
	return nil
}

// Paths returns the claims of CODEOWNERS.
func Paths(claims []*fact.OwnerClaim) []*fact.OwnerClaim {
	return slices.DeleteFunc(slices.Clone(claims), func(c *fact.OwnerClaim) bool { return c.Kind != "paths" })
}

// Teams returns those that the claim names as owners, people left out.
func Teams(c *fact.OwnerClaim) []string {
	return slices.DeleteFunc(slices.Clone(c.Owners), func(name string) bool { return c.ByID || slices.Contains(c.People, name) })
}

// Names reports whether the claim names the team as an owner.
func Names(c *fact.OwnerClaim, team string) bool {
	return slices.ContainsFunc(Teams(c), func(name string) bool { return Same(name, team) })
}

// Known returns the first claim that names the team, if only as one of several.
func Known(claims []*fact.OwnerClaim, team string) (*fact.OwnerClaim, bool) {
	for _, c := range claims {
		if Names(c, team) {
			return c, true
		}
	}
	return nil, false
}

// One returns the one team that manifest and catalogs, or else CODEOWNERS, name
// for the service; empty where they name none, or several.
func One(claims []*fact.OwnerClaim) string {
	team := ""
	for _, list := range [][]*fact.OwnerClaim{OfService(claims), Paths(claims)} {
		for _, c := range list {
			for _, name := range Teams(c) {
				if team != "" && !Same(team, name) {
					return ""
				}
				if team == "" {
					team = name
				}
			}
		}
		if team != "" {
			break
		}
	}
	return team
}
