package migration

import "seaworthy.dev/seaworthy/internal/fact"

func (r *reader) goMigrations(*fact.MigrationSet, string, *marker) {}
