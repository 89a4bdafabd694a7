package fact

import "strings"

// dataStores maps the base name of an image to the kind of store in it.
var dataStores = map[string]string{
	"postgres": "PostgreSQL", "postgresql": "PostgreSQL", "postgis": "PostgreSQL", "timescaledb": "PostgreSQL", "pgvector": "PostgreSQL",
	"mysql": "MySQL", "mysql-server": "MySQL", "mariadb": "MariaDB", "percona": "MySQL", "percona-server": "MySQL",
	"mongo": "MongoDB", "mongodb": "MongoDB", "redis": "Redis", "redis-stack-server": "Redis", "valkey": "Valkey", "keydb": "KeyDB",
	"cassandra": "Cassandra", "scylla": "ScyllaDB", "cockroach": "CockroachDB", "etcd": "etcd", "zookeeper": "ZooKeeper",
	"kafka": "Kafka", "cp-kafka": "Kafka", "rabbitmq": "RabbitMQ", "nats": "NATS", "elasticsearch": "Elasticsearch", "opensearch": "OpenSearch",
	"influxdb": "InfluxDB", "clickhouse": "ClickHouse", "clickhouse-server": "ClickHouse", "neo4j": "Neo4j", "couchdb": "CouchDB",
	"minio": "MinIO", "rethinkdb": "RethinkDB", "memcached": "Memcached", "mssql": "SQL Server", "activemq": "ActiveMQ",
}

// storePorts maps the port by which a store is known to its kind. Ports that
// other programs use as well are left out.
var storePorts = map[int]string{
	5432: "PostgreSQL", 3306: "MySQL", 27017: "MongoDB", 6379: "Redis", 9042: "Cassandra", 26257: "CockroachDB",
	5672: "RabbitMQ", 9092: "Kafka", 2181: "ZooKeeper", 11211: "Memcached", 1433: "SQL Server", 1521: "Oracle",
}

// DataStore returns the kind of data store that the image holds by its name,
// or an empty string. Images of exporters and clients have other names.
func (i Image) DataStore() string {
	if i.Repository == "" {
		return ""
	}
	if strings.HasSuffix(i.Repository, "mssql/server") {
		return "SQL Server"
	}
	base := strings.ToLower(i.Base())
	for _, suffix := range []string{"-ha", "-cluster", "-repmgr", "-server", "-community-server"} {
		if kind := dataStores[strings.TrimSuffix(base, suffix)]; kind != "" {
			return kind
		}
	}
	return dataStores[base[strings.LastIndexByte(base, '-')+1:]]
}

// DataStore returns the kind of data store that the workload runs, judged by
// the image's name or the well-known port of its first main container; empty
// for none.
func (w *Workload) DataStore() string {
	for _, c := range w.Main() {
		if kind := c.Image.DataStore(); kind != "" {
			return kind
		}
		if len(c.Ports) > 0 {
			return storePorts[c.Ports[0].Number]
		}
		break
	}
	return ""
}

// KeepsData reports whether each instance has a volume of its own that
// outlives it.
func (w *Workload) KeepsData() bool {
	for i := range w.Volumes {
		if w.Volumes[i].Template {
			return true
		}
	}
	return false
}
