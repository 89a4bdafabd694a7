package migration

import (
	"path"
	"regexp"
	"strings"
)

// others are tools whose migrations are told by what they hold, and not read yet.
var others = []struct {
	engine, ending string
	sign           *regexp.Regexp
}{
	{"Rails", ".rb", regexp.MustCompile(`<\s*ActiveRecord::Migration|<\s*Sequel\b|Sequel\.migration`)},
	{"Liquibase", ".xml", regexp.MustCompile(`<databaseChangeLog\b`)},
	{"Liquibase", ".yaml", regexp.MustCompile(`(?m)^databaseChangeLog:`)},
	{"Liquibase", ".yml", regexp.MustCompile(`(?m)^databaseChangeLog:`)},
	{"Liquibase", ".json", regexp.MustCompile(`"databaseChangeLog"\s*:`)},
	{"Liquibase", ".sql", regexp.MustCompile(`(?im)^--\s*liquibase formatted sql`)},
	{"goose", ".go", regexp.MustCompile(`\bgoose\.AddMigration`)},
	{"TypeORM", ".ts", regexp.MustCompile(`implements MigrationInterface`)},
	{"TypeORM", ".js", regexp.MustCompile(`module\.exports = class \w+ \{[^}]*name = `)},
	{"Knex", ".js", regexp.MustCompile(`exports\.up\s*=\s*(?:async\s*)?(?:function\s*)?\(\s*knex`)},
	{"Knex", ".ts", regexp.MustCompile(`export async function up\(\s*knex`)},
	{"Sequelize", ".js", regexp.MustCompile(`up\s*(?::\s*)?(?:async\s*)?(?:function\s*)?\(\s*queryInterface`)},
	{"Laravel", ".php", regexp.MustCompile(`extends Migration\b`)},
	{"Doctrine", ".php", regexp.MustCompile(`extends AbstractMigration\b`)},
	{"Entity Framework", ".cs", regexp.MustCompile(`:\s*Migration\b`)},
	{"Ecto", ".exs", regexp.MustCompile(`use Ecto\.Migration`)},
}

// unreadTools says once for each folder and tool that its migrations are not read.
func (r *reader) unreadTools() {
	for _, dir := range r.folders() {
		for _, n := range r.names[dir] {
			rel := path.Join(dir, n)
			if r.taken[rel] {
				continue
			}
			if engine := r.foreign(rel); engine != "" {
				r.lose(rel, 0, "belongs to migrations of %s, which are not read: say on the page that `docs.migrations` of seaworthy.yaml names how they are taken back", engine)
				break
			}
		}
	}
}

func (r *reader) foreign(rel string) string {
	for _, o := range others {
		if strings.HasSuffix(strings.ToLower(rel), o.ending) && o.sign.MatchString(r.peek(rel)) {
			return o.engine
		}
	}
	return ""
}
