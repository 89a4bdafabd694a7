package kube

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// databaseKinds lists the databases that operators run.
func databaseKinds() map[string]kind {
	copied := yields(fact.Backups)
	return map[string]kind{
		"postgresql.cnpg.io/Cluster":                        {copied, Reader.cnpgCluster},
		"acid.zalan.do/postgresql":                          {copied, Reader.zalando},
		"postgres-operator.crunchydata.com/PostgresCluster": {copied, Reader.pgBackRest},
		"pgv2.percona.com/PerconaPGCluster":                 {copied, Reader.pgBackRest},
		"pxc.percona.com/PerconaXtraDBCluster":              {copied, Reader.perconaXtraDB},
		"psmdb.percona.com/PerconaServerMongoDB":            {copied, Reader.perconaMongo},
		"k8s.mariadb.com/MariaDB":                           {copied, plainDatabase("mysql", false)},
		"mongodbcommunity.mongodb.com/MongoDBCommunity":     {copied, plainDatabase("mongodb", false)},
		"rabbitmq.com/RabbitmqCluster":                      {copied, plainDatabase("rabbitmq", false)},
		// Snapshots of these are set up through their own API.
		"elasticsearch.k8s.elastic.co/Elasticsearch": {copied, plainDatabase("elasticsearch", true)},
		"opensearch.opster.io/OpenSearchCluster":     {copied, plainDatabase("opensearch", true)},
		"crdb.cockroachlabs.com/CrdbCluster":         {copied, plainDatabase("cockroachdb", true)},
		"kafka.strimzi.io/Kafka":                     {copied, Reader.strimzi},
	}
}

func (o *object) database(engine string) *fact.Database {
	spec := decode.Child(o.node, "spec")
	l := lies(spec)
	return &fact.Database{
		Ref: o.ref(), Kind: o.header.Kind, Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: engine,
		Refuses: o.refuses(o.header.Kind), Classes: l.classes, Topology: l.topology, At: o.at(spec),
	}
}

func (f *Fragment) store(d *fact.Database) { f.Facts.Databases = append(f.Facts.Databases, d) }

func plainDatabase(engine string, elsewhere bool) func(Reader, *object, *Fragment) {
	return func(r Reader, o *object, into *Fragment) {
		d := o.database(engine)
		d.Elsewhere = elsewhere
		into.store(d)
	}
}

func (r Reader) cnpgCluster(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Instances int `json:"instances"`
			Backup    *struct {
				BarmanObjectStore map[string]any `json:"barmanObjectStore"`
				VolumeSnapshot    map[string]any `json:"volumeSnapshot"`
				RetentionPolicy   string         `json:"retentionPolicy"`
			} `json:"backup"`
			Plugins []struct {
				Name          string            `json:"name"`
				Enabled       *bool             `json:"enabled"`
				IsWALArchiver bool              `json:"isWALArchiver"`
				Parameters    map[string]string `json:"parameters"`
			} `json:"plugins"`
			Affinity struct {
				TopologyKey string `json:"topologyKey"`
			} `json:"affinity"`
			PostgreSQL struct {
				HBA []string `json:"pg_hba"`
			} `json:"postgresql"`
			TopologySpreadConstraints []struct {
				TopologyKey string `json:"topologyKey"`
			} `json:"topologySpreadConstraints"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	d := o.database("postgresql")
	d.Instances = max(in.Spec.Instances, 1) // CloudNativePG's default
	d.DemandsCertificate = demandsCertificate(in.Spec.PostgreSQL.HBA)
	if b := in.Spec.Backup; b != nil {
		d.WAL = b.BarmanObjectStore != nil
		d.Backup = d.WAL || b.VolumeSnapshot != nil
		if d.WAL {
			d.Retention = b.RetentionPolicy // it holds for object stores alone
		}
		d.At = o.key(decode.Child(o.node, "spec"), "backup")
		d.Copies = o.barmanPlace(decode.Dig(o.node, "spec", "backup", "barmanObjectStore"))
	}
	for _, p := range in.Spec.Plugins {
		if strings.HasPrefix(p.Name, "barman-cloud.") && (p.Enabled == nil || *p.Enabled) {
			d.Backup, d.WAL, d.Store = true, d.WAL || p.IsWALArchiver, p.Parameters["barmanObjectName"]
		}
	}
	keys := []string{in.Spec.Affinity.TopologyKey}
	for _, c := range in.Spec.TopologySpreadConstraints {
		keys = append(keys, c.TopologyKey)
	}
	d.ZoneSpread = slices.Contains(keys, "topology.kubernetes.io/zone") || slices.Contains(keys, "failure-domain.beta.kubernetes.io/zone")
	into.store(d)
}

// demandsCertificate reports whether lines of pg_hba.conf let clients in only
// with a certificate: each that lets in demands one, and a line refuses plain
// text, for the operator's own last line would take it.
func demandsCertificate(lines []string) bool {
	demanded, refused := false, false
	for _, line := range lines {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[0] == "local" || strings.HasPrefix(fields[0], "#") {
			continue
		}
		switch {
		case slices.Contains(fields, "reject"):
			refused = refused || fields[0] == "hostnossl" || fields[0] == "host"
		case fields[0] == "hostssl" && (slices.Contains(fields, "cert") || slices.Contains(fields, "clientcert=verify-full") || slices.Contains(fields, "clientcert=verify-ca")):
			demanded = true
		default:
			return false
		}
	}
	return demanded && refused
}

// zalando reads a cluster of Zalando's operator. Copies of its log are set up
// in the operator's own configuration, so they may exist elsewhere.
func (r Reader) zalando(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Instances int    `json:"numberOfInstances"`
			Logical   bool   `json:"enableLogicalBackup"`
			Schedule  string `json:"logicalBackupSchedule"`
			Retention string `json:"logicalBackupRetention"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	d := o.database("postgresql")
	d.Instances, d.Elsewhere, d.Backup = in.Spec.Instances, true, true
	into.store(d)
	if !in.Spec.Logical {
		return
	}
	b := o.backup("zalando")
	b.At = o.key(decode.Child(o.node, "spec"), "enableLogicalBackup")
	b.Schedule, b.Retention, b.Database, b.Target = in.Spec.Schedule, in.Spec.Retention, o.meta.Name, o.header.Kind
	if b.Schedule == "" {
		b.Schedule = "30 00 * * *" // the operator's default: logical_backup_schedule
	}
	into.add(b)
}

