// Package edges finds which workload talks to which, as far as their
// configuration names addresses, and how a service mesh guards it.
package edges

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Edge is a dependency: a workload that names the address of something.
type Edge struct {
	Client  *fact.Workload
	Address fact.Address
	// Service is what the address names; nil where it is not among the facts.
	Service *fact.Service
	// Database is set instead where an operator names the service after it.
	Database *fact.Database
	// Servers are the workloads behind the service.
	Servers []*fact.Workload
}

// Ref names the edge: the client, narrowed to whom it talks to.
func (e Edge) Ref() fact.Ref {
	to := e.Address.Host
	if e.Address.Port != 0 {
		to += ":" + strconv.Itoa(e.Address.Port)
	}
	return e.Client.Ref.At(e.Address.At).Within("to " + to)
}

// Of returns the edges that environments, arguments and settings of workloads
// name: one for each client, host and port. Addresses of the pod itself, of the
// workload's own services and of the Kubernetes API are no edges.
func Of(here *fact.Set) []Edge {
	var out []Edge
	for _, w := range here.Workloads {
		type key struct {
			host string
			port int
		}
		seen, referred := map[key]bool{}, map[string]int{}
		for _, a := range dials(here, w) {
			k := key{a.Host, a.Port}
			if a.Refers != "" {
				at, known := referred[a.Refers]
				switch e, found := refers(here, w, a); {
				case !found:
				case !known:
					referred[a.Refers] = len(out)
					out = append(out, e)
				case out[at].Address.Scheme == "": // what tells more counts
					out[at] = e
				}
				continue
			}
			if seen[k] || !named(a.Host) {
				continue
			}
			seen[k] = true
			e := Edge{Client: w, Address: a, Service: Resolve(here, w.Namespace, a.Host)}
			if e.Service == nil && w.Platform.Cloud() {
				e.Service = discovered(here, a.Host)
			}
			if e.Service != nil {
				e.Servers = here.WorkloadsOf(e.Service)
			} else {
				e.Database = database(here, w.Namespace, a.Host)
			}
			if !slices.Contains(e.Servers, w) {
				out = append(out, e)
			}
		}
	}
	return out
}

// dials returns the addresses in the workload's containers and in the settings
// that they read. The place of one in a setting is the setting's.
func dials(here *fact.Set, w *fact.Workload) []fact.Address {
	var out []fact.Address
	for _, c := range w.All() {
		out = append(out, c.Dials...)
	}
	for _, s := range here.SettingsFor(w) {
		out = append(out, s.Dials...)
	}
	return out
}

var hostForm = regexp.MustCompile(`(?i)^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.?$`)

// named reports whether the host is the name of another party.
func named(host string) bool {
	switch {
	case !hostForm.MatchString(host), host == "localhost", strings.HasSuffix(host, ".localhost"), host == "host.docker.internal":
		return false
	case strings.Trim(host, "0123456789.") == "": // an address
		return false
	case host == "kubernetes", host == "kubernetes.default", strings.HasPrefix(host, "kubernetes.default.svc"):
		return false
	}
	return true
}

// Inside reports whether a host is a name that only the cluster knows: a
// single label, or a name below svc.
func Inside(host string) bool {
	host = strings.TrimSuffix(host, ".")
	return !strings.Contains(host, ".") || strings.HasSuffix(host, ".svc") || strings.Contains(host, ".svc.") || strings.HasSuffix(host, ".cluster.local")
}

// Resolve returns the service that a host names for clients of a namespace, by
// the rules of cluster DNS, or nil. Where manifests leave the namespace to the
// deployer, so does the match.
func Resolve(here *fact.Set, namespace, host string) *fact.Service {
	labels := strings.Split(strings.ToLower(strings.TrimSuffix(host, ".")), ".")
	find := func(ns, name string) *fact.Service {
		if svc := here.Service(ns, name); svc != nil {
			return svc
		}
		if namespace == "" {
			return here.Service("", name)
		}
		return nil
	}
	below := slices.Index(labels, "svc")
	switch {
	case len(labels) == 1:
		return here.Service(namespace, labels[0])
	case below == 2 || below < 0 && len(labels) == 2:
		if svc := find(labels[1], labels[0]); svc != nil {
			return svc
		}
		if below < 0 { // an instance of a stateful workload: web-0.web
			if svc := here.Service(namespace, labels[1]); svc != nil && svc.Headless {
				return svc
			}
		}
	case below == 3: // web-0.web.shop.svc
		return find(labels[2], labels[1])
	}
	return nil
}

// discovered returns the service to which a cloud's discovery leads by a name.
func discovered(here *fact.Set, host string) *fact.Service {
	for _, svc := range here.Services {
		if svc.Type == "discovery" && slices.Contains(svc.Hosts, host) {
			return svc
		}
	}
	return nil
}

// refers returns the edge to a resource whose host is known only when it is
// there: a store that a cloud runs, or a load balancer.
func refers(here *fact.Set, w *fact.Workload, a fact.Address) (Edge, bool) {
	if d := managed(here, a.Refers); d != nil {
		a.Host = d.Name
		return Edge{Client: w, Address: a, Database: d}, true
	}
	for _, svc := range here.Services {
		if svc.Subject == a.Refers && a.Scheme != "" {
			a.Host = svc.Name
			e := Edge{Client: w, Address: a, Service: svc, Servers: here.WorkloadsOf(svc)}
			return e, !slices.Contains(e.Servers, w)
		}
	}
	return Edge{}, false
}

// managed returns the store that a cloud runs at an address, or nil.
func managed(here *fact.Set, address string) *fact.Database {
	for _, d := range here.Databases {
		if d.Managed != nil && (d.Managed.Address == address || strings.HasPrefix(d.Managed.Address, address+"[")) {
			return d
		}
	}
	return nil
}

// database returns the CloudNativePG cluster of which the host is one of the
// services that its operator makes: read and write, read only, or any.
func database(here *fact.Set, namespace, host string) *fact.Database {
	labels := strings.Split(strings.ToLower(strings.TrimSuffix(host, ".")), ".")
	if len(labels) > 1 {
		if len(labels) > 2 && labels[2] != "svc" {
			return nil
		}
		if namespace != "" {
			namespace = labels[1]
		}
	}
	for _, d := range here.Databases {
		if d.Engine != "postgresql" || d.Kind != "Cluster" || d.Namespace != namespace {
			continue
		}
		if rest, found := strings.CutPrefix(labels[0], d.Name+"-"); found && (rest == "rw" || rest == "ro" || rest == "r") {
			return d
		}
	}
	return nil
}

// Target returns the container's port behind a port of the service; 0 where it
// cannot be told.
func Target(svc *fact.Service, port int, w *fact.Workload) int {
	for _, p := range svc.Ports {
		if p.Number != port && (port != 0 || len(svc.Ports) > 1) {
			continue
		}
		if p.TargetName == "" {
			return p.Target
		}
		for _, c := range w.Running() {
			for _, q := range c.Ports {
				if q.Name == p.TargetName {
					return q.Number
				}
			}
		}
	}
	return 0
}
