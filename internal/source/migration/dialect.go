package migration

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/ddl"
	"seaworthy.dev/seaworthy/internal/fact"
)

// address is how the address of a store begins, with or without a driver.
var address = regexp.MustCompile(`(?i)\b(?:jdbc:)?(postgres(?:ql)?|mysql|mariadb|sqlite3?|sqlserver|oracle|cockroachdb|clickhouse|h2)(?:\+\w+)?:(?://|thin|mem|file|/|memory)`)

// adapter is how settings name a driver instead.
var adapter = regexp.MustCompile(`(?im)^\s*["']?(?:adapter|provider|dialect|ENGINE|dialects?|client|type|database[_-]?type)["']?\s*[:=]\s*["']?(?:django\.(?:contrib\.gis\.)?db\.backends\.)?(postgres(?:ql|is)?|postgis|pg|mysql2?|trilogy|mariadb|sqlite3?|sqlserver|mssql|oracle(?:_enhanced)?|cockroachdb?|clickhouse)["']?`)

// byWord maps what settings and addresses say to the dialect.
func byWord(word string) string {
	switch strings.ToLower(word) {
	case "postgres", "postgresql", "postgis", "pg":
		return ddl.PostgreSQL
	case "mysql", "mysql2", "trilogy":
		return ddl.MySQL
	case "mariadb":
		return ddl.MariaDB
	case "sqlite", "sqlite3":
		return ddl.SQLite
	case "sqlserver", "mssql":
		return ddl.SQLServer
	case "oracle", "oracle_enhanced":
		return ddl.Oracle
	case "cockroach", "cockroachdb":
		return ddl.Cockroach
	case "clickhouse":
		return ddl.ClickHouse
	}
	return ""
}

// dialectIn returns the one dialect that a text of settings names; empty where it
// names none or several. A store of tests within memory does not count.
func dialectIn(text string) string {
	found := ""
	for _, list := range [][][]string{address.FindAllStringSubmatch(text, 50), adapter.FindAllStringSubmatch(text, 50)} {
		for _, m := range list {
			d := byWord(m[1])
			switch {
			case d == "" || d == ddl.SQLite && found != "":
			case found == "" || found == ddl.SQLite:
				found = d
			case found != d:
				return ""
			}
		}
	}
	return found
}

// signs are what only one dialect writes.
var signs = []struct {
	dialect string
	sign    *regexp.Regexp
}{
	{ddl.ClickHouse, regexp.MustCompile(`(?i)\bENGINE\s*=\s*\w*MergeTree`)},
	{ddl.PostgreSQL, regexp.MustCompile(`(?i)\b(?:BIG|SMALL)?SERIAL\b|\bTIMESTAMPTZ\b|\bTIMESTAMP WITH TIME ZONE\b|\bJSONB\b|\bBYTEA\b|::\s*[a-z]|\bCREATE EXTENSION\b|\bCONCURRENTLY\b|\bLANGUAGE\s+'?plpgsql|\bDO\s+\$|\bUSING\s+(?:GIN|GIST|btree)\b|\bON CONFLICT\b.*\bDO\b|\bgen_random_uuid\b|\buuid_generate_v4\b|\bOWNER TO\b|\bNOT VALID\b|\bVALIDATE CONSTRAINT\b|\bTEXT\[\]|\bALTER COLUMN \S+ TYPE\b|\bCREATE TYPE \S+ AS ENUM\b`)},
	{ddl.MySQL, regexp.MustCompile("(?i)\\bENGINE\\s*=\\s*(?:InnoDB|MyISAM)\\b|\\bAUTO_INCREMENT\\b|\\bCHARSET\\s*=|\\bCHARACTER SET\\s+utf8|\\bUNSIGNED\\b|\\bTINYINT\\(1\\)|\\bON UPDATE CURRENT_TIMESTAMP|\\b(?:MODIFY|CHANGE) COLUMN\\b|(?m)^\\s*DELIMITER\\b|CREATE TABLE (?:IF NOT EXISTS )?`")},
	{ddl.SQLite, regexp.MustCompile(`(?i)\bAUTOINCREMENT\b|\bWITHOUT ROWID\b|\bPRAGMA\s+foreign_keys`)},
	{ddl.SQLServer, regexp.MustCompile(`(?i)\bNVARCHAR\b|\[dbo\]|\bdbo\.|\bIDENTITY\s*\(\s*\d|(?m)^\s*GO\s*$|\bUNIQUEIDENTIFIER\b|\bDATETIME2\b`)},
	{ddl.Oracle, regexp.MustCompile(`(?i)\bVARCHAR2\b|\bNUMBER\s*\(\s*\d|\bSYSDATE\b`)},
}

