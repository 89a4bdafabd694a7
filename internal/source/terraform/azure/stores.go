package azure

import (
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// store begins a data store that Azure runs. All of them encrypt what they keep:
// https://learn.microsoft.com/azure/security/fundamentals/encryption-atrest
func (r *reader) store(res, server *model.Resource, engine, purpose string) *fact.Database {
	m := &fact.ManagedStore{Purpose: purpose, Address: res.Address, Encrypted: fact.Yes(res.At)}
	m.Region, m.RegionWhy = "", "its server is not among these files"
	if server != nil {
		m.Region, m.RegionWhy = r.region(server)
	}
	m.Tags, m.TagsUnknown = reading.Labels(res.Body.Get("tags"))
	d := &fact.Database{Ref: res.Ref(), Kind: res.Type, Name: reading.Name(res), Engine: engine, At: res.At, Managed: m}
	r.Into.Databases = append(r.Into.Databases, d)
	return d
}

// daily notes the copies that Azure makes of every database.
func daily(m *fact.ManagedStore, res *model.Resource, days model.Value, absent int) {
	m.Copies, m.Schedule = fact.Yes(res.At), "daily"
	if n, known := days.Int(absent); known {
		m.Retention = strconv.Itoa(n) + " days"
	} else {
		m.Retention = "a number of days that is not known"
	}
}

// paired notes copies that go to the region which Azure pairs with the store's.
// https://learn.microsoft.com/azure/reliability/regions-paired
func paired(m *fact.ManagedStore, t fact.Truth) {
	switch {
	case !t.Known:
		m.CopyWhy = t.Why
	case t.Yes:
		m.CopyWhy = "Azure keeps copies in the region that it pairs with this one"
	}
}

// databases reads servers for PostgreSQL and MySQL, and databases of Azure SQL.
func (r *reader) databases() {
	backups := kinds(fact.Backups, fact.Storage)
	for _, kind := range []struct{ server, engine, configuration, rules string }{
		{"azurerm_postgresql_flexible_server", "postgresql", "azurerm_postgresql_flexible_server_configuration", "azurerm_postgresql_flexible_server_firewall_rule"},
		{"azurerm_mysql_flexible_server", "mysql", "azurerm_mysql_flexible_server_configuration", "azurerm_mysql_flexible_server_firewall_rule"},
	} {
		for _, res := range r.Of(backups, kind.server) {
			m := r.store(res, res, kind.engine, "records").Managed
			m.MultiZone = reading.Says(res, res.Body.Get("high_availability", "mode"), false, "ZoneRedundant")
			m.Key = res.Body.Get("customer_managed_key").Present()
			daily(m, res, res.Body.Get("backup_retention_days"), 7)
			m.TLS = r.demandsTLS(res, kind.configuration)
			m.Public, m.PublicBy = r.open(res, kind.rules)
			paired(m, reading.Flag(res, false, "geo_redundant_backup_enabled"))
			if mode := reading.Text(res.Body.Get("create_mode")); mode == "Replica" {
				m.Purpose, m.MultiZone = "replica", fact.Yes(res.At)
			}
		}
	}
	for _, res := range r.Of(backups, "azurerm_mssql_database") {
		server := r.One(res, res.Body.Get("server_id"), "id", "azurerm_mssql_server")
		m := r.store(res, server, "sqlserver", "records").Managed
		m.MultiZone = reading.Flag(res, false, "zone_redundant")
		m.Encrypted = reading.Flag(res, true, "transparent_data_encryption_enabled")
		m.TLS = fact.Yes(res.At) // it takes no other clients
		paired(m, reading.Not(reading.Says(res, res.Body.Get("storage_account_type"), false, "Local", "Zone")))
		daily(m, res, res.Body.Get("short_term_retention_policy", "retention_days"), 7)
		if server == nil {
			m.Public = fact.Truth{Why: "its server is not among these files", At: res.At}
		} else {
			m.Public, m.PublicBy = r.open(server, "azurerm_mssql_firewall_rule")
		}
	}
}

// demandsTLS reads whether a server refuses clients that do not encrypt, which
// it does unless a parameter says otherwise.
// https://learn.microsoft.com/azure/postgresql/security/security-tls
func (r *reader) demandsTLS(res *model.Resource, configurations string) fact.Truth {
	for _, c := range r.Config.Of(configurations) {
		of := c.Body.Get("server_id")
		if !of.Present() && of.Known() {
			of = c.Body.Get("server_name")
		}
		if reading.Text(c.Body.Get("name")) == "require_secure_transport" && (of.RefersTo(res.Base) || reading.Text(of) == reading.Name(res)) {
			return reading.Says(c, c.Body.Get("value"), true, "on", "true", "1")
		}
	}
	return fact.Yes(res.At)
}

// open reads whether a server takes clients from outside: it stands in no
// network of its owner, and a rule of its firewall names addresses. Without
// rules nobody gets in.
// https://learn.microsoft.com/azure/postgresql/network/concepts-networking-public
func (r *reader) open(server *model.Resource, rules string) (fact.Truth, string) {
	if subnet := server.Body.Get("delegated_subnet_id"); subnet.Present() || !subnet.Known() {
		return fact.No(reading.Place(subnet, server)), ""
	}
	public := reading.Flag(server, true, "public_network_access_enabled")
	if v := server.Body.Get("public_network_access"); v.Present() || !v.Known() {
		public = reading.Says(server, v, true, "Enabled")
	}
	if !public.Is() {
		return public, ""
	}
	var named *model.Resource
	for _, rule := range r.Config.Of(rules) {
		of := rule.Body.Get("server_id")
		if !of.Present() && of.Known() {
			of = rule.Body.Get("server_name")
		}
		if !of.RefersTo(server.Base) && reading.Text(of) != reading.Name(server) {
			continue
		}
		first, last := rule.Body.Get("start_ip_address"), rule.Body.Get("end_ip_address")
		switch a, b := reading.Text(first), reading.Text(last); {
		case a == "0.0.0.0" && b == "255.255.255.255":
			return fact.Yes(rule.At), "its rule " + rule.Address + " lets everyone in"
		case a == "0.0.0.0" && b == "0.0.0.0":
			return fact.Yes(rule.At), "its rule " + rule.Address + " lets everything of Azure in, that of other customers too"
		case !first.Known() || !last.Known():
			return fact.Truth{Why: reading.Why(first), At: rule.At}, ""
		}
		named = rule
	}
	if named != nil {
		return fact.Yes(named.At), "it has a public address, and only the rules of its firewall narrow who may connect"
	}
	return fact.No(server.At), ""
}

// accounts reads storage accounts.
// https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/storage_account
func (r *reader) accounts() {
	for _, res := range r.Of(kinds(fact.Backups, fact.Storage), "azurerm_storage_account") {
		m := r.store(res, res, "azure storage", "objects").Managed
		m.MultiZone = reading.Says(res, res.Body.Get("account_replication_type"), false, "ZRS", "GZRS", "RAGZRS")
		paired(m, reading.Says(res, res.Body.Get("account_replication_type"), false, "GRS", "RAGRS", "GZRS", "RAGZRS"))
		m.Key = res.Body.Get("customer_managed_key").Present()
		m.TLS = reading.Flag(res, true, "https_traffic_only_enabled")
		if old := res.Body.Get("enable_https_traffic_only"); old.Present() || !old.Known() {
			m.TLS = reading.PlaceOf(reading.Truth(old, true), res)
		}
		m.Public, m.PublicBy = r.anonymous(res)
		m.Copies, m.Schedule, m.Retention = reading.Flag(res, false, "blob_properties", "versioning_enabled"), "every change", "as versions"
	}
}

// anonymous reads whether everyone may read a container of an account.
// https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-configure
func (r *reader) anonymous(res *model.Resource) (fact.Truth, string) {
	allowed := reading.Flag(res, true, "allow_nested_items_to_be_public")
	if old := res.Body.Get("allow_blob_public_access"); old.Present() || !old.Known() {
		allowed = reading.PlaceOf(reading.Truth(old, true), res)
	}
	if allowed.IsNot() {
		return allowed, ""
	}
	for _, c := range r.Config.Of("azurerm_storage_container") {
		of := c.Body.Get("storage_account_id")
		if !of.Present() && of.Known() {
			of = c.Body.Get("storage_account_name")
		}
		if !of.RefersTo(res.Base) && reading.Text(of) != reading.Name(res) {
			continue
		}
		switch kind := c.Body.Get("container_access_type"); {
		case !kind.Known():
			return fact.Truth{Why: reading.Why(kind), At: c.At}, ""
		case (reading.Text(kind) == "blob" || reading.Text(kind) == "container") && !allowed.Known:
			return allowed, ""
		case reading.Text(kind) == "blob" || reading.Text(kind) == "container":
			return fact.Yes(c.At), "its container " + reading.Name(c) + " lets everyone read (" + reading.Text(kind) + ")"
		}
	}
	return fact.No(res.At), ""
}

// caches reads Azure Cache for Redis.
func (r *reader) caches() {
	for _, res := range r.Of(kinds(fact.Backups, fact.Storage), "azurerm_redis_cache") {
		d := r.store(res, res, "redis", "cache")
		d.Transient = true
		m := d.Managed
		zones := res.Body.Get("zones")
		m.MultiZone = fact.Truth{Known: zones.Known(), Yes: len(zones.Each()) > 1, Why: zones.Why, At: reading.Place(zones, res)}
		m.TLS = reading.Not(reading.Flag(res, false, "non_ssl_port_enabled"))
		if old := res.Body.Get("enable_non_ssl_port"); old.Present() || !old.Known() {
			m.TLS = reading.Not(reading.PlaceOf(reading.Truth(old, false), res))
		}
		m.Public = reading.Flag(res, true, "public_network_access_enabled")
		if subnet := res.Body.Get("subnet_id"); subnet.Present() || !subnet.Known() {
			m.Public = fact.No(reading.Place(subnet, res))
		}
		if m.Public.Is() {
			m.PublicBy = "its endpoint is a public address (public_network_access_enabled)"
		}
		if strings.EqualFold(reading.Text(res.Body.Get("sku_name")), "Premium") && !zones.Present() && zones.Known() {
			m.MultiZone = fact.Truth{Why: "Azure chooses the zones of a Premium cache that names none", At: res.At}
		}
	}
}
