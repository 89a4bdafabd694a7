// Package stores tells which workloads keep data: by the image's name, and
// where that says nothing by the port together with a volume.
package stores

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Manner is what a loss of the store's data means.
type Manner int

// The manners of stores.
const (
	// Records are the service's own data: a database, an index, a bucket.
	Records Manner = iota
	// Cache holds copies, unless it is given a volume.
	Cache
	// Broker passes messages on, and keeps them where it is given a volume.
	Broker
	// Telemetry holds measurements, logs and traces.
	Telemetry
)

// Store is a workload that keeps data.
type Store struct {
	// Kind is postgresql, mysql, mongodb, ...; empty where it is not known
	// what runs on the volume.
	Kind   string
	Manner Manner
	// Volumes lists the persistent volumes into which its containers write.
	Volumes []*fact.Volume
}

// Persistent reports whether the store has a volume that outlives its pods.
func (s Store) Persistent() bool { return len(s.Volumes) > 0 }

// images maps the last element of an image's name to the kind of store. They
// are the names of the official images and of the vendors' own.
var images = map[string]string{
	"postgres": "postgresql", "postgresql": "postgresql", "postgresql-repmgr": "postgresql", "postgis": "postgresql",
	"timescaledb": "postgresql", "timescaledb-ha": "postgresql", "pgvector": "postgresql", "spilo": "postgresql",
	"crunchy-postgres": "postgresql", "edb-postgres-advanced": "postgresql",
	"mysql": "mysql", "mysql-server": "mysql", "mariadb": "mysql", "mariadb-galera": "mysql", "percona": "mysql",
	"percona-server": "mysql", "percona-xtradb-cluster": "mysql",
	"mongo": "mongodb", "mongodb": "mongodb", "mongodb-community-server": "mongodb", "mongodb-enterprise-server": "mongodb",
	"percona-server-mongodb": "mongodb", "mongodb-sharded": "mongodb", "documentdb": "mongodb", "documentdb-local": "mongodb",
	"elasticsearch": "elasticsearch", "elasticsearch-oss": "elasticsearch", "opensearch": "opensearch", "solr": "solr",
	"cassandra": "cassandra", "scylla": "cassandra", "dse-server": "cassandra", "cockroach": "cockroachdb", "yugabyte": "yugabytedb",
	"tikv": "tidb", "clickhouse": "clickhouse", "clickhouse-server": "clickhouse", "influxdb": "influxdb", "neo4j": "neo4j",
	"couchdb": "couchdb", "couchbase": "couchbase", "arangodb": "arangodb", "rethinkdb": "rethinkdb", "etcd": "etcd",
	"zookeeper": "zookeeper", "minio": "minio", "rustfs": "rustfs", "qdrant": "qdrant",
	"weaviate": "weaviate", "milvus": "milvus", "chroma": "chroma", "dgraph": "dgraph", "questdb": "questdb", "surrealdb": "surrealdb",
	"typesense": "typesense", "meilisearch": "meilisearch", "foundationdb": "foundationdb", "hbase": "hbase", "oracle-database": "oracle",
	"memcached": "memcached", "redis": "redis", "redis-stack": "redis", "redis-stack-server": "redis", "redis-cluster": "redis",
	"valkey": "redis", "valkey-cluster": "redis", "keydb": "redis", "dragonfly": "redis", "garnet": "redis",
	"rabbitmq": "rabbitmq", "kafka": "kafka", "cp-kafka": "kafka", "redpanda": "kafka", "nats": "nats", "nats-streaming": "nats",
	"pulsar": "pulsar", "pulsar-all": "pulsar", "activemq": "activemq", "activemq-artemis": "activemq", "nsqd": "nsq",
	"prometheus": "prometheus", "alertmanager": "alertmanager", "loki": "loki", "tempo": "tempo", "mimir": "mimir", "thanos": "thanos",
	"cortex": "cortex", "victoria-metrics": "victoriametrics", "vmstorage": "victoriametrics", "pyroscope": "pyroscope", "jaeger": "jaeger",
	"all-in-one": "jaeger",
}

