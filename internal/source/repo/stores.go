package repo

import (
	"path"
	"regexp"
	"strings"
)

var (
	// migrating are folders whose programs may be migrations.
	migrating = regexp.MustCompile(`(?i)(?:^|/)(?:[\w.-]*migrat[\w.-]*|versions)/(?:.*/)?$`)
	// railsFolder holds those of one store of a Rails application.
	railsFolder = regexp.MustCompile(`(?:^|/)db/(?:\w+_)?migrate/(?:.*/)?$`)
	// changelog is how changelogs of Liquibase and their folders are called.
	changelog = regexp.MustCompile(`(?i)changelog|change-log|liquibase|changeset|migrat|(?:^|/)db/|/db[./]`)
)

// aboutStores tells what may change the shape of stored data, and what names the
// store.
func aboutStores(dir, name string) Technology {
	lower := strings.ToLower(name)
	switch ext := path.Ext(lower); ext {
	case ".sql":
		return Migrations
	case ".go", ".py", ".js", ".cjs", ".mjs", ".ts", ".php", ".cs", ".exs", ".kt", ".java":
		switch {
		case strings.HasSuffix(lower, "_test"+ext), strings.HasSuffix(lower, ".d.ts"), strings.Contains(lower, ".test."), strings.Contains(lower, ".spec."):
		case migrating.MatchString(dir):
			return Migrations
		case lower == "settings.py", strings.HasSuffix(dir, "settings/") && ext == ".py", strings.HasPrefix(lower, "knexfile."), strings.HasPrefix(lower, "ormconfig."),
			strings.HasPrefix(lower, "drizzle.config."), lower == "data-source.ts":
			return StoreSettings
		}
	case ".rb":
		if railsFolder.MatchString(dir) {
			return Migrations
		}
	case ".xml":
		if changelog.MatchString(dir + name) {
			return Migrations
		}
	}
	switch lower {
	case "atlas.sum", "migration_lock.toml", "metadata.toml":
		return Migrations
	case "flyway.conf", "flyway.toml", "liquibase.properties", "alembic.ini", "atlas.hcl", "schema.prisma", "env.py", ".env.example", ".env.sample":
		return StoreSettings
	}
	if strings.HasPrefix(lower, "application") && strings.HasSuffix(lower, ".properties") {
		return StoreSettings
	}
	return Other
}

// NamesStore reports whether a file that may hold objects is one in which
// frameworks name their store.
func NamesStore(rel string) bool {
	name := strings.ToLower(path.Base(rel))
	stem := strings.TrimSuffix(name, path.Ext(name))
	return stem == "database" || stem == "dbconfig" || stem == "ormconfig" || stem == "bootstrap" || strings.HasPrefix(stem, "application") && IsManifest(name)
}

// MayBeChangelog reports whether a file that may hold objects may be one of
// Liquibase's changelogs instead.
func MayBeChangelog(rel string) bool {
	if path.Base(rel) == "_journal.json" {
		return true
	}
	return IsManifest(rel) && changelog.MatchString(rel)
}
