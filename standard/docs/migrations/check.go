// Package migrations checks that what changes the shape of stored data has a way
// back or says why not, comes in an order that its tool follows, and neither locks
// nor loses what is in use without a word.
package migrations

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check judges each set of migrations, and says once where none is found though a
// store is there that has a shape.
func Check(in expect.Input) (out verdict.Findings) {
	for _, s := range in.Here.Migrations {
		j := newJudge(in, s, &out)
		j.order()
		j.waysBack()
		j.hazards()
		j.conclude()
	}
	nothing := !anywhere(in.All)
	if nothing && in.First(func(*fact.Set) bool { return true }) {
		none(&out, in)
	}
	return out
}

func anywhere(sets []*fact.Set) bool {
	for _, s := range sets {
		if len(s.Migrations) > 0 {
			return true
		}
	}
	return false
}

// none says what is known of migrations where none was found.
func none(out *verdict.Findings, in expect.Input) {
	if l := link(in); l != nil {
		switch {
		case l.URL || l.Beyond:
			out.Unclear(l.Ref, "elsewhere", "how data is migrated is told at %s, which was not read", l.Target)
		case !l.Resolves:
			out.Fail(l.Ref, "not-there", "`docs.migrations` names %s, which is not there", l.Target)
		default:
			out.Unclear(l.Ref, "not-found", "`docs.migrations` names %s, but no migration of a tool that is read was found", l.Target)
		}
		return
	}
	for _, s := range relational(in) {
		out.Unclear(s.Ref, "not-found", "no migration of %s was found here: name their folder, or the page that tells of them, as `docs.migrations` in seaworthy.yaml", s.Name)
	}
}

// link returns the page that the manifest names; nil where it names none.
func link(in expect.Input) *fact.DocLink {
	if in.Declared == nil || in.Declared.Docs == nil {
		return nil
	}
	return in.Declared.Docs.Migrations
}

// shaped are the stores whose rows have a shape that somebody changes.
var shaped = map[string]string{
	"postgresql": "postgresql", "postgres": "postgresql", "aurora-postgresql": "postgresql", "mysql": "mysql", "aurora-mysql": "mysql", "aurora": "mysql",
	"mariadb": "mariadb", "sqlite": "sqlite", "sqlserver": "sqlserver", "mssql": "sqlserver", "oracle": "oracle", "cockroachdb": "cockroachdb", "clickhouse": "clickhouse",
}

// relational lists the stores of the service whose rows have a shape.
func relational(in expect.Input) (out []discovered.Store) {
	add := func(s discovered.Store) {
		if shaped[strings.ToLower(s.Kind)] == "" {
			return
		}
		for _, o := range out {
			if o.Name == s.Name {
				return
			}
		}
		out = append(out, s)
	}
	if in.Declared != nil {
		for _, s := range in.Declared.Stores {
			add(discovered.Store{Ref: s.Ref, Name: s.Name, Kind: s.Kind, Sure: true})
		}
	}
	for _, s := range discovered.Stores(in.All) {
		if s.Sure {
			add(s)
		}
	}
	return out
}

// dialect returns that of a set: what its own files say, or else what the one store
// of the service is.
func dialect(in expect.Input, s *fact.MigrationSet) string {
	if s.Dialect != "" {
		return s.Dialect
	}
	found := ""
	for _, store := range relational(in) {
		d := shaped[strings.ToLower(store.Kind)]
		if found != "" && found != d {
			return ""
		}
		found = d
	}
	return found
}
