package networksegmentation

import (
	"slices"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// addresses lists what is open to the outside: what is found and declared
// nowhere is a gap.
func addresses(out *verdict.Findings, here *fact.Set) {
	for _, s := range here.Services {
		switch {
		case s.Type == "LoadBalancer" && s.Internal:
		case s.Type == "LoadBalancer" && narrowed(s.SourceRanges):
			out.Note(s.Ref, "limited-address", "load balancer %s is open to %s", s.Name, strings.Join(s.SourceRanges, ", "))
		case s.Type == "LoadBalancer":
			out.Fail(s.Ref, "undeclared-address", "load balancer %s is open to the outside, and nothing declares it", s.Name)
		case s.Type == "NodePort":
			out.Fail(s.Ref, "undeclared-address", "service %s opens a port of every node, and nothing declares it", s.Name)
		case len(s.ExternalIPs) > 0:
			out.Fail(s.Ref, "undeclared-address", "service %s takes traffic for %s, and nothing declares it", s.Name, strings.Join(s.ExternalIPs, ", "))
		}
	}
	for _, r := range here.Routes {
		if outside(r) {
			out.Fail(r.Ref, "undeclared-address", "%s %s opens %s to the outside, and nothing declares it", r.Kind, r.Name, hosts(r))
		}
	}
}

// narrowed reports whether source ranges are written and none means everyone.
func narrowed(ranges []string) bool {
	all := fact.PolicyRule{CIDRs: ranges}
	return len(ranges) > 0 && !all.World()
}

// outside reports whether a route leads in from outside. Routes of a mesh
// without a gateway steer traffic between pods; the clouds' private load
// balancers stay inside.
func outside(r *fact.Route) bool {
	if r.Kind != "Ingress" {
		return len(r.Parents) > 0
	}
	return r.Annotations["alb.ingress.kubernetes.io/scheme"] != "internal" && r.Annotations["kubernetes.io/ingress.class"] != "gce-internal"
}

func hosts(r *fact.Route) string {
	switch n := len(r.Hosts); {
	case n == 0, slices.Contains(r.Hosts, "*"):
		return "every host name"
	case n > 3:
		return strings.Join(r.Hosts[:3], ", ") + " and " + strconv.Itoa(n-3) + " more"
	}
	return strings.Join(r.Hosts, ", ")
}

// openPorts notes ports that a policy opens to everyone although nothing leads
// there from outside: more than is needed, if not by much.
func openPorts(out *verdict.Findings, here *fact.Set, p *fact.Policy, selected []*fact.Workload) {
	for _, w := range selected {
		for _, s := range here.ServicesFor(w) {
			if edge(here, s) != "" {
				return
			}
		}
	}
	for i := range p.Rules {
		r := &p.Rules[i]
		if p.Ingress && !r.Egress && !r.Deny && !r.AnyPort && r.World() && len(selected) > 0 {
			out.Note(p.Ref.At(r.At).Within(part(r, i)), "open-port", "policy %s lets everyone reach %s%s, to which nothing leads from outside", p.Name, selected[0].Name, ports(r))
		}
	}
}

// engines are images of data stores, by the last element of their names.
// Tools beside a store, such as its exporter or console, have other names.
var engines = []string{
	"postgres", "postgresql", "postgis", "timescaledb", "pgvector", "spilo", "cockroach", "cockroachdb", "mysql", "mysql-server",
	"mariadb", "percona", "percona-server", "mongo", "mongodb", "redis", "redis-stack", "valkey", "keydb", "memcached",
	"cassandra", "scylla", "kafka", "cp-kafka", "redpanda", "zookeeper", "etcd", "elasticsearch", "opensearch", "clickhouse",
	"clickhouse-server", "influxdb", "couchdb", "couchbase", "neo4j", "rabbitmq", "mssql", "server-mssql",
}

// stores fails a data store that something outside reaches directly.
func stores(out *verdict.Findings, here *fact.Set) {
	for _, w := range here.Workloads {
		for _, c := range w.Main() {
			if c.Image.Repository == "" || !slices.Contains(engines, c.Image.Base()) {
				continue
			}
			for _, s := range here.ServicesFor(w) {
				if !reaches(s, w, c) {
					continue
				}
				if by := edge(here, s); by != "" {
					out.Fail(s.Ref.Within("store "+w.Name), "store-exposed", "the data store %s (%s) can be reached from outside by %s", w.Name, c.Image.Base(), by)
				}
			}
		}
	}
}

// reaches reports whether the service leads to a port of the container and not
// only to those of its neighbours.
func reaches(s *fact.Service, w *fact.Workload, c *fact.Container) bool {
	if len(w.Running()) == 1 || len(c.Ports) == 0 {
		return true
	}
	for _, p := range s.Ports {
		for _, q := range c.Ports {
			if p.Target == q.Number || p.TargetName != "" && p.TargetName == q.Name {
				return true
			}
		}
	}
	return false
}

// edge names what leads from outside to a service, if anything does.
func edge(here *fact.Set, s *fact.Service) string {
	switch {
	case s.Type == "LoadBalancer" && !s.Internal:
		return "load balancer " + s.Name
	case s.Type == "NodePort":
		return "the node port of service " + s.Name
	case len(s.ExternalIPs) > 0:
		return "the external address of service " + s.Name
	}
	for _, r := range here.Routes {
		for _, b := range r.Backends {
			same := b.Namespace == s.Namespace || b.Namespace == "" && r.Namespace == s.Namespace
			if b.Service == s.Name && same && outside(r) {
				return r.Kind + " " + r.Name
			}
		}
	}
	return ""
}
