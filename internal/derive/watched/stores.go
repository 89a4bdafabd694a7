package watched

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Trouble is a kind of trouble of a data store.
type Trouble string

// The troubles of which each store has rules.
const (
	Slow Trouble = "slow" // queries take long
	Pool Trouble = "pool" // connections run out
	Lag  Trouble = "lag"  // copies or consumers are behind
)

// Troubles lists them in the order of the standard.
func Troubles() []Trouble { return []Trouble{Slow, Pool, Lag} }

// Says names what a rule on the trouble watches, for what follows "of".
func (t Trouble) Says() string {
	switch t {
	case Slow:
		return "slow queries"
	case Pool:
		return "the connections"
	}
	return "the lag"
}

//go:embed stores.txt
var storesTable string

type storeLine struct {
	kind    string
	trouble Trouble
	// pattern of a metric's name, in pieces between its stars; nil where reason says
	// why a store of the kind has no such trouble.
	pattern []string
	reason  string
}

// storeLines reads the table once: a cache of pure values.
var storeLines = sync.OnceValue(func() (out []storeLine) {
	for _, text := range strings.Split(storesTable, "\n") {
		fields := strings.Fields(text)
		if len(fields) < 4 || strings.HasPrefix(text, "#") {
			continue
		}
		l := storeLine{kind: fields[0], trouble: Trouble(fields[1])}
		if fields[2] == "none" {
			l.reason = strings.Join(fields[3:], " ")
		} else {
			l.pattern = strings.Split(strings.ToLower(fields[2]), "*")
		}
		out = append(out, l)
	}
	return out
})

// fits reports whether a name is of a pattern.
func fits(pattern []string, name string) bool {
	rest, found := strings.CutPrefix(name, pattern[0])
	if !found {
		return false
	}
	for i, piece := range pattern[1:] {
		if i == len(pattern)-2 {
			return strings.HasSuffix(rest, piece)
		}
		at := strings.Index(rest, piece)
		if at < 0 {
			return false
		}
		rest = rest[at+len(piece):]
	}
	return rest == "" || len(pattern) > 1
}

// storeKinds are other names of kinds of stores.
var storeKinds = map[string]string{
	"postgres": "postgresql", "pg": "postgresql", "cloudnativepg": "postgresql", "aurora-postgresql": "postgresql", "timescaledb": "postgresql", "alloydb": "postgresql", "mariadb": "mysql", "percona": "mysql", "aurora-mysql": "mysql",
	"mongo": "mongodb", "documentdb": "mongodb", "docdb": "mongodb", "valkey": "redis", "elasticache": "redis", "memorydb": "redis", "elastic": "elasticsearch", "msk": "kafka", "redpanda": "kafka",
	"cockroach": "cockroachdb", "scylladb": "cassandra",
}

// StoreKind returns the name by which a kind of store is known here; known is false
// for one of which nothing is known.
func StoreKind(name string) (kind string, known bool) {
	kind = strings.ToLower(strings.TrimSpace(name))
	if other, found := storeKinds[kind]; found {
		kind = other
	}
	return kind, slices.ContainsFunc(storeLines(), func(l storeLine) bool { return l.kind == kind })
}

// Without returns why a store of the kind has no such trouble; empty where it may.
func Without(kind string, t Trouble) string {
	for _, l := range storeLines() {
		if l.kind == kind && l.trouble == t {
			return l.reason
		}
	}
	return ""
}

// OfStore returns the troubles of a store of the kind that an alert asks for, as the
// names of metrics tell. Client is true where programs that use the store tell
// them, and not the store.
func (r Recorded) OfStore(a *fact.Alert, kind string) (out []Trouble, client bool) {
	add := func(name string) {
		name = strings.ToLower(name)
		for _, l := range storeLines() {
			asked := l.kind == "client" && pooled(kind)
			if (l.kind == kind || asked) && l.pattern != nil && fits(l.pattern, name) && !slices.Contains(out, l.trouble) {
				out, client = append(out, l.trouble), client || asked
			}
		}
	}
	for _, name := range a.Metrics {
		add(name)
		for _, base := range r.bases(name, 0) {
			add(base)
		}
	}
	return out, client
}

// pooled reports whether programs reach a store of the kind through a pool of
// connections that is told of under the common names.
func pooled(kind string) bool {
	return slices.Contains([]string{"postgresql", "mysql", "mongodb", "redis", "cockroachdb", "sqlserver", "oracle", "clickhouse", "cassandra"}, kind)
}
