package aws

import (
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// store begins a data store that AWS runs.
func (r *reader) store(res *model.Resource, engine, purpose string, names ...string) *fact.Database {
	m := &fact.ManagedStore{Purpose: purpose, Address: res.Address}
	m.Region, m.RegionWhy = r.region(res)
	m.Tags, m.TagsUnknown = r.tags(res)
	d := &fact.Database{Ref: res.Ref(), Kind: res.Type, Name: name(res, names...), Engine: engine, At: res.At, Managed: m}
	r.into.Databases = append(r.into.Databases, d)
	return d
}

// always is a truth that the service itself guarantees.
func always(res *model.Resource) fact.Truth { return fact.Yes(res.At) }

// placeOf gives a truth the resource's place where it has none of its own.
func placeOf(t fact.Truth, res *model.Resource) fact.Truth {
	if t.At.File == "" {
		t.At = res.At
	}
	return t
}

// flag reads a yes or no with its place.
func flag(res *model.Resource, absent bool, path ...string) fact.Truth {
	return placeOf(truth(res.Body.Get(path...), absent), res)
}

// daily reads for how many days automatic copies are kept; 0 means that there
// are none.
func daily(d *fact.Database, res *model.Resource, attribute string, absent int) {
	v := res.Body.Get(attribute)
	days, known := number(v, absent)
	d.Managed.Copies = placeOf(fact.Truth{Known: known, Yes: days > 0, Why: v.Why, At: v.At}, res)
	d.Managed.Schedule = "daily"
	if known && days > 0 {
		d.Managed.Retention = strconv.Itoa(days) + " days"
	}
	if !known {
		d.Managed.Copies.Why = why(v)
	}
}

// stores reads what keeps data.
func (r *reader) stores() {
	r.relational()
	r.keyed()
	r.caches()
	r.files()
	r.queues()
	r.exposed()
}

// relational reads RDS, Aurora, DocumentDB, Neptune and Redshift.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html
func (r *reader) relational() {
	backups := kinds(fact.Backups, fact.Storage)
	for _, res := range r.of(backups, "aws_db_instance") {
		d := r.store(res, engineName(text(res.Body.Get("engine"))), "records", "identifier")
		m := d.Managed
		m.MultiZone, m.Encrypted = flag(res, false, "multi_az"), flag(res, false, "storage_encrypted")
		m.Key = res.Body.Get("kms_key_id").Present()
		m.Public, m.Protected = flag(res, false, "publicly_accessible"), flag(res, false, "deletion_protection")
		m.TLS = r.demandsTLS(res, d.Engine, "aws_db_parameter_group", "parameter_group_name")
		r.tokens(d, res, "rds-db:connect")
		daily(d, res, "backup_retention_period", 0)
		if source := res.Body.Get("replicate_source_db"); source.Present() || !source.Known() {
			m.Purpose = "replica"
			m.MultiZone = always(res) // it is itself a copy
		}
		for _, copied := range r.c.Of("aws_db_instance_automated_backups_replication") {
			if r.means(copied, res, "source_db_instance_arn") {
				if region, _ := r.region(copied); region != "" {
					m.CopyRegions = append(m.CopyRegions, region)
				}
			}
		}
	}
	for _, kind := range []struct{ cluster, instance, engine, groups string }{
		{"aws_rds_cluster", "aws_rds_cluster_instance", "", "aws_rds_cluster_parameter_group"},
		{"aws_docdb_cluster", "aws_docdb_cluster_instance", "mongodb", "aws_docdb_cluster_parameter_group"},
		{"aws_neptune_cluster", "aws_neptune_cluster_instance", "neptune", "aws_neptune_cluster_parameter_group"},
	} {
		for _, res := range r.of(backups, kind.cluster) {
			engine := kind.engine
			if engine == "" {
				engine = engineName(text(res.Body.Get("engine")))
			}
			d := r.store(res, engine, "records", "cluster_identifier")
			m := d.Managed
			m.Encrypted = flag(res, text(res.Body.Get("engine_mode")) == "serverless", "storage_encrypted")
			if strings.HasPrefix(text(res.Body.Get("engine")), "aurora") && m.Encrypted.Known && !m.Encrypted.Yes {
				// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html
				m.Encrypted = fact.Truth{Why: "Aurora encrypts every cluster that was made since 2026-02-18, and none of the earlier ones by itself", At: m.Encrypted.At}
			}
			m.Key = res.Body.Get("kms_key_id").Present()
			m.Protected = flag(res, false, "deletion_protection")
			m.TLS = r.demandsTLS(res, engine, kind.groups, "db_cluster_parameter_group_name")
			switch kind.cluster {
			case "aws_rds_cluster":
				r.tokens(d, res, "rds-db:connect")
			case "aws_neptune_cluster":
				r.tokens(d, res, "neptune-db:connect")
				m.Otherwise = "nothing at all"
			}
			daily(d, res, "backup_retention_period", 1)
			m.MultiZone, m.Public = r.members(res, kind.instance)
		}
	}
	for _, res := range r.of(backups, "aws_redshift_cluster") {
		d := r.store(res, "redshift", "records", "cluster_identifier")
		d.Managed.Encrypted, d.Managed.MultiZone = flag(res, false, "encrypted"), flag(res, false, "multi_az")
		d.Managed.Public = flag(res, false, "publicly_accessible")
		if v := res.Body.Get("publicly_accessible"); !v.Present() && v.Known() {
			d.Managed.Public = fact.Truth{Why: "the default of publicly_accessible differs by version of the provider", At: res.At}
		}
		if v := res.Body.Get("encrypted"); !v.Present() && v.Known() {
			// https://docs.aws.amazon.com/redshift/latest/mgmt/behavior-changes.html: encrypted since January 2025.
			d.Managed.Encrypted = fact.Truth{Why: "the default of encrypted differs by version of the provider and by the cluster's age", At: res.At}
		}
		daily(d, res, "automated_snapshot_retention_period", 1)
	}
}

// members tells whether a cluster has instances in two zones, and whether one
// of them is public. Aurora spreads instances over zones by itself.
func (r *reader) members(res *model.Resource, kind string) (zones, public fact.Truth) {
	if res.Body.Get("db_cluster_instance_class").Present() {
		return always(res), fact.No(res.At) // a Multi-AZ cluster has two standbys
	}
	public = fact.No(res.At)
	n, at := 0, res.At
	for _, i := range r.c.Of(kind) {
		if !r.means(i, res, "cluster_identifier") {
			continue
		}
		n++
		if at == res.At {
			at = i.At
		}
		if !i.Count.Known() {
			return fact.Truth{Why: why(i.Count), At: i.At}, public
		}
		if t := flag(i, false, "publicly_accessible"); t.Is() {
			public = t
		}
	}
	if n == 0 {
		return fact.Truth{Why: "none of its instances is among these files", At: res.At}, public
	}
	return fact.Truth{Known: true, Yes: n > 1, At: at}, public
}

// engineName is what others call an engine of RDS.
func engineName(engine string) string {
	switch {
	case strings.Contains(engine, "postgres"):
		return "postgresql"
	case strings.Contains(engine, "mysql"), engine == "aurora":
		return "mysql"
	case engine == "":
		return "database"
	}
	return engine
}

// demandsTLS reads whether a database refuses clients that do not encrypt.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
func (r *reader) demandsTLS(res *model.Resource, engine, groups, attribute string) fact.Truth {
	v := res.Body.Get(attribute)
	parameter := map[string]string{"postgresql": "rds.force_ssl", "mysql": "require_secure_transport", "mariadb": "require_secure_transport", "mongodb": "tls"}[engine]
	version := text(res.Body.Get("engine_version"))
	if parameter == "" {
		return fact.Truth{Why: "how " + engine + " is told to refuse plain text is not read", At: res.At}
	}
	g := r.one(res, v, "name", groups)
	if g == nil && (v.Present() || !v.Known()) {
		return fact.Truth{Why: "its parameter group is not among these files", At: v.At}
	}
	if g != nil {
		for _, p := range nested(g.Body.Get("parameter")) {
			if text(p.Get("name")) != parameter {
				continue
			}
			value := strings.ToLower(text(p.Get("value")))
			if !p.Get("value").Known() {
				return fact.Truth{Why: why(p.Get("value")), At: p.At}
			}
			return fact.Truth{Known: true, Yes: value == "1" || value == "on" || value == "true" || value == "enabled", At: p.At}
		}
	}
	number := strings.SplitN(version, ".", 3)
	major, err := strconv.Atoi(number[0])
	minor := -1
	if len(number) > 1 {
		if n, err := strconv.Atoi(number[1]); err == nil {
			minor = n
		}
	}
	switch {
	case engine == "mongodb":
		return always(res) // on by default
	case engine == "mariadb" && err != nil:
		return fact.Truth{Why: "the default depends on the engine's version, which is not written", At: res.At}
	case engine == "mariadb" && (major > 11 || major == 11 && minor >= 8):
		// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mariadb-ssl-connections.require-ssl.html
		return always(res)
	case engine == "mariadb" && major == 11 && minor < 0:
		return fact.Truth{Why: "the default is on from version 11.8, and the engine's version is written as 11 only", At: res.At}
	case engine != "postgresql":
		return fact.No(res.At)
	case err != nil:
		return fact.Truth{Why: "the default depends on the engine's version, which is not written", At: res.At}
	}
	on := 15 // the version from which rds.force_ssl is on
	if strings.HasPrefix(text(res.Body.Get("engine")), "aurora") {
		on = 17 // not so a Multi-AZ cluster, which is RDS
	}
	return fact.Truth{Known: true, Yes: major >= on, At: res.At}
}

// keyed reads DynamoDB, OpenSearch, MemoryDB and time series.
func (r *reader) keyed() {
	backups := kinds(fact.Backups, fact.Storage)
	for _, res := range r.of(backups, "aws_dynamodb_table") {
		m := r.store(res, "dynamodb", "records").Managed
		m.MultiZone, m.Encrypted, m.TLS = always(res), always(res), always(res)
		m.Key = res.Body.Get("server_side_encryption", "kms_key_arn").Present()
		m.Public, m.Protected = fact.No(res.At), flag(res, false, "deletion_protection_enabled")
		m.Copies, m.Schedule, m.Retention = flag(res, false, "point_in_time_recovery", "enabled"), "continuous", "35 days"
		if n, known := number(res.Body.Get("point_in_time_recovery", "recovery_period_in_days"), 35); known && m.Copies.Yes {
			m.Retention = strconv.Itoa(n) + " days"
		}
		for _, replica := range nested(res.Body.Get("replica")) {
			if t := text(replica.Get("region_name")); t != "" {
				m.CopyRegions = append(m.CopyRegions, t)
			}
		}
	}
	for _, res := range r.of(backups, "aws_opensearch_domain", "aws_elasticsearch_domain") {
		m := r.store(res, "opensearch", "records", "domain_name").Managed
		m.MultiZone, m.Encrypted = flag(res, false, "cluster_config", "zone_awareness_enabled"), flag(res, false, "encrypt_at_rest", "enabled")
		// The provider sends true where the block is written and says nothing
		// else: its documentation of domain_endpoint_options.
		m.TLS = flag(res, res.Body.Get("domain_endpoint_options").Present(), "domain_endpoint_options", "enforce_https")
		searchers(m, res)
		m.Public = fact.Truth{Known: res.Body.Get("vpc_options").Known(), Yes: !res.Body.Get("vpc_options").Present(), Why: res.Body.Get("vpc_options").Why, At: res.At}
		m.PublicBy = "its endpoint stands outside of any network (no vpc_options)"
		m.Copies, m.Schedule, m.Retention = always(res), "hourly", "14 days"
	}
	for _, res := range r.of(backups, "aws_memorydb_cluster") {
		m := r.store(res, "redis", "records").Managed
		replicas, known := number(res.Body.Get("num_replicas_per_shard"), 1)
		m.MultiZone = fact.Truth{Known: known, Yes: replicas > 0, At: res.At, Why: res.Body.Get("num_replicas_per_shard").Why}
		m.Encrypted, m.TLS, m.Public = always(res), flag(res, true, "tls_enabled"), fact.No(res.At)
		days, ok := number(res.Body.Get("snapshot_retention_limit"), 0)
		m.Copies = fact.Truth{Known: ok, Yes: days > 0, At: res.At, Why: res.Body.Get("snapshot_retention_limit").Why}
		m.Schedule, m.Retention = "daily", strconv.Itoa(days)+" days"
	}
}

// caches reads ElastiCache. What it holds is a copy, unless it is snapshotted.
func (r *reader) caches() {
	storage := kinds(fact.Backups, fact.Storage)
	for _, res := range r.of(storage, "aws_elasticache_replication_group") {
		d := r.store(res, "redis", "cache", "replication_group_id")
		d.Transient = true
		m := d.Managed
		// The default is on for Valkey, off for Redis:
		// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_replication_group
		m.Encrypted = flag(res, text(res.Body.Get("engine")) == "valkey", "at_rest_encryption_enabled")
		m.TLS, m.Public = forced(res), fact.No(res.At)
		r.groups(m, res, "user_group_ids", "aws_elasticache_user_group")
		m.MultiZone = flag(res, false, "multi_az_enabled")
		if failover := flag(res, false, "automatic_failover_enabled"); !m.MultiZone.Is() && !failover.Known {
			m.MultiZone = failover
		}
	}
	for _, res := range r.of(storage, "aws_elasticache_cluster") {
		if res.Body.Get("replication_group_id").Present() {
			continue
		}
		d := r.store(res, text(res.Body.Get("engine")), "cache", "cluster_id")
		d.Transient = true
		m := d.Managed
		nodes, known := number(res.Body.Get("num_cache_nodes"), 1)
		cross := text(res.Body.Get("az_mode")) == "cross-az"
		m.MultiZone = fact.Truth{Known: known, Yes: nodes > 1 && cross, At: res.At, Why: res.Body.Get("num_cache_nodes").Why}
		m.Encrypted, m.TLS, m.Public = fact.No(res.At), forced(res), fact.No(res.At)
		m.Identity, m.Otherwise = fact.No(res.At), "nothing at all" // these have neither users nor passwords
		if d.Engine == "memcached" {
			m.Encrypted = fact.Truth{Why: "memcached keeps nothing on a disk", At: res.At}
		}
	}
	for _, res := range r.of(storage, "aws_elasticache_serverless_cache") {
		d := r.store(res, text(res.Body.Get("engine")), "cache")
		d.Transient = true
		d.Managed.MultiZone, d.Managed.Encrypted, d.Managed.TLS, d.Managed.Public = always(res), always(res), always(res), fact.No(res.At)
		r.groups(d.Managed, res, "user_group_id", "aws_elasticache_user_group")
	}
}

// files reads buckets, file systems and volumes.
func (r *reader) files() {
	storage := kinds(fact.Backups, fact.Storage)
	for _, res := range r.of(storage, "aws_s3_bucket") {
		d := r.store(res, "s3", "objects", "bucket")
		m := d.Managed
		m.MultiZone, m.Encrypted = always(res), always(res) // every new object since January 2023
		m.Key = r.bucketKey(res)
		m.Public, m.PublicBy = r.publicBucket(res)
		m.TLS = r.bucketTLS(res)
		m.Copies, m.Schedule, m.Retention = r.versioned(res), "every change", "as versions"
		for _, rep := range r.c.Of("aws_s3_bucket_replication_configuration") {
			if r.means(rep, res, "bucket") {
				m.CopyRegions = append(m.CopyRegions, r.replicaRegions(rep)...)
			}
		}
	}
	for _, res := range r.of(storage, "aws_efs_file_system") {
		m := r.store(res, "efs", "files", "creation_token").Managed
		one := res.Body.Get("availability_zone_name")
		m.MultiZone = fact.Truth{Known: one.Known(), Yes: !one.Present(), At: res.At, Why: one.Why}
		m.Encrypted, m.Public = flag(res, false, "encrypted"), fact.No(res.At)
		m.Key = res.Body.Get("kms_key_id").Present()
		m.TLS = fact.Truth{Why: "whether its clients encrypt is said where it is mounted", At: res.At}
		m.Copies, m.Schedule, m.Retention = fact.No(res.At), "daily", "35 days"
		for _, p := range r.of(storage, "aws_efs_backup_policy") {
			if r.means(p, res, "file_system_id") && text(p.Body.Get("backup_policy", "status")) == "ENABLED" {
				m.Copies = fact.Yes(p.At)
			}
		}
	}
	ebs := fact.Truth{Known: true}
	for _, on := range r.c.Of("aws_ebs_encryption_by_default") {
		ebs = flag(on, true, "enabled")
	}
	for _, res := range r.of(storage, "aws_ebs_volume") {
		m := r.store(res, "ebs", "files").Managed
		m.MultiZone, m.Public = fact.No(res.At), fact.No(res.At)
		m.Encrypted = flag(res, ebs.Yes, "encrypted")
		m.Copies = fact.No(res.At)
		m.TLS = always(res)
	}
}

// versioned tells whether a bucket keeps what is overwritten or deleted.
func (r *reader) versioned(res *model.Resource) fact.Truth {
	if v := res.Body.Get("versioning", "enabled"); v.Present() || !v.Known() {
		return placeOf(truth(v, false), res)
	}
	for _, v := range r.c.Of("aws_s3_bucket_versioning") {
		if of := v.Body.Get("bucket"); of.RefersTo(res.Base) && r.fits(v, res) || text(of) != "" && text(of) == text(res.Body.Get("bucket")) {
			status := v.Body.Get("versioning_configuration", "status")
			return fact.Truth{Known: status.Known() && v.Count.Known(), Yes: text(status) == "Enabled", Why: why(status), At: v.At}
		}
	}
	return fact.No(res.At)
}

func (r *reader) bucketKey(res *model.Resource) bool {
	for _, e := range r.c.Of("aws_s3_bucket_server_side_encryption_configuration") {
		if r.means(e, res, "bucket") {
			return strings.HasPrefix(text(e.Body.Get("rule", "apply_server_side_encryption_by_default", "sse_algorithm")), "aws:kms")
		}
	}
	return false
}

// publicBucket tells whether everyone may read a bucket. New buckets refuse it
// since April 2023 unless that is switched off.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func (r *reader) publicBucket(res *model.Resource) (fact.Truth, string) {
	blocked := fact.Yes(res.At)
	for _, b := range r.c.Of("aws_s3_bucket_public_access_block") {
		if !r.means(b, res, "bucket") {
			continue
		}
		for _, field := range []string{"block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"} {
			if t := flag(b, false, field); !t.Is() {
				blocked = t
			}
		}
	}
	if blocked.Is() {
		return fact.No(res.At), ""
	}
	for _, a := range r.c.Of("aws_s3_bucket_acl") {
		if acl := text(a.Body.Get("acl")); r.means(a, res, "bucket") && strings.HasPrefix(acl, "public-") {
			return fact.Yes(a.At), "its access list is " + acl
		}
	}
	for _, g := range r.policies(res) {
		if !g.Deny && len(g.Conditions) == 0 && len(g.Principals) == 1 && g.Principals[0] == "*" {
			return fact.Yes(g.At), "its policy lets everyone in"
		}
	}
	if !blocked.Known {
		return fact.Truth{Why: blocked.Why, At: blocked.At}, ""
	}
	return fact.No(res.At), ""
}

