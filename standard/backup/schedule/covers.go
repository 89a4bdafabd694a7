package schedule

import (
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// reach is how far a backup covers a store.
type reach int

const (
	none reach = iota
	perhaps
	whole
)

// dumps are the programs that copy a store by asking it, with the kind of
// store that they ask.
func dumps(tool string) string {
	switch tool {
	case "pg_dump", "pg_dumpall", "pg_basebackup", "pgbackrest", "barman", "wal-g":
		return "postgresql"
	case "mysqldump", "mariadb-dump", "mariabackup", "xtrabackup":
		return "mysql"
	case "mongodump":
		return "mongodb"
	case "redis-cli":
		return "redis"
	case "etcdctl":
		return "etcd"
	case "influx", "influxd":
		return "influxdb"
	case "clickhouse-backup":
		return "clickhouse"
	}
	return "" // copies files
}

// covers tells how far the backup covers the store.
func covers(b *fact.Backup, s *store, here *fact.Set) reach {
	switch {
	case b.Engine == "object-store":
		return none
	case b.Engine == "cronjob":
		return jobCovers(b, s, here)
	case b.Database != "":
		return named(b, s)
	}
	where := inNamespace(b, s.namespace)
	if where == none {
		return none
	}
	if b.Selects != nil && !selected(b, s, here) {
		return none
	}
	if b.Narrowed || s.database != nil && b.Selects != nil {
		return perhaps // operators give their volumes labels of their own
	}
	return where
}

// named compares by name: an operator's backup names its database, Stash names
// a workload too.
func named(b *fact.Backup, s *store) reach {
	if b.Database != s.name || b.Namespace != s.namespace {
		return none
	}
	kind := s.Kind()
	if b.Target == "" || b.Target == kind {
		return whole
	}
	if b.Engine == "stash" {
		return perhaps // an AppBinding or a claim of the same name
	}
	return none
}

func inNamespace(b *fact.Backup, namespace string) reach {
	matches := func(pattern string) bool {
		ok, _ := path.Match(pattern, namespace)
		return ok
	}
	switch {
	case namespace != "" && slices.ContainsFunc(b.Excluded, matches):
		return none
	case b.Everything:
		if namespace == "" && len(b.Excluded) > 0 {
			return perhaps
		}
		return whole
	case slices.ContainsFunc(b.Namespaces, matches):
		return whole
	case namespace == "":
		return perhaps // left to the deployer
	case slices.Contains(b.Namespaces, ""):
		return perhaps
	}
	return none
}

// selected reports whether the backup's labels fit the store's instances, or
// the claims that they mount. Claims of a StatefulSet carry its labels.
func selected(b *fact.Backup, s *store, here *fact.Set) bool {
	if s.workload == nil {
		return true
	}
	if b.Selects.Matches(s.workload.PodLabels) || b.Selects.Matches(s.workload.Labels) {
		return true
	}
	return slices.ContainsFunc(here.Objects, func(o *fact.Object) bool {
		return o.Kind == "PersistentVolumeClaim" && o.Namespace == s.namespace && b.Selects.Matches(o.Labels) &&
			slices.ContainsFunc(s.volumes, func(v *fact.Volume) bool { return v.Claim == o.Name })
	})
}

// jobCovers judges a CronJob: by the hosts that it names where it calls a dump
// of the store's kind, else by the claims that it mounts.
func jobCovers(b *fact.Backup, s *store, here *fact.Set) reach {
	for _, claim := range b.Claims {
		if b.Namespace == s.namespace && s.workload != nil && mounts(s, claim) {
			return whole
		}
	}
	foreign, files := false, len(b.Tools) == 0
	for _, tool := range b.Tools {
		switch kind := dumps(tool); {
		case kind == "":
			files = true
		case kind != s.kind:
			foreign = true
		case len(b.Hosts) == 0:
			return perhaps // what it dumps is told by a secret or a setting
		default:
			for _, host := range b.Hosts {
				if answers(s, b.Namespace, host, here) {
					return whole
				}
			}
			foreign = true
		}
	}
	if !foreign && files && len(b.Claims) == 0 && b.Namespace == s.namespace {
		for _, host := range b.Hosts {
			if answers(s, b.Namespace, host, here) {
				return whole
			}
		}
		return perhaps
	}
	return none
}

// mounts reports whether the claim is one of the store's. A StatefulSet names
// those that it makes template-name-number.
func mounts(s *store, claim string) bool {
	return slices.ContainsFunc(s.volumes, func(v *fact.Volume) bool {
		if v.Template {
			return strings.HasPrefix(claim, v.Claim+"-"+s.name+"-")
		}
		return v.Claim == claim && claim != ""
	})
}

// answers reports whether the store answers under the host's name, as seen
// from a namespace.
func answers(s *store, from, host string, here *fact.Set) bool {
	labels := strings.Split(host, ".")
	if s.database != nil {
		// Operators name services after the database: orders-rw, orders-primary.
		fits := labels[0] == s.name || strings.HasPrefix(labels[0], s.name+"-")
		return fits && (len(labels) == 1 && from == s.namespace || len(labels) > 1 && labels[1] == s.namespace)
	}
	if s.workload.Platform == fact.Compose && host == s.name {
		return true // on its networks it is found by its name
	}
	for _, svc := range here.ServicesFor(s.workload) {
		rest := labels
		if len(labels) > 1 && strings.HasPrefix(labels[0], s.name+"-") && labels[1] == svc.Name {
			rest = labels[1:] // one instance behind a headless service
		}
		if rest[0] == svc.Name && (len(rest) == 1 && from == s.namespace || len(rest) > 1 && rest[1] == s.namespace) {
			return true
		}
	}
	return false
}
