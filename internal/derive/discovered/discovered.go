// Package discovered finds what a service has that its people should declare:
// data stores, addresses that are open to the outside, and parties with whom it
// talks.
package discovered

import (
	"slices"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/edges"
	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Store is a data store that was found.
type Store struct {
	fact.Ref
	// Name is what it is called, Kind what it is: postgresql, mysql, ...; empty
	// where that is not known.
	Name, Kind string
	// Sure is false where only a volume was found, on which anything may lie.
	Sure bool
}

// Stores returns the data stores of the sets, each once: databases that operators
// keep, and workloads that keep records or messages on a volume. Caches without
// a volume and what keeps measurements are none.
func Stores(sets []*fact.Set) []Store {
	var out []Store
	add := func(s Store) {
		if !slices.ContainsFunc(out, func(o Store) bool { return o.Name == s.Name && o.Kind == s.Kind }) {
			out = append(out, s)
		}
	}
	for _, set := range sets {
		for _, d := range set.Databases {
			if !d.Transient {
				add(Store{Ref: d.Ref, Name: d.Name, Kind: d.Engine, Sure: true})
			}
		}
		for _, w := range set.Workloads {
			s, ok := stores.Of(w)
			switch {
			case !ok || s.Manner == stores.Telemetry:
			case s.Manner != stores.Records && !s.Persistent():
			default:
				add(Store{Ref: w.Ref, Name: w.Name, Kind: s.Kind, Sure: s.Kind != ""})
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// Address is something that is open to the outside.
type Address struct {
	fact.Ref
	// Kind is LoadBalancer, NodePort, ExternalIP, or a route's own kind.
	Kind string
	// Name of the object, and Hosts by which it is reached; no host means any name,
	// or an address that the platform gives.
	Name  string
	Hosts []string
	// Ranges are those from which alone traffic is taken.
	Ranges []string
}

// Addresses returns what a set opens to the outside. Routes of a mesh without a
// gateway steer traffic between pods, and the clouds' private load balancers stay
// inside.
func Addresses(here *fact.Set) []Address {
	var out []Address
	for _, s := range here.Services {
		a := Address{Ref: s.Ref, Name: s.Name, Hosts: append(external(s.Annotations), s.Hosts...)}
		switch {
		case s.Type == "LoadBalancer" && s.Internal:
			continue
		case s.Type == "LoadBalancer":
			a.Kind = "LoadBalancer"
			if all := (fact.PolicyRule{CIDRs: s.SourceRanges}); len(s.SourceRanges) > 0 && !all.World() {
				a.Ranges = s.SourceRanges
			}
		case s.Type == "URL" && !s.Internal:
			a.Kind = "URL"
		case s.Type == "NodePort":
			a.Kind = "NodePort"
		case len(s.ExternalIPs) > 0:
			a.Kind, a.Hosts = "ExternalIP", s.ExternalIPs
		default:
			continue
		}
		out = append(out, a)
	}
	for _, r := range here.Routes {
		if Outside(r) {
			hosts := r.Hosts
			if slices.Contains(hosts, "*") {
				hosts = nil
			}
			out = append(out, Address{Ref: r.Ref, Kind: r.Kind, Name: r.Name, Hosts: hosts})
		}
	}
	return out
}

// external returns the names that external-dns gives a service.
func external(annotations map[string]string) (out []string) {
	for _, name := range strings.Split(annotations["external-dns.alpha.kubernetes.io/hostname"], ",") {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// Outside reports whether a route leads in from outside.
func Outside(r *fact.Route) bool {
	if r.Kind != "Ingress" {
		return len(r.Parents) > 0
	}
	return r.Annotations["alb.ingress.kubernetes.io/scheme"] != "internal" && r.Annotations["kubernetes.io/ingress.class"] != "gce-internal"
}

// Party is somebody with whom a workload talks.
type Party struct {
	fact.Ref
	Host   string
	Client string
	Store  bool // a data store or a queue
	// Says is how it shows: "web talks to api.stripe.com".
	Says string
}

// Parties returns the hosts that the configuration of workloads names as values of
// their own and that stand nowhere in the set, and those that policies and meshes
// let traffic out to, each once: those of the world, and those that only the cluster
// knows. An address within a longer text may be a link or an example.
func Parties(here *fact.Set) (world, cluster []Party) {
	seen := map[string]bool{}
	for _, e := range edges.Of(here) {
		host := strings.ToLower(strings.TrimSuffix(e.Address.Host, "."))
		if e.Service != nil || e.Database != nil || seen[host] || !e.Address.Alone {
			continue
		}
		p := Party{Ref: e.Ref(), Host: host, Client: e.Client.Name, Store: edges.Store(e.Address), Says: e.Client.Name + " talks to " + host}
		switch {
		case !edges.Inside(host):
			if foreign(host) && talks(e.Address) {
				seen[host] = true
				world = append(world, p)
			}
		case edges.Spoken(e.Address) && !platform(host):
			seen[host] = true
			cluster = append(cluster, p)
		}
	}
	for _, p := range let(here) {
		if !seen[p.Host] && !edges.Inside(p.Host) && foreign(strings.TrimPrefix(p.Host, "*.")) {
			seen[p.Host] = true
			world = append(world, p)
		}
	}
	return world, cluster
}

// let returns the names to which policies let traffic out, and those outside that a
// mesh is told of. What is more than a name with an asterisk in front is no host of
// one party.
func let(here *fact.Set) (out []Party) {
	add := func(ref fact.Ref, name, host, says string) {
		host = strings.ToLower(strings.TrimSuffix(host, "."))
		if rest := strings.TrimPrefix(host, "*."); rest != "" && !strings.Contains(rest, "*") {
			out = append(out, Party{Ref: ref.Within("to " + host), Host: host, Client: name, Says: ref.Title(name) + " " + says + " " + host})
		}
	}
	for _, p := range here.Policies {
		for _, r := range p.Rules {
			for _, host := range r.Hosts {
				if r.Egress && !r.Deny {
					add(p.Ref.At(r.At), p.Name, host, "lets traffic out to")
				}
			}
		}
	}
	for _, e := range here.Externals {
		for _, host := range e.Hosts {
			add(e.Ref.At(e.At), e.Name, host, "tells the mesh of")
		}
	}
	return out
}

// talks reports whether a client may connect to the address: images, buckets and
// files have addresses too.
func talks(a fact.Address) bool {
	switch strings.ToLower(a.Scheme) {
	case "":
		return a.Port != 0
	case "ko", "oci", "docker", "file", "git", "ssh", "s3", "gs", "gcs", "azblob", "git+ssh", "git+https":
		return false
	}
	return true
}

// foreign reports whether a host may be somebody else's: names that are kept for
// documentation and for networks of one's own are not.
func foreign(host string) bool {
	labels := strings.Split(host, ".")
	if len(labels) < 2 || strings.ContainsAny(host, "${}<>%") {
		return false
	}
	switch labels[len(labels)-1] {
	case "local", "localhost", "internal", "test", "invalid", "example", "svc", "lan", "corp", "home", "intranet", "private", "arpa":
		return false
	}
	switch strings.Join(labels[len(labels)-2:], ".") {
	case "example.com", "example.org", "example.net":
		return false
	}
	// Two labels may be a service and its namespace: only known endings tell.
	return len(labels) > 2 || known(labels[1])
}

// known lists endings of names that are bought, as far as two labels are looked at.
func known(ending string) bool {
	switch ending {
	case "com", "org", "net", "io", "dev", "app", "cloud", "ai", "co", "de", "eu", "uk", "fr", "nl", "us", "ch", "at", "tech", "sh", "me":
		return true
	}
	return false
}

// platform reports whether a name of the cluster is the platform's own.
func platform(host string) bool {
	labels := strings.Split(host, ".")
	return len(labels) > 1 && (labels[1] == "kube-system" || labels[1] == "default" && labels[0] == "kubernetes")
}

// Matches reports whether a host is meant by a declared one: the same name, or
// one below "*.".
func Matches(declared, host string) bool {
	declared, host = strings.ToLower(declared), strings.ToLower(host)
	if rest, found := strings.CutPrefix(declared, "*."); found {
		return strings.HasSuffix(host, "."+rest)
	}
	return declared == host
}

// Served reports whether one of the sets has a service that the host may name.
func Served(all []*fact.Set, host string) bool {
	labels := strings.Split(host, ".")
	return slices.ContainsFunc(all, func(set *fact.Set) bool {
		return slices.ContainsFunc(set.Services, func(s *fact.Service) bool {
			return s.Name == labels[0] && (len(labels) == 1 || s.Namespace == "" || s.Namespace == labels[1])
		})
	})
}