// bucketTLS tells whether a bucket's policy refuses plain text.
// https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-5
func (r *reader) bucketTLS(res *model.Resource) fact.Truth {
	for _, g := range r.policies(res) {
		if g.Unknown != "" {
			return fact.Truth{Why: g.Unknown, At: g.At}
		}
		for _, c := range g.Conditions {
			if g.Deny && strings.EqualFold(c, "aws:SecureTransport false") {
				return fact.Yes(g.At)
			}
		}
	}
	return fact.No(res.At)
}

// policies returns the statements of a bucket's policy.
func (r *reader) policies(res *model.Resource) []*fact.Grant {
	kept := r.into.Grants
	defer func() { r.into.Grants = kept }()
	r.into.Grants = nil
	for _, p := range r.c.Of("aws_s3_bucket_policy") {
		if r.means(p, res, "bucket") {
			r.statements(p, p.Body.Get("policy"), fact.Grant{Policy: name(p), Resource: res.Address})
		}
	}
	return r.into.Grants
}

func (r *reader) replicaRegions(rep *model.Resource) []string {
	var out []string
	for _, rule := range nested(rep.Body.Get("rule")) {
		for _, to := range r.referred(rule.Get("destination", "bucket"), "arn", "aws_s3_bucket") {
			if region, _ := r.region(to); region != "" {
				out = append(out, region)
			}
		}
	}
	return out
}

