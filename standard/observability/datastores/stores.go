package datastores

import (
	"slices"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/derive/watched"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
)

// store is a data store of the service, found or declared.
type store struct {
	fact.Ref
	// name in small letters; kind as the tables know it, empty where they do not;
	// written as whoever wrote it calls it.
	name, kind, written string
	// database and workload are what it was found as; both nil where it is declared
	// alone.
	database *fact.Database
	workload *fact.Workload
	// apart says why it has neither queries nor connections: files and objects.
	apart string
}

// storesOf collects the stores that were found and those that are declared, each
// once. What keeps something that is not known on a volume is left out.
func storesOf(in expect.Input) (out []*store) {
	for _, f := range discovered.Stores(in.All) {
		if !f.Sure {
			continue
		}
		s := &store{Ref: f.Ref, name: strings.ToLower(f.Name), written: f.Kind}
		for _, set := range in.All {
			for _, d := range set.Databases {
				if d.Ref.Subject == f.Subject {
					s.database = d
				}
			}
			for _, w := range set.Workloads {
				if w.Ref.Subject == f.Subject {
					s.workload = w
				}
			}
		}
		if d := s.database; d != nil && d.Managed != nil {
			switch d.Managed.Purpose {
			case "files":
				s.apart = "a file system: it answers no queries"
			case "objects":
				s.apart = "a store of objects: it answers no queries and keeps no connections"
			case "replica":
				continue // a copy of another
			}
		}
		if objects(f.Kind) {
			s.apart = "a store of objects: it answers no queries and keeps no connections"
		}
		s.known()
		out = append(out, s)
	}
	if in.Declared != nil {
		for _, d := range in.Declared.Stores {
			out = declare(out, d)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].name < out[j].name })
	return out
}

// objects reports whether a store of that kind keeps objects or files.
func objects(kind string) bool {
	switch strings.ToLower(kind) {
	case "s3", "gcs", "blob", "bucket", "minio", "seaweedfs", "object-store", "azure-blob", "efs", "nfs", "files":
		return true
	}
	return false
}

// known fills in the kind, as far as tables know it.
func (s *store) known() {
	if kind, found := watched.StoreKind(s.written); found {
		s.kind = kind
	}
}

// declare adds a declared store, unless it is one of those that were found: by its
// name, or as the only one of its kind.
func declare(list []*store, d *fact.DeclaredStore) []*store {
	s := &store{Ref: d.Ref, name: strings.ToLower(d.Name), written: d.Kind}
	s.known()
	var alike []*store
	for _, o := range list {
		if o.name == s.name {
			return list
		}
		if o.kind == s.kind && s.kind != "" {
			alike = append(alike, o)
		}
	}
	if len(alike) == 1 {
		return list
	}
	if objects(d.Kind) {
		s.apart = "a store of objects or files: it answers no queries"
	}
	return append(list, s)
}

// copies reports whether what is behind in a store of the kind are its own copies.
func copies(kind string) bool {
	return slices.Contains([]string{"postgresql", "mysql", "mongodb", "redis", "elasticsearch", "opensearch", "dynamodb"}, kind)
}

// single says that a store stands alone, in words; known is false where nothing
// tells. Two stores of a kind side by side may be a primary and its copy.
func (s *store) single(sets []*fact.Set) (says string, known bool) {
	switch {
	case s.workload != nil:
		if s.workload.Replicas > 1 {
			return "", true
		}
		for _, set := range sets {
			if !slices.Contains(set.Workloads, s.workload) {
				continue
			}
			for _, w := range set.Workloads {
				o, keeps := stores.Of(w)
				kind, _ := watched.StoreKind(o.Kind)
				if keeps && kind == s.kind && w.Subject != s.workload.Subject {
					return "", false
				}
			}
		}
		return "runs as one instance", s.workload.Replicas == 1
	case s.database == nil:
		return "", false
	case s.database.Managed == nil:
		if s.database.Instances == 1 {
			return "has one instance", true
		}
		return "", s.database.Instances > 1
	}
	replica, alike := false, 0
	for _, set := range sets {
		for _, d := range set.Databases {
			switch {
			case d.Managed == nil || d.Engine != s.database.Engine && d.Managed.Purpose != "replica":
			case d.Managed.Purpose == "replica":
				replica = true
			default:
				alike++
			}
		}
	}
	if replica { // whose it is shows where there is one store alone
		return "", alike == 1
	}
	switch s.database.Kind {
	case "aws_db_instance", "google_sql_database_instance", "azurerm_postgresql_flexible_server", "azurerm_mysql_flexible_server", "AWS::RDS::DBInstance":
		return "has no replica that is read", true // a standby in another zone is written at once
	}
	return "", false
}
