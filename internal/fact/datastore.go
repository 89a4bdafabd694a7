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

// DataStore returns the kind of data store that the image holds by its name,
// or an empty string. Images of exporters and clients have other names.
func (i Image) DataStore() string {
	if i.Repository == "" {
		return ""
	}
	if strings.HasSuffix(i.Repository, "mssql/server") {
		return "SQL Server"
	}
	return dataStores[strings.ToLower(i.Base())]
}

// DataStore returns the kind of data store that the workload runs: that of its
// first main container, judged by the image's name alone; empty for none.
func (w *Workload) DataStore() string {
	for _, c := range w.Main() {
		return c.Image.DataStore()
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