// queues reads what passes messages on.
func (r *reader) queues() {
	storage := kinds(fact.Storage)
	for _, res := range r.of(storage, "aws_sqs_queue") {
		d := r.store(res, "sqs", "queue")
		d.Transient = true
		m := d.Managed
		m.MultiZone, m.Public, m.TLS = always(res), fact.No(res.At), always(res)
		m.Encrypted = flag(res, true, "sqs_managed_sse_enabled")
		if res.Body.Get("kms_master_key_id").Present() || !res.Body.Get("kms_master_key_id").Known() {
			m.Encrypted, m.Key = always(res), true
		}
	}
	for _, res := range r.of(storage, "aws_kinesis_stream") {
		d := r.store(res, "kinesis", "queue")
		d.Transient = true
		m := d.Managed
		m.MultiZone, m.Public, m.TLS = always(res), fact.No(res.At), always(res)
		v := res.Body.Get("encryption_type")
		m.Encrypted = placeOf(fact.Truth{Known: v.Known(), Yes: text(v) == "KMS", Why: v.Why, At: v.At}, res)
	}
	for _, res := range r.of(storage, "aws_msk_cluster") {
		d := r.store(res, "kafka", "queue", "cluster_name")
		d.Transient = true
		m := d.Managed
		m.Encrypted, m.MultiZone = always(res), always(res) // brokers stand in two or three zones
		m.Public = fact.Truth{Known: true, Yes: text(res.Body.Get("broker_node_group_info", "connectivity_info", "public_access", "type")) == "SERVICE_PROVIDED_EIPS", At: res.At}
		v := res.Body.Get("encryption_info", "encryption_in_transit", "client_broker")
		m.TLS = placeOf(fact.Truth{Known: v.Known(), Yes: !v.Present() || text(v) == "TLS", Why: v.Why, At: v.At}, res)
		brokers(m, res)
	}
	for _, res := range r.of(storage, "aws_mq_broker") {
		d := r.store(res, "activemq", "queue", "broker_name")
		d.Transient = true
		m := d.Managed
		m.Encrypted, m.TLS, m.Public = always(res), always(res), flag(res, false, "publicly_accessible")
		mode := res.Body.Get("deployment_mode")
		m.MultiZone = fact.Truth{Known: mode.Known(), Yes: mode.Present() && text(mode) != "SINGLE_INSTANCE", Why: mode.Why, At: res.At}
	}
}
