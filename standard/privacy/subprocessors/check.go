// Package subprocessors checks that third parties are on a reviewed register, and
// that the service talks to no other.
package subprocessors

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/derive/attested"
	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check judges the register where people speak, and hosts where configuration
// names them.
func Check(in expect.Input) (out verdict.Findings) {
	if in.Here.Rung == fact.Declared {
		register(&out, in)
	} else {
		match(&out, in)
	}
	return out
}

// register passes when a person vouches for a register whose entries say all that
// is asked.
func register(out *verdict.Findings, in expect.Input) {
	attested.Judge(out, in, "privacy/subprocessors", "register", "the register", attested.Rules{Attested: "registered", Flawed: "flawed-register"})
	if in.Declared == nil {
		return
	}
	parties := in.Declared.ThirdParties
	if len(parties) > 0 && len(out.List) == 0 {
		out.Lacks(parties[0].Ref.Within("register"), []fact.Kind{fact.Manifest}, "unsigned", "%s names %s, and nobody vouches for the list", in.Declared.Manifest, names(parties))
	}
	for _, p := range parties {
		if lacks := missing(p); len(lacks) > 0 {
			out.Fail(p.Ref, "incomplete", "the entry of %s has no %s", p.Name, strings.Join(lacks, ", no "))
			continue
		}
		if age := in.MaxAge(fact.Declared); age > 0 && expect.Past(p.Reviewed.Add(age), in.AsOf) {
			out.Fail(p.Ref, "overdue", "%s was last reviewed on %s, more than %d days ago", p.Name, expect.Day(p.Reviewed), int(age/(24*time.Hour)))
		}
	}
}

func names(parties []*fact.ThirdParty) string {
	out := make([]string, len(parties))
	for i, p := range parties {
		out[i] = p.Name
	}
	return strings.Join(out, ", ")
}

// missing lists what an entry of the register does not say.
func missing(p *fact.ThirdParty) (out []string) {
	for _, part := range []struct {
		name string
		set  bool
	}{
		{"hosts", len(p.Hosts) > 0}, {"purpose", p.Purpose != ""}, {"data categories", len(p.Categories) > 0},
		{"agreement that is there", p.Agreement != "" && p.Resolves}, {"date of review", !p.Reviewed.IsZero()},
	} {
		if !part.set {
			out = append(out, part.name)
		}
	}
	return out
}

// match passes each host of the world that is on the register. Nobody said
// whether a host is a third party's before there is a manifest.
func match(out *verdict.Findings, in expect.Input) {
	world, _ := discovered.Parties(in.Here)
	for _, p := range world {
		switch by := meant(in, p.Host); {
		case by != "":
			out.Pass(p.Ref, "matched", "%s, which is %s", p.Says, by)
		case in.Declared == nil || in.Declared.Manifest == "":
			out.Unclear(p.Ref, "undeclared", "%s, and no seaworthy.yaml says whose that is", p.Says)
		default:
			out.Lacks(p.Ref, []fact.Kind{fact.Manifest}, "unregistered", "%s, which %s does not name (`- {name: %s, hosts: [%s]}` under `thirdParties` does)", p.Says, in.Declared.Manifest, title(p.Host), listed(p.Host))
		}
	}
}

// meant says as what a host is declared; empty where it is not.
func meant(in expect.Input, host string) string {
	d := in.Declared
	if d == nil {
		return ""
	}
	for _, p := range d.ThirdParties {
		if slices.ContainsFunc(p.Hosts, func(h string) bool { return discovered.Matches(h, host) }) {
			return fmt.Sprintf("the third party %s", p.Name)
		}
	}
	for _, p := range d.Dependencies {
		if slices.ContainsFunc(p.Hosts, func(h string) bool { return discovered.Matches(h, host) }) {
			return fmt.Sprintf("the dependency %s", p.Name)
		}
	}
	for _, e := range d.Endpoints {
		if discovered.Matches(e.Host, host) {
			return "an endpoint of its own"
		}
	}
	return ""
}

// title makes a name of a host: "stripe" of api.stripe.com.
func title(host string) string {
	labels := strings.Split(host, ".")
	return labels[max(0, len(labels)-2)]
}

// listed writes a host as an item of a list: an asterisk in front is quoted.
func listed(host string) string {
	if strings.HasPrefix(host, "*") {
		return `"` + host + `"`
	}
	return host
}
