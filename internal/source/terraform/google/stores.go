package google

import (
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// store begins a data store that Google Cloud runs. All of them encrypt what
// they keep: https://cloud.google.com/docs/security/encryption/default-encryption
func (r *reader) store(res *model.Resource, engine, purpose string, labels model.Value) *fact.Database {
	m := &fact.ManagedStore{Purpose: purpose, Address: res.Address, Encrypted: fact.Yes(res.At)}
	m.Region, m.RegionWhy = r.region(res)
	m.Tags, m.TagsUnknown = reading.Labels(r.labels(res, labels)...)
	d := &fact.Database{Ref: res.Ref(), Kind: res.Type, Name: reading.Name(res), Engine: engine, At: res.At, Managed: m}
	r.Into.Databases = append(r.Into.Databases, d)
	return d
}

// databases reads instances of Cloud SQL.
// https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/sql_database_instance
func (r *reader) databases() {
	for _, res := range r.Of(kinds(fact.Backups, fact.Storage), "google_sql_database_instance") {
		s := res.Body.Get("settings")
		version := reading.Text(res.Body.Get("database_version"))
		d := r.store(res, engineName(version), "records", s.Get("user_labels"))
		m := d.Managed
		m.Key = res.Body.Get("encryption_key_name").Present()
		m.MultiZone = reading.Says(res, s.Get("availability_type"), false, "REGIONAL")
		m.Protected = reading.Flag(res, true, "deletion_protection")
		network := s.Get("ip_configuration")
		m.TLS = demandsTLS(res, network, d.Engine)
		m.Public, m.PublicBy = public(res, network)
		backup := s.Get("backup_configuration")
		m.Copies = reading.PlaceOf(reading.Truth(backup.Get("enabled"), false), res)
		if m.Copies.Is() {
			m.Schedule = "daily"
		}
		if log, _ := backup.Get("point_in_time_recovery_enabled").Bool(false); log && m.Copies.Is() {
			m.Schedule = "daily and its log"
		}
		if n, known := backup.Get("backup_retention_settings", "retained_backups").Int(7); known && m.Copies.Is() {
			m.Retention = strconv.Itoa(n) + " copies"
		}
		if place := reading.Text(backup.Get("location")); place != "" {
			m.CopyRegions = append(m.CopyRegions, where(place))
		} else if !m.Copies.IsNot() {
			m.CopyWhy = "backups lie in the nearest place of several regions unless their location is written"
		}
		if master := res.Body.Get("master_instance_name"); master.Present() || !master.Known() {
			m.Purpose, m.MultiZone = "replica", fact.Yes(res.At) // it is itself a copy
			for _, of := range r.Into.Databases {
				if m.Region != "" && of.Managed.Region != m.Region && master.RefersTo(base(of.Managed.Address)) {
					of.Managed.CopyRegions = append(of.Managed.CopyRegions, m.Region)
				}
			}
		}
	}
}

// base is an address without its last index.
func base(address string) string {
	if at := strings.LastIndexByte(address, '['); at >= 0 && strings.HasSuffix(address, "]") {
		return address[:at]
	}
	return address
}

// engineName is what others call an engine of Cloud SQL.
func engineName(version string) string {
	switch {
	case strings.HasPrefix(version, "POSTGRES"):
		return "postgresql"
	case strings.HasPrefix(version, "MYSQL"):
		return "mysql"
	case strings.HasPrefix(version, "SQLSERVER"):
		return "sqlserver"
	}
	return "database"
}

// demandsTLS reads whether clients that do not encrypt are refused.
// https://cloud.google.com/sql/docs/postgres/configure-ssl-instance#enforcing-ssl
func demandsTLS(res *model.Resource, network model.Value, engine string) fact.Truth {
	mode, old := network.Get("ssl_mode"), network.Get("require_ssl")
	if !mode.Present() && mode.Known() && (old.Present() || !old.Known()) {
		return reading.PlaceOf(reading.Truth(old, false), res)
	}
	return reading.Says(res, mode, false, "ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED")
}

// public reads whether a database takes clients from outside: through a public
// address, from the networks that it names. Where it names none, only the proxy
// with a permission of its own gets in.
// https://cloud.google.com/sql/docs/postgres/configure-ip
func public(res *model.Resource, network model.Value) (fact.Truth, string) {
	address := reading.PlaceOf(reading.Truth(network.Get("ipv4_enabled"), true), res)
	if !network.Known() {
		return fact.Truth{Why: reading.Why(network), At: res.At}, ""
	}
	if address.IsNot() {
		return address, ""
	}
	list := network.Get("authorized_networks")
	if !list.Known() {
		return fact.Truth{Why: reading.Why(list), At: reading.Place(list, res)}, ""
	}
	named := reading.Nested(list)
	unknown := fact.Truth{}
	for _, n := range named {
		v := n.Get("value")
		if !v.Known() {
			unknown = fact.Truth{Why: reading.Why(v), At: n.At}
		}
		if t := reading.Text(v); strings.HasSuffix(t, "/0") || strings.HasSuffix(t, "/1") {
			return openly(address, n.At), "its authorized network " + t + " lets everyone in"
		}
	}
	switch {
	case len(named) == 0:
		return fact.No(address.At), ""
	case unknown.Why != "":
		return unknown, ""
	}
	return openly(address, named[0].At), "it has a public address, and only its authorized networks narrow who may connect"
}

// openly is a yes, as far as it is known that there is a public address.
func openly(address fact.Truth, at fact.Location) fact.Truth {
	if address.Known {
		address.At = at
	}
	return address
}

// caches reads Memorystore.
// https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/redis_instance
func (r *reader) caches() {
	for _, res := range r.Of(kinds(fact.Backups, fact.Storage), "google_redis_instance") {
		d := r.store(res, "redis", "cache", res.Body.Get("labels"))
		d.Transient = true
		m := d.Managed
		m.MultiZone = reading.Says(res, res.Body.Get("tier"), false, "STANDARD_HA")
		m.TLS = reading.Says(res, res.Body.Get("transit_encryption_mode"), false, "SERVER_AUTHENTICATION")
		m.Key = res.Body.Get("customer_managed_key").Present()
		m.Public = fact.No(res.At) // it has no public address
	}
}

// buckets reads Cloud Storage.
func (r *reader) buckets() {
	for _, res := range r.Of(kinds(fact.Backups, fact.Storage), "google_storage_bucket") {
		m := r.store(res, "cloud storage", "objects", res.Body.Get("labels")).Managed
		m.MultiZone = fact.Yes(res.At) // every location keeps objects in several zones
		m.Key = res.Body.Get("encryption", "default_kms_key_name").Present()
		m.TLS = fact.Truth{Why: "Cloud Storage has no setting by which a bucket refuses plain text", At: res.At}
		m.Public, m.PublicBy = r.publicBucket(res)
		m.Copies, m.Schedule, m.Retention = reading.Flag(res, false, "versioning", "enabled"), "every change", "as versions"
	}
}

// publicBucket tells whether everyone may read a bucket.
// https://cloud.google.com/storage/docs/public-access-prevention
func (r *reader) publicBucket(res *model.Resource) (fact.Truth, string) {
	if reading.Text(res.Body.Get("public_access_prevention")) == "enforced" {
		return fact.No(res.At), ""
	}
	name := reading.Text(res.Body.Get("name"))
	for _, b := range r.Config.Of("google_storage_bucket_iam_member", "google_storage_bucket_iam_binding", "google_storage_bucket_access_control", "google_storage_default_object_access_control", "google_storage_bucket_acl", "google_storage_bucket_iam_policy") {
		of := b.Body.Get("bucket")
		if !of.RefersTo(res.Base) && (name == "" || reading.Text(of) != name) {
			continue
		}
		who := append(members(b.Body), b.Body.Get("entity"), b.Body.Get("predefined_acl"))
		who = append(who, b.Body.Get("role_entity").Each()...)
		for _, v := range who {
			t := reading.Text(v)
			t = t[strings.LastIndexByte(t, ':')+1:]
			if t == "allUsers" || t == "allAuthenticatedUsers" || strings.HasPrefix(t, "public") {
				return fact.Yes(b.At), b.Address + " lets everyone in (" + t + ")"
			}
			if !v.Known() && v.Text == "" && len(v.AllRefs()) == 0 {
				return fact.Truth{Why: reading.Why(v), At: b.At}, ""
			}
		}
		if b.Type == "google_storage_bucket_iam_policy" {
			return fact.Truth{Why: "its policy " + b.Address + " is not read", At: b.At}, ""
		}
	}
	if v := res.Body.Get("public_access_prevention"); !v.Known() {
		return fact.Truth{Why: reading.Why(v), At: v.At}, ""
	}
	return fact.No(res.At), ""
}

// queues reads Pub/Sub, which stands in several zones, encrypts, and has no
// address of its own.
func (r *reader) queues() {
	for _, res := range r.Of(kinds(fact.Storage), "google_pubsub_topic") {
		d := r.store(res, "pub/sub", "queue", res.Body.Get("labels"))
		d.Transient = true
		m := d.Managed
		m.MultiZone, m.TLS, m.Public = fact.Yes(res.At), fact.Yes(res.At), fact.No(res.At)
		m.Key = res.Body.Get("kms_key_name").Present()
		m.Region, m.RegionWhy = "", "Pub/Sub keeps messages near to who publishes them unless message_storage_policy names regions"
		if list, known := res.Body.Get("message_storage_policy", "allowed_persistence_regions").Strings(); known && len(list) > 0 {
			m.Region, m.RegionWhy, m.CopyRegions = list[0], "", list[1:]
		}
	}
}
