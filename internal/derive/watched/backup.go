package watched

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Sign is how an alert notices that there is no good backup.
type Sign string

// The signs.
const (
	Age     Sign = "age"     // the newest good one is too old
	Failure Sign = "failure" // a run failed
)

//go:embed backups.txt
var backupTable string

type backupLine struct {
	sign           Sign
	engine, metric string
	family         bool
}

// backupLines reads the table once: a cache of pure values.
var backupLines = sync.OnceValue(func() (out []backupLine) {
	for _, text := range strings.Split(backupTable, "\n") {
		fields := strings.Fields(text)
		if len(fields) < 3 || strings.HasPrefix(text, "#") {
			continue
		}
		name, family := strings.CutSuffix(fields[2], "*")
		out = append(out, backupLine{Sign(fields[0]), fields[1], name, family})
	}
	return out
})

// own are metrics of a service's own that speak of its backups.
var (
	aged   = regexp.MustCompile(`(?i)backup.*(?:age|timestamp|last_success|last_completion|since|_time\b|time_seconds)|(?:age|last_success\w*|since)_.*backup`)
	failed = regexp.MustCompile(`(?i)backup.*(?:fail|error|status|success\b|exit)|(?:fail\w*|error\w*)_.*backup`)
)

// SignsOf returns the signs of a backup that a metric shows, by the engine that takes
// it and the programs that it calls. Own is true where the metric is one that the
// service makes itself, so that only its name tells.
func SignsOf(metric string, b *fact.Backup) (signs []Sign, own bool) {
	known := false
	for _, l := range backupLines() {
		if metric != l.metric && !(l.family && strings.HasPrefix(metric, l.metric)) {
			continue
		}
		known = true
		by := b.Engine == l.engine || slices.ContainsFunc(b.Tools, func(tool string) bool { return strings.Contains(tool, l.engine) })
		if by && !slices.Contains(signs, l.sign) {
			signs = append(signs, l.sign)
		}
	}
	if known {
		return signs, false
	}
	if aged.MatchString(metric) {
		signs = append(signs, Age)
	}
	if failed.MatchString(metric) {
		signs = append(signs, Failure)
	}
	return signs, len(signs) > 0
}

// Concerns reports whether what a condition reads may be about a backup: no label in
// it names another one, or another namespace.
func Concerns(r fact.Reading, b *fact.Backup) bool {
	for label, value := range r.Labels {
		switch label {
		case "cronjob", "exported_cronjob", "schedule", "owner_name":
			if value != b.Name {
				return false
			}
		case "namespace", "exported_namespace":
			if b.Namespace != "" && value != b.Namespace {
				return false
			}
		case "job_name", "exported_job":
			if !strings.HasPrefix(value, b.Name) {
				return false
			}
		}
	}
	for label, pattern := range r.Patterns {
		of := ""
		switch label {
		case "cronjob", "exported_cronjob", "schedule", "owner_name":
			of = b.Name
		case "namespace", "exported_namespace":
			of = b.Namespace
		case "job_name", "exported_job":
			of = b.Name + "-29000000"
		}
		if of == "" {
			continue
		}
		if re, err := regexp.Compile("^(?:" + pattern + ")$"); err == nil && !re.MatchString(of) {
			return false
		}
	}
	return true
}
