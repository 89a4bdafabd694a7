package routing

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/derive/routes"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
)

// teams lists the teams that are named anywhere, each once: owners of alerts and
// of the service, of catalogs, and those that routes choose by.
func teams(in expect.Input, trees []*routes.Tree) (out []string) {
	add := func(name string) {
		if name != "" && !strings.Contains(name, "{{") && !slices.ContainsFunc(out, func(known string) bool { return owner.Same(known, name) }) {
			out = append(out, name)
		}
	}
	add(in.Service.Owner)
	for _, set := range in.All {
		for _, a := range set.Alerts {
			add(a.Owner)
		}
	}
	if in.Declared != nil {
		for _, c := range in.Declared.Owners {
			add(c.Team)
		}
	}
	for _, t := range trees {
		t.Walk(func(r *fact.AlertRoute) {
			for _, m := range r.Matchers {
				if m.Op == "=" && owner.Is(m.Name) {
					add(m.Value)
				}
			}
		})
	}
	return out
}

// whose grades a receiver by the team that it belongs to: by what its own settings
// say, by its name, by the routes that lead to it.
func (j *judge) whose(a *fact.Alert, l routes.Labels, t *routes.Tree, d *routes.Delivery) grade {
	mine := a.Owner
	if mine == "" || strings.Contains(mine, "{{") {
		mine = j.in.Service.Owner
	}
	split := splits(t)
	switch named, by := j.named(d), "by its name"; {
	case d.Receiver.Team != "" && mine != "":
		if owner.Same(d.Receiver.Team, mine) {
			return grade{}
		}
		return grade{bad, "other-team", fmt.Sprintf("which is %s's, and not its owner's, %s", d.Receiver.Team, mine)}
	case mine != "" && slices.ContainsFunc(named, func(n string) bool { return owner.Same(n, mine) }):
		return grade{}
	case mine != "" && len(named) > 0:
		return grade{bad, "other-team", fmt.Sprintf("which is %s's %s, and not its owner's, %s", named[0], by, mine)}
	case d.Default && d.Fallen && split != "" && !t.Unseen:
		if value, known := l.Value(split); known && value == "" {
			return grade{bad, "default-receiver", fmt.Sprintf("the default, for it has no label %s, by which the routes choose a team", split)}
		}
		if mine == "" {
			return grade{bad, "default-receiver", fmt.Sprintf("the default, for no route takes it by its label %s", split)}
		}
		return grade{bad, "default-receiver", fmt.Sprintf("the default, for no route takes the alerts of %s", mine)}
	case mine == "" || d.Default || chosen(d) || split == "":
		return grade{}
	}
	return grade{open, "whose", fmt.Sprintf("and nothing says whether that is %s's", mine)}
}

// named lists the teams whose name is a part of the receiver's.
func (j *judge) named(d *routes.Delivery) (out []string) {
	words := split(d.Name)
	for _, team := range j.teams {
		of := slices.DeleteFunc(split(owner.Plain(team)), func(w string) bool { return w == "team" })
		if len(of) == 0 || len(strings.Join(of, "")) < 3 {
			continue
		}
		for i := 0; i+len(of) <= len(words); i++ {
			if slices.Equal(words[i:i+len(of)], of) {
				out = append(out, team)
				break
			}
		}
	}
	return out
}

func split(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9') })
}

// chosen reports whether a route on the way chose by the team.
func chosen(d *routes.Delivery) bool {
	return slices.ContainsFunc(d.Path, func(s routes.Step) bool {
		return slices.ContainsFunc(s.Matchers, func(m fact.LabelMatcher) bool { return owner.Is(m.Name) && (m.Op == "=" || m.Op == "=~") })
	})
}

// splits returns the label by which a tree chooses teams; empty where it serves
// one, or chooses by something else.
func splits(t *routes.Tree) (by string) {
	t.Walk(func(r *fact.AlertRoute) {
		for _, m := range r.Matchers {
			if by == "" && owner.Is(m.Name) && (m.Op == "=" || m.Op == "=~") {
				by = m.Name
			}
		}
	})
	return by
}