var manners = map[string]Manner{
	"memcached": Cache, "redis": Cache,
	"rabbitmq": Broker, "kafka": Broker, "nats": Broker, "pulsar": Broker, "activemq": Broker, "nsq": Broker,
	"prometheus": Telemetry, "alertmanager": Telemetry, "loki": Telemetry, "tempo": Telemetry, "mimir": Telemetry, "thanos": Telemetry,
	"cortex": Telemetry, "victoriametrics": Telemetry, "pyroscope": Telemetry, "jaeger": Telemetry,
}

// ports are registered ports of stores; they count only beside a volume, for
// proxies and exporters listen there too.
var ports = map[int]string{
	5432: "postgresql", 3306: "mysql", 27017: "mongodb", 6379: "redis", 9200: "elasticsearch", 9042: "cassandra",
	26257: "cockroachdb", 2379: "etcd", 5672: "rabbitmq", 9092: "kafka", 8086: "influxdb", 7687: "neo4j", 5984: "couchdb",
}

// Of returns what the workload keeps; ok is false for one that keeps nothing.
// Jobs never do.
func Of(w *fact.Workload) (s Store, ok bool) {
	if !w.Form.Serves() {
		return Store{}, false
	}
	s.Volumes = written(w)
	for _, c := range w.Main() {
		if kind := kindOf(c.Image); kind != "" {
			s.Kind, s.Manner = kind, manners[kind]
			return s, true
		}
	}
	if len(s.Volumes) == 0 || w.Form == fact.PerNode {
		return s, false
	}
	for _, c := range w.Main() {
		for _, p := range c.Ports {
			if kind, found := ports[p.Number]; found {
				s.Kind, s.Manner = kind, manners[kind]
				return s, true
			}
		}
	}
	return s, true
}

// Port returns the port on which the image of a store listens by itself; 0 for
// an image that is no store, or whose port is not known.
func Port(i fact.Image) int {
	kind := kindOf(i)
	best := 0
	for port, of := range ports {
		if of == kind && kind != "" && (best == 0 || port < best) {
			best = port
		}
	}
	return best
}

// Listens returns the kind of store on whose registered port the workload
// listens; empty for none. Proxies in front of stores do so too.
func Listens(w *fact.Workload) string {
	for _, c := range w.Main() {
		for _, p := range c.Ports {
			if kind := ports[p.Number]; kind != "" {
				return kind
			}
		}
	}
	return ""
}

// kindOf reads the image's last element only as a whole: postgres-exporter and
// redis-operator keep no data.
func kindOf(i fact.Image) string {
	base := strings.ToLower(i.Base())
	if strings.HasSuffix(i.Repository, "mssql/server") {
		return "sqlserver"
	}
	return images[base]
}

// written returns the persistent volumes that a running container mounts and
// may write.
func written(w *fact.Workload) []*fact.Volume {
	var out []*fact.Volume
	for i := range w.Volumes {
		v := &w.Volumes[i]
		if !lasts(v, w.Form) {
			continue
		}
		used := slices.ContainsFunc(w.Running(), func(c *fact.Container) bool {
			return slices.ContainsFunc(c.Mounts, func(m fact.Mount) bool { return m.Volume == v.Name && !m.ReadOnly })
		})
		if used && !system(v.HostPath) {
			out = append(out, v)
		}
	}
	return out
}

// lasts reports whether the volume's content outlives the pod. What a DaemonSet
// finds on its node is the node's.
func lasts(v *fact.Volume, form fact.Form) bool {
	switch v.Source {
	case "persistentVolumeClaim", "volume", "other": // others are disks and file servers named in the pod itself
		return true
	case "hostPath":
		return form != fact.PerNode
	case "csi":
		return !strings.Contains(v.Driver, "secret") && !strings.Contains(v.Driver, "cert-manager") && !strings.Contains(v.Driver, "spiffe")
	}
	return false
}

// system reports whether a path of the node belongs to the node itself: its
// sockets, devices, logs and time zone.
func system(path string) bool {
	for _, prefix := range []string{"/var/run", "/run", "/dev", "/proc", "/sys", "/etc", "/var/log", "/var/lib/docker", "/var/lib/kubelet", "/lib", "/usr", "/opt/cni"} {
		if path == prefix || strings.HasPrefix(path, prefix+"/") {
			return true
		}
	}
	return path == "/"
}
