package networksegmentation

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

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
			if b.Service == s.Name && same && discovered.Outside(r) {
				return r.Kind + " " + r.Name
			}
		}
	}
	return ""
}