// vendors are names of folders that hold what is written for one store.
var vendors = regexp.MustCompile(`(?i)(?:^|[/_-])(postgres(?:ql)?|pg|mysql|mariadb|sqlite3?|sqlserver|mssql|oracle|cockroach(?:db)?|clickhouse|h2|hsqldb|db2)(?:[/_-]|$)`)

// dialect finds that of a set: in the name of its folder, in the settings near it,
// then in what its files say.
func (r *reader) dialect(s *fact.MigrationSet, names []string) {
	if s.Dialect != "" {
		return
	}
	if m := vendors.FindAllStringSubmatch(s.Folder, -1); m != nil {
		if d := byWord(m[len(m)-1][1]); d != "" {
			s.Dialect, s.DialectFrom = d, "the folder's name"
			return
		}
	}
	r.settings(s)
	if s.Dialect != "" {
		return
	}
	var texts []string
	size := 0
	for i := len(names) - 1; i >= 0 && size < 1<<20; i-- { // the newest say most
		if strings.HasSuffix(names[i], ".sql") {
			t := r.peek(path.Join(s.Folder, names[i]))
			texts = append(texts, t)
			size += len(t)
		}
	}
	s.Dialect = bySigns(texts)
	if s.Dialect != "" {
		s.DialectFrom = "what the migrations say"
	}
}

// bySigns returns the dialect whose signs stand in the texts; empty where several
// are as likely.
func bySigns(texts []string) string {
	counts := map[string]int{}
	for _, t := range texts {
		for _, sign := range signs {
			if sign.sign.MatchString(t) {
				counts[sign.dialect]++
			}
		}
	}
	best, most, second := "", 0, 0
	for _, sign := range signs {
		switch n := counts[sign.dialect]; {
		case n > most:
			best, most, second = sign.dialect, n, most
		case n > second:
			second = n
		}
	}
	if second*3 > most {
		return ""
	}
	return best
}

// settings looks for the store in the settings that stand nearest to a set.
func (r *reader) settings(s *fact.MigrationSet) {
	for dir := s.Folder; ; dir = path.Dir(dir) {
		found, from := "", ""
		for _, rel := range r.Settings {
			if !near(path.Dir(rel), dir) {
				continue
			}
			d := dialectIn(r.peek(rel))
			switch {
			case d == "":
			case found == "":
				found, from = d, rel
			case found != d:
				return
			}
		}
		if found != "" {
			s.Dialect, s.DialectFrom = found, from
			return
		}
		if dir == "." || dir == "/" {
			return
		}
	}
}

// near reports whether settings in a folder hold for another: they stand in it, or
// where its framework looks.
func near(settings, dir string) bool {
	return settings == dir || slices.Contains([]string{"config", "conf", "src/main/resources", "app", "prisma", "db"}, settings) && dir == "." ||
		dir != "." && slices.Contains([]string{dir + "/config", dir + "/conf", dir + "/src/main/resources", dir + "/app"}, settings)
}

// uses reports whether the build file nearest above a folder names a library.
func (r *reader) uses(dir, file, library string) bool {
	for ; ; dir = path.Dir(dir) {
		rel := path.Join(dir, file)
		if slices.Contains(r.Modules, rel) {
			return strings.Contains(r.peek(rel), library)
		}
		if dir == "." || dir == "/" {
			return false
		}
	}
}
