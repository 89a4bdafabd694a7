// Package process reads how a process is started: its command line and its
// environment. The values themselves are not kept.
package process

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// IsShell reports whether a program is a shell.
func IsShell(program string) bool {
	switch path.Base(program) {
	case "sh", "bash", "ash", "dash", "zsh":
		return true
	}
	return false
}

// backupTools are programs whose call tells what a job does.
var backupTools = regexp.MustCompile(`\b(` + strings.Join(backupNames, "|") + `)\b`)

var backupNames = []string{
	"pg_dump", "pg_dumpall", "pg_basebackup", "pgbackrest", "barman", "wal-g", "mysqldump", "mariadb-dump", "mariabackup", "xtrabackup",
	"mongodump", "redis-cli", "restic", "borg", "velero", "rclone", "etcdctl", "influxd", "influx", "clickhouse-backup", "kopia",
}

// callsBackup reports whether one of the names stands in a text at all, which
// is told sooner than where.
func callsBackup(text string) bool {
	return slices.ContainsFunc(backupNames, func(name string) bool { return strings.Contains(text, name) })
}

// Command returns what a command line tells of signals and tools. The entry is
// what replaces the image's own entry point; empty where the image decides.
func Command(entry, args []string, at fact.Location) fact.Command {
	words := append(append([]string(nil), entry...), args...)
	out := fact.Command{Set: len(entry) > 0, At: at}
	if out.Set {
		out.Program = entry[0]
		if IsShell(out.Program) {
			for i, w := range words[1:] {
				if strings.HasPrefix(w, "-") && strings.Contains(w, "c") && !strings.HasPrefix(w, "--") && i+2 < len(words) {
					out.Shell, out.MayShell = shellKeeps(path.Base(out.Program), words[i+2])
					break
				}
			}
		}
	}
	text := strings.Join(words, " ")
	if !callsBackup(text) {
		return out
	}
	for _, tool := range backupTools.FindAllString(text, 50) {
		if !slices.Contains(out.Tools, tool) {
			out.Tools = append(out.Tools, tool)
		}
	}
	return out
}
