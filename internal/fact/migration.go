package fact

import "time"

// MigrationSet is the migrations of one store, in the order in which their tool
// applies them.
type MigrationSet struct {
	Ref
	// Engine is the tool that applies them: goose, golang-migrate, Flyway, ...
	Engine string
	// Folder in which they stand, below the judged folder. Where several folders
	// make one set, it is the one that holds the tool's beginning.
	Folder string
	// Dialect is that of the store: postgresql, mysql, sqlite, ...; empty where
	// nothing here says it. DialectFrom says what does.
	Dialect, DialectFrom string
	// ForwardOnly says why the tool has no place for a way back; empty where it has
	// one.
	ForwardOnly string
	Migrations  []*Migration
	// Flaws are what is wrong with their order.
	Flaws []MigrationFlaw
}

// MigrationFlaw is something that is wrong with the order of migrations.
type MigrationFlaw struct {
	Ref
	Kind FlawKind
	// Says is the whole sentence.
	Says string
	// Migration is the newest one that it concerns.
	Migration *Migration
}

// FlawKind is what can be wrong with the order of migrations.
type FlawKind string

// What can be wrong with the order of migrations.
const (
	DuplicateVersion FlawKind = "duplicate-version" // two migrations with one number
	MissingVersion   FlawKind = "missing-version"   // a number is left out
	SeveralHeads     FlawKind = "several-heads"     // two newest ones, neither after the other
	MissingParent    FlawKind = "missing-parent"    // it comes after one that is not there
	OrphanedDown     FlawKind = "orphaned-down"     // a way back from a migration that is not there
	Unlisted         FlawKind = "unlisted"          // the tool's list and its files differ
	Cycle            FlawKind = "cycle"             // it comes after itself
)

// Migration is one step of the shape of stored data.
type Migration struct {
	Ref
	// Version as the tool knows it, Name as people do; either may be empty.
	Version, Name string
	// Files hold it, in their order: the way up first.
	Files []string
	// Written is when it was written, or a later day where only that is known; zero
	// where nothing tells.
	Written time.Time
	// Repeatable is true for what is applied again whenever it changes.
	Repeatable bool
	// Back is what there is of a way back.
	Back WayBack
	// BackAt is where the way back stands, or should.
	BackAt Location
	// Reason is what the migration says of why it has no way back; empty where it
	// says nothing.
	Reason string
	// Whole is true where a transaction holds all of it.
	Whole Truth
	// Statements counts those of the way up that could be told apart.
	Statements int
	// Changes are what the way up does to tables, in their order.
	Changes []*SchemaChange
	// Head is what the comments above its first statement say.
	Head string
	// Opaque says why what it does could not be read; empty where it was.
	Opaque string
}

// WayBack is what there is of a way back.
type WayBack string

// What there is of a way back.
const (
	BackWritten  WayBack = "written"  // statements that take the migration back
	BackDerived  WayBack = "derived"  // the tool derives it from the way up
	BackMissing  WayBack = "missing"  // nothing at all
	BackEmpty    WayBack = "empty"    // a place for it without a statement
	BackRefused  WayBack = "refused"  // it fails on purpose
	BackUnknown  WayBack = "unknown"  // it could not be read
	BackNotAsked WayBack = "unneeded" // nothing to take back: it changes nothing, or is repeatable
)

// Title names the migration for people.
func (m *Migration) Title() string {
	switch {
	case m.Version == "":
		return m.Name
	case m.Name == "":
		return m.Version
	}
	return m.Version + " " + m.Name
}

// SchemaVerb is what a change does.
type SchemaVerb string

// What a change does.
const (
	CreateTable   SchemaVerb = "create table"
	DropTable     SchemaVerb = "drop table"
	RenameTable   SchemaVerb = "rename table"
	AddColumn     SchemaVerb = "add column"
	DropColumn    SchemaVerb = "drop column"
	RenameColumn  SchemaVerb = "rename column"
	AlterType     SchemaVerb = "change type"
	SetNotNull    SchemaVerb = "set not null"
	AddConstraint SchemaVerb = "add constraint"
	Validate      SchemaVerb = "validate constraint"
	CreateIndex   SchemaVerb = "create index"
	DropIndex     SchemaVerb = "drop index"
	Rewrite       SchemaVerb = "rewrite" // of a whole table, as VACUUM FULL does
	Reindex       SchemaVerb = "reindex"
	EmptyTable    SchemaVerb = "empty table" // TRUNCATE, DELETE without a condition
	UpdateAll     SchemaVerb = "update all"  // UPDATE without a condition
)

// SchemaChange is one thing that a statement does to a table.
type SchemaChange struct {
	// Location of the statement.
	Location
	Verb SchemaVerb
	// Table in lower case without its schema, Shown as written; empty where the
	// statement does not name it.
	Table, Shown string
	// Name of the column, index or constraint; To of what it becomes.
	Name, To string
	// Statement numbers the statements of a migration from 1.
	Statement int
	// Says is the statement's beginning, for people.
	Says string
	// Stated is what the comments at the statement say.
	Stated string
	// Guarded is true where it does nothing when it was done before.
	Guarded bool
	// Concurrent is true where others may write meanwhile because it says so.
	Concurrent bool
	// Type of a column, in lower case, and Using how it is converted.
	Type, Using string
	// Default of a new column; empty where it has none.
	Default string
	// Computed is true for a column whose values are made when it is added:
	// generated, an identity, or a sequence.
	Computed bool
	// NotNull is true where a new column takes no null.
	NotNull bool
	// Constraint is check, foreign key, unique, primary key or exclude.
	Constraint string
	// Condition of a check, in lower case with single blanks.
	Condition string
	// NotValid is true for a constraint that holds for new rows alone, ByIndex for
	// one that takes an index which is there.
	NotValid, ByIndex bool
	// Algorithm and Lock as MySQL's clauses of those names ask, in lower case.
	Algorithm, Lock string
	// Kind of an index where it is a special one: fulltext, spatial.
	Kind string
	// Columns of a new table with their types.
	Columns map[string]string
}