// pgBackRest reads clusters of Crunchy's operator and of Percona's, which is
// built on it.
func (r Reader) pgBackRest(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Backups struct {
				PGBackRest struct {
					Global map[string]string `json:"global"`
					Repos  []struct {
						Name      string `json:"name"`
						Schedules struct {
							Full         string `json:"full"`
							Differential string `json:"differential"`
							Incremental  string `json:"incremental"`
						} `json:"schedules"`
					} `json:"repos"`
				} `json:"pgbackrest"`
			} `json:"backups"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	d := o.database("postgresql")
	d.Backup, d.WAL = len(in.Spec.Backups.PGBackRest.Repos) > 0, len(in.Spec.Backups.PGBackRest.Repos) > 0
	d.Copies = o.repoPlaces(decode.Dig(o.node, "spec", "backups", "pgbackrest", "repos"))
	into.store(d)
	for i, repo := range in.Spec.Backups.PGBackRest.Repos {
		if repo.Schedules.Full == "" {
			continue // the others are built on a full one
		}
		b := o.backup("pgbackrest")
		b.At = o.at(decode.Dig(o.node, "spec", "backups", "pgbackrest", "repos", i))
		b.Schedule, b.Database, b.Target = repo.Schedules.Full, o.meta.Name, o.header.Kind
		if full := in.Spec.Backups.PGBackRest.Global[repo.Name+"-retention-full"]; full != "" {
			b.Retention = full + " full copies"
			if in.Spec.Backups.PGBackRest.Global[repo.Name+"-retention-full-type"] == "time" {
				b.Retention = full + " d"
			}
		}
		into.add(b)
	}
}

func (r Reader) perconaXtraDB(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Backup struct {
				Schedule []struct {
					Schedule  string `json:"schedule"`
					Keep      int    `json:"keep"`
					Retention struct {
						Count int `json:"count"`
					} `json:"retention"`
				} `json:"schedule"`
			} `json:"backup"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	d := o.database("mysql")
	d.Backup = len(in.Spec.Backup.Schedule) > 0
	d.Copies = o.storagePlaces(decode.Dig(o.node, "spec", "backup", "storages"))
	into.store(d)
	for i, s := range in.Spec.Backup.Schedule {
		o.perconaBackup(s.Schedule, max(s.Keep, s.Retention.Count), false, decode.Dig(o.node, "spec", "backup", "schedule", i), into)
	}
}

func (r Reader) perconaMongo(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Backup struct {
				Enabled bool `json:"enabled"`
				Tasks   []struct {
					Enabled   bool   `json:"enabled"`
					Schedule  string `json:"schedule"`
					Keep      int    `json:"keep"`
					Retention struct {
						Count int `json:"count"`
					} `json:"retention"`
				} `json:"tasks"`
			} `json:"backup"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	d := o.database("mongodb")
	d.Backup = in.Spec.Backup.Enabled
	d.Copies = o.storagePlaces(decode.Dig(o.node, "spec", "backup", "storages"))
	into.store(d)
	for i, t := range in.Spec.Backup.Tasks {
		o.perconaBackup(t.Schedule, max(t.Keep, t.Retention.Count), !t.Enabled || !in.Spec.Backup.Enabled, decode.Dig(o.node, "spec", "backup", "tasks", i), into)
	}
}

func (o *object) perconaBackup(schedule string, keep int, suspended bool, at *decode.Node, into *Fragment) {
	b := o.backup("percona")
	b.At, b.Schedule, b.Suspended, b.Database, b.Target = o.at(at), schedule, suspended, o.meta.Name, o.header.Kind
	if keep > 0 {
		b.Retention = copies(keep)
	}
	into.add(b)
}

// strimzi reads a Kafka cluster. Its storage may stand in node pools instead.
func (r Reader) strimzi(o *object, into *Fragment) {
	d := o.database("kafka")
	d.Transient = decode.Text(decode.Dig(o.node, "spec", "kafka", "storage", "type")) == "ephemeral"
	into.store(d)
}
